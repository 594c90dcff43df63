// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/directory_desk.h"

namespace yarrow {

/// A directory that a test arranges; it answers later, and keeps what is saved without any rules. Screens
/// that edit the directory are tested on the real store.
class MemoryDirectoryDesk final : public DirectoryDesk
{
public:
    DirectoryEntries kept;
    std::vector<DirectoryChange> saved;

    [[nodiscard]] Result<DirectoryEntries> entries() const override { return kept; }
    void leftOutside(const DirectoryChange& /*change*/, QObject* context,
                     Done<std::vector<AppointmentRow>> done) override
    {
        QMetaObject::invokeMethod(
            context, [done = std::move(done)] { done(std::vector<AppointmentRow>()); }, Qt::QueuedConnection);
    }
    void save(const DirectoryChange& change, QObject* context, Done<DirectoryChange> done) override
    {
        saved.push_back(change);
        QMetaObject::invokeMethod(
            context, [change, done = std::move(done)] { done(change); }, Qt::QueuedConnection);
    }
};

} // namespace yarrow
