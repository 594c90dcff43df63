// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/directory.h"
#include "models/store/commands/command_scope.h"
#include "models/store/read/clinic_reader.h"

#include <vector>

namespace yarrow {

/// Hours, closed days, rooms, devices, visit types and practitioners. Everybody reads them; changing them is
/// for who may write the Directory.
class DirectoryCommands
{
public:
    explicit DirectoryCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    [[nodiscard]] Result<DirectoryEntries> entries();

    /// Writes one entry, in one transaction with its audit, and gives it as it now is, with its id. Only what
    /// differs from the stored document is written. A clinic without a Location of its own gets one with its
    /// first room or hours. Stale as with RecordStore::put(); InvalidArgument when validate() has something
    /// to say; Forbidden.
    [[nodiscard]] Result<DirectoryChange> save(const DirectoryChange& change);

    /// Coming appointments that hold a slot, that the present directory has room for, and the changed one has
    /// not: outside of hours, in a closure, or with somebody or something no longer there. By start; those of
    /// the next kImpactDays. Noted in the audit as a search.
    [[nodiscard]] Result<std::vector<ListedAppointment>> leftOutside(const DirectoryChange& change);

private:
    struct Write;
    template <class T>
    Result<Revised<T>> write(RecordStore& records, const char* type, const Revised<T>& entry,
                             Result<T> (*read)(const Json&), void (*writeOnto)(const T&, Json&));
    Result<DirectoryChange> writeClinic(RecordStore& records, ClinicEntry clinic);
    Result<DirectoryChange> writeRoom(RecordStore& records, Revised<Location> room);
    Result<DirectoryChange> writeStaff(RecordStore& records, StaffEntry entry);

    CommandScope& m_scope;
};

} // namespace yarrow
