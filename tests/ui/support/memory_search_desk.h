// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/search_desk.h"

namespace yarrow {

/// A search over what a test's session lists; it answers later, and may be held to see what is shown
/// meanwhile.
class MemorySearchDesk final : public SearchDesk
{
public:
    using Look = std::function<Result<Findings>(const QString& text)>;
    explicit MemorySearchDesk(Look look)
        : m_look(std::move(look))
    {}

    std::vector<RecentPatient> lastRecent;
    int finds = 0;
    void hold() { m_held = true; }
    void release()
    {
        m_held = false;
        if (m_waiting)
            QMetaObject::invokeMethod(this, std::exchange(m_waiting, {}), Qt::QueuedConnection);
    }

    void find(const QString& text, const std::vector<RecentPatient>& recent, QObject* context,
              Done<Findings> done) override
    {
        lastRecent = recent;
        const int number = ++finds;
        const auto answer = [this, number, text, recent, context, done = std::move(done)] {
            if (number != finds)
                return;
            auto found = m_look(text);
            if (found && text.isEmpty())
                std::erase_if(found->patients, [&](const PatientRow& row) {
                    return std::none_of(recent.begin(), recent.end(),
                                        [&](const RecentPatient& one) { return one.id == row.id; });
                });
            Q_UNUSED(context)
            done(std::move(found));
        };
        if (m_held)
            m_waiting = answer;
        else
            QMetaObject::invokeMethod(context, answer, Qt::QueuedConnection);
    }

private:
    Look m_look;
    std::function<void()> m_waiting;
    bool m_held = false;
};

} // namespace yarrow
