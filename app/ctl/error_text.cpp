// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/error_text.h"

#include "app/ctl/exit_code.h"

namespace yarrow::ctl {

namespace {

std::string behind(std::string text, const std::string& context)
{
    if (!context.empty())
        text += " (" + context + ")";
    return text + ".";
}

std::string plainSentenceOf(const Error& error)
{
    const std::string& context = error.context;
    switch (error.code) {
    case ErrorCode::InvalidArgument:
        return behind("A value cannot be accepted", context);
    case ErrorCode::NotFound:
        return behind("There is nothing of that name", context);
    case ErrorCode::AlreadyExists:
        return behind("It is there already", context);
    case ErrorCode::Stale:
        return behind("The record was changed by somebody else in between; nothing was written", context);
    case ErrorCode::SlotTaken:
        return "The practitioner, room or device is booked at that time by Appointment/" + context + ".";
    case ErrorCode::Erased:
        return behind("This was erased at a patient's demand and never comes back", context);
    case ErrorCode::Forbidden:
        return behind("The role of the acting user does not allow this", context);
    case ErrorCode::Throttled:
        return "Too many failed sign-ins: wait " + context + " seconds and try again.";
    case ErrorCode::WrongPassword:
        return "The user name or password (or the recovery code) is wrong.";
    case ErrorCode::WeakPassword:
        return context == "length"
                   ? "The password is too short: it needs at least 12 characters."
                   : "The password is too easy to guess; choose one that is not made of common "
                     "words or runs of characters.";
    case ErrorCode::KeyStoreUnavailable:
        return "The key store of this machine cannot be reached, and this user's key needs it. Unlock it, or "
               "use "
               "`yarrowctl key recover` with the recovery code.";
    case ErrorCode::KeyFileDamaged:
        return behind("The key file keys.json cannot be understood; put back a copy of it from a backup",
                      context);
    case ErrorCode::DatabaseDamaged:
        return behind("The database file is damaged, or belongs to another key file; nothing was changed",
                      context);
    case ErrorCode::DatabaseNewer:
        return behind("The database was written by a newer version of Yarrow; nothing was changed", context);
    case ErrorCode::DatabaseBusy:
        return "Another program is working on this clinic; try again when it is done.";
    case ErrorCode::DiskFull:
        return "There is no space left on the disk; nothing was written.";
    case ErrorCode::Io:
        return behind("A file cannot be read or written", context);
    case ErrorCode::InvalidJson:
        return behind("This is not JSON", context);
    case ErrorCode::LimitExceeded:
        return behind("This is larger or deeper than Yarrow reads", context);
    case ErrorCode::InvalidResource:
        return behind("This is not a FHIR resource that Yarrow can keep", context);
    case ErrorCode::Crypto:
        return behind("The encryption library reported an error", context);
    case ErrorCode::Cancelled:
        return "Cancelled; what was not complete was not written.";
    case ErrorCode::Unsupported:
        return behind("This version of Yarrow does not offer that", context);
    }
    bug("unknown error code", __FILE__, __LINE__);
}

} // namespace

std::string sentenceOf(const Error& error)
{
    std::string sentence = plainSentenceOf(error);
    if (error.position)
        sentence += " Line " + std::to_string(error.position->line) + ", column " +
                    std::to_string(error.position->column) + ".";
    return sentence;
}

std::string reasonOf(const Error& error)
{
    switch (error.code) {
    case ErrorCode::InvalidJson:
        return error.context.empty() ? "not JSON" : "not JSON: " + error.context;
    case ErrorCode::InvalidResource:
        return error.context;
    case ErrorCode::LimitExceeded:
        return "past a limit: " + error.context;
    case ErrorCode::Io:
        return error.context.empty() ? "cannot be read" : "cannot be read: " + error.context;
    case ErrorCode::Forbidden:
        return "the role of the acting user does not allow it: " + error.context;
    default:
        return plainSentenceOf(error);
    }
}

ExitCode exitCodeOf(ErrorCode code) noexcept
{
    switch (code) {
    case ErrorCode::WrongPassword:
    case ErrorCode::Throttled:
    case ErrorCode::KeyStoreUnavailable:
        return ExitCode::Locked;
    case ErrorCode::InvalidJson:
    case ErrorCode::InvalidResource:
    case ErrorCode::LimitExceeded:
    case ErrorCode::InvalidArgument:
    case ErrorCode::WeakPassword:
        return ExitCode::BadInput;
    default:
        return ExitCode::Failed;
    }
}

} // namespace yarrow::ctl
