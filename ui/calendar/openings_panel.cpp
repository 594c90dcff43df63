// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/openings_panel.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/combo_id.h"
#include "ui/calendar/wheel_guard.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QComboBox>
#include <QDateEdit>
#include <QKeyEvent>
#include <QListWidget>
#include <QSpinBox>
#include <QVBoxLayout>

namespace yarrow {
namespace {

using std::chrono::minutes;

constexpr int kMostOpenings = 30;
constexpr int kDaysAhead = 28;
const QTime kNoon(12, 0);

} // namespace

OpeningsPanel::OpeningsPanel(ClinicSession& session, const DayScheduleModel& model, QWidget* parent)
    : SidePanel(tr("Next openings"), parent)
    , m_session(session)
    , m_model(model)
    , m_for(makeParagraph({}, TextStyle::Body, ColorToken::TextMuted))
    , m_service(new QComboBox)
    , m_duration(new QSpinBox)
    , m_practitioner(new QComboBox)
    , m_from(new QDateEdit)
    , m_partOfDay(new QComboBox)
    , m_list(new QListWidget)
    , m_none(makeParagraph({}, TextStyle::Body, ColorToken::TextMuted))
{
    setObjectName(QStringLiteral("openingsPanel"));
    m_duration->setRange(5, 480);
    m_duration->setSingleStep(5);
    m_duration->setSuffix(tr(" min", "after a number of minutes"));
    m_from->setCalendarPopup(true);
    m_from->setLayoutDirection(Qt::LeftToRight); // see AppointmentPanel::makeTimes
    m_from->setDisplayFormat(dateFieldFormat());
    m_partOfDay->addItems({tr("Any time"), tr("Morning"), tr("Afternoon")});
    m_list->setObjectName(QStringLiteral("openings"));
    m_list->setAccessibleName(tr("Next openings"));
    m_list->setItemDelegate(new TwoLineDelegate(m_list));
    m_list->setMinimumHeight(Theme::current().px(220));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->installEventFilter(this);
    for (QComboBox* box : {m_service, m_practitioner, m_partOfDay}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(6);
        connect(box, &QComboBox::currentIndexChanged, this, &OpeningsPanel::refresh);
    }
    connect(m_service, &QComboBox::currentIndexChanged, this, [this] {
        for (const HealthcareService& service : m_session.services())
            if (!m_loading && service.id == chosenId<HealthcareServiceId>(m_service) &&
                service.defaultDuration.count() > 0)
                m_duration->setValue(static_cast<int>(service.defaultDuration.count()));
    });
    connect(m_duration, &QSpinBox::valueChanged, this, &OpeningsPanel::refresh);
    connect(m_from, &QDateEdit::dateChanged, this, &OpeningsPanel::refresh);
    connect(m_list, &QListWidget::itemDoubleClicked, this, &OpeningsPanel::take);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0 && m_list->hasFocus())
            Q_EMIT openingMarked(m_openings[static_cast<std::size_t>(row)]);
    });

    auto* guard = new WheelGuard(this);
    for (QWidget* box :
         std::initializer_list<QWidget*>{m_service, m_practitioner, m_partOfDay, m_duration, m_from})
        guard->protect(box);
    const int gap = Theme::current().space(2);
    auto* what = new QHBoxLayout;
    what->setSpacing(gap);
    what->addWidget(new Field(tr("Visit type"), m_service, QStringLiteral("openingsService")), 3);
    what->addWidget(new Field(tr("Duration"), m_duration, QStringLiteral("openingsDuration")), 2);
    auto* when = new QHBoxLayout;
    when->setSpacing(gap);
    when->addWidget(new Field(tr("From"), m_from, QStringLiteral("openingsFrom")), 1);
    when->addWidget(new Field(tr("Time of day"), m_partOfDay, QStringLiteral("openingsPartOfDay")), 1);
    body()->addWidget(m_for);
    body()->addLayout(what);
    body()->addWidget(new Field(tr("Practitioner"), m_practitioner, QStringLiteral("openingsPractitioner")));
    body()->addLayout(when);
    body()->addWidget(m_list, 1);
    body()->addWidget(m_none);
    auto* button = makeButton(tr("Take this opening"), ButtonKind::Primary, QStringLiteral("takeOpening"));
    connect(button, &QPushButton::clicked, this, &OpeningsPanel::take);
    foot()->addStretch(1);
    foot()->addWidget(button);
}

