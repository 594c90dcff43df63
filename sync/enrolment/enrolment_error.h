// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "sync/transport/transport.h"

#include <string>

namespace yarrow::sync {

/// Why a workstation was not enrolled.
struct EnrolmentError
{
    enum class Kind {
        Local,           ///< `local` says what
        AlreadyEnrolled, ///< detail: the server's address
        NoKeyStore,
        BadAddress,   ///< also: http without TLS over the network
        BadAuthority, ///< the certificate to trust cannot be read
        Unreachable,
        Untrusted,    ///< the server's certificate was not accepted
        NotYarrow,    ///< something else answers there
        NotFhirR4,    ///< something else answers there
        CodeMistyped, ///< a character is wrong
        CodeUnknown,  ///< no such code
        CodeUsed,     ///< by another workstation
        CodeExpired,
        ClinicSuspended,
        OtherClinic,  ///< the code is another clinic's than the one this workstation belongs to
        OtherAddress, ///< the server calls itself by another address; detail
        TokenRefused,
        Busy,    ///< try again later
        Refused, ///< anything else the server said; detail
    };
    Kind kind = Kind::Local;
    std::string detail = {}; ///< without secrets
    Error local = {ErrorCode::Cancelled, {}, {}};
};

/// "CodeExpired"; of a local one the name of its error code.
[[nodiscard]] const char* enrolmentErrorName(const EnrolmentError& error) noexcept;

[[nodiscard]] tl::unexpected<EnrolmentError> refuseEnrolment(EnrolmentError::Kind kind,
                                                             std::string detail = {});
[[nodiscard]] tl::unexpected<EnrolmentError> refuseEnrolment(const Error& local);
[[nodiscard]] tl::unexpected<EnrolmentError> refuseEnrolment(const TransportError& error);

} // namespace yarrow::sync
