// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <chrono>
#include <string>
#include <string_view>

namespace yarrow {

/// A moment in UTC with milliseconds. Instants received from outside stay text wherever their digits matter.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// The only source of "now". Injected, so that tests and the simulation decide what time it is. Thread-safe.
class Clock
{
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock
{
public:
    [[nodiscard]] Instant now() const override;
};

/// A clock that stands still until it is moved. For tests; not to be moved while another thread reads it.
class FixedClock final : public Clock
{
public:
    explicit FixedClock(Instant start)
        : m_now(start)
    {}
    [[nodiscard]] Instant now() const override { return m_now; }
    void advance(std::chrono::milliseconds by) { m_now += by; }
    void set(Instant now) { m_now = now; }

private:
    Instant m_now;
};

/// `2026-03-29T01:30:00.250Z`: always UTC, always three decimals (FHIR `instant`). Years 0001 to 9999.
[[nodiscard]] std::string formatInstant(Instant instant);

/// Reads a FHIR `instant` or a `dateTime` that has a time and a zone; decimals past the millisecond are cut.
/// Refused with InvalidArgument: partial dates, a missing zone, impossible dates, leap second 60.
[[nodiscard]] Result<Instant> parseInstant(std::string_view text);

} // namespace yarrow
