// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/items/clinic_rows.h"

#include <QObject>

#include <functional>
#include <vector>

namespace yarrow {

/// What the top search found.
struct Findings
{
    std::vector<PatientRow> patients;         ///< best first
    std::vector<AppointmentRow> appointments; ///< the next ones of those patients, by start
};

/// The top search. Lives on the GUI thread; looks elsewhere, so that typing never waits.
class SearchDesk : public QObject
{
    Q_OBJECT
public:
    template <class T>
    using Done = std::function<void(Result<T>)>;

    using QObject::QObject;
    ~SearchDesk() override = default;

    /// Patients that fit the text, or, when it is empty, those that this person opened last. A later call
    /// takes the place of one that is not answered yet. Forbidden to whom may not read patients. Auditing
    /// what was listed is the caller's; see ClinicSession::noteSearch().
    virtual void find(const QString& text, QObject* context, Done<Findings> done) = 0;
};

} // namespace yarrow
