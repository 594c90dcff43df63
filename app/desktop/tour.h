// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_gate.h"
#include "ui/frame/main_window.h"

#include <QObject>
#include <QTemporaryDir>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>

namespace yarrow {

class DesktopSettings;

/// Walks through every screen, in light, dark, right-to-left and at 200 %, and saves a PNG of each as
/// NN-screen-variant.png. It makes its own clinics in a temporary folder.
class Tour final : public QObject
{
    Q_OBJECT
public:
    using MakeGate = std::function<std::unique_ptr<ClinicGate>(const QString& profilePath)>;

    /// Brings the demo clinic into a state with something to decide; false when that failed.
    using Prepare = std::function<bool(const QString& profilePath)>;

    Tour(MakeGate makeGate, MainWindow::MakePages makePages, Prepare prepare, QString folder,
         QObject* parent = nullptr);
    ~Tour() override;
    void start();

Q_SIGNALS:
    void finished(bool complete);

private:
    struct Variant
    {
        QString name;
        bool dark = false;
        bool rightToLeft = false;
        int scale = 100;
        QSize size{1440, 900};
    };
    /// One thing to do; then `ready` is waited for, and when `shot` is not empty the window is saved.
    struct Step
    {
        std::function<void()> act;
        std::function<bool()> ready;
        QString shot;
    };

    void planDemo();
    void planVariant(const Variant& variant);
    void planGate(const Variant& variant);
    void planFrame();
    void planPages();
    void add(std::function<void()> act, const QString& shot = {}, std::function<bool()> ready = {});
    void next();
    void check();
    void save(const QString& shot);
    void openWindow(const QString& profile);
    void type(const char* field, const QString& text);
    void press(const char* button);
    [[nodiscard]] QString profile(const QString& name) const;

    MakeGate m_makeGate;
    MainWindow::MakePages m_makePages;
    Prepare m_prepare;
    QString m_folder;
    QTemporaryDir m_profiles;
    Variant m_variant;
    std::deque<Step> m_steps;
    Step m_step;
    QTimer m_wait;
    int m_waited = 0;
    int m_number = 0;
    bool m_flag = false; ///< set by whatever the present step waits for
    std::unique_ptr<ClinicGate> m_gate;
    std::unique_ptr<DesktopSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace yarrow
