// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/duplicate_worklist.h"

#include "ui/patients/match_texts.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/record_marks.h"
#include "ui/widgets/texts.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <climits>

namespace yarrow {

DuplicateWorklist::DuplicateWorklist(ClinicSession& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_note(new NoteBox)
    , m_empty(new EmptyState(QStringLiteral("check"), tr("No possible duplicates"),
                             tr("Patients who may be one person appear here, for the whole clinic.")))
    , m_progress(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
    , m_column(new QVBoxLayout)
{
    const Theme& theme = Theme::current();
    setObjectName(QStringLiteral("duplicateWorklist"));
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(theme.space(6), theme.space(4), theme.space(6), 0);
    head->addWidget(makeLabel(tr("Possible duplicates"), TextStyle::Title), 1);
    auto* close = makeButton(tr("Close"), ButtonKind::Normal, QStringLiteral("closeDuplicates"));
    connect(close, &QPushButton::clicked, this, &DuplicateWorklist::closeRequested);
    head->addWidget(close);
    rows->addLayout(head);

    auto* content = new QWidget;
    content->setProperty("look", QStringLiteral("plain"));
    m_column->setContentsMargins(theme.space(6), theme.space(4), theme.space(6), theme.space(5));
    m_column->setSpacing(theme.space(4));
    m_note->setObjectName(QStringLiteral("duplicatesNote"));
    m_empty->setObjectName(QStringLiteral("noDuplicates"));
    m_empty->hide();
    m_note->say(Tone::Plain, {});
    m_progress->setObjectName(QStringLiteral("duplicatesProgress"));
    m_progress->hide();
    m_column->addWidget(m_note);
    m_column->addWidget(m_progress);
    m_column->addWidget(m_empty);
    m_column->addStretch(1);
    content->setLayout(m_column);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);
    rows->addWidget(scroll, 1);
    connect(m_note, &NoteBox::actionTriggered, this, [this] { unmerge(m_mergedAway); });
}

void DuplicateWorklist::load()
{
    const bool again = m_isRead;
    m_isRead = true;
    m_session.patientDesk().worklist(again, this,
                                     [this, reading = ++m_reading](const Result<DuplicatePairs>& list) {
                                         if (reading != m_reading)
                                             return; // a newer question follows
                                         if (!list) {
                                             m_progress->hide();
                                             m_note->setAction({});
                                             m_note->say(Tone::Bad, sentence(list.error()));
                                             return;
                                         }
                                         show(*list);
                                         if (list->left > 0 && isVisible())
                                             load();
                                     });
}

void DuplicateWorklist::focusFirst()
{
    const auto buttons = findChildren<QPushButton*>();
    for (QPushButton* button : buttons) {
        if (button->objectName().startsWith(QLatin1String("keepFirst"))) {
            button->setFocus();
            return;
        }
    }
    if (auto* close = findChild<QPushButton*>(QStringLiteral("closeDuplicates")))
        close->setFocus();
}

void DuplicateWorklist::show(const DuplicatePairs& list)
{
    m_progress->setVisible(list.left > 0);
    m_progress->setText(tr("%n patient(s) still to be compared with the others.", nullptr,
                           static_cast<int>(std::min<std::int64_t>(list.left, INT_MAX))));
    m_empty->setVisible(list.pairs.empty() && list.left == 0);
    if (m_cards && list.pairs == m_pairs)
        return; // who is about to decide is not disturbed
    m_pairs = list.pairs;
    delete m_cards;
    m_cards = new QWidget;
    auto* column = new QVBoxLayout(m_cards);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::current().space(4));
    int number = 0;
    for (const DuplicatePairRow& pair : m_pairs)
        column->addWidget(makeCard(pair, number++));
    m_column->insertWidget(2, m_cards);
    focusFirst();
}

QWidget* DuplicateWorklist::makePerson(const PatientRow& row, const QString& name)
{
    auto* widget = new QWidget;
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::current().space(1));
    auto* open = makeButton(row.name, ButtonKind::Quiet, name);
    open->setAccessibleName(tr("Open %1").arg(row.name));
    setLook(open, "flush", true); // in line with the facts below
    connect(open, &QPushButton::clicked, this, [this, id = row.id] { Q_EMIT patientRequested(id); });
    column->addWidget(open, 0, Qt::AlignLeft);
    const QDate today = localTime(m_session.clock().now(), m_session.zone()).date();
    column->addWidget(makeParagraph(patientFacts(row, today), TextStyle::Small, ColorToken::TextMuted));
    if (const Marks marks = recordMarks(row); !marks.isEmpty())
        column->addWidget(makeMarksChip(marks), 0, Qt::AlignLeading);
    return widget;
}

