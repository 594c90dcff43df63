// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/account_desk.h"
#include "models/items/clinic_session.h"
#include "ui/calendar/wheel_guard.h"
#include "ui/setup/account_password_box.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/side_panel.h"

#include <QJsonObject>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace yarrow {

class Field;
class NewPassword;
class QuestionBox;

/// Somebody who may sign in: name, role, password, whether they may. Names and role are kept as a draft until
/// they are saved or put aside; passwords never.
class AccountForm final : public SidePanel
{
    Q_OBJECT
public:
    explicit AccountForm(ClinicSession& session, QWidget* parent = nullptr);

    /// An account as it was listed; without an id a new one.
    void start(const AccountRow& row, const AccountList& list);
    /// The same account as it is listed now. What was typed stays.
    void readAgain(const AccountRow& row, const AccountList& list);
    [[nodiscard]] const std::optional<AccountRow>& row() const noexcept { return m_row; }
    [[nodiscard]] bool isDirty() const;
    [[nodiscard]] bool isBusy() const noexcept { return m_busy; }
    void saveDraft(); ///< at once, if there is something unsaved
    void submit();
    void startOver(); ///< puts aside what was typed
    void focusFirst();

    [[nodiscard]] static bool hasDraft(const ClinicSession& session, const AccountId& id);

Q_SIGNALS:
    void added(const yarrow::AccountId& id);
    void outdated(); ///< the account is other than it was listed

private:
    enum class NoteAction { None, StartOver, BringBack, TakeBack };

    void build();
    [[nodiscard]] bool isNew() const;
    [[nodiscard]] QJsonObject typed() const;
    [[nodiscard]] Role chosenRole() const;
    [[nodiscard]] QString draftName() const;
    void showFields(const QJsonObject& fields);
    void showState();
    void showRights();
    void edited();
    bool checkFields();
    void add();
    void askToDisable();
    void askForPassword(AccountPasswordBox::Wish wish);
    void change(const AccountRow& wanted, const QString& reason, const QString& done,
                const QString& takeBack);
    void setPassword(const QString& password);
    void finish(const Result<void>& result, const QString& done);
    void showFailure(const Error& error);
    void bringBack();
    void takeBack();
    void setBusy(bool busy);
    void say(Tone tone, const QString& text, NoteAction action = NoteAction::None,
             const QString& actionText = {});

    ClinicSession& m_session;
    std::optional<AccountRow> m_row; ///< as it was read
    AccountList m_list;
    QJsonObject m_base;
    QJsonObject m_putAside;
    std::optional<AccountRow> m_before; ///< the change that can be taken back
    std::optional<AccountRow> m_asked;  ///< what the question is about
    QString m_askedDone;                ///< what to say once it is done
    QTimer m_draftPause;
    NoteAction m_noteAction = NoteAction::None;
    bool m_busy = false;
    int m_started = 0; ///< an answer to what was started before is not for the form as it is now
    QPointer<QWidget> m_focusBefore;
    WheelGuard m_wheel;

    NoteBox* m_note;
    NoteBox* m_refusal;
    NoteBox* m_state;
    QuestionBox* m_question;
    QLineEdit* m_user;
    QLineEdit* m_name;
    QComboBox* m_role;
    Field* m_userField;
    Field* m_nameField;
    Field* m_roleField;
    NewPassword* m_newPassword; ///< of a new account
    QLabel* m_own;
    QPushButton* m_setPassword;
    QPushButton* m_letIn;
    AccountPasswordBox* m_password;
    QPushButton* m_disable;
    QPushButton* m_enable;
    QPushButton* m_revert;
    QPushButton* m_save;
};

} // namespace yarrow
