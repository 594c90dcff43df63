// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QLineEdit;
class QPushButton;

namespace yarrow {

class Field;

/// Asks in place whether somebody is sure, and why, for the audit.
class QuestionBox final : public QFrame
{
    Q_OBJECT
public:
    explicit QuestionBox(QWidget* parent = nullptr);
    void ask(const QString& question, const QString& yes, const QString& no);
    [[nodiscard]] QString reason() const; ///< may be empty

Q_SIGNALS:
    void confirmed();
    void dismissed();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void dismiss();

    QLabel* m_question;
    QLineEdit* m_reason;
    QPushButton* m_yes;
    QPushButton* m_no;
};

} // namespace yarrow
