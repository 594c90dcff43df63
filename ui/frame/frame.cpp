// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/frame.h"

#include "models/items/exchange_desk.h"
#include "ui/exchange/sync_centre.h"
#include "ui/frame/key_sheet.h"
#include "ui/frame/password_panel.h"
#include "ui/frame/rail.h"
#include "ui/frame/status_line.h"
#include "ui/patients/patients_page.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/texts.h"

#include <QAction>
#include <QFrame>
#include <QHBoxLayout>
#include <QMenu>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {

Frame::Frame(ClinicSession& session, const Pages& pages, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_known(pages)
    , m_rail(new Rail)
    , m_search(new CommandField(session, [this] { return offeredCommands(); }))
    , m_stack(new QStackedWidget)
    , m_status(new StatusLine(session))
    , m_keySheet(new KeySheet(this))
    , m_syncCentre(new SyncCentre(session))
    , m_password(new PasswordPanel(session))
    , m_sideLine(makeUpright())
{
    auto* middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_rail);
    middle->addWidget(makeUpright());
    middle->addWidget(m_stack, 1);
    middle->addWidget(m_sideLine);
    m_sideLine->hide();
    for (SidePanel* panel : {static_cast<SidePanel*>(m_syncCentre), static_cast<SidePanel*>(m_password)}) {
        middle->addWidget(panel);
        panel->hide();
        connect(panel, &SidePanel::closeRequested, this, &Frame::closeSide);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTopBar());
    column->addLayout(middle, 1);
    column->addWidget(m_status);

    for (Page* page :
         {pages.today, pages.calendar, static_cast<Page*>(pages.patients), pages.inbox, pages.setup}) {
        if (page == nullptr)
            continue;
        m_pages.push_back(page);
        m_rail->addPage(page->iconName(), page->title(), QLatin1String("rail-") + page->iconName());
        m_stack->addWidget(page);
        connectPage(page);
    }
    connect(m_rail, &Rail::chosen, this, &Frame::goTo);
    connect(m_status, &StatusLine::syncCentreRequested, this, &Frame::toggleSyncCentre);
    connect(m_password, &PasswordPanel::passwordChanged, this, [this] {
        closeSide();
        m_status->notice(tr("Your password is changed."));
    });
    connect(m_syncCentre, &SyncCentre::notice, m_status, &StatusLine::notice);
    connect(m_syncCentre, &SyncCentre::patientRequested, this, &Frame::showPatient);
    connect(m_syncCentre, &SyncCentre::dayRequested, this, &Frame::showDay);
    connect(&session.exchange(), &ExchangeDesk::statusChanged, this, &Frame::showCounts);
    addCommands();
    showCounts();
}

QWidget* Frame::makeTopBar()
{
    const Theme& theme = Theme::current();
    auto* bar = new QFrame;
    bar->setProperty("look", QStringLiteral("top"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(theme.space(4), theme.space(2), theme.space(3), theme.space(2));
    row->setSpacing(theme.space(3));
    row->addWidget(new IconLabel(QStringLiteral("yarrow"), ColorToken::Accent, 28));
    auto* clinic = makeLabel(m_session.clinicName(), TextStyle::Strong);
    clinic->setObjectName(QStringLiteral("clinicNameLabel"));
    clinic->setMinimumWidth(theme.px(120));
    clinic->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(clinic, 2);
    m_search->setMaximumWidth(theme.px(560));
    row->addWidget(m_search, 4);

    const AuditedBy user = m_session.user();
    auto* who = new QVBoxLayout;
    who->setSpacing(0);
    auto* name = makeTrailingLabel(user.user, TextStyle::Strong);
    name->setObjectName(QStringLiteral("signedInUser"));
    auto* role = makeTrailingLabel(roleText(user.role), TextStyle::Small, ColorToken::TextMuted);
    who->addWidget(name);
    who->addWidget(role);
    row->addStretch(1);
    row->addLayout(who);
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("userMenuList"));
    connect(menu->addAction(tr("Change my password…")), &QAction::triggered, this, &Frame::changePassword);
    auto* own = makeIconButton(QStringLiteral("user"), tr("Your account"), QStringLiteral("userMenu"));
    own->setPopupMode(QToolButton::InstantPopup);
    own->setMenu(menu);
    row->addWidget(own);
    auto* lock = makeButton(tr("Lock"), ButtonKind::Normal, QStringLiteral("lock"));
    lock->setIcon(Theme::icon(u"lock"));
    lock->setToolTip(tr("Ctrl+L"));
    connect(lock, &QPushButton::clicked, this, &Frame::lockRequested);
    row->addWidget(lock);
    return bar;
}

QAction* Frame::addCommand(const QString& text, const QKeySequence& keys)
{
    auto* action = new QAction(text, this);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WindowShortcut);
    addAction(action);
    return action;
}

