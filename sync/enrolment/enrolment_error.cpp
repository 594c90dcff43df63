// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/enrolment/enrolment_error.h"

namespace yarrow::sync {

const char* enrolmentErrorName(const EnrolmentError& error) noexcept
{
    using Kind = EnrolmentError::Kind;
    switch (error.kind) {
    case Kind::Local:
        return errorCodeName(error.local.code);
    case Kind::AlreadyEnrolled:
        return "AlreadyEnrolled";
    case Kind::NoKeyStore:
        return "NoKeyStore";
    case Kind::BadAddress:
        return "BadAddress";
    case Kind::BadAuthority:
        return "BadAuthority";
    case Kind::Unreachable:
        return "Unreachable";
    case Kind::Untrusted:
        return "Untrusted";
    case Kind::NotYarrow:
        return "NotYarrow";
    case Kind::NotFhirR4:
        return "NotFhirR4";
    case Kind::CodeMistyped:
        return "CodeMistyped";
    case Kind::CodeUnknown:
        return "CodeUnknown";
    case Kind::CodeUsed:
        return "CodeUsed";
    case Kind::CodeExpired:
        return "CodeExpired";
    case Kind::ClinicSuspended:
        return "ClinicSuspended";
    case Kind::OtherClinic:
        return "OtherClinic";
    case Kind::OtherAddress:
        return "OtherAddress";
    case Kind::TokenRefused:
        return "TokenRefused";
    case Kind::Busy:
        return "Busy";
    case Kind::Refused:
        return "Refused";
    }
    return "";
}

tl::unexpected<EnrolmentError> refuseEnrolment(EnrolmentError::Kind kind, std::string detail)
{
    return tl::unexpected(EnrolmentError{kind, std::move(detail)});
}

tl::unexpected<EnrolmentError> refuseEnrolment(const Error& local)
{
    if (local.code == ErrorCode::KeyStoreUnavailable)
        return refuseEnrolment(EnrolmentError::Kind::NoKeyStore);
    return tl::unexpected(EnrolmentError{EnrolmentError::Kind::Local, {}, local});
}

tl::unexpected<EnrolmentError> refuseEnrolment(const TransportError& error)
{
    using Kind = EnrolmentError::Kind;
    switch (error.reason) {
    case TransportError::Reason::Untrusted:
        return refuseEnrolment(Kind::Untrusted, error.detail);
    case TransportError::Reason::Unauthorised:
    case TransportError::Reason::TooLarge:
        return refuseEnrolment(Kind::Refused, error.detail);
    case TransportError::Reason::Cancelled:
        return refuseEnrolment(Error{ErrorCode::Cancelled, {}, {}});
    case TransportError::Reason::Unreachable:
    case TransportError::Reason::TimedOut:
    case TransportError::Reason::CutOff:
        return refuseEnrolment(Kind::Unreachable, error.detail);
    }
    return refuseEnrolment(Kind::Unreachable, error.detail);
}

} // namespace yarrow::sync
