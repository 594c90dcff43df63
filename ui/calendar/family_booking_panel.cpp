// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/family_booking_panel.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/combo_id.h"
#include "ui/calendar/wheel_guard.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDateEdit>
#include <QHideEvent>
#include <QKeyEvent>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>
#include <utility>

namespace yarrow {
namespace {

using std::chrono::minutes;

constexpr int kUsualMinutes = 15;
constexpr int kMostOpenings = 20;
constexpr int kDaysAhead = 28;
const QTime kNoon(12, 0);

} // namespace

FamilyBookingPanel::FamilyBookingPanel(ClinicSession& session, const DayScheduleModel& model, QWidget* parent)
    : SidePanel(tr("Book the family"), parent)
    , m_session(session)
    , m_model(model)
    , m_why(makeParagraph({}, TextStyle::Body, ColorToken::Warn))
    , m_people(new QVBoxLayout)
    , m_earlier(makeButton(tr("Earlier"), ButtonKind::Quiet, QStringLiteral("familyEarlier")))
    , m_later(makeButton(tr("Later"), ButtonKind::Quiet, QStringLiteral("familyLater")))
    , m_practitioner(new QComboBox)
    , m_from(new QDateEdit)
    , m_partOfDay(new QComboBox)
    , m_list(new QListWidget)
    , m_none(makeParagraph({}, TextStyle::Body, ColorToken::TextMuted))
{
    setObjectName(QStringLiteral("familyBookingPanel"));
    m_from->setCalendarPopup(true);
    m_from->setLayoutDirection(Qt::LeftToRight); // see AppointmentPanel::makeTimes
    m_from->setDisplayFormat(dateFieldFormat());
    m_partOfDay->addItems({tr("Any time"), tr("Morning"), tr("Afternoon")});
    m_list->setObjectName(QStringLiteral("familyOpenings"));
    m_list->setAccessibleName(tr("Openings for all of them"));
    m_list->setItemDelegate(new TwoLineDelegate(m_list));
    m_list->setMinimumHeight(Theme::current().px(180));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->installEventFilter(this);
    for (QComboBox* box : {m_practitioner, m_partOfDay}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(6);
        connect(box, &QComboBox::currentIndexChanged, this, &FamilyBookingPanel::choiceMade);
    }
    connect(m_from, &QDateEdit::dateChanged, this, &FamilyBookingPanel::choiceMade);
    connect(m_list, &QListWidget::itemDoubleClicked, this, &FamilyBookingPanel::book);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0 && m_list->hasFocus())
            Q_EMIT openingMarked(m_openings[static_cast<std::size_t>(row)].front());
    });
    layOut();
}

void FamilyBookingPanel::layOut()
{
    const Theme& theme = Theme::current();
    auto* guard = new WheelGuard(this);
    for (QWidget* box : std::initializer_list<QWidget*>{m_practitioner, m_partOfDay, m_from})
        guard->protect(box);
    auto* when = new QHBoxLayout;
    when->setSpacing(theme.space(2));
    when->addWidget(new Field(tr("From"), m_from, QStringLiteral("familyFrom")), 1);
    when->addWidget(new Field(tr("Time of day"), m_partOfDay, QStringLiteral("familyPartOfDay")), 1);
    m_people->setSpacing(theme.space(1));
    body()->addWidget(m_why);
    body()->addWidget(makeLabel(tr("Who comes, in this order"), TextStyle::Strong));
    body()->addLayout(m_people);
    m_earlier->setAccessibleName(tr("Let the marked one come earlier"));
    m_earlier->setToolTip(tr("Alt+Up"));
    m_later->setAccessibleName(tr("Let the marked one come later"));
    m_later->setToolTip(tr("Alt+Down"));
    connect(m_earlier, &QPushButton::clicked, this, [this] { moveMarked(-1); });
    connect(m_later, &QPushButton::clicked, this, [this] { moveMarked(1); });
    auto* order = new QHBoxLayout;
    order->setSpacing(theme.space(2));
    order->addWidget(m_earlier);
    order->addWidget(m_later);
    order->addStretch(1);
    body()->addLayout(order);
    body()->addWidget(new Field(tr("Practitioner"), m_practitioner, QStringLiteral("familyPractitioner")));
    body()->addLayout(when);
    body()->addWidget(m_list, 1);
    body()->addWidget(m_none);
    auto* button = makeButton(tr("Book all of them"), ButtonKind::Primary, QStringLiteral("bookAllFamily"));
    button->setToolTip(tr("Ctrl+Enter"));
    connect(button, &QPushButton::clicked, this, &FamilyBookingPanel::book);
    foot()->addStretch(1);
    foot()->addWidget(button);
    auto* booking = new QAction(this);
    booking->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter)});
    booking->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(booking, &QAction::triggered, this, &FamilyBookingPanel::book);
    addAction(booking);
}

