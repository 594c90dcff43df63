// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/id.h"
#include "core/json.h"
#include "models/items/clinic_rows.h"

#include <QHash>
#include <QList>
#include <QPair>
#include <QString>
#include <QStringList>

#include <optional>
#include <string>
#include <vector>

namespace yarrow {

/// What a record is: from these a screen makes a name for it.
struct RecordSubject
{
    QString type; ///< FHIR
    std::string id;
    PatientId patient;   ///< empty when it belongs to none
    QString patientName; ///< "Family, Given"
    QString name;        ///< its own: of a person, a room, a drug, a diagnosis; empty when it has none
    std::optional<Instant> start; ///< of an appointment
    bool operator==(const RecordSubject&) const = default;
};

/// One step on the way to an element.
struct PathStep
{
    QString name;                       ///< FHIR's; empty for a group
    QList<QPair<QString, QString>> key; ///< of the item of a list: system → phone, use → mobile
    QStringList members;                ///< of a group or choice: `start`, `end`, `deceased[x]`
    bool operator==(const PathStep&) const = default;
};
using ElementPath = std::vector<PathStep>; ///< empty: the whole record

enum class ConflictKind {
    Elements,     ///< both changed the same
    EditDeleted,  ///< edited by the author, deleted by somebody else
    DeleteEdited, ///< deleted by the author, edited by somebody else
    Booking,      ///< the time was taken by another appointment
};

struct ConflictElement
{
    std::string path; ///< names it in a choice
    ElementPath steps;
    std::optional<Json> before;
    std::optional<Json> mine;   ///< what the author wanted
    std::optional<Json> theirs; ///< what the server had
    std::optional<Json> now;    ///< what stands there now; differs from theirs when it was changed since
    bool operator==(const ConflictElement&) const = default;
};

/// A conflict in a list.
struct ConflictRow
{
    QString id;
    ConflictKind kind = ConflictKind::Elements;
    RecordSubject subject;
    QString authorName;  ///< who made the change that is not in the record
    bool isMine = false; ///< that was the person who looks at it
    std::optional<Instant> editedAt;
    std::vector<ElementPath> elements;
    bool maySettle = false;
    bool isSettled = false;
    QString settledBy;
    std::optional<Instant> settledAt;
    bool operator==(const ConflictRow&) const = default;
};

struct ConflictChoice
{
    enum class Take { Mine, Theirs, Value };
    std::string path;
    Take take = Take::Theirs;
    std::optional<Json> value; ///< with Value; nothing: the element is taken out
    bool operator==(const ConflictChoice&) const = default;
};

/// A conflict on screen.
struct ConflictDetails
{
    ConflictRow row;
    bool recordExists = true;
    std::int64_t revision = 0; ///< of the record; hand it back with the choices
    std::vector<ConflictElement> elements;
    std::vector<ConflictChoice> decided; ///< of a settled one
    QString theirsName;                  ///< who made that version; empty: not known
    std::optional<Instant> theirsAt;     ///< when the server got the version that stands
    QHash<QString, QString> names;       ///< of what the values refer to: "Practitioner/7" → its name
    // Of a booking: what was wished for, and who has the time now, if anybody.
    std::optional<Appointment> wished;
    std::optional<AppointmentRow> holder;
};

/// What a settlement or its undoing did to the record.
enum class SettlementOutcome {
    Changed,   ///< it has other values now
    Unchanged, ///< it stays as it was
    Reopened,  ///< undone before it was sent: the conflict is open again
    PutBack,   ///< undone afterwards: the record is as it was before, the conflict stays settled
};

} // namespace yarrow
