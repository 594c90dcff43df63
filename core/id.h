// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/error.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace yarrow {

/// FHIR R4 `id`: 1 to 64 of A–Z a–z 0–9 - . (case-sensitive).
[[nodiscard]] bool isFhirId(std::string_view text) noexcept;

/// A FHIR id that knows what it names, so that a patient's id never compiles where an appointment's is meant.
/// Empty only when default-constructed, which means "none yet".
template <class Tag>
class Id
{
public:
    Id() = default;

    /// InvalidArgument when `text` is not a FHIR id.
    [[nodiscard]] static Result<Id> parse(std::string_view text)
    {
        if (!isFhirId(text))
            return fail(ErrorCode::InvalidArgument, "id");
        return Id(std::string(text));
    }

    /// For ids that are known to be well-formed (read back from the store); asserts it.
    [[nodiscard]] static Id known(std::string text)
    {
        YARROW_ASSERT(isFhirId(text));
        return Id(std::move(text));
    }

    [[nodiscard]] const std::string& text() const noexcept { return m_text; }
    [[nodiscard]] bool isEmpty() const noexcept { return m_text.empty(); }
    auto operator<=>(const Id&) const = default;

private:
    explicit Id(std::string text)
        : m_text(std::move(text))
    {}
    std::string m_text;
};

using PatientId = Id<struct PatientTag>;
using PractitionerId = Id<struct PractitionerTag>;
using PractitionerRoleId = Id<struct PractitionerRoleTag>;
using LocationId = Id<struct LocationTag>;
using DeviceId = Id<struct DeviceTag>;
using HealthcareServiceId = Id<struct HealthcareServiceTag>;
using ScheduleId = Id<struct ScheduleTag>;
using AppointmentId = Id<struct AppointmentTag>;
using AccountId = Id<struct AccountTag>;

/// Makes new ids. Injected, so that tests and the simulation are repeatable. Thread-safe.
class IdSource
{
public:
    virtual ~IdSource() = default;

    /// A UUID in lower case, never seen before.
    [[nodiscard]] virtual std::string next() = 0;

    template <class Tag>
    [[nodiscard]] Id<Tag> nextId()
    {
        return Id<Tag>::known(next());
    }
};

/// UUIDs of version 7 (RFC 9562): the time leads, so that new records stand together in the database's
/// indexes. Each one sorts behind the one before, also within a millisecond and when the clock steps back;
/// one source per process keeps that promise.
class UuidSource final : public IdSource
{
public:
    explicit UuidSource(const Clock& clock)
        : m_clock(clock)
    {}
    [[nodiscard]] std::string next() override;

private:
    const Clock& m_clock;
    std::mutex m_mutex;
    std::int64_t m_millisecond = -1; ///< of the last id, since 1970
    std::uint32_t m_counter = 0;     ///< of the last id, 12 bits
};

} // namespace yarrow

template <class Tag>
struct std::hash<yarrow::Id<Tag>>
{
    std::size_t operator()(const yarrow::Id<Tag>& id) const noexcept
    {
        return std::hash<std::string>()(id.text());
    }
};