void FamilyBookingPanel::start(const Beginning& beginning)
{
    m_resuming.clear();
    begin(beginning);
}

void FamilyBookingPanel::begin(const Beginning& beginning)
{
    m_beginning = beginning;
    if (beginning.after)
        m_beginning.earliest = beginning.after->appointment.end;
    m_isDirty = !m_resuming.isEmpty();
    m_wanted.reset();
    m_loading = true;
    m_why->hide();
    clearLines();
    fillChoices();
    if (!beginning.after)
        addLine(beginning.patient, beginning.shortName, true);
    m_loading = false;
    refresh();
    m_session.family().family(beginning.patient.id, false, this,
                              [this, asked = ++m_asked](const Result<std::vector<FamilyRow>>& rows) {
                                  if (asked != m_asked)
                                      return;
                                  if (!rows)
                                      return say(sentence(rows.error()));
                                  m_loading = true;
                                  for (const FamilyRow& row : *rows)
                                      if (row.member && row.member->active && !row.member->deceased)
                                          addLine(*row.member, row.shortName(), false);
                                  if (const QByteArray draft = std::exchange(m_resuming, {});
                                      !draft.isEmpty())
                                      showChoices(draft);
                                  m_loading = false;
                                  refresh();
                                  if (!m_lines.empty())
                                      m_lines.front().comes->setFocus(Qt::OtherFocusReason);
                              });
}

void FamilyBookingPanel::say(const QString& sentence)
{
    m_why->setText(sentence);
    m_why->show();
}

void FamilyBookingPanel::lookAgain(const QString& why)
{
    say(why);
    refresh();
    m_list->setFocus();
}

void FamilyBookingPanel::fillChoices()
{
    m_practitioner->clear();
    addIdItem(m_practitioner, tr("Anyone"), PractitionerId());
    for (const CalendarResource& practitioner : m_model.practitioners())
        addIdItem(m_practitioner, practitioner.name, practitioner.id);
    const auto& after = m_beginning.after;
    chooseId(m_practitioner, after ? after->appointment.practitioner : PractitionerId());
    m_from->setDate(localTime(m_beginning.earliest, m_session.zone()).date());
    m_partOfDay->setCurrentIndex(0);
}

void FamilyBookingPanel::clearLines()
{
    for (const Line& line : m_lines)
        delete line.widget;
    m_lines.clear();
    m_marked = nullptr;
}

void FamilyBookingPanel::moveMarked(int by)
{
    const auto line = std::find_if(m_lines.begin(), m_lines.end(),
                                   [this](const Line& each) { return each.comes == m_marked; });
    const auto place = line - m_lines.begin();
    if (line == m_lines.end() || place + by < 0 || place + by >= std::ssize(m_lines))
        return;
    std::iter_swap(line, line + by);
    placeLines();
    m_marked->setFocus(Qt::OtherFocusReason);
    choiceMade();
}

void FamilyBookingPanel::placeLines()
{
    for (const Line& line : m_lines) {
        m_people->removeWidget(line.widget);
        m_people->addWidget(line.widget);
    }
    QWidget* before = nullptr;
    for (const Line& each : m_lines)
        for (QWidget* stop : std::initializer_list<QWidget*>{each.comes, each.service, each.duration})
            if (QWidget* last = std::exchange(before, stop))
                setTabOrder(last, stop);
}

