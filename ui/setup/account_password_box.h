// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/items/account_desk.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace yarrow {

class Field;
class NewPassword;
class PasswordEdit;

/// Asks for somebody's password in place: a new one, or the one they have already, to let them in here.
class AccountPasswordBox final : public QFrame
{
    Q_OBJECT
public:
    enum class Wish { NewPassword, LetIn };

    explicit AccountPasswordBox(AccountDesk& desk, QWidget* parent = nullptr);
    void ask(Wish wish, const AccountRow& account, const AccountList& list);
    void dismiss(); ///< nothing that was typed stays
    void confirm(); ///< if what was typed can be one
    void refuse(const Error& error);
    [[nodiscard]] Wish wish() const noexcept { return m_wish; }

Q_SIGNALS:
    void confirmed(const QString& password);
    void dismissed();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    AccountDesk& m_desk;
    Wish m_wish = Wish::NewPassword;
    QString m_userName;
    QLabel* m_title;
    QLabel* m_meaning;
    NewPassword* m_fresh;
    PasswordEdit* m_theirs;
    Field* m_theirsField;
    QPushButton* m_confirm;
};

} // namespace yarrow
