// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/search_desk.h"

#include <functional>
#include <set>
#include <string>

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

    /// Somebody opened that patient: found when nothing is typed.
    void noteOpened(const PatientId& id) { m_opened.insert(id.text()); }
    int finds = 0;
    void hold() { m_held = true; }
    void release()
    {
        m_held = false;
        if (m_waiting)
            QMetaObject::invokeMethod(this, std::exchange(m_waiting, {}), Qt::QueuedConnection);
    }

    void find(const QString& text, QObject* context, Done<Findings> done) override
    {
        const int number = ++finds;
        const auto answer = [this, number, text, done = std::move(done)] {
            if (number != finds)
                return;
            auto found = m_look(text);
            if (found && text.isEmpty())
                std::erase_if(found->patients,
                              [&](const PatientRow& row) { return !m_opened.contains(row.id.text()); });
            done(std::move(found));
        };
        if (m_held)
            m_waiting = answer;
        else
            QMetaObject::invokeMethod(context, answer, Qt::QueuedConnection);
    }

private:
    Look m_look;
    std::set<std::string> m_opened;
    std::function<void()> m_waiting;
    bool m_held = false;
};

} // namespace yarrow