void FamilyBookingPanel::addLine(const PatientRow& patient, const QString& shortName, bool comes)
{
    const Theme& theme = Theme::current();
    const QDate today = localTime(m_session.clock().now(), m_session.zone()).date();
    Line line;
    line.patient = patient;
    line.shortName = shortName;
    line.widget = new QWidget;
    const QString name = joinFacts({patient.name, ageText(patient.birthDate, today)});
    line.comes = new QCheckBox(name);
    line.comes->setObjectName(QStringLiteral("familyComes%1").arg(m_lines.size()));
    line.comes->setChecked(comes);
    line.comes->installEventFilter(this);
    line.service = new QComboBox;
    line.service->setObjectName(QStringLiteral("familyService%1").arg(m_lines.size()));
    line.service->setAccessibleName(tr("Visit type of %1").arg(patient.name));
    line.service->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    line.service->setMinimumContentsLength(6);
    addIdItem(line.service, tr("Any"), HealthcareServiceId());
    for (const HealthcareService& service : m_session.services())
        addIdItem(line.service, service.name, service.id);
    line.duration = new QSpinBox;
    line.duration->setObjectName(QStringLiteral("familyDuration%1").arg(m_lines.size()));
    line.duration->setAccessibleName(tr("Duration for %1").arg(patient.name));
    line.duration->setRange(5, 480);
    line.duration->setSingleStep(5);
    line.duration->setSuffix(tr(" min", "after a number of minutes"));
    line.duration->setValue(kUsualMinutes);
    // The same as whoever comes before: most families come for one thing.
    const auto& after = m_beginning.after;
    const HealthcareServiceId same = m_lines.empty()
                                         ? (after ? after->appointment.service : HealthcareServiceId())
                                         : chosenId<HealthcareServiceId>(m_lines.back().service);
    const auto takeLength = [this, service = line.service, duration = line.duration] {
        for (const HealthcareService& each : m_session.services())
            if (each.id == chosenId<HealthcareServiceId>(service) && each.defaultDuration.count() > 0)
                duration->setValue(static_cast<int>(each.defaultDuration.count()));
    };
    chooseId(line.service, same);
    takeLength();
    const Marks marks = recordMarks(patient);
    line.comes->setAccessibleDescription(marksText(marks));
    line.visit = new QWidget;
    auto* visit = new QHBoxLayout(line.visit);
    visit->setContentsMargins(theme.space(6), 0, 0, theme.space(1));
    visit->setSpacing(theme.space(2));
    visit->addWidget(line.service, 3);
    visit->addWidget(line.duration, 2);
    auto* column = new QVBoxLayout(line.widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.space(1));
    column->addWidget(line.comes);
    if (!marks.isEmpty())
        column->addWidget(makeMarksChip(marks), 0, Qt::AlignLeading);
    column->addWidget(line.visit);
    m_people->addWidget(line.widget);
    line.visit->setVisible(comes);
    auto* guard = new WheelGuard(line.widget);
    guard->protect(line.service);
    guard->protect(line.duration);
    connect(line.comes, &QCheckBox::toggled, this, [this, shown = line.visit](bool isComing) {
        shown->setVisible(isComing);
        choiceMade();
    });
    connect(line.service, &QComboBox::activated, this, takeLength);
    connect(line.service, &QComboBox::currentIndexChanged, this, &FamilyBookingPanel::choiceMade);
    connect(line.duration, &QSpinBox::valueChanged, this, &FamilyBookingPanel::choiceMade);
    m_lines.push_back(line);
}

std::vector<const FamilyBookingPanel::Line*> FamilyBookingPanel::coming() const
{
    std::vector<const Line*> lines;
    for (const Line& line : m_lines)
        if (line.comes->isChecked())
            lines.push_back(&line);
    return lines;
}

void FamilyBookingPanel::goOn()
{
    refresh();
    if (!m_lines.empty())
        (m_marked ? m_marked : m_lines.front().comes)->setFocus(Qt::OtherFocusReason);
}

void FamilyBookingPanel::choiceMade()
{
    if (m_loading)
        return;
    m_isDirty = true;
    m_wanted.reset();
    refresh();
    Q_EMIT edited();
}

std::vector<OpeningsRequest> FamilyBookingPanel::requests() const
{
    std::vector<OpeningsRequest> requests;
    for (const Line* line : coming()) {
        OpeningsRequest request;
        request.duration = minutes(line->duration->value());
        request.service = chosenId<HealthcareServiceId>(line->service);
        if (const auto practitioner = chosenId<PractitionerId>(m_practitioner); !practitioner.isEmpty())
            request.practitioner = practitioner;
        request.needsRoom = !m_session.rooms().empty();
        request.earliest =
            std::max(m_session.clock().now(), toInstant(m_from->date(), QTime(0, 0), m_session.zone()));
        if (m_beginning.after) // the others follow it
            request.earliest = std::max(request.earliest, m_beginning.earliest);
        request.days = kDaysAhead;
        request.limit = kMostOpenings;
        if (m_partOfDay->currentIndex() == 1)
            request.timeOfDay = LocalRange{QTime(0, 0), kNoon};
        else if (m_partOfDay->currentIndex() == 2)
            request.timeOfDay = LocalRange{kNoon, QTime(0, 0)};
        requests.push_back(request);
    }
    return requests;
}

/// What is listed stays until the answer is there.
void FamilyBookingPanel::refresh()
{
    if (m_loading)
        return;
    const int search = ++m_searches;
    const auto wished = requests();
    m_searching = !wished.empty();
    if (!m_searching)
        return showFound(Rows());
    m_session.family().openingsInARow(wished, this, [this, search](const Result<Rows>& rows) {
        if (search != m_searches)
            return;
        m_searching = false;
        showFound(rows);
    });
}

