// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace yarrow {

/// What went wrong, in terms a caller can act on. Sentences for people are made from it in `ui` and `app`.
enum class ErrorCode {
    InvalidArgument, ///< a value given by the caller breaks the documented contract
    NotFound,        ///< the thing named does not exist
    AlreadyExists,   ///< the thing to be made is there already
    Stale,           ///< the record changed since the caller read it; nothing was written
    SlotTaken, ///< a practitioner, room or device is booked at that time; context: the other Appointment's id
    Erased,    ///< erased at a patient's demand, or about a patient who was; it never comes back
    Forbidden, ///< the role of the acting user does not allow it
    Throttled, ///< too many failed sign-ins; context: seconds to wait, decimal
    WrongPassword,       ///< no key slot opens with what was given (password or recovery code)
    WeakPassword,        ///< the password rules refuse it; context: "length" or "common"
    KeyStoreUnavailable, ///< the operating system's key store cannot be reached and this key slot needs it
    KeyFileDamaged,      ///< the key-slot file cannot be understood
    DatabaseDamaged,     ///< a page, the header or the length of the database file is wrong
    DatabaseNewer,       ///< written by a newer Yarrow; context: "found N, known M"
    DatabaseBusy,        ///< another process holds the lock
    DiskFull,            ///< no space left; nothing was written
    Io,                  ///< a file cannot be read or written; context: path and the system's reason
    InvalidJson,         ///< not JSON; `position` is set
    LimitExceeded,       ///< larger or deeper than allowed; context: which limit; `position` when parsing
    InvalidResource,     ///< JSON, but not a resource Yarrow can keep; context: element path and rule
    Crypto,              ///< an OpenSSL operation failed
    Cancelled,           ///< the caller asked to stop; nothing was written
    Unsupported,         ///< known, but not offered by this build or version
};

/// A place in a text, both counted from 1. `column` counts bytes of UTF-8.
struct TextPosition
{
    std::size_t line = 1;
    std::size_t column = 1;
    bool operator==(const TextPosition&) const = default;
};

/// An expected failure. `context` holds ids, paths, element names and rules; never patient data.
struct Error
{
    ErrorCode code;
    std::string context;
    std::optional<TextPosition> position;
    bool operator==(const Error&) const = default;
};

template <class T>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorCode::NotFound, "Patient/1");`
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string context = {})
{
    return tl::unexpected<Error>(Error{code, std::move(context), std::nullopt});
}

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string context, TextPosition position)
{
    return tl::unexpected<Error>(Error{code, std::move(context), position});
}

/// Hands a failed result on: `if (!row) return fail(row.error());`
[[nodiscard]] inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

/// The code's stable name ("WrongPassword"), for logs and `--json` output.
[[nodiscard]] const char* errorCodeName(ErrorCode code) noexcept;

/// A broken invariant: prints the reason and aborts, in release builds too. `reason` never holds patient
/// data.
[[noreturn]] void bug(const char* reason, const char* file, int line) noexcept;

} // namespace yarrow

/// An assertion that stays on in release builds.
#define YARROW_ASSERT(condition)                                                                             \
    do {                                                                                                     \
        if (!(condition)) [[unlikely]]                                                                       \
            ::yarrow::bug("assertion failed: " #condition, __FILE__, __LINE__);                              \
    } while (false)
