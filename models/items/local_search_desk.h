// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/search_desk.h"
#include "models/store/audit/audit_entry.h"
#include "models/store/read/clinic_reader.h"
#include "models/store/search/patient_search.h"

#include <QThread>

#include <atomic>
#include <memory>

namespace yarrow {

/// SearchDesk on a thread and a read connection of its own.
class LocalSearchDesk final : public SearchDesk
{
    Q_OBJECT
public:
    /// How what was found is shown; called on the GUI thread.
    struct Rows
    {
        std::function<PatientRow(PatientHit)> patient;
        std::function<AppointmentRow(ListedAppointment)> appointment;
    };
    LocalSearchDesk(std::unique_ptr<Connection> reading, const Clock& clock, const Actor& actor, Rows rows,
                    QObject* parent = nullptr);
    ~LocalSearchDesk() override; ///< waits for the search under way; the connection is closed then

    void find(const QString& text, QObject* context, Done<Findings> done) override;

private:
    struct Hits
    {
        std::vector<PatientHit> patients;
        std::vector<ListedAppointment> appointments;
    };
    [[nodiscard]] Result<Hits> look(const std::string& text);

    std::unique_ptr<Connection> m_reading; ///< of the thread below
    const Clock& m_clock;
    AccountId m_account;
    Role m_role;
    Rows m_rows;
    std::atomic<int> m_newest = 0;
    QThread m_thread;
    QObject* m_worker; ///< lives on m_thread and goes with it
};

} // namespace yarrow