void OpeningsPanel::look(const Wish& wish)
{
    m_loading = true;
    m_row = wish.row;
    m_earliest = wish.earliest;
    m_service->clear();
    addIdItem(m_service, tr("Any"), HealthcareServiceId());
    for (const HealthcareService& service : m_session.services())
        addIdItem(m_service, service.name, service.id);
    chooseId(m_service, wish.service);
    m_practitioner->clear();
    addIdItem(m_practitioner, tr("Anyone"), PractitionerId());
    for (const CalendarResource& practitioner : m_model.practitioners())
        addIdItem(m_practitioner, practitioner.name, practitioner.id);
    chooseId(m_practitioner, wish.practitioner);
    m_duration->setValue(static_cast<int>(wish.duration.count()));
    m_from->setDate(localTime(wish.earliest, m_session.zone()).date());
    m_for->setText(m_row.patientName.isEmpty() ? QString() : tr("For %1").arg(m_row.patientName));
    m_for->setVisible(!m_row.patientName.isEmpty());
    m_loading = false;
    refresh();
    m_list->setFocus(Qt::OtherFocusReason);
}

void OpeningsPanel::refresh()
{
    if (m_loading)
        return;
    ClinicSession::OpeningsRequest request;
    request.duration = minutes(m_duration->value());
    if (const auto practitioner = chosenId<PractitionerId>(m_practitioner); !practitioner.isEmpty())
        request.practitioner = practitioner;
    request.service = chosenId<HealthcareServiceId>(m_service);
    // A device that the visit type does not ask for was chosen for this very visit.
    bool needsDevice = false;
    for (const HealthcareService& service : m_session.services())
        needsDevice = needsDevice || (service.id == request.service && !service.devices.empty());
    if (!needsDevice && !m_row.appointment.device.isEmpty())
        request.device = m_row.appointment.device;
    request.earliest = std::max(m_earliest, toInstant(m_from->date(), QTime(0, 0), m_session.zone()));
    if (m_from->date() < localTime(m_earliest, m_session.zone()).date())
        request.earliest =
            std::max(m_session.clock().now(), toInstant(m_from->date(), QTime(0, 0), m_session.zone()));
    request.days = kDaysAhead;
    request.limit = kMostOpenings;
    request.needsRoom = !m_session.rooms().empty();
    if (m_partOfDay->currentIndex() == 1)
        request.timeOfDay = LocalRange{QTime(0, 0), kNoon};
    else if (m_partOfDay->currentIndex() == 2)
        request.timeOfDay = LocalRange{kNoon, QTime(0, 0)};
    const auto found = m_session.openings(request);
    m_openings = found ? *found : std::vector<Opening>();
    m_list->clear();
    const QDate today = localTime(m_session.clock().now(), m_session.zone()).date();
    for (const Opening& opening : m_openings) {
        const QDateTime start = localTime(opening.when.start, m_session.zone());
        const QString day = start.date() == today ? tr("Today")
                            : start.date() == today.addDays(1)
                                ? tr("Tomorrow")
                                : QLocale().toString(start.date(), tr("ddd d MMM"));
        auto* item = new QListWidgetItem(tr("%1, %2", "day, time").arg(day, timeText(start.time())), m_list);
        for (const CalendarResource& each : m_model.practitioners())
            if (each.id == opening.practitioner)
                item->setData(TwoLineDelegate::SecondLineRole, each.name);
        QStringList where;
        for (const Location& room : m_session.rooms())
            if (room.id == opening.room)
                where << room.name;
        for (const Device& device : m_session.devices())
            if (device.id == opening.device)
                where << device.name;
        item->setData(TwoLineDelegate::TrailingRole, QLocale().createSeparatedList(where));
        item->setData(Qt::AccessibleDescriptionRole, item->data(TwoLineDelegate::SecondLineRole));
    }
    m_list->setCurrentRow(0);
    m_list->setVisible(!m_openings.empty());
    m_none->setVisible(m_openings.empty());
    m_none->setText(
        found ? tr("Nothing is free in the next four weeks. A shorter visit, another practitioner or another "
                   "time of day may help.")
              : sentence(found.error()));
}

void OpeningsPanel::take()
{
    const int row = m_list->currentRow();
    if (row < 0)
        return;
    Q_EMIT openingChosen(m_openings[static_cast<std::size_t>(row)], chosenId<HealthcareServiceId>(m_service),
                         m_row);
}

bool OpeningsPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            take();
            return true;
        }
    }
    return SidePanel::eventFilter(watched, event);
}

} // namespace yarrow
