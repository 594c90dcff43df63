// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/tour.h"

#include "ui/frame/command_field.h"
#include "ui/frame/desktop_settings.h"
#include "ui/gate/gate_page.h"
#include "ui/gate/sign_in_page.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QLineEdit>

#include <chrono>
#include <cstdio>

namespace yarrow {

namespace {

using namespace std::chrono_literals;

constexpr auto kPause = 150ms; ///< layouts, scroll bars and late answers settle
constexpr int kPatience = 400; ///< pauses until a screen that does not come is given up: a minute

const QString kDemoProfile = QStringLiteral("demo");

} // namespace

Tour::Tour(MakeGate makeGate, MainWindow::MakePages makePages, Prepare prepare, QString folder,
           QObject* parent)
    : QObject(parent)
    , m_makeGate(std::move(makeGate))
    , m_makePages(std::move(makePages))
    , m_prepare(std::move(prepare))
    , m_folder(std::move(folder))
{
    m_wait.setSingleShot(true);
    m_wait.setInterval(kPause);
    connect(&m_wait, &QTimer::timeout, this, &Tour::check);
}

Tour::~Tour() = default;

void Tour::start()
{
    QDir().mkpath(m_folder);
    QGuiApplication::setQuitOnLastWindowClosed(false); // windows come and go on the way
    planDemo();
    for (const Variant& variant : {Variant{QStringLiteral("light"), false, false, 100, {1440, 900}},
                                   Variant{QStringLiteral("dark"), true, false, 100, {1440, 900}},
                                   Variant{QStringLiteral("rtl"), false, true, 100, {1440, 900}},
                                   Variant{QStringLiteral("200"), false, false, 200, {1680, 1050}}})
        planVariant(variant);
    next();
}

void Tour::planDemo()
{
    add(
        [this] {
            m_gate = m_makeGate(profile(kDemoProfile));
            m_settings = std::make_unique<DesktopSettings>(profile(kDemoProfile));
            m_window = std::make_unique<MainWindow>(*m_gate, *m_settings, m_makePages);
            m_flag = false;
            connect(m_window.get(), &MainWindow::opened, this, [this] { m_flag = true; });
            m_window->gate().createDemo();
        },
        {}, [this] { return m_flag; });
    add([this] {
        m_window.reset(); // the clinic is closed with it
        if (!m_prepare(profile(kDemoProfile)))
            std::fprintf(stderr, "tour: the demo clinic has nothing to decide\n");
    });
}

void Tour::planVariant(const Variant& variant)
{
    add([this, variant] {
        m_window.reset();
        m_variant = variant;
        m_number = 0;
        QApplication::setLayoutDirection(variant.rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
        Theme::current().setScheme(variant.dark ? Theme::Scheme::Dark : Theme::Scheme::Light);
        Theme::current().setScale(variant.scale);
    });
    planGate(variant);
    planFrame();
}

void Tour::planGate(const Variant& variant)
{
    add([this, variant] { openWindow(QLatin1String("new-") + variant.name); }, QStringLiteral("first-run"));
    add([this] { m_window->gate().showNewClinic(); }, QStringLiteral("new-clinic"));
    add(
        [this] {
            type("clinicName", QStringLiteral("Harbour Street Practice"));
            type("timeZoneText", QStringLiteral("Atlantis"));
            type("newUserName", QStringLiteral("front desk"));
            type("newPassword", QStringLiteral("too short"));
            type("passwordAgain", QStringLiteral("something else"));
            press("createClinic");
        },
        QStringLiteral("new-clinic-errors"));
    add([this] {
        type("timeZoneText", QStringLiteral("Europe/Rome"));
        type("displayName", QStringLiteral("Ines Okonjo"));
        type("newUserName", QStringLiteral("ines"));
        type("newPassword", QStringLiteral("seven quiet herons wade"));
        type("passwordAgain", QStringLiteral("seven quiet herons wade"));
        m_flag = false;
        connect(m_gate.get(), &ClinicGate::created, this, [this] { m_flag = true; });
    });
    add([this] { press("createClinic"); }, QStringLiteral("recovery-code"), [this] { return m_flag; });

    add([this] { openWindow(kDemoProfile); }, QStringLiteral("sign-in"));
    add(
        [this] {
            m_flag = false;
            connect(m_gate.get(), &ClinicGate::signInFailed, this, [this] { m_flag = true; });
            m_window->gate().signIn().signInAs(QStringLiteral("demo"), QStringLiteral("not the password"));
        },
        QStringLiteral("sign-in-refused"), [this] { return m_flag; });
    add(
        [this] {
            m_flag = false;
            connect(m_window.get(), &MainWindow::opened, this, [this] { m_flag = true; });
            m_window->gate().enterDemo();
        },
        {}, [this] { return m_flag; });
}

void Tour::planFrame()
{
    add([this] {
        // How many stops there are is known once the pages exist, so they are planned in front of the rest.
        const auto rest = std::exchange(m_steps, {});
        planPages();
        m_steps.insert(m_steps.end(), rest.begin(), rest.end());
    });
}

void Tour::planPages()
{
    const auto& pages = m_window->frame()->pages();
    for (std::size_t i = 0; i < pages.size(); ++i) {
        add([this, i] { m_window->frame()->goTo(static_cast<int>(i)); });
        const QStringList stops = pages[i]->tourStops();
        for (const QString& stop : stops)
            add([this, i, stop] { m_window->frame()->pages()[i]->showTourStop(stop); }, stop,
                [this, i] { return m_window->frame()->pages()[i]->isTourStopReady(); });
    }
    add(
        [this] {
            m_window->frame()->goTo(2);
            m_window->frame()->toggleSyncCentre();
        },
        QStringLiteral("sync-centre"));
    add(
        [this] {
            m_window->frame()->changePassword();
            const auto* panel = m_window->findChild<QWidget*>(QStringLiteral("passwordPanel"));
            for (const char* name : {"newPassword", "passwordAgain"})
                panel->findChild<QLineEdit*>(QLatin1String(name))
                    ->setText(QStringLiteral("seven quiet herons wade"));
            type("presentPassword", QStringLiteral("not the password"));
            press("changePassword");
        },
        QStringLiteral("own-password"),
        [this] {
            const auto* present = m_window->findChild<QLineEdit*>(QStringLiteral("presentPassword"));
            return !present->accessibleDescription().isEmpty();
        });
    add(
        [this] {
            m_window->frame()->closeSide();
            CommandField& field = m_window->frame()->commandField();
            field.start();
            field.setText(QStringLiteral("a"));
            Q_EMIT field.textEdited(field.text());
        },
        QStringLiteral("search"));
    add([this] { m_window->frame()->toggleKeySheet(); }, QStringLiteral("keys"));
}

void Tour::add(std::function<void()> act, const QString& shot, std::function<bool()> ready)
{
    m_steps.push_back({std::move(act), std::move(ready), shot});
}

void Tour::next()
{
    if (m_steps.empty()) {
        m_window.reset();
        Q_EMIT finished(true);
        return;
    }
    m_step = std::move(m_steps.front());
    m_steps.pop_front();
    m_waited = 0;
    m_step.act();
    m_wait.start();
}

void Tour::check()
{
    if (m_step.ready && !m_step.ready()) {
        if (++m_waited < kPatience) {
            m_wait.start();
            return;
        }
        std::fprintf(stderr, "tour: stuck before '%s'\n", qPrintable(m_step.shot));
        Q_EMIT finished(false);
        return;
    }
    if (m_step.ready) {
        // What was waited for has come; one more pause for it to be drawn.
        m_step.ready = {};
        m_wait.start();
        return;
    }
    if (!m_step.shot.isEmpty())
        save(m_step.shot);
    next();
}

void Tour::save(const QString& shot)
{
    const QString name =
        QStringLiteral("%1-%2-%3.png").arg(++m_number, 2, 10, QLatin1Char('0')).arg(shot, m_variant.name);
    if (!m_window->grab().save(QDir(m_folder).filePath(name)))
        std::fprintf(stderr, "tour: cannot write '%s'\n", qPrintable(name));
}

void Tour::openWindow(const QString& name)
{
    m_window.reset();
    m_gate = m_makeGate(profile(name));
    m_settings = std::make_unique<DesktopSettings>(profile(name));
    m_window = std::make_unique<MainWindow>(*m_gate, *m_settings, m_makePages);
    m_window->resize(m_variant.size);
    m_window->show();
    m_window->start(false);
}

void Tour::type(const char* field, const QString& text)
{
    if (auto* edit = m_window->findChild<QLineEdit*>(QLatin1String(field)))
        edit->setText(text);
}

void Tour::press(const char* button)
{
    if (auto* found = m_window->findChild<QAbstractButton*>(QLatin1String(button)))
        found->click();
}

QString Tour::profile(const QString& name) const
{
    return m_profiles.filePath(name);
}

} // namespace yarrow
