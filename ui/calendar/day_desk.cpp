// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_desk.h"

#include "models/items/front_desk.h"
#include "ui/calendar/appointment_panel.h"
#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/calendar_toolbar.h"
#include "ui/calendar/family_booking_panel.h"
#include "ui/calendar/message_bar.h"
#include "ui/calendar/openings_panel.h"
#include "ui/calendar/pinboard.h"
#include "ui/calendar/status_look.h"
#include "ui/frame/page.h"
#include "ui/waiting/waiting_entry_panel.h"
#include "ui/waiting/waiting_panel.h"
#include "ui/widgets/texts.h"

#include <QAction>
#include <QDateTime>
#include <QHBoxLayout>
#include <QMenu>

#include <algorithm>
#include <utility>

namespace yarrow {
namespace {

constexpr int kTickEvery = 20'000; ///< how often the present is looked at, ms
constexpr int kSideWidth = 372;    ///< at 100 %

} // namespace

DayDesk::DayDesk(ClinicSession& session, ScheduleEditor& editor, const QString& page, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_editor(editor)
    , m_model(session, &editor.wishes())
    , m_offers(session, editor)
    , m_toolbar(new CalendarToolbar(m_model))
    , m_message(new MessageBar)
    , m_pinboard(new Pinboard(editor.pinned(), session.zone(), Qt::Horizontal))
    , m_view(new DayView(m_model))
    , m_side(new QWidget)
    , m_form(new AppointmentPanel(session, m_model))
    , m_openings(new OpeningsPanel(session, m_model))
    , m_waiting(new WaitingPanel(m_offers, session))
    , m_waitingEntry(new WaitingEntryPanel(session))
    , m_familyBooking(new FamilyBookingPanel(session, m_model))
    , m_drafts(session, page)
    , m_familyDraft(session, QStringLiteral("calendar.family"))
{
    setObjectName(QStringLiteral("dayDesk"));
    layOut();
    makeActions();
    connectView();
    connectPanels();
    connectEditor();
    connectOffers();
    connectFamily();
    connect(&m_clockTick, &QTimer::timeout, this, &DayDesk::tick);
    m_draftPause.setSingleShot(true);
    connect(&m_draftPause, &QTimer::timeout, this, &DayDesk::keepDraft);
}

DayDesk::~DayDesk() = default;

void DayDesk::layOut()
{
    auto* side = new QHBoxLayout(m_side);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(0);
    auto* edge = new QFrame;
    edge->setFixedWidth(1);
    edge->setAutoFillBackground(true);
    edge->setBackgroundRole(QPalette::Mid);
    side->addWidget(edge);
    side->addWidget(m_form);
    side->addWidget(m_openings);
    side->addWidget(m_waiting);
    side->addWidget(m_waitingEntry);
    side->addWidget(m_familyBooking);
    const auto size = [this] { m_side->setFixedWidth(Theme::current().px(kSideWidth)); };
    size();
    connect(&Theme::current(), &Theme::changed, this, size);
    for (QWidget* each : sidePanels())
        each->hide();
    m_side->hide();

    auto* middle = new QVBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_message);
    middle->addWidget(m_view, 1);
    middle->addWidget(m_pinboard);
    auto* day = new QHBoxLayout;
    day->setSpacing(0);
    day->addLayout(middle, 1);
    day->addWidget(m_side);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_toolbar);
    column->addLayout(day, 1);
}

