// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QEvent>
#include <QObject>
#include <QWidget>

namespace yarrow {

/// Keeps the wheel from changing a box that merely lies under the pointer while a form is scrolled.
class WheelGuard final : public QObject
{
public:
    using QObject::QObject;

    void protect(QWidget* box)
    {
        box->setFocusPolicy(Qt::StrongFocus);
        box->installEventFilter(this);
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() != QEvent::Wheel || static_cast<QWidget*>(watched)->hasFocus())
            return false;
        event->ignore();
        return true;
    }
};

} // namespace yarrow
