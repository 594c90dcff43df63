// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/main_window.h"

#include "ui/frame/desktop_settings.h"
#include "ui/frame/idle_watch.h"
#include "ui/gate/gate_page.h"

#include <QCloseEvent>
#include <QCoreApplication>
#include <QScreen>
#include <QStackedWidget>

namespace yarrow {

namespace {

constexpr QSize kFirstSize(1360, 860);
constexpr QSize kSmallest(800, 560);

} // namespace

MainWindow::MainWindow(ClinicGate& gate, DesktopSettings& settings, MakePages makePages, QWidget* parent)
    : QMainWindow(parent)
    , m_settings(settings)
    , m_makePages(std::move(makePages))
    , m_stack(new QStackedWidget)
    , m_gatePage(new GatePage(gate, settings))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QCoreApplication::applicationName());
    setMinimumSize(kSmallest);
    m_stack->addWidget(m_gatePage);
    setCentralWidget(m_stack);
    connect(m_gatePage, &GatePage::signedIn, this, &MainWindow::open);
    if (!restoreGeometry(m_settings.geometry())) {
        const QSize room = screen()->availableSize();
        resize(kFirstSize.boundedTo(room));
    }
}

MainWindow::~MainWindow()
{
    // The pages refer to the session; it goes last.
    delete m_frame;
}

void MainWindow::start(bool locked, const QString& notice)
{
    m_gatePage->setNotice(notice);
    m_gatePage->setLocked(locked);
    m_gatePage->start();
}

void MainWindow::open(std::shared_ptr<ClinicSession> session)
{
    m_session = std::move(session);
    m_frame = new Frame(*m_session, m_makePages(*m_session));
    for (Page* page : m_frame->pages())
        page->useSettings(m_settings);
    connect(m_frame, &Frame::lockRequested, this, &MainWindow::lock);
    auto* idle = new IdleWatch(std::chrono::minutes(m_settings.lockAfterMinutes()), m_frame);
    connect(idle, &IdleWatch::idle, this, &MainWindow::lock);

    m_stack->addWidget(m_frame);
    m_stack->setCurrentWidget(m_frame);
    setWindowTitle(
        QStringLiteral("%1 – %2").arg(m_session->clinicName(), QCoreApplication::applicationName()));
    const int page = m_settings.page();
    m_frame->goTo(page < static_cast<int>(m_frame->pages().size()) ? page : 0);
    Q_EMIT opened();
}

void MainWindow::remember()
{
    m_settings.setGeometry(saveGeometry());
    if (m_frame != nullptr) {
        m_settings.setPage(m_frame->currentPage());
        m_frame->saveDrafts();
    }
}

void MainWindow::lock()
{
    remember();
    Q_EMIT lockRequested();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    remember();
    QMainWindow::closeEvent(event);
}

} // namespace yarrow