void DayDesk::makeActions()
{
    const auto add = [this](const QString& text, const QString& name, const QKeySequence& keys, auto run) {
        auto* action = new QAction(text, this);
        action->setObjectName(name);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, run);
        addAction(action);
        return action;
    };
    add(tr("Book an appointment"), QStringLiteral("actionBook"), QKeySequence(Qt::CTRL | Qt::Key_N),
        [this] { bookSelected(); });
    add(tr("Find the next opening"), QStringLiteral("actionOpenings"), QKeySequence(Qt::Key_F3),
        [this] { lookForOpening(); });
    bindToPage(*add(tr("Offer the time to the waiting list"), QStringLiteral("actionOffer"),
                    QKeySequence(Qt::Key_F4), [this] { offerSelected(); }));
    add(tr("Show the waiting list"), QStringLiteral("actionWaiting"), {}, [this] { showWaiting(); });
    add(tr("Put somebody on the waiting list"), QStringLiteral("actionAddWaiting"), {},
        [this] { addWaiting(); });
    bindToPage(*add(tr("Print what is shown"), QStringLiteral("actionPrint"),
                    QKeySequence(Qt::CTRL | Qt::Key_P), [this] { print(); }));
    bindToPage(
        *add(tr("Save what is shown as PDF…"), QStringLiteral("actionPdf"), {}, [this] { savePdf(); }));
    bindToPage(*add(tr("Save what is shown as a calendar file…"), QStringLiteral("actionIcs"), {},
                    [this] { saveCalendarFile(); }));
    bindToPage(*add(tr("Book the family after the selected appointment…"), QStringLiteral("actionFamily"),
                    QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B), [this] { bookFamilyOfSelected(); }));
    add(tr("Go to today"), QStringLiteral("actionToday"), {}, [this] { stepDay(0); });
    const auto arrange = [this](Arrangement arrangement) {
        return [this, arrangement] {
            m_model.setArrangement(arrangement);
            m_view->setFocus();
        };
    };
    add(tr("Show practitioners side by side"), QStringLiteral("actionByPractitioner"),
        QKeySequence(Qt::ALT | Qt::Key_1), arrange(Arrangement::Practitioners));
    add(tr("Show rooms side by side"), QStringLiteral("actionByRoom"), QKeySequence(Qt::ALT | Qt::Key_2),
        arrange(Arrangement::Rooms));
    add(tr("Show devices side by side"), QStringLiteral("actionByDevice"), QKeySequence(Qt::ALT | Qt::Key_3),
        arrange(Arrangement::Devices));
    add(tr("Show the week of a practitioner"), QStringLiteral("actionWeek"),
        QKeySequence(Qt::ALT | Qt::Key_4), [this] {
            // Whoever is looked at.
            if (const PractitionerId who = m_view->cell().practitioner; !who.isEmpty())
                m_model.setWeekOf(who);
            m_model.setArrangement(Arrangement::Week);
            m_view->setFocus();
        });
    add(tr("Go to a day…"), QStringLiteral("actionGoToDay"), QKeySequence(Qt::CTRL | Qt::Key_G),
        [this] { m_toolbar->openMonth(); });
    m_undo = add(tr("Undo the last change of an appointment"), QStringLiteral("actionUndo"),
                 QKeySequence::Undo, [this] { undo(); });
    m_redo = add(tr("Redo the change of an appointment"), QStringLiteral("actionRedo"),
                 QKeySequence(Qt::CTRL | Qt::Key_Y), [this] { redo(); });
    m_cut = add(tr("Put the appointment on the pinboard"), QStringLiteral("actionCut"), QKeySequence::Cut,
                [this] { cut(); });
    m_paste = add(tr("Put the pinned appointment here"), QStringLiteral("actionPaste"), QKeySequence::Paste,
                  [this] { paste(); });
    // Cut and paste mean text in a form.
    for (QAction* action : {m_cut, m_paste}) {
        bindToPage(*action);
        action->setShortcutContext(Qt::WidgetShortcut);
        m_view->addAction(action);
    }
}

void DayDesk::connectView()
{
    const auto withRow = [this](const AppointmentId& id, const auto& run) {
        if (const ScheduleEntry* entry = m_model.entry(id))
            run(AppointmentRow(entry->row));
    };
    connect(m_view, &DayView::openRequested, this, &DayDesk::openAppointment);
    connect(m_view, &DayView::bookRequested, this, &DayDesk::bookAt);
    connect(m_view, &DayView::dayRequested, this, &DayDesk::stepDay);
    connect(m_view, &DayView::menuRequested, this, &DayDesk::showMenu);
    connect(m_view, &DayView::gridChanged, this, [this] { m_toolbar->showGrid(m_view->grid()); });
    connect(m_view, &DayView::moveRequested, this,
            [this, withRow](const AppointmentId& id, const ColumnKey& column, Instant start) {
                withRow(id, [&](const AppointmentRow& row) { moveTo(row, column, start); });
            });
    connect(m_view, &DayView::resizeRequested, this, [this, withRow](const AppointmentId& id, Instant end) {
        withRow(id, [&](const AppointmentRow& row) { resizeTo(row, end); });
    });
    connect(m_view, &DayView::statusRequested, this,
            [this, withRow](const AppointmentId& id, AppointmentStatus status) {
                withRow(id, [&](const AppointmentRow& row) { setStatus(row, status); });
            });
    connect(m_view, &DayView::cancelRequested, this, &DayDesk::askCancelReason);
    connect(m_toolbar, &CalendarToolbar::gridChosen, m_view, &DayView::setGrid);
    connect(m_toolbar, &CalendarToolbar::stepRequested, this, &DayDesk::stepDay);
    connect(m_toolbar, &CalendarToolbar::bookRequested, this, [this] { bookSelected(); });
    connect(m_toolbar, &CalendarToolbar::openingsRequested, this, &DayDesk::lookForOpening);
    connect(m_toolbar, &CalendarToolbar::dayChosen, this, [this](QDate day) {
        showDay(day);
        m_view->setFocus();
    });
    m_toolbar->showGrid(m_view->grid());
}

