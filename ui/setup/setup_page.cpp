// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/setup_page.h"

#include "models/items/directory_desk.h"
#include "ui/setup/account_form.h"
#include "ui/setup/accounts_section.h"
#include "ui/setup/clinic_form.h"
#include "ui/setup/device_form.h"
#include "ui/setup/entry_section.h"
#include "ui/setup/erasure_panel.h"
#include "ui/setup/room_form.h"
#include "ui/setup/staff_form.h"
#include "ui/setup/visit_type_form.h"
#include "ui/theme/theme.h"
#include "ui/theme/visit_colors.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/texts.h"

#include <QAbstractButton>
#include <QAction>
#include <QLineEdit>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace yarrow {

namespace {

using Rows = std::vector<EntrySection::Row>;

QString minutesText(std::chrono::minutes minutes)
{
    return SetupPage::tr("%n minute(s)", nullptr, static_cast<int>(minutes.count()));
}

/// Calls `row` for each entry of a list.
template <class T, class MakeRow>
std::function<Rows(const DirectoryEntries&)> rowsOf(std::vector<T> DirectoryEntries::*list, MakeRow makeRow)
{
    return [list, makeRow](const DirectoryEntries& entries) {
        Rows rows;
        for (const T& entry : entries.*list)
            rows.push_back(makeRow(entry));
        return rows;
    };
}

} // namespace

SetupPage::SetupPage(ClinicSession& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_tabs(new QTabBar)
    , m_stack(new QStackedWidget)
    , m_clinic(new ClinicForm(session))
{
    setObjectName(QStringLiteral("setupPage"));
    m_tabs->setObjectName(QStringLiteral("setupTabs"));
    m_tabs->setAccessibleName(tr("What to set up"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_tabs);
    column->addWidget(makeLine());
    column->addWidget(m_stack, 1);
    m_sections = {makeRooms(), makeDevices(), makeVisitTypes(), makeStaff()};
    addSection(tr("Opening hours"), m_clinic);
    addSection(tr("Rooms"), m_sections[0]);
    addSection(tr("Devices"), m_sections[1]);
    addSection(tr("Visit types"), m_sections[2]);
    addSection(tr("Practitioners"), m_sections[3]);
    m_lists.assign(m_sections.begin(), m_sections.end());
    if (session.allows(Operation::Delete, Area::Administration)) {
        m_accounts = new AccountsSection(session, new AccountForm(session));
        m_lists.push_back(m_accounts);
        addSection(tr("Accounts"), m_accounts);
        m_erasure = new ErasurePanel(session);
        addSection(tr("Erase a patient"), m_erasure);
    }

    for (EntryFrame* list : m_lists)
        connect(list, &EntryFrame::notice, this, &Page::notice);
    for (EntrySection* section : m_sections)
        connect(&section->form(), &SetupForm::dayRequested, this, &Page::dayRequested);
    connect(m_clinic, &SetupForm::dayRequested, this, &Page::dayRequested);
    connect(m_clinic, &SetupForm::saved, this, [this] { Q_EMIT notice(tr("The changes are saved.")); });
    connect(&session, &ClinicSession::directoryChanged, this, [this] {
        if (isVisible() && !m_clinic->isDirty() && !m_clinic->isBusy())
            readClinic();
    });
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int section) {
        saveDrafts();
        m_stack->setCurrentIndex(section);
        if (section > Hours && section < Erasure)
            m_lists[static_cast<std::size_t>(section - Rooms)]->refresh();
    });
}

void SetupPage::addSection(const QString& title, QWidget* content)
{
    m_stack->addWidget(content);
    const int section = m_tabs->addTab(title);
    auto* action = new QAction(tr("Set up: %1").arg(title), this);
    addAction(action);
    connect(action, &QAction::triggered, this, [this, section] { showSection(section); });
}

EntrySection* SetupPage::makeRooms()
{
    return new EntrySection(
        m_session,
        {QStringLiteral("room"), tr("Rooms"), tr("New room"),
         tr("Choose a room to see and change it, or make a new one."), Revised<Location>{},
         rowsOf(
             &DirectoryEntries::rooms,
             [](const Revised<Location>& room) {
                 return EntrySection::Row{room.value.name, room.value.description, room.value.active, room};
             })},
        new RoomForm(m_session));
}

EntrySection* SetupPage::makeDevices()
{
    return new EntrySection(
        m_session,
        {QStringLiteral("device"), tr("Devices"), tr("New device"),
         tr("Choose a device to see and change it, or make a new one."), Revised<Device>{},
         rowsOf(&DirectoryEntries::devices,
                [this](const Revised<Device>& device) {
                    QString room;
                    for (const Location& location : m_session.rooms()) {
                        if (location.id == device.value.room)
                            room = location.name;
                    }
                    return EntrySection::Row{device.value.name, room, device.value.active, device};
                })},
        new DeviceForm(m_session));
}

EntrySection* SetupPage::makeVisitTypes()
{
    return new EntrySection(
        m_session,
        {QStringLiteral("visitType"), tr("Visit types"), tr("New visit type"),
         tr("Choose a visit type to see and change it, or make a new one."), Revised<HealthcareService>{},
         rowsOf(&DirectoryEntries::services,
                [](const Revised<HealthcareService>& service) {
                    return EntrySection::Row{service.value.name, minutesText(service.value.defaultDuration),
                                             service.value.active, service};
                })},
        new VisitTypeForm(m_session));
}