void Frame::addCommands()
{
    for (std::size_t i = 0; i < m_pages.size(); ++i) {
        const int index = static_cast<int>(i);
        auto* go = addCommand(tr("Go to %1").arg(m_pages[i]->title()),
                              QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + index)));
        connect(go, &QAction::triggered, this, [this, index] { goTo(index); });
    }
    connect(addCommand(tr("Search"), QKeySequence(Qt::CTRL | Qt::Key_K)), &QAction::triggered, m_search,
            &CommandField::start);
    connect(addCommand(tr("Keys"), QKeySequence(Qt::Key_F1)), &QAction::triggered, this,
            &Frame::toggleKeySheet);
    connect(addCommand(tr("Lock"), QKeySequence(Qt::CTRL | Qt::Key_L)), &QAction::triggered, this,
            &Frame::lockRequested);
    connect(addCommand(tr("Sync now"), QKeySequence(Qt::Key_F5)), &QAction::triggered, this,
            [this] { m_session.exchange().exchangeNow(); });
    connect(addCommand(tr("Sync Centre"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S)),
            &QAction::triggered, this, &Frame::toggleSyncCentre);
    connect(addCommand(tr("Change my password"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P)),
            &QAction::triggered, this, &Frame::changePassword);
    connect(m_search, &CommandField::patientChosen, this, &Frame::showPatient);
    connect(m_search, &CommandField::dayChosen, this, &Frame::showDay);
    connect(m_search, &CommandField::appointmentChosen, this, &Frame::showAppointment);
    connect(m_search, &CommandField::commandChosen, this, &Frame::run);
    if (m_known.patients == nullptr)
        return;
    connect(addCommand(tr("Find a patient"), QKeySequence(Qt::Key_F2)), &QAction::triggered, this, [this] {
        bring(m_known.patients);
        m_known.patients->focusFinder();
    });
    if (m_session.allows(Operation::Create, Area::PatientIdentity)) {
        auto* add = addCommand(tr("Register a new patient"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N));
        connect(add, &QAction::triggered, this, [this] {
            bring(m_known.patients);
            m_known.patients->startRegistration();
        });
    }
}

void Frame::toggleSyncCentre()
{
    if (m_side == m_syncCentre) {
        closeSide();
        return;
    }
    openSide(m_syncCentre);
    m_syncCentre->open();
    m_syncCentre->focusFirst();
}

void Frame::changePassword()
{
    m_password->open();
    openSide(m_password);
    m_password->focusFirst();
}

void Frame::openSide(SidePanel* panel)
{
    if (m_side == panel)
        return;
    if (m_side == nullptr)
        m_focusBefore = focusWidget();
    else
        m_side->hide();
    m_password->clear();
    m_side = panel;
    m_side->show();
    arrange();
}

void Frame::closeSide()
{
    if (m_side == nullptr)
        return;
    m_side->hide();
    m_side = nullptr;
    m_password->clear();
    arrange();
    if (m_focusBefore)
        m_focusBefore->setFocus(Qt::OtherFocusReason);
}

/// Where there is no room for both, the panel takes the place of the page.
void Frame::arrange()
{
    constexpr int kPageWidth = 620; // at 100 %
    m_sideLine->setVisible(m_side != nullptr);
    bool both = true;
    if (m_side != nullptr) {
        const int room = width() - m_rail->sizeHint().width() - m_side->minimumWidth();
        both = room >= Theme::current().px(kPageWidth);
        m_side->setMaximumWidth(both ? m_side->minimumWidth() : QWIDGETSIZE_MAX);
    }
    m_stack->setVisible(both);
}

