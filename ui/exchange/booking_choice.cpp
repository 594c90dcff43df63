// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/booking_choice.h"

#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QListWidget>
#include <QLocale>
#include <QVBoxLayout>

namespace yarrow {
namespace {

constexpr int kOpenings = 6;
constexpr int kDaysAhead = 28;
constexpr int kChosenRole = TwoLineDelegate::LastRole + 1;
constexpr int kOpeningRole = kChosenRole + 1;

} // namespace

BookingChoice::BookingChoice(ClinicSession& session, const ConflictDetails& conflict, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_list(new QListWidget)
{
    const Theme& theme = Theme::current();
    setProperty("look", QStringLiteral("card"));
    setObjectName(QStringLiteral("bookingChoice"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(4));
    column->setSpacing(theme.space(2));
    addWish(conflict);

    m_list->setObjectName(QStringLiteral("bookingOpenings"));
    m_list->setAccessibleName(tr("What becomes of the appointment"));
    m_list->setItemDelegate(new TwoLineDelegate(m_list));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMouseTracking(true);
    m_list->installEventFilter(this);
    const auto add = [&](Chosen chosen, const QString& icon, const QString& first, const QString& second) {
        auto* item = new QListWidgetItem(Theme::icon(icon, ColorToken::TextMuted), first, m_list);
        item->setData(TwoLineDelegate::SecondLineRole, second);
        item->setData(Qt::AccessibleTextRole, QStringLiteral("%1, %2").arg(first, second));
        item->setData(kChosenRole, static_cast<int>(chosen));
        return item;
    };
    if (conflict.wished && !conflict.holder && conflict.recordExists)
        add(Chosen::Wished, QStringLiteral("check-circle"),
            tr("%1, as wished").arg(dayAndTime(conflict.wished->start)), tr("The time is free again."));
    if (conflict.wished && conflict.recordExists)
        addOpenings(*conflict.wished);
    for (std::size_t i = 0; i < m_openings.size(); ++i) {
        const Opening& opening = m_openings[i];
        auto* item = add(Chosen::Opening, QStringLiteral("calendar"), dayAndTime(opening.when.start),
                         placeOf(opening.practitioner, opening.room));
        item->setData(kOpeningRole, static_cast<int>(i));
    }
    add(Chosen::Leave, QStringLiteral("ban"), tr("Leave it as it is now"),
        tr("It holds no time of its own until somebody gives it one in the calendar."));

    column->addSpacing(theme.space(2));
    column->addWidget(makeLabel(tr("Choose what becomes of it"), TextStyle::Strong));
    column->addWidget(m_list);
    int height = 2;
    for (int row = 0; row < m_list->count(); ++row)
        height += m_list->sizeHintForRow(row);
    m_list->setFixedHeight(height);
    m_list->setCurrentRow(-1);
    connect(m_list, &QListWidget::currentRowChanged, this, &BookingChoice::changed);
    connect(m_list, &QListWidget::itemDoubleClicked, this, &BookingChoice::confirmed);
}

void BookingChoice::addWish(const ConflictDetails& conflict)
{
    const Theme& theme = Theme::current();
    auto* column = static_cast<QVBoxLayout*>(layout());
    const auto fact = [&](const QString& caption, const QString& text, const QString& more,
                          const char* name) {
        auto* group = new QVBoxLayout;
        group->setSpacing(theme.px(2));
        group->addWidget(makeLabel(caption, TextStyle::Small, ColorToken::TextMuted));
        auto* label = makeParagraph(text, TextStyle::Strong);
        label->setObjectName(QLatin1String(name));
        group->addWidget(label);
        if (!more.isEmpty())
            group->addWidget(makeParagraph(more, TextStyle::Body, ColorToken::TextMuted));
        column->addLayout(group);
    };
    if (conflict.wished)
        fact(tr("Wished for"), dayAndTime(conflict.wished->start),
             placeOf(conflict.wished->practitioner, conflict.wished->room), "wishedTime");
    if (conflict.holder) {
        const Appointment& other = conflict.holder->appointment;
        const QString who =
            conflict.holder->patientName.isEmpty() ? tr("Another appointment") : conflict.holder->patientName;
        fact(tr("Taken by"), who,
             joinFacts({dayAndTime(other.start), placeOf(other.practitioner, other.room)}), "takenBy");
    }
}

void BookingChoice::addOpenings(const Appointment& wished)
{
    ClinicSession::OpeningsRequest request;
    request.duration = std::chrono::duration_cast<std::chrono::minutes>(wished.end - wished.start);
    if (!wished.practitioner.isEmpty())
        request.practitioner = wished.practitioner;
    request.needsRoom = !wished.room.isEmpty();
    request.earliest = std::max(m_session.clock().now(), wished.start - std::chrono::hours(4));
    request.days = kDaysAhead;
    request.limit = kOpenings;
    if (auto found = m_session.openings(request))
        m_openings = std::move(*found);
}

QString BookingChoice::dayAndTime(Instant start) const
{
    const QDateTime local = localTime(start, m_session.zone());
    return tr("%1, %2", "day, time")
        .arg(QLocale().toString(local.date(), tr("dddd d MMMM", "weekday, day and month")),
             timeText(local.time()));
}

QString BookingChoice::placeOf(const PractitionerId& practitioner, const LocationId& room) const
{
    QStringList facts;
    for (const CalendarResource& each : m_session.practitioners()) {
        if (each.id == practitioner)
            facts << each.name;
    }
    for (const Location& each : m_session.rooms()) {
        if (each.id == room)
            facts << each.name;
    }
    return joinFacts(facts);
}

std::optional<BookingChoice::Chosen> BookingChoice::chosen() const
{
    const QListWidgetItem* item = m_list->currentItem();
    if (item == nullptr)
        return std::nullopt;
    return static_cast<Chosen>(item->data(kChosenRole).toInt());
}

Opening BookingChoice::opening() const
{
    return m_openings[static_cast<std::size_t>(m_list->currentItem()->data(kOpeningRole).toInt())];
}

QString BookingChoice::outcome() const
{
    const auto what = chosen();
    if (!what)
        return {};
    if (*what == Chosen::Leave)
        return tr("The appointment stays as it is now.");
    return tr("The appointment is booked for %1.").arg(m_list->currentItem()->text());
}

void BookingChoice::setChangeable(bool changeable)
{
    m_list->setEnabled(changeable);
}

void BookingChoice::focusChoice()
{
    m_list->setFocus(Qt::OtherFocusReason);
    if (m_list->currentRow() < 0)
        m_list->setCurrentRow(0);
}

bool BookingChoice::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            if (m_list->currentItem() != nullptr)
                Q_EMIT confirmed();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace yarrow