QWidget* DuplicateWorklist::makeCard(const DuplicatePairRow& pair, int number)
{
    const Theme& theme = Theme::current();
    auto* card = new QFrame;
    card->setProperty("look", QStringLiteral("card"));
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(theme.space(5), theme.space(4), theme.space(5), theme.space(4));
    column->setSpacing(theme.space(3));
    auto* people = new QHBoxLayout;
    people->setSpacing(theme.space(4));
    people->addWidget(makePerson(pair.first, QStringLiteral("openFirst%1").arg(number)), 1);
    people->addWidget(makePerson(pair.second, QStringLiteral("openSecond%1").arg(number)), 1);
    column->addLayout(people);
    auto* reasons = makeParagraph(reasonsText(pair.reasons));
    reasons->setObjectName(QStringLiteral("pairReasons%1").arg(number));
    column->addWidget(reasons);

    auto* first =
        makeButton(tr("Merge into first"), ButtonKind::Normal, QStringLiteral("keepFirst%1").arg(number));
    auto* second =
        makeButton(tr("Merge into second"), ButtonKind::Normal, QStringLiteral("keepSecond%1").arg(number));
    auto* different =
        makeButton(tr("Two people"), ButtonKind::Normal, QStringLiteral("twoPeople%1").arg(number));
    first->setAccessibleName(tr("Merge, keep the record of %1").arg(pair.first.name));
    second->setAccessibleName(tr("Merge, keep the record of %1").arg(pair.second.name));
    different->setAccessibleName(tr("%1 and %2 are two people").arg(pair.first.name, pair.second.name));
    connect(first, &QPushButton::clicked, this, [this, pair] { merge(pair.first, pair.second); });
    connect(second, &QPushButton::clicked, this, [this, pair] { merge(pair.second, pair.first); });
    connect(different, &QPushButton::clicked, this, [this, pair] { markDifferent(pair); });
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme.space(2));
    for (QPushButton* button : {first, second, different}) {
        button->setAccessibleDescription(reasons->text());
        button->setEnabled(m_session.allows(Operation::Update, Area::PatientIdentity));
        buttons->addWidget(button);
    }
    buttons->addStretch(1);
    column->addLayout(buttons);
    return card;
}

void DuplicateWorklist::merge(const PatientRow& kept, const PatientRow& gone)
{
    m_cards->setEnabled(false); // once is enough
    m_session.patientDesk().merge(
        kept.id, gone.id, this, [this, gone = gone.id, name = kept.name](const Result<int>& moved) {
            m_cards->setEnabled(true);
            m_note->setAction({});
            if (!moved) {
                m_note->say(Tone::Bad,
                            moved.error().code == ErrorCode::Forbidden
                                ? tr("These patients have clinical records, which your role may not "
                                     "move. A doctor can merge them.")
                                : sentence(moved.error()));
                return;
            }
            m_mergedAway = gone;
            m_note->setAction(tr("Undo"));
            m_note->say(
                Tone::Good,
                tr("Merged into the record of %1; %n other record(s) moved.", nullptr, *moved).arg(name));
            load();
        });
}

void DuplicateWorklist::markDifferent(const DuplicatePairRow& pair)
{
    m_session.patientDesk().markDifferent(
        pair.first.id, pair.second.id, this, [this](const Result<void>& done) {
            m_note->setAction({});
            m_note->say(done ? Tone::Good : Tone::Bad,
                        done ? tr("They are two people; nobody is asked about them again.")
                             : sentence(done.error()));
            load();
        });
}

void DuplicateWorklist::unmerge(const PatientId& gone)
{
    m_session.patientDesk().unmerge(gone, this, [this](const Result<QStringList>& changedSince) {
        m_note->setAction({});
        const UnmergedText told = unmergedText(changedSince);
        m_note->say(told.isRefused ? Tone::Bad : told.isComplete ? Tone::Info : Tone::Warn, told.sentence);
        load();
    });
}

} // namespace yarrow
