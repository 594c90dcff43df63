// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/read/clinic_reader.h"

#include <QDate>
#include <QTimeZone>

#include <string>
#include <vector>

namespace yarrow {

struct BookedOnDay
{
    QDate day;
    int visits = 0;
    std::chrono::minutes booked{0};
};

struct ListedWaiting
{
    ListedAppointment entry;
    std::string phone; ///< of the patient, "" when there is none
};

/// Lists for the reception; what is said of ClinicReader holds here too.
class FrontDeskReader
{
public:
    explicit FrontDeskReader(Connection& connection)
        : m_connection(connection)
    {}

    /// Of the local days [from, until), those with a visit that is neither cancelled nor missed.
    [[nodiscard]] Result<std::vector<BookedOnDay>> loads(QDate from, QDate until, const QTimeZone& zone);
    /// Appointments with status waitlist and without a time (with one they stand on their day), by priority
    /// (1 first, none given last), then since when, then id.
    [[nodiscard]] Result<std::vector<ListedWaiting>> waitingList();

private:
    Connection& m_connection;
};

} // namespace yarrow
