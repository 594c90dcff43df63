// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/conflict_view.h"

#include "ui/exchange/booking_choice.h"
#include "ui/exchange/exchange_texts.h"
#include "ui/exchange/record_texts.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"

#include <QFrame>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {

ConflictView::ConflictView(ClinicSession& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_title(makeParagraph({}, TextStyle::Title))
    , m_facts(makeParagraph({}, TextStyle::Body, ColorToken::TextMuted))
    , m_openRecord(makeButton(tr("Open the record"), ButtonKind::Normal, QStringLiteral("openRecord")))
    , m_intro(makeParagraph({}))
    , m_note(new NoteBox)
    , m_scroll(new QScrollArea)
    , m_cards(new QVBoxLayout)
    , m_foot(new QFrame)
    , m_preview(makeParagraph({}, TextStyle::Body, ColorToken::TextMuted))
    , m_allMine(makeButton({}, ButtonKind::Normal, QStringLiteral("takeAllMine")))
    , m_allTheirs(makeButton({}, ButtonKind::Normal, QStringLiteral("takeAllTheirs")))
    , m_settle(makeButton(tr("Settle"), ButtonKind::Primary, QStringLiteral("settleConflict")))
{
    const Theme& theme = Theme::current();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildHead(column);

    auto* content = new QWidget;
    content->setProperty("look", QStringLiteral("plain"));
    m_cards->setContentsMargins(theme.space(6), theme.space(5), theme.space(6), theme.space(5));
    m_cards->setSpacing(theme.space(4));
    m_note->setObjectName(QStringLiteral("conflictNote"));
    m_intro->setObjectName(QStringLiteral("conflictIntroduction"));
    m_cards->addWidget(m_note);
    m_cards->addWidget(m_intro);
    m_cards->addStretch(1);
    content->setLayout(m_cards);
    m_scroll->setObjectName(QStringLiteral("conflictScroll"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(content);
    column->addWidget(m_scroll, 1);
    buildFoot(column);
    connect(m_note, &NoteBox::actionTriggered, this, [this] { m_undoing ? undo() : open(m_id); });
}

void ConflictView::buildHead(QVBoxLayout* column)
{
    const Theme& theme = Theme::current();
    auto* head = new QFrame;
    head->setProperty("look", QStringLiteral("top"));
    m_title->setObjectName(QStringLiteral("conflictTitle"));
    m_facts->setObjectName(QStringLiteral("conflictFacts"));
    auto* words = new QVBoxLayout;
    words->setSpacing(theme.space(1));
    words->addWidget(m_title);
    words->addWidget(m_facts);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(theme.space(6), theme.space(4), theme.space(5), theme.space(4));
    row->setSpacing(theme.space(3));
    row->addLayout(words, 1);
    row->addWidget(m_openRecord, 0, Qt::AlignTop);
    m_openRecord->hide();
    connect(m_openRecord, &QPushButton::clicked, this, &ConflictView::openRecord);
    column->addWidget(head);
}

void ConflictView::buildFoot(QVBoxLayout* column)
{
    const Theme& theme = Theme::current();
    m_foot->setProperty("look", QStringLiteral("status"));
    m_preview->setObjectName(QStringLiteral("conflictPreview"));
    m_settle->setToolTip(tr("Ctrl+Enter"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme.space(2));
    buttons->addWidget(m_allMine);
    buttons->addWidget(m_allTheirs);
    buttons->addStretch(1);
    buttons->addWidget(m_settle);
    auto* rows = new QVBoxLayout(m_foot);
    rows->setContentsMargins(theme.space(6), theme.space(3), theme.space(5), theme.space(3));
    rows->setSpacing(theme.space(2));
    rows->addWidget(m_preview);
    rows->addLayout(buttons);
    connect(m_allMine, &QPushButton::clicked, this, [this] { takeAll(ConflictChoice::Take::Mine); });
    connect(m_allTheirs, &QPushButton::clicked, this, [this] { takeAll(ConflictChoice::Take::Theirs); });
    connect(m_settle, &QPushButton::clicked, this, &ConflictView::submit);
    m_foot->hide(); // until there is something to decide
    column->addWidget(m_foot);
}

void ConflictView::open(const QString& id)
{
    m_id = id;
    m_session.exchange().conflict(id, this, [this, id](const Result<ConflictDetails>& details) {
        if (id == m_id)
            show(details);
    });
}

void ConflictView::show(const Result<ConflictDetails>& details)
{
    setBusy(false);
    if (!details) {
        m_note->say(Tone::Bad, deskRefusal(details.error()));
        m_note->setAction(tr("Try again"));
        m_undoing = false;
        return;
    }
    m_details = *details;
    const ConflictRow& row = m_details.row;
    m_undoing = row.isSettled && m_session.exchange().canUndo(m_id);
    if (row.isSettled) {
        const Instant now = m_session.clock().now();
        const QString when = row.settledAt ? momentText(*row.settledAt, now, m_session.zone()) : QString();
        m_note->say(Tone::Good, tr("Settled by %1, %2.").arg(row.settledBy, when));
        m_note->setAction(m_undoing ? tr("Undo") : QString());
    } else if (!row.maySettle) {
        m_note->say(Tone::Info, tr("Your role may see this, but not decide it."));
        m_note->setAction({});
    } else {
        m_note->say(Tone::Info, {});
        m_note->setAction({});
    }
    fillHead();
    fillChoices();
    m_scroll->ensureVisible(0, 0);
    if (m_focusWanted)
        focusFirst();
}

void ConflictView::fillHead()
{
    const RecordSubject& subject = m_details.row.subject;
    m_title->setText(subjectText(subject));
    m_facts->setText(subjectFacts(subject, m_session.zone()));
    m_intro->setText(introduction());
    const bool canOpen =
        (!subject.patient.isEmpty() && m_session.allows(Operation::Read, Area::PatientIdentity)) ||
        subject.start.has_value();
    m_openRecord->setVisible(canOpen && m_details.recordExists);
    m_openRecord->setText(subject.start ? tr("Show in the calendar") : tr("Open the patient"));
}

QString ConflictView::introduction() const
{
    const ConflictRow& row = m_details.row;
    const Instant now = m_session.clock().now();
    const QString when = row.editedAt ? momentText(*row.editedAt, now, m_session.zone()) : tr("earlier");
    const QString who = row.authorName.isEmpty() ? tr("Somebody") : row.authorName;
    const QString other = m_details.theirsName.isEmpty() ? tr("Somebody else") : m_details.theirsName;
    switch (row.kind) {
    case ConflictKind::Elements:
        return row.isMine ? tr("You changed this on this workstation (%1). %2 had changed the same, "
                               "and it reached the server first. Choose what is right.")
                                .arg(when, other)
                          : tr("%1 changed this (%2). %3 had changed the same, and it reached the "
                               "server first. Choose what is right.")
                                .arg(who, when, other);
    case ConflictKind::EditDeleted:
        return row.isMine ? tr("You changed this record (%1). %2 had deleted it.").arg(when, other)
                          : tr("%1 changed this record (%2). %3 had deleted it.").arg(who, when, other);
    case ConflictKind::DeleteEdited:
        return row.isMine ? tr("You deleted this record (%1). %2 had changed it.").arg(when, other)
                          : tr("%1 deleted this record (%2). %3 had changed it.").arg(who, when, other);
    case ConflictKind::Booking:
        return row.isMine ? tr("You booked this time (%1). It was taken when the booking reached the server.")
                                .arg(when)
                          : tr("%1 booked this time (%2). It was taken when the booking reached the server.")
                                .arg(who, when);
    }
    return {};
}

ElementChoice::Captions ConflictView::captions() const
{
    const ConflictRow& row = m_details.row;
    const Instant now = m_session.clock().now();
    const auto at = [&](const QString& whose, const std::optional<Instant>& when) {
        return joinFacts({whose, when ? momentText(*when, now, m_session.zone()) : QString()});
    };
    const QString author = row.authorName.isEmpty() ? tr("The other one") : row.authorName;
    const QString other = m_details.theirsName.isEmpty() ? tr("Theirs") : m_details.theirsName;
    return {at(row.isMine ? tr("Yours") : author, row.editedAt), at(other, m_details.theirsAt),
            localTime(now, m_session.zone()).date()};
}

void ConflictView::fillChoices()
{
    const Theme& theme = Theme::current();
    m_elements.clear();
    m_booking = nullptr;
    delete m_shown;
    m_shown = new QWidget;
    auto* column = new QVBoxLayout(m_shown);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.space(3));
    const ConflictRow& row = m_details.row;
    const bool changeable = row.maySettle && !row.isSettled;
    if (row.kind == ConflictKind::Booking) {
        m_booking = new BookingChoice(m_session, m_details);
        m_booking->setChangeable(changeable);
        connect(m_booking, &BookingChoice::changed, this, &ConflictView::choicesChanged);
        connect(m_booking, &BookingChoice::confirmed, this, &ConflictView::submit);
        column->addWidget(m_booking);
    } else {
        const ValueTexts texts(row.subject.type, m_session.zone(), m_details.names);
        for (const ConflictElement& element : m_details.elements) {
            auto* choice = new ElementChoice(m_details, element, texts, captions());
            choice->setChangeable(changeable);
            connect(choice, &ElementChoice::changed, this, &ConflictView::choicesChanged);
            column->addWidget(choice);
            m_elements.push_back(choice);
            for (const ConflictChoice& decided : m_details.decided) {
                if (decided.path == element.path && decided.take != ConflictChoice::Take::Value)
                    choice->take(decided.take);
            }
        }
    }
    m_cards->insertWidget(2, m_shown);
    m_shown->show(); // at once: the keyboard may be on its way there
    m_foot->setVisible(changeable);
    const bool several = m_elements.size() > 1;
    m_allMine->setVisible(several);
    m_allTheirs->setVisible(several);
    m_allMine->setText(row.isMine ? tr("All of mine") : tr("All of %1’s").arg(row.authorName));
    m_allTheirs->setText(m_details.theirsName.isEmpty() ? tr("All of theirs")
                                                        : tr("All of %1’s").arg(m_details.theirsName));
    choicesChanged();
}

void ConflictView::choicesChanged()
{
    bool complete = m_booking ? m_booking->chosen().has_value() : !m_elements.empty();
    QStringList lines;
    if (m_booking) {
        lines << m_booking->outcome();
    } else {
        for (const ElementChoice* element : m_elements) {
            if (!element->choice())
                complete = false;
            else if (!element->leavesIt())
                lines << tr("%1: %2", "element: value")
                             .arg(element->title(),
                                  QString(element->outcome()).replace(u'\n', QLatin1String(", ")));
        }
    }
    m_settle->setEnabled(complete);
    if (!complete)
        m_preview->setText(m_booking ? tr("Choose a time, or leave the appointment as it is.")
                                     : tr("Choose a value for each. 1 takes the first one, 2 the second."));
    else if (m_booking)
        m_preview->setText(lines.join(u'\n'));
    else if (lines.isEmpty())
        m_preview->setText(tr("The record stays as it is now."));
    else
        m_preview->setText(m_details.row.kind == ConflictKind::DeleteEdited
                               ? tr("The record is deleted.")
                               : tr("The record will say — %1").arg(joinFacts(lines)));
    m_preview->setAccessibleName(m_preview->text());
}

void ConflictView::takeAll(ConflictChoice::Take take)
{
    for (ElementChoice* element : m_elements)
        element->take(take);
    if (m_settle->isEnabled())
        m_settle->setFocus(Qt::OtherFocusReason);
}

void ConflictView::focusFirst()
{
    m_focusWanted = m_elements.empty() && m_booking == nullptr;
    if (m_booking)
        m_booking->focusChoice();
    else if (!m_elements.empty())
        m_elements.front()->focusChoice();
}

void ConflictView::submit()
{
    if (!m_settle->isEnabled() || m_details.row.isSettled || !m_details.row.maySettle)
        return;
    ExchangeDesk& desk = m_session.exchange();
    const auto done = [this](const Result<SettlementOutcome>& outcome) { finish(outcome); };
    setBusy(true);
    if (m_booking && m_booking->chosen() == BookingChoice::Chosen::Opening) {
        desk.rebook(m_id, m_booking->opening(), m_details.revision, this, done);
        return;
    }
    std::vector<ConflictChoice> choices;
    if (m_booking) {
        const auto take = m_booking->chosen() == BookingChoice::Chosen::Wished ? ConflictChoice::Take::Mine
                                                                               : ConflictChoice::Take::Theirs;
        for (const ConflictElement& element : m_details.elements)
            choices.push_back({element.path, take, {}});
    }
    for (const ElementChoice* element : m_elements) {
        if (auto choice = element->choice())
            choices.push_back(std::move(*choice));
    }
    desk.settle(m_id, choices, m_details.revision, this, done);
}

void ConflictView::finish(const Result<SettlementOutcome>& outcome)
{
    setBusy(false);
    if (outcome) {
        Q_EMIT settled(m_id);
        open(m_id);
        return;
    }
    m_undoing = false;
    m_note->say(Tone::Bad, deskRefusal(outcome.error()));
    // What is on screen is not what is in the record any more.
    m_note->setAction(outcome.error().code == ErrorCode::Stale || outcome.error().code == ErrorCode::SlotTaken
                          ? tr("Show it as it is now")
                          : QString());
    m_scroll->ensureWidgetVisible(m_note);
}

void ConflictView::undo()
{
    setBusy(true);
    m_session.exchange().undo(m_id, this, [this](const Result<SettlementOutcome>& outcome) {
        setBusy(false);
        if (outcome) {
            Q_EMIT undone(m_id);
            open(m_id);
            return;
        }
        m_note->say(Tone::Bad, deskRefusal(outcome.error()));
        m_note->setAction({});
    });
}

void ConflictView::openRecord()
{
    const RecordSubject& subject = m_details.row.subject;
    if (subject.start)
        Q_EMIT dayRequested(localTime(*subject.start, m_session.zone()).date());
    else if (!subject.patient.isEmpty())
        Q_EMIT patientRequested(subject.patient);
}

void ConflictView::setBusy(bool busy)
{
    if (busy)
        m_settle->setEnabled(false);
    if (m_shown)
        m_shown->setEnabled(!busy);
    if (!busy && m_shown)
        choicesChanged();
}

} // namespace yarrow
