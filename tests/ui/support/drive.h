// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTest>
#include <QWidget>

namespace yarrow {

/// The widget of that object name; the test fails with its name when there is none that is shown.
template <class T = QWidget>
[[nodiscard]] T* shown(QWidget& root, const char* name)
{
    const QList<T*> all = root.findChildren<T*>(QLatin1String(name));
    for (T* widget : all) {
        if (widget->isVisible())
            return widget;
    }
    return nullptr;
}

/// Types as a keyboard would; QTest's own typing knows ASCII only.
inline void typeKeys(QWidget* widget, const QString& text)
{
    for (const QChar c : text) {
        QKeyEvent press(QEvent::KeyPress, Qt::Key_unknown, Qt::NoModifier, QString(c));
        QCoreApplication::sendEvent(widget, &press);
        QKeyEvent release(QEvent::KeyRelease, Qt::Key_unknown, Qt::NoModifier, QString(c));
        QCoreApplication::sendEvent(widget, &release);
    }
}

/// Types into the line of that name as a person would: over what is in it. Gives false when it is not on
/// screen.
inline bool typeInto(QWidget& root, const char* name, const QString& text)
{
    auto* edit = shown<QLineEdit>(root, name);
    if (edit == nullptr || !edit->isEnabled())
        return false;
    edit->setFocus();
    edit->selectAll();
    if (text.isEmpty())
        QTest::keyClick(edit, Qt::Key_Delete);
    else
        typeKeys(edit, text);
    return edit->text() == text;
}

inline bool press(QWidget& root, const char* name)
{
    auto* button = shown<QAbstractButton>(root, name);
    if (button == nullptr || !button->isEnabled())
        return false;
    QTest::mouseClick(button, Qt::LeftButton);
    return true;
}

} // namespace yarrow
