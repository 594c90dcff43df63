// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/enrolment_text.h"

#include "app/ctl/error_text.h"

namespace yarrow::ctl {
namespace {

using Kind = sync::EnrolmentError::Kind;

std::string with(const std::string& detail)
{
    return detail.empty() ? std::string(".") : " (" + detail + ").";
}

} // namespace

std::string sentenceOf(const sync::EnrolmentError& error)
{
    switch (error.kind) {
    case Kind::Local:
        return sentenceOf(error.local);
    case Kind::AlreadyEnrolled:
        return "This workstation is enrolled already, with " + error.detail + ".";
    case Kind::NoKeyStore:
        return "The key store of this machine cannot be reached, and the workstation's key belongs there. "
               "Unlock it, or set one up.";
    case Kind::BadAddress:
        return "The address of the server must be https://, a host, and at most a port and a path; without "
               "TLS only on this machine.";
    case Kind::BadAuthority:
        return "The file given with --ca holds no certificate in PEM form.";
    case Kind::Unreachable:
        return "The server cannot be reached" + with(error.detail) + " The same code works again.";
    case Kind::Untrusted:
        return "The server's certificate was not accepted" + with(error.detail) +
               " If the clinic has an authority of its own, give its certificate with --ca.";
    case Kind::NotYarrow:
        return "What answers at this address is no Yarrow server" + with(error.detail);
    case Kind::NotFhirR4:
        return "What answers at this address is no FHIR R4 server" + with(error.detail);
    case Kind::CodeMistyped:
        return "The enrolment code has a typing error.";
    case Kind::CodeUnknown:
        return "The server does not know this enrolment code.";
    case Kind::CodeUsed:
        return "This enrolment code was used by another workstation. Ask for a new one.";
    case Kind::CodeExpired:
        return "This enrolment code has expired. Ask for a new one.";
    case Kind::ClinicSuspended:
        return "The clinic is suspended at the server.";
    case Kind::OtherClinic:
        return "The code belongs to another clinic than this workstation's records" + with(error.detail);
    case Kind::OtherAddress:
        return "The server calls itself by another address: " + error.detail + ". Use that one.";
    case Kind::TokenRefused:
        return "The server does not accept the token.";
    case Kind::Busy:
        return "The server is busy; try again in a minute.";
    case Kind::Refused:
        return "The server refused" + with(error.detail);
    }
    return {};
}

ExitCode exitCodeOf(const sync::EnrolmentError& error) noexcept
{
    switch (error.kind) {
    case Kind::Local:
        return exitCodeOf(error.local.code);
    case Kind::NoKeyStore:
        return ExitCode::Locked;
    case Kind::BadAddress:
    case Kind::BadAuthority:
    case Kind::CodeMistyped:
        return ExitCode::BadInput;
    default:
        return ExitCode::Failed;
    }
}

} // namespace yarrow::ctl