void FamilyBookingPanel::showFound(const Result<Rows>& rows)
{
    m_openings = rows ? *rows : Rows();
    fillList();
    if (!rows)
        m_none->setText(sentence(rows.error()));
    else if (coming().empty())
        m_none->setText(tr("Tick who comes."));
    else
        m_none->setText(
            tr("There is no time for all of them in a row in the next four weeks. Shorter visits, "
               "another practitioner or another time of day may help."));
    const auto wanted = std::exchange(m_wanted, std::nullopt);
    for (std::size_t row = 0; wanted && row < m_openings.size(); ++row) {
        const Opening& first = m_openings[row].front();
        if (first.when.start != wanted->when.start || first.practitioner != wanted->practitioner)
            continue;
        m_list->setCurrentRow(static_cast<int>(row));
        return book();
    }
}

void FamilyBookingPanel::fillList()
{
    m_list->clear();
    for (const std::vector<Opening>& openings : m_openings) {
        const QDateTime start = localTime(openings.front().when.start, m_session.zone());
        const QDateTime end = localTime(openings.back().when.end, m_session.zone());
        const QString times = tr("%1–%2", "from–until").arg(timeText(start.time()), timeText(end.time()));
        auto* item = new QListWidgetItem(
            tr("%1, %2", "day, times").arg(QLocale().toString(start.date(), tr("ddd d MMM")), times), m_list);
        const QString who = lineText(openings);
        item->setData(TwoLineDelegate::SecondLineRole, who);
        for (const CalendarResource& each : m_model.practitioners())
            if (each.id == openings.front().practitioner)
                item->setData(TwoLineDelegate::TrailingRole, each.name);
        item->setData(Qt::AccessibleTextRole,
                      joinFacts({item->text(), who, item->data(TwoLineDelegate::TrailingRole).toString()}));
    }
    m_list->setCurrentRow(0);
    m_list->setVisible(!m_openings.empty());
    m_none->setVisible(m_openings.empty());
}

QString FamilyBookingPanel::lineText(const std::vector<Opening>& openings) const
{
    QStringList visits;
    const auto lines = coming();
    for (std::size_t i = 0; i < openings.size() && i < lines.size(); ++i) {
        const QTime time = localTime(openings[i].when.start, m_session.zone()).time();
        visits << tr("%1 %2", "time, patient").arg(timeText(time), lines[i]->shortName);
    }
    return joinFacts(visits);
}

void FamilyBookingPanel::book()
{
    const int marked = m_list->currentRow();
    const auto lines = coming();
    if (marked < 0 || lines.empty())
        return;
    const std::vector<Opening>& openings = m_openings[static_cast<std::size_t>(marked)];
    if (m_searching) { // what is listed is of what was chosen before
        m_wanted = openings.front();
        return;
    }
    std::vector<AppointmentRow> visits;
    for (std::size_t i = 0; i < openings.size(); ++i) {
        AppointmentRow row;
        Appointment& visit = row.appointment;
        visit.patient = lines[i]->patient.id;
        visit.service = chosenId<HealthcareServiceId>(lines[i]->service);
        visit.start = openings[i].when.start;
        visit.end = openings[i].when.end;
        visit.practitioner = openings[i].practitioner;
        visit.room = openings[i].room;
        visit.device = openings[i].device;
        visit.zone = m_session.zone().id().toStdString();
        row.patientName = lines[i]->patient.name;
        row.serviceName = visit.service.isEmpty() ? QString() : lines[i]->service->currentText();
        for (const Location& room : m_session.rooms())
            if (room.id == visit.room)
                row.roomName = room.name;
        visits.push_back(std::move(row));
    }
    Q_EMIT bookRequested(visits);
}

/// Whoever leaves it does not want it booked any more.
void FamilyBookingPanel::hideEvent(QHideEvent* event)
{
    if (!event->spontaneous())
        m_wanted.reset();
    SidePanel::hideEvent(event);
}

bool FamilyBookingPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            book();
            return true;
        }
    }
    auto* line = qobject_cast<QCheckBox*>(watched);
    if (line && event->type() == QEvent::FocusIn)
        m_marked = line;
    if (line && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if ((key->modifiers() & Qt::AltModifier) &&
            (key->key() == Qt::Key_Up || key->key() == Qt::Key_Down)) {
            moveMarked(key->key() == Qt::Key_Up ? -1 : 1);
            return true;
        }
    }
    return SidePanel::eventFilter(watched, event);
}

} // namespace yarrow
