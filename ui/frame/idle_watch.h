// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>

namespace yarrow {

/// Tells when nobody has used keyboard or mouse in any window of the program for a while.
class IdleWatch final : public QObject
{
    Q_OBJECT
public:
    IdleWatch(std::chrono::milliseconds after, QObject* parent);

Q_SIGNALS:
    void idle();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QTimer m_timer;
};

} // namespace yarrow
