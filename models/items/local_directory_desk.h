// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/directory_desk.h"
#include "models/items/store_thread.h"
#include "models/store/read/clinic_reader.h"

namespace yarrow {

/// DirectoryDesk on this workstation's store.
class LocalDirectoryDesk final : public DirectoryDesk
{
    Q_OBJECT
public:
    using ToRow = std::function<AppointmentRow(ListedAppointment)>;

    /// Store and connection must outlive it.
    LocalDirectoryDesk(StoreThread& store, Connection& reading, ToRow toRow, QObject* parent = nullptr);

    [[nodiscard]] Result<DirectoryEntries> entries() const override;
    void leftOutside(const DirectoryChange& change, QObject* context,
                     Done<std::vector<AppointmentRow>> done) override;
    void save(const DirectoryChange& change, QObject* context, Done<DirectoryChange> done) override;

Q_SIGNALS:
    void saved();

private:
    StoreThread& m_store;
    Connection& m_reading;
    ToRow m_toRow;
};

} // namespace yarrow
