// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/error.h"
#include "core/id.h"

#include <QObject>
#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace yarrow {

/// What became of an erasure.
struct ErasureOutcome
{
    bool isRequested = false;  ///< the server is asked with the next exchange; nothing has happened yet
    int erased = 0;            ///< records, the patient included
    int keptByLaw = 0;         ///< payments
    int keptForOthers = 0;     ///< records that are about other patients as well
    bool tracesRemain = false; ///< in free pages, until the clinic is next opened
};

/// What the server was asked to erase and has not done.
struct ErasureRow
{
    PatientId patient;
    QString legalGround;
    std::optional<Instant> at;
    QString refusal; ///< the server's code; empty: it is still to be asked
    bool operator==(const ErasureRow&) const = default;
};

/// A patient's right to be forgotten; for administrators. Lives on the GUI thread; threads and callbacks as
/// with ClinicSession, whose screens read anew (recordsArrived()) once somebody is erased.
class ErasureDesk : public QObject
{
    Q_OBJECT
public:
    template <class T>
    using Done = std::function<void(Result<T>)>;

    using QObject::QObject;
    ~ErasureDesk() override = default;

    /// Errors as with ErasureCommands::erasePatient().
    virtual void erase(const PatientId& patient, const QString& legalGround, const QString& reason,
                       QObject* context, Done<ErasureOutcome> done) = 0;
    virtual void requests(QObject* context, Done<std::vector<ErasureRow>> done) = 0; ///< oldest first
};

} // namespace yarrow