EntrySection* SetupPage::makeStaff()
{
    return new EntrySection(
        m_session,
        {QStringLiteral("staff"), tr("Practitioners"), tr("New practitioner"),
         tr("Choose a practitioner to see and change their hours, or add a new one."), StaffEntry{},
         rowsOf(&DirectoryEntries::staff,
                [](const StaffEntry& entry) {
                    return EntrySection::Row{formatName(entry.practitioner.value), entry.role.value.specialty,
                                             entry.practitioner.value.active && entry.role.value.active,
                                             entry};
                })},
        new StaffForm(m_session));
}

QString SetupPage::title() const
{
    return tr("Clinic");
}

QList<KeyHint> SetupPage::keyHints() const
{
    return {{tr("↑ ↓"), tr("Move through the list, or from day to day")},
            {tr("Enter"), tr("Go into the form, or to the next day")},
            {tr("Insert"), tr("Make a new entry")},
            {tr("Ctrl+D"), tr("Take the hours of the day above")},
            {tr("Ctrl+Enter"), tr("Save the form")}};
}

void SetupPage::readClinic()
{
    const auto entries = m_session.directory().entries();
    if (entries)
        m_clinic->start(entries->clinic);
    else
        Q_EMIT notice(sentence(entries.error()));
}

void SetupPage::activated()
{
    if (!m_clinic->entry() || !m_clinic->isDirty())
        readClinic();
    showSection(m_stack->currentIndex());
}

void SetupPage::showSection(int section)
{
    m_tabs->setCurrentIndex(section);
    if (section == Hours) {
        m_clinic->focusFirst();
        return;
    }
    if (section == Erasure) {
        m_erasure->refresh();
        m_erasure->focusFirst();
        return;
    }
    EntryFrame* shown = m_lists[static_cast<std::size_t>(section - Rooms)];
    shown->refresh();
    shown->focusFirst();
}

void SetupPage::saveDrafts()
{
    if (m_clinic->entry() && !m_clinic->isBusy())
        m_clinic->saveDraft();
    for (EntryFrame* list : m_lists)
        list->saveDraft();
}

QStringList SetupPage::tourStops() const
{
    return {QStringLiteral("setup-hours"),           QStringLiteral("setup-hours-errors"),
            QStringLiteral("setup-rooms"),           QStringLiteral("setup-device-new"),
            QStringLiteral("setup-visit-type"),      QStringLiteral("setup-practitioner"),
            QStringLiteral("setup-impact"),          QStringLiteral("setup-accounts"),
            QStringLiteral("setup-account"),         QStringLiteral("setup-account-password"),
            QStringLiteral("setup-account-disable"), QStringLiteral("setup-account-new"),
            QStringLiteral("setup-erasure")};
}

void SetupPage::showTourStop(const QString& stop)
{
    const auto type = [](QWidget& form, const char* name, const QString& text) {
        if (auto* edit = form.findChild<QLineEdit*>(QLatin1String(name))) {
            edit->setText(text);
            Q_EMIT edit->textEdited(text);
        }
    };
    const auto press = [this](const char* name) {
        if (auto* button = m_accounts->findChild<QAbstractButton*>(QLatin1String(name)))
            button->click();
    };
    if (stop == QLatin1String("setup-hours")) {
        showSection(Hours);
    } else if (stop == QLatin1String("setup-hours-errors")) {
        type(*m_clinic, "hours1", QStringLiteral("8-12, 11-18"));
        type(*m_clinic, "hours2", QStringLiteral("mornings"));
        m_clinic->submit();
    } else if (stop == QLatin1String("setup-rooms")) {
        m_clinic->startOver();
        showSection(Rooms);
    } else if (stop == QLatin1String("setup-device-new")) {
        showSection(Devices);
        m_sections[1]->startNew();
    } else if (stop == QLatin1String("setup-visit-type")) {
        showSection(VisitTypes);
    } else if (stop == QLatin1String("setup-practitioner")) {
        showSection(Staff);
        m_sections[3]->form().startOver();
        showSection(Rooms);
        showSection(Staff);
    } else if (stop == QLatin1String("setup-impact")) {
        SetupForm& form = m_sections[3]->form();
        for (int day = 0; day < 5; ++day)
            type(form, qPrintable(QStringLiteral("hours%1").arg(day)), QStringLiteral("8-10"));
        form.submit();
    } else if (stop == QLatin1String("setup-accounts") && m_accounts != nullptr) {
        m_sections[3]->form().startOver();
        showSection(Accounts);
    } else if (stop == QLatin1String("setup-account") && m_accounts != nullptr) {
        m_accounts->open(2);
    } else if (stop == QLatin1String("setup-account-password") && m_accounts != nullptr) {
        press("setPassword");
    } else if (stop == QLatin1String("setup-account-disable") && m_accounts != nullptr) {
        press("accountPasswordCancel");
        press("disableAccount");
    } else if (stop == QLatin1String("setup-account-new") && m_accounts != nullptr) {
        m_accounts->startNew();
        type(*m_accounts, "accountUser", QStringLiteral("nina.berg"));
        type(*m_accounts, "accountName", QStringLiteral("Nina Berg"));
        press("save");
    } else if (stop == QLatin1String("setup-erasure") && m_erasure != nullptr) {
        if (m_accounts != nullptr)
            m_accounts->form().startOver();
        showSection(Erasure);
    }
}

} // namespace yarrow
