// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gate/recovery_code_page.h"

#include "ui/gate/gate_card.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"

#include <QCheckBox>
#include <QClipboard>
#include <QDate>
#include <QFileDialog>
#include <QFrame>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QSaveFile>
#include <QVBoxLayout>

namespace yarrow {

namespace {

constexpr qsizetype kGroupsPerLine = 4;

/// The groups of the code over lines of a few, so that it is copied by hand without losing the place.
QString inLines(const QString& code)
{
    const QStringList groups = code.split(u'-');
    QStringList lines;
    for (qsizetype at = 0; at < groups.size(); at += kGroupsPerLine)
        lines << groups.mid(at, kGroupsPerLine).join(QStringLiteral("  "));
    return lines.join(u'\n');
}

} // namespace

RecoveryCodePage::RecoveryCodePage(QWidget* parent)
    : QWidget(parent)
    , m_shown(makeLabel({}, TextStyle::Code))
    , m_note(new NoteBox)
    , m_kept(new QCheckBox(tr("I have written it down or printed it")))
    , m_copy(makeButton(tr("Copy"), ButtonKind::Normal, QStringLiteral("copyCode")))
    , m_go(makeButton(tr("Continue"), ButtonKind::Primary, QStringLiteral("codeKept")))
{
    const Theme& theme = Theme::current();
    QVBoxLayout* column = makeGateCard(this, 560);
    column->addWidget(makeLabel(tr("Your recovery code"), TextStyle::Heading));
    column->addWidget(makeParagraph(
        tr("If every password is lost, only this code opens the records of the clinic. It is shown this "
           "once. Keep it on paper, in a safe place away from this computer.")));

    auto* box = new QFrame;
    box->setProperty("look", QStringLiteral("note-plain"));
    auto* inBox = new QVBoxLayout(box);
    inBox->setContentsMargins(theme.space(4), theme.space(4), theme.space(4), theme.space(4));
    m_shown->setObjectName(QStringLiteral("recoveryCode"));
    m_shown->setAccessibleName(tr("Recovery code"));
    m_shown->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_shown->setLayoutDirection(Qt::LeftToRight);
    inBox->addWidget(m_shown, 0, Qt::AlignCenter);
    column->addWidget(box);

    auto* ways = new QHBoxLayout;
    auto* file = makeButton(tr("Save for printing…"), ButtonKind::Normal, QStringLiteral("saveCode"));
    m_copy->setIcon(Theme::icon(u"copy"));
    file->setIcon(Theme::icon(u"print"));
    ways->setSpacing(theme.space(2));
    ways->addWidget(m_copy);
    ways->addWidget(file);
    ways->addStretch(1);
    column->addLayout(ways);
    column->addWidget(m_note);
    m_note->setObjectName(QStringLiteral("codeNote"));

    column->addWidget(makeLine());
    m_kept->setObjectName(QStringLiteral("codeWritten"));
    m_kept->setAccessibleName(m_kept->text());
    column->addWidget(m_kept);
    column->addWidget(m_go);
    m_go->setEnabled(false);

    connect(m_kept, &QCheckBox::toggled, m_go, &QWidget::setEnabled);
    connect(m_go, &QPushButton::clicked, this, &RecoveryCodePage::confirmed);
    connect(m_copy, &QPushButton::clicked, this, &RecoveryCodePage::copy);
    connect(file, &QPushButton::clicked, this, &RecoveryCodePage::save);
}

void RecoveryCodePage::setCode(const QString& clinicName, const QString& code)
{
    m_clinicName = clinicName;
    m_code = code;
    m_shown->setText(inLines(code));
    m_shown->setAccessibleName(tr("Recovery code %1").arg(code));
    m_kept->setChecked(false);
    m_note->say(Tone::Plain, {});
}

void RecoveryCodePage::focusFirst()
{
    m_copy->setFocus();
}

void RecoveryCodePage::forget()
{
    if (QGuiApplication::clipboard()->text() == m_code)
        QGuiApplication::clipboard()->clear();
    m_code.clear();
    m_shown->clear();
    m_shown->setAccessibleName(tr("Recovery code"));
}

void RecoveryCodePage::copy()
{
    QGuiApplication::clipboard()->setText(m_code);
    m_note->say(Tone::Warn, tr("Copied. The clipboard is cleared when you continue."));
}

void RecoveryCodePage::save()
{
    auto* dialog = new QFileDialog(this, tr("Save the recovery code"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Text files (*.txt)"));
    dialog->selectFile(QStringLiteral("yarrow-recovery-code.txt"));
    connect(dialog, &QFileDialog::fileSelected, this, &RecoveryCodePage::writeTo);
    dialog->open();
}

void RecoveryCodePage::writeTo(const QString& path)
{
    const QString text =
        tr("Recovery code of %1, made on %2\n\n%3\n\nWhoever holds this page can open the records "
           "of the clinic. Print it, keep the paper safe, and delete this file.\n")
            .arg(m_clinicName, QLocale().toString(QDate::currentDate(), QLocale::LongFormat),
                 inLines(m_code));
    const QByteArray content = text.toUtf8();
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(content) == content.size() && file.commit())
        m_note->say(Tone::Warn,
                    tr("Saved. Print the file, then delete it: it opens the records of the clinic."));
    else
        m_note->say(Tone::Bad, tr("The file could not be written. Choose another place."));
}

} // namespace yarrow