void Frame::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void Frame::showCounts()
{
    const ExchangeStatus status = m_session.exchange().status();
    const auto inbox = std::find(m_pages.begin(), m_pages.end(), m_known.inbox);
    if (m_known.inbox == nullptr || inbox == m_pages.end())
        return;
    const int count = status.conflicts + status.refused;
    m_rail->setBadge(static_cast<int>(inbox - m_pages.begin()), count,
                     tr("%n wait for a decision", nullptr, count));
}

void Frame::connectPage(Page* page)
{
    connect(page, &Page::patientRequested, this, &Frame::showPatient);
    connect(page, &Page::dayRequested, this, &Frame::showDay);
    connect(page, &Page::appointmentRequested, this, &Frame::showAppointment);
    connect(page, &Page::bookingRequested, this, &Frame::startBooking);
    connect(page, &Page::familyBookingRequested, this, &Frame::startFamilyBooking);
    connect(page, &Page::notice, m_status, &StatusLine::notice);
}

QList<CommandField::Command> Frame::offeredCommands() const
{
    QList<CommandField::Command> all;
    const auto* shown = static_cast<const Page*>(m_stack->currentWidget());
    const QList<QAction*> nearest = actions() + (shown == nullptr ? QList<QAction*>() : shown->actions());
    for (QAction* action : nearest)
        all.append({action});
    // What two pages can do is done on the one that is shown, or on the first of them.
    const auto isOffered = [&all](const QAction* action) {
        return std::any_of(all.begin(), all.end(), [action](const CommandField::Command& one) {
            return one.action->text() == action->text();
        });
    };
    for (const Page* page : m_pages) {
        const QList<QAction*> elsewhere = page == shown ? QList<QAction*>() : page->actions();
        for (QAction* action : elsewhere)
            if (!isBoundToPage(*action) && !isOffered(action))
                all.append({action, page->title()});
    }
    return all;
}

void Frame::run(QAction* command)
{
    const auto owner = std::find_if(m_pages.begin(), m_pages.end(), [command](const Page* page) {
        return page->actions().contains(command);
    });
    if (owner != m_pages.end())
        bring(*owner);
    command->trigger();
}

void Frame::goTo(int page)
{
    if (page < 0 || page >= static_cast<int>(m_pages.size()))
        return;
    m_rail->setCurrent(page);
    Page* shown = m_pages[static_cast<std::size_t>(page)];
    m_stack->setCurrentWidget(shown);
    shown->activated();
}

void Frame::bring(const Page* page)
{
    const auto place = std::find(m_pages.begin(), m_pages.end(), page);
    if (place != m_pages.end() && m_stack->currentWidget() != page)
        goTo(static_cast<int>(place - m_pages.begin()));
}

int Frame::currentPage() const
{
    return m_stack->currentIndex();
}

void Frame::showPatient(const PatientId& id)
{
    if (m_known.patients == nullptr)
        return;
    bring(m_known.patients);
    m_known.patients->showPatient(id);
}

void Frame::showDay(QDate day)
{
    if (m_known.calendar == nullptr)
        return;
    bring(m_known.calendar);
    m_known.calendar->showDay(day);
}

void Frame::showAppointment(const AppointmentId& id, QDate day)
{
    if (m_known.calendar == nullptr)
        return;
    bring(m_known.calendar);
    m_known.calendar->showAppointment(id, day);
}

void Frame::startFamilyBooking(const PatientId& id)
{
    if (m_known.calendar == nullptr)
        return;
    bring(m_known.calendar);
    m_known.calendar->startFamilyBooking(id);
}

void Frame::startBooking(const PatientId& id)
{
    if (m_known.calendar == nullptr)
        return;
    bring(m_known.calendar);
    m_known.calendar->startBooking(id);
}

void Frame::saveDrafts()
{
    for (Page* page : m_pages)
        page->saveDrafts();
}

void Frame::toggleKeySheet()
{
    if (m_keySheet->isVisible()) {
        m_keySheet->close();
        return;
    }
    QList<KeySheet::Section> sections;
    QList<KeyHint> general;
    const QList<QAction*> commands = actions();
    for (const QAction* command : commands)
        general.append({command->shortcut().toString(QKeySequence::NativeText), command->text()});
    sections.append({tr("Everywhere"), general});
    for (const Page* page : m_pages) {
        if (const auto hints = page->keyHints(); !hints.isEmpty())
            sections.append({page->title(), hints});
    }
    m_keySheet->open(sections);
}

} // namespace yarrow
