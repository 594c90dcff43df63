// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_directory_desk.h"

namespace yarrow {

LocalDirectoryDesk::LocalDirectoryDesk(StoreThread& store, Connection& reading, ToRow toRow, QObject* parent)
    : DirectoryDesk(parent)
    , m_store(store)
    , m_reading(reading)
    , m_toRow(std::move(toRow))
{}

Result<DirectoryEntries> LocalDirectoryDesk::entries() const
{
    return guarded([&] { return ClinicReader(m_reading).directoryEntries(); });
}

void LocalDirectoryDesk::leftOutside(const DirectoryChange& change, QObject* context,
                                     Done<std::vector<AppointmentRow>> done)
{
    using Listed = std::vector<ListedAppointment>;
    m_store.run<Listed>(
        context, [change](Clinic& clinic) { return clinic.directory().leftOutside(change); },
        [this, done = std::move(done)](Result<Listed> listed) {
            if (!listed) {
                done(fail(listed.error()));
                return;
            }
            std::vector<AppointmentRow> rows;
            rows.reserve(listed->size());
            for (ListedAppointment& appointment : *listed)
                rows.push_back(m_toRow(std::move(appointment)));
            done(std::move(rows));
        });
}

void LocalDirectoryDesk::save(const DirectoryChange& change, QObject* context, Done<DirectoryChange> done)
{
    m_store.run<DirectoryChange>(
        this, [change](Clinic& clinic) { return clinic.directory().save(change); },
        [this, context = QPointer<QObject>(context), done = std::move(done)](Result<DirectoryChange> result) {
            if (result)
                Q_EMIT saved();
            if (context)
                done(std::move(result));
        });
}

} // namespace yarrow
