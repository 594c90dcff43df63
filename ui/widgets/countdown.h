// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QTimer>

#include <algorithm>
#include <chrono>

namespace yarrow {

/// Seconds that somebody has to wait after failed attempts.
class Countdown final : public QObject
{
    Q_OBJECT
public:
    explicit Countdown(QObject* parent = nullptr)
        : QObject(parent)
    {
        m_timer.setInterval(std::chrono::seconds(1));
        connect(&m_timer, &QTimer::timeout, this, [this] { set(m_left - 1); });
    }

    void start(int seconds)
    {
        m_timer.start();
        set(std::max(1, seconds));
    }
    [[nodiscard]] int left() const noexcept { return m_left; }
    /// What to say; empty once it is over.
    [[nodiscard]] QString sentence() const
    {
        return m_left > 0 ? tr("Too many attempts. You can try again in %n seconds.", nullptr, m_left)
                          : QString();
    }

Q_SIGNALS:
    void ticked();

private:
    void set(int left)
    {
        m_left = left;
        if (m_left <= 0)
            m_timer.stop();
        Q_EMIT ticked();
    }

    QTimer m_timer;
    int m_left = 0;
};

} // namespace yarrow
