// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_gate.h"

#include <QStackedWidget>

class QLabel;
class QProgressBar;

namespace yarrow {

class DesktopSettings;
class FirstRunPage;
class NewClinicPage;
class RecoveryCodePage;
class SignInPage;

/// The pages before a clinic is open, and the way between them.
class GatePage final : public QStackedWidget
{
    Q_OBJECT
public:
    /// Gate and settings must outlive the page.
    GatePage(ClinicGate& gate, DesktopSettings& settings, QWidget* parent = nullptr);

    /// To the page that fits the profile: sign in when there is a clinic, first run when not.
    void start();
    void setLocked(bool locked);
    void setNotice(const QString& notice); ///< what somebody is to know first; empty: nothing
    void focusFirst();

    // The pages, for the tour.
    void showNewClinic();
    void createDemo();
    void enterDemo(); ///< signs in to the demo clinic
    [[nodiscard]] SignInPage& signIn() noexcept { return *m_signIn; }

Q_SIGNALS:
    void signedIn(std::shared_ptr<yarrow::ClinicSession> session);

private:
    void create(const ClinicGate::NewClinic& clinic);
    void showCreated(const QString& recoveryCode);
    void showCreateFailure(const Error& error);
    void showSignIn();
    [[nodiscard]] QWidget* makeProgressPage();
    void makeNewClinicPage();

    ClinicGate& m_gate;
    DesktopSettings& m_settings;
    ClinicGate::NewClinic m_creating; ///< the password only until the clinic is made
    SignInPage* m_signIn;
    FirstRunPage* m_firstRun;
    NewClinicPage* m_newClinic =
        nullptr; ///< made when it is wanted: it asks the key store, which may take a while
    RecoveryCodePage* m_recoveryCode;
    QWidget* m_progressPage;
    QLabel* m_progressText;
    QProgressBar* m_progress;
};

} // namespace yarrow
