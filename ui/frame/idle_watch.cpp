// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/idle_watch.h"

#include <QCoreApplication>
#include <QEvent>

namespace yarrow {

IdleWatch::IdleWatch(std::chrono::milliseconds after, QObject* parent)
    : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(after);
    connect(&m_timer, &QTimer::timeout, this, &IdleWatch::idle);
    m_timer.start();
    qApp->installEventFilter(this);
}

bool IdleWatch::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
    case QEvent::TouchBegin:
    case QEvent::InputMethod:
        m_timer.start();
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace yarrow
