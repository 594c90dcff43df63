// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/duplicate_warning.h"

#include "ui/patients/match_texts.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/record_marks.h"
#include "ui/widgets/texts.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include <chrono>

namespace yarrow {

namespace {

constexpr std::chrono::milliseconds kSettled{1200};

} // namespace

DuplicateWarning::DuplicateWarning(ClinicSession& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_column(new QVBoxLayout(this))
{
    const Theme& theme = Theme::current();
    setObjectName(QStringLiteral("duplicateWarning"));
    setProperty("look", QStringLiteral("card"));
    m_column->setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(3));
    m_column->setSpacing(theme.space(2));
    auto* heading = new QHBoxLayout;
    heading->setSpacing(theme.space(2));
    heading->addWidget(new IconLabel(QStringLiteral("warning"), toneInk(Tone::Warn), 18), 0, Qt::AlignTop);
    heading->addWidget(makeParagraph(tr("Perhaps a patient already"), TextStyle::Strong, toneInk(Tone::Warn)),
                       1);
    m_column->addLayout(heading);
    m_settled.setSingleShot(true);
    m_settled.setInterval(kSettled);
    connect(&m_settled, &QTimer::timeout, this,
            [this] { m_session.patientDesk().noteDuplicatesSeen(static_cast<int>(m_shown.size())); });
    hide();
}

void DuplicateWarning::check(const Patient& typed)
{
    m_isChecking = true;
    m_session.patientDesk().findDuplicates(typed, this,
                                           [this](const Result<std::vector<DuplicateRow>>& found) {
                                               if (m_isChecking)
                                                   show(found ? *found : std::vector<DuplicateRow>());
                                           });
}

void DuplicateWarning::clear()
{
    m_isChecking = false;
    show({});
}

void DuplicateWarning::show(const std::vector<DuplicateRow>& rows)
{
    if (rows == m_shown)
        return;
    m_shown = rows;
    delete m_rows;
    m_rows = nullptr;
    setVisible(!rows.empty());
    if (rows.empty()) {
        m_settled.stop();
        setAccessibleDescription({});
        return;
    }
    m_rows = new QWidget;
    auto* column = new QVBoxLayout(m_rows);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::current().space(3));
    int number = 0;
    QStringList spoken;
    for (const DuplicateRow& row : rows) {
        column->addWidget(makeRow(row, number++));
        spoken << row.patient.name + QStringLiteral(": ") + reasonsText(row.reasons);
    }
    setAccessibleName(tr("Perhaps a patient already"));
    setAccessibleDescription(spoken.join(QStringLiteral("; ")));
    m_column->addWidget(m_rows);
    m_settled.start();
}

QWidget* DuplicateWarning::makeRow(const DuplicateRow& row, int number)
{
    const Theme& theme = Theme::current();
    auto* widget = new QWidget;
    auto* line = new QHBoxLayout(widget);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(theme.space(2));
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    auto* name = makeParagraph(row.patient.name, TextStyle::Strong);
    name->setObjectName(QStringLiteral("duplicateName%1").arg(number));
    words->addWidget(name);
    const QDate today = localTime(m_session.clock().now(), m_session.zone()).date();
    words->addWidget(
        makeParagraph(patientFacts(row.patient, today), TextStyle::Small, ColorToken::TextMuted));
    if (const Marks marks = recordMarks(row.patient); !marks.isEmpty())
        words->addWidget(makeMarksChip(marks), 0, Qt::AlignLeading);
    auto* reasons = makeParagraph(row.isCertain ? tr("Very likely: %1").arg(reasonsText(row.reasons))
                                                : reasonsText(row.reasons),
                                  TextStyle::Small);
    reasons->setObjectName(QStringLiteral("duplicateReasons%1").arg(number));
    words->addWidget(reasons);
    line->addLayout(words, 1);
    auto* open = makeButton(tr("Open"), ButtonKind::Normal, QStringLiteral("openDuplicate%1").arg(number));
    open->setAccessibleName(tr("Open %1").arg(row.patient.name));
    open->setAccessibleDescription(reasons->text());
    open->setToolTip(tr("Shows this patient; what is typed stays as a draft."));
    connect(open, &QPushButton::clicked, this, [this, id = row.patient.id] { Q_EMIT patientRequested(id); });
    line->addWidget(open, 0, Qt::AlignTop);
    return widget;
}

} // namespace yarrow
