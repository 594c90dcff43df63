// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

class QLabel;

namespace yarrow {

class IconLabel;

/// A labelled input: the label above, the control, and below it one line that is a hint or, when something is
/// wrong, a sentence that says what. Label and sentence are given to assistive technology as name and
/// description of the control.
class Field final : public QWidget
{
    Q_OBJECT
public:
    /// Takes the control over. `name` becomes the control's object name.
    Field(const QString& label, QWidget* control, const QString& name, QWidget* parent = nullptr);

    [[nodiscard]] QWidget* control() const noexcept { return m_control; }
    void setHint(const QString& hint);        ///< empty: no hint
    void setError(const QString& sentence);   ///< empty: nothing is wrong
    void setWarning(const QString& sentence); ///< worth saying, but no obstacle; empty: none
    [[nodiscard]] bool hasError() const noexcept { return !m_error.isEmpty(); }
    [[nodiscard]] QString error() const { return m_error; }

private:
    void showMessage();

    QWidget* m_control;
    QLabel* m_message;
    QWidget* m_messageRow;
    IconLabel* m_icon;
    QString m_hint;
    QString m_error;
    QString m_warning;
};

} // namespace yarrow