void DayDesk::connectPanels()
{
    connect(m_form, &SidePanel::closeRequested, this, &DayDesk::closeForm);
    connect(m_form, &AppointmentPanel::edited, this, [this] { m_draftPause.start(kDraftPause); });
    connect(m_form, &AppointmentPanel::saveRequested, this, &DayDesk::save);
    connect(m_form, &AppointmentPanel::allRequested, this, &DayDesk::saveAll);
    connect(m_form, &AppointmentPanel::statusRequested, this, &DayDesk::setStatus);
    connect(m_form, &AppointmentPanel::cancelRequested, this, &DayDesk::cancelWithReason);
    connect(m_openings, &SidePanel::closeRequested, this, [this] {
        m_bookingFor.reset();
        m_repeating.reset();
        showPanel(nullptr);
        offerDraft();
    });
    connect(m_openings, &OpeningsPanel::openingChosen, this, &DayDesk::takeOpening);
    connect(m_openings, &OpeningsPanel::openingMarked, this, [this](const Opening& opening) {
        showDay(localTime(opening.when.start, m_session.zone()).date());
        m_view->selectCell(opening.practitioner, opening.when.start);
    });
}

void DayDesk::hidePinboard()
{
    m_pinboard->setParent(nullptr);
    delete std::exchange(m_pinboard, nullptr);
}

QList<KeyHint> DayDesk::keyHints()
{
    return {{tr("Arrows"), tr("Walk through appointments and free time")},
            {tr("Enter"), tr("Open the appointment, or book the free time")},
            {tr("Letters"), tr("On free time: book for whom you type")},
            {tr("A  R  D"), tr("Arrived, in room, done")},
            {tr("N  X"), tr("No-show, cancelled")},
            {tr("Delete"), tr("Cancel with a reason")},
            {tr("Ctrl+Arrows"), tr("Move the appointment")},
            {tr("Shift+Up / Down"), tr("Shorter or longer")},
            {tr("Ctrl+X / Ctrl+V"), tr("To the pinboard, and from it")},
            {tr("Page Up / Page Down"), tr("Day before, next day")},
            {tr("Home"), tr("Today")},
            {tr("Alt+1  2  3  4"), tr("Practitioners, rooms, devices, a week")},
            {tr("Ctrl+G"), tr("Go to a day")},
            {tr("F3"), tr("Next openings")},
            {tr("F4"), tr("Offer the free time to the waiting list, then book who is marked")},
            {tr("Ctrl+N"), tr("Book an appointment")},
            {tr("Ctrl+Shift+B"), tr("Book the family after the selected appointment")},
            {tr("Ctrl+P"), tr("Print the day or the week")},
            {tr("Ctrl++ / Ctrl+-"), tr("Finer or coarser grid")},
            {tr("Ctrl+Z / Ctrl+Y"), tr("Undo, redo")}};
}

QDate DayDesk::today() const
{
    return localTime(m_session.clock().now(), m_session.zone()).date();
}

void DayDesk::activated()
{
    m_editor.setSpeaker(this);
    m_model.reload();
    m_offers.reload();
    if (m_ownWaiting)
        m_session.frontDesk().noteWaitingListViewed();
    tick();
    m_clockTick.start(kTickEvery);
    if (!m_wasShown) {
        m_wasShown = true;
        if (!m_model.day().isValid())
            stepDay(0);
        offerDraft();
    } else {
        m_session.noteDayViewed(m_model.day());
    }
    if (m_side->isHidden())
        m_view->setFocus();
}

void DayDesk::tick()
{
    m_view->setNow(m_session.clock().now());
    m_model.refreshNow();
    if (m_model.day().isValid())
        m_toolbar->showDay(m_model.day(), today());
    Q_EMIT ticked();
}

