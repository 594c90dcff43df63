// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/domain/directory.h"
#include "models/items/clinic_rows.h"

#include <QObject>

#include <functional>
#include <vector>

namespace yarrow {

/// Hours, closed days, rooms, devices, visit types and practitioners, to be edited. Lives on the GUI thread;
/// threads and callbacks as with ClinicSession, which says with directoryChanged() that something changed,
/// here or at another workstation.
class DirectoryDesk : public QObject
{
    Q_OBJECT
public:
    template <class T>
    using Done = std::function<void(Result<T>)>;

    using QObject::QObject;
    ~DirectoryDesk() override = default;

    /// Inactive ones too; a few milliseconds.
    [[nodiscard]] virtual Result<DirectoryEntries> entries() const = 0;
    /// See DirectoryCommands::leftOutside().
    virtual void leftOutside(const DirectoryChange& change, QObject* context,
                             Done<std::vector<AppointmentRow>> done) = 0;
    /// See DirectoryCommands::save(). The directory has been read anew when the answer comes.
    virtual void save(const DirectoryChange& change, QObject* context, Done<DirectoryChange> done) = 0;
};

} // namespace yarrow
