// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gate/first_run_page.h"

#include "ui/gate/choice_card.h"
#include "ui/gate/gate_card.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"

#include <QDir>
#include <QVBoxLayout>

namespace yarrow {

FirstRunPage::FirstRunPage(const QString& profilePath, QWidget* parent)
    : QWidget(parent)
    , m_newClinic(new ChoiceCard(QStringLiteral("clinic"), tr("Start a new clinic"),
                                 tr("Makes an empty, encrypted database on this computer and you its "
                                    "administrator."),
                                 QStringLiteral("newClinic")))
    , m_note(new NoteBox)
    , m_notice(new NoteBox)
{
    m_notice->setObjectName(QStringLiteral("firstRunNotice"));
    auto* demo = new ChoiceCard(QStringLiteral("sparkle"), tr("Look at the demo clinic"),
                                tr("About 300 invented patients and a full week of appointments, to try "
                                   "everything without harm."),
                                QStringLiteral("demoClinic"));
    QVBoxLayout* column = makeGateCard(this, 520);
    column->addWidget(m_notice);
    column->addWidget(makeParagraph(tr("Welcome. What would you like to do?"), TextStyle::Heading));
    column->addWidget(m_newClinic);
    column->addWidget(demo);
    column->addWidget(m_note);
    column->addWidget(makeParagraph(
        tr("The data will be kept, encrypted, in %1.").arg(QDir::toNativeSeparators(profilePath)),
        TextStyle::Small, ColorToken::TextMuted));
    connect(m_newClinic, &QAbstractButton::clicked, this, &FirstRunPage::newClinicChosen);
    connect(demo, &QAbstractButton::clicked, this, &FirstRunPage::demoChosen);
}

void FirstRunPage::focusFirst()
{
    m_newClinic->setFocus();
}

void FirstRunPage::setNotice(const QString& notice)
{
    m_notice->say(Tone::Warn, notice);
}

void FirstRunPage::showFailure(const Error& error)
{
    m_note->say(Tone::Bad, sentence(error));
}

} // namespace yarrow