void DayDesk::showDay(QDate day)
{
    m_wasShown = true;
    if (day == m_model.day())
        return;
    m_model.showDay(day);
    m_toolbar->showDay(day, today());
    m_session.noteDayViewed(day);
    Q_EMIT dayShown(day);
}

void DayDesk::showAppointment(const AppointmentId& id, QDate day)
{
    const auto row = m_session.frontDesk().appointment(id); // it may have been moved since it was found
    showDay(row && hasTimes(row->appointment) ? toLocalDate(row->appointment.start, m_session.zone()) : day);
    if (!m_model.entry(id) && !m_model.isWeek())
        m_model.setShownPractitioners({});
    if (!m_model.entry(id))
        m_model.setShowsCancelled(true);
    if (!m_model.entry(id)) {
        m_model.setArrangement(Arrangement::Practitioners);
        if (!m_model.entry(id))
            m_model.setShownPractitioners({});
    }
    if (!m_model.entry(id))
        return say(tr("This appointment is not in the calendar any more."));
    m_view->select(id);
    m_view->setFocus();
}

void DayDesk::stepDay(int days)
{
    const int step = m_model.isWeek() ? 7 * days : days;
    showDay(days == 0 || !m_model.day().isValid() ? today() : m_model.day().addDays(step));
    if (days == 0)
        m_view->goToNow();
}

void DayDesk::showMenu(QPoint global)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (const ScheduleEntry* entry = m_view->selected()) {
        const AppointmentRow row = entry->row;
        const AppointmentId id = row.appointment.id;
        menu->addAction(Theme::icon(u"edit"), tr("Open"), this, [this, id] { openAppointment(id); });
        if (!row.appointment.patient.isEmpty())
            menu->addAction(Theme::icon(u"user"), tr("Show the patient"), this,
                            [this, row] { Q_EMIT patientRequested(row.appointment.patient); });
        menu->addSeparator();
        for (const auto status :
             {AppointmentStatus::Booked, AppointmentStatus::Arrived, AppointmentStatus::CheckedIn,
              AppointmentStatus::Fulfilled, AppointmentStatus::NoShow})
            if (status != row.appointment.status && isLegalMove(row.appointment.status, status))
                menu->addAction(Theme::icon(QString::fromUtf16(lookOf(status).icon), lookOf(status).ink),
                                statusText(status), this, [this, row, status] { setStatus(row, status); });
        menu->addSeparator();
        if (!row.appointment.patient.isEmpty())
            menu->addAction(Theme::icon(u"patients"), tr("Book the family after it…"), this,
                            [this, row] { startFamilyBooking(row.appointment.patient, row); });
        menu->addAction(m_cut);
        menu->addAction(Theme::icon(u"save"), tr("Save as a calendar file…"), this,
                        [this, row] { saveCalendarFile(row); });
        menu->addAction(Theme::icon(u"search"), tr("Move to an opening…"), this,
                        [this, row] { moveToOpening(row); });
        if (isLegalMove(row.appointment.status, AppointmentStatus::Cancelled))
            menu->addAction(Theme::icon(u"ban", ColorToken::Bad), tr("Cancel…"), m_view,
                            [this, id] { Q_EMIT m_view->cancelRequested(id); });
    } else {
        menu->addAction(Theme::icon(u"plus"), tr("Book here"), this, [this] { bookSelected(); });
        if (!m_editor.pinned().isEmpty())
            menu->addAction(m_paste);
        menu->addAction(Theme::icon(u"search"), tr("Find the next opening"), this,
                        [this] { lookForOpening(); });
        menu->addAction(Theme::icon(u"phone"), tr("Offer to the waiting list"), this,
                        [this] { offerSelected(); });
    }
    menu->popup(global);
}

void DayDesk::showNext(bool opened)
{
    // In the evening the last one of the day.
    const AppointmentRow* next = nullptr;
    const Instant now = m_session.clock().now();
    for (const ScheduleColumn& column : m_model.columns())
        for (const ScheduleEntry& entry : column.entries)
            if (!next ||
                (next->appointment.start < now && entry.row.appointment.start > next->appointment.start))
                next = &entry.row;
    if (!next)
        return;
    const AppointmentId id = next->appointment.id;
    m_view->select(id);
    if (opened)
        openAppointment(id);
}

} // namespace yarrow
