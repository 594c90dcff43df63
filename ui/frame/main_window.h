// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_gate.h"
#include "ui/frame/frame.h"

#include <QMainWindow>

#include <functional>
#include <memory>

class QStackedWidget;

namespace yarrow {

class DesktopSettings;
class GatePage;

/// The window: the gate, and once somebody has signed in, the frame with the pages.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    /// Makes the pages for a session.
    using MakePages = std::function<Frame::Pages(ClinicSession&)>;

    /// Gate and settings must outlive the window.
    MainWindow(ClinicGate& gate, DesktopSettings& settings, MakePages makePages, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Reads what the profile holds and shows the page for it. Called once the window is on screen, so that
    /// it is there at once.
    void start(bool locked, const QString& notice = {});
    [[nodiscard]] GatePage& gate() noexcept { return *m_gatePage; }
    [[nodiscard]] Frame* frame() noexcept { return m_frame; } ///< nullptr while nobody is signed in
    [[nodiscard]] ClinicSession* session() noexcept { return m_session.get(); }

    void lock(); ///< as whoever is signed in asks for it: lockRequested() follows

Q_SIGNALS:
    void opened(); ///< somebody has signed in, and the frame is shown
    /// Drafts are saved; the program is to be started anew, so that no key and no name stays in memory.
    void lockRequested();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void open(std::shared_ptr<ClinicSession> session);
    void remember();

    DesktopSettings& m_settings;
    MakePages m_makePages;
    QStackedWidget* m_stack;
    GatePage* m_gatePage;
    std::shared_ptr<ClinicSession> m_session; ///< shared as the gate's signal hands it over
    Frame* m_frame = nullptr;
};

} // namespace yarrow
