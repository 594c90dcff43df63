// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/patient_desk.h"
#include "models/items/store_thread.h"
#include "models/store/search/duplicate_search.h"

#include <QThread>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

namespace yarrow {

/// PatientDesk on this workstation's store. The members belong to the GUI thread, but for those that say
/// otherwise.
class LocalPatientDesk final : public PatientDesk
{
    Q_OBJECT
public:
    using ToRow = std::function<PatientRow(PatientHit)>;

    /// The store must outlive it, and `here`, a read connection of the GUI thread, every call. `reading` is
    /// one that becomes the searching thread's.
    LocalPatientDesk(StoreThread& store, bool mayRead, Connection& here, std::unique_ptr<Connection> reading,
                     ToRow toRow);
    ~LocalPatientDesk() override;

    Result<PatientRow> listed(const PatientId& id) const override;
    std::optional<PatientRow> mergedInto(const PatientId& id) const override;
    void findDuplicates(const Patient& typed, QObject* context,
                        Done<std::vector<DuplicateRow>> done) override;
    void noteDuplicatesSeen(int count) override;
    void file(const PatientId& registered, const PatientId& other) override;
    void worklist(bool again, QObject* context, Done<DuplicatePairs> done) override;
    void markDifferent(const PatientId& one, const PatientId& other, QObject* context,
                       Done<void> done) override;
    void merge(const PatientId& kept, const PatientId& gone, QObject* context, Done<int> done) override;
    void unmerge(const PatientId& gone, QObject* context, Done<QStringList> done) override;
    void patientsChanged(); ///< they are counted anew

Q_SIGNALS:
    void changeMade(); ///< something was written that the server has to get

private:
    /// Runs a command that writes, and tells the screens when it did.
    template <class T>
    void change(QObject* context, std::function<Result<T>(Clinic&)> work,
                std::function<void(Result<T>)> done);
    [[nodiscard]] Result<std::vector<DuplicateHit>> search(const Patient& typed);

    StoreThread& m_store;
    const bool m_mayRead;
    Connection& m_here;                     ///< of the GUI thread
    const ToRow m_toRow;                    ///< for the GUI thread
    std::atomic<std::uint64_t> m_newest{0}; ///< question; read by the searching thread
    std::atomic<bool> m_isCounted{false};   ///< set by the searching thread
    QThread m_thread;
    QObject* m_searcher;                   ///< lives on m_thread
    std::unique_ptr<Connection> m_reading; ///< of m_thread
    std::int64_t m_patients = 0;           ///< of m_thread
};

} // namespace yarrow
