// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gate/gate_page.h"

#include "ui/frame/desktop_settings.h"
#include "ui/gate/first_run_page.h"
#include "ui/gate/gate_card.h"
#include "ui/gate/new_clinic_page.h"
#include "ui/gate/recovery_code_page.h"
#include "ui/gate/sign_in_page.h"
#include "ui/widgets/controls.h"

#include <QProgressBar>
#include <QVBoxLayout>

namespace yarrow {

namespace {

// The demo clinic holds invented people only; whoever finds it may open it.
const QString kDemoUser = QStringLiteral("demo");
const QString kDemoPassword = QStringLiteral("achillea-millefolium");

} // namespace

GatePage::GatePage(ClinicGate& gate, DesktopSettings& settings, QWidget* parent)
    : QStackedWidget(parent)
    , m_gate(gate)
    , m_settings(settings)
    , m_signIn(new SignInPage(gate))
    , m_firstRun(new FirstRunPage(gate.profilePath()))
    , m_recoveryCode(new RecoveryCodePage)
    , m_progressPage(makeProgressPage())
{
    for (QWidget* page : {static_cast<QWidget*>(m_signIn), static_cast<QWidget*>(m_firstRun),
                          static_cast<QWidget*>(m_recoveryCode), m_progressPage})
        addWidget(page);

    connect(m_firstRun, &FirstRunPage::newClinicChosen, this, &GatePage::showNewClinic);
    connect(m_firstRun, &FirstRunPage::demoChosen, this, &GatePage::createDemo);
    connect(m_recoveryCode, &RecoveryCodePage::confirmed, this, [this] {
        m_recoveryCode->forget();
        showSignIn();
    });
    connect(&m_gate, &ClinicGate::created, this, &GatePage::showCreated);
    connect(&m_gate, &ClinicGate::createFailed, this, &GatePage::showCreateFailure);
    connect(&m_gate, &ClinicGate::progress, this, [this](int done, int total) {
        m_progress->setRange(0, total);
        m_progress->setValue(done);
    });
    connect(&m_gate, &ClinicGate::signedIn, this, [this](const std::shared_ptr<ClinicSession>& session) {
        m_settings.setLastUser(session->user().user);
        Q_EMIT signedIn(session);
    });
}

void GatePage::makeNewClinicPage()
{
    m_newClinic = new NewClinicPage(m_gate);
    addWidget(m_newClinic);
    connect(m_newClinic, &NewClinicPage::backRequested, this, &GatePage::start);
    connect(m_newClinic, &NewClinicPage::submitted, this, &GatePage::create);
}

QWidget* GatePage::makeProgressPage()
{
    auto* page = new QWidget;
    m_progressText = makeParagraph({}, TextStyle::Heading);
    m_progress = new QProgressBar;
    m_progress->setObjectName(QStringLiteral("createProgress"));
    m_progress->setTextVisible(false);
    QVBoxLayout* column = makeGateCard(page, 480);
    column->addWidget(m_progressText);
    column->addWidget(m_progress);
    column->addWidget(
        makeParagraph(tr("Keys are being made and the database is being encrypted. This takes a few "
                         "seconds."),
                      TextStyle::Body, ColorToken::TextMuted));
    return page;
}

void GatePage::start()
{
    if (m_gate.clinicExists())
        showSignIn();
    else
        setCurrentWidget(m_firstRun);
    focusFirst();
}

void GatePage::setLocked(bool locked)
{
    m_signIn->setLocked(locked);
}

void GatePage::setNotice(const QString& notice)
{
    m_signIn->setNotice(notice);
    m_firstRun->setNotice(notice);
}

void GatePage::focusFirst()
{
    if (currentWidget() == m_signIn)
        m_signIn->focusFirst();
    else if (currentWidget() == m_firstRun)
        m_firstRun->focusFirst();
    else if (m_newClinic != nullptr && currentWidget() == m_newClinic)
        m_newClinic->focusFirst();
    else if (currentWidget() == m_recoveryCode)
        m_recoveryCode->focusFirst();
}

void GatePage::showSignIn()
{
    m_signIn->prepare(m_settings.lastUser());
    if (m_settings.isDemo())
        m_signIn->setDemo(kDemoUser, kDemoPassword);
    setCurrentWidget(m_signIn);
    focusFirst();
}

void GatePage::showNewClinic()
{
    if (m_newClinic == nullptr)
        makeNewClinicPage();
    setCurrentWidget(m_newClinic);
    focusFirst();
}

void GatePage::createDemo()
{
    ClinicGate::NewClinic clinic;
    clinic.clinicName = tr("Demo clinic");
    clinic.zone = QTimeZone::systemTimeZone();
    clinic.userName = kDemoUser;
    clinic.displayName = tr("Demo");
    clinic.password = kDemoPassword;
    clinic.demo = true;
    create(clinic);
}

void GatePage::enterDemo()
{
    m_signIn->signInAs(kDemoUser, kDemoPassword);
}

void GatePage::create(const ClinicGate::NewClinic& clinic)
{
    m_creating = clinic;
    m_progressText->setText(clinic.demo ? tr("Preparing the demo clinic…")
                                        : tr("Creating %1…").arg(clinic.clinicName));
    m_progress->setAccessibleName(m_progressText->text());
    m_progress->setRange(0, 0);
    setCurrentWidget(m_progressPage);
    m_gate.create(clinic);
}

void GatePage::showCreated(const QString& recoveryCode)
{
    m_settings.setLastUser(m_creating.userName);
    m_settings.setDemo(m_creating.demo);
    if (m_creating.demo) {
        showSignIn();
        enterDemo();
    } else {
        m_recoveryCode->setCode(m_creating.clinicName, recoveryCode);
        setCurrentWidget(m_recoveryCode);
        focusFirst();
    }
    m_creating = {};
}

void GatePage::showCreateFailure(const Error& error)
{
    const bool demo = m_creating.demo;
    m_creating = {};
    if (demo) {
        setCurrentWidget(m_firstRun);
        m_firstRun->showFailure(error);
        return;
    }
    setCurrentWidget(m_newClinic);
    m_newClinic->showFailure(error);
}

} // namespace yarrow
