// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/clinic.h"
#include "sync/enrolment/enrolment_error.h"

#include <atomic>
#include <string>
#include <vector>

namespace yarrow::sync {

// Making a workstation one of a server's. It has three steps, because the first and the last belong to the
// thread of the clinic, and the one in between waits for a network.

/// With our server: a one-time code that an administrator of it was given.
struct CodeEnrolment
{
    std::string url;
    std::string code;
    std::string name;  ///< what the server's lists call this workstation
    std::string caPem; ///< the one authority to trust from now on; empty: those of the system
};

/// With another FHIR R4 server.
struct TokenEnrolment
{
    std::string url;   ///< its FHIR base
    std::string token; ///< bearer token; empty: it wants none
    std::string caPem;
    bool allowPlainHttp = false; ///< without TLS also over the network
};

/// What is known before a server is asked.
struct EnrolmentPlan
{
    std::string databaseId;
    std::optional<ServerLink> replaced; ///< the link that a new one may stand in for
    AccountId account;                  ///< who enrols
    std::vector<Account> accounts;
};

struct Enrolled
{
    ServerLink link;
    std::string clinicName;              ///< as the server calls it; empty with other servers
    std::vector<std::string> areas;      ///< what the workstation will hold; empty with other servers
    std::vector<ServerAccount> accounts; ///< whose id at the server is another than here
    std::vector<std::string> added;      ///< user names that the server had not known
    std::vector<std::string> unknown;    ///< user names that the server still does not know
};

template <class T>
using Enrolment = tl::expected<T, EnrolmentError>;

/// Forbidden to all but administrators. AlreadyEnrolled, unless the link was stopped and is made anew with
/// the same server, or another server's token is exchanged.
[[nodiscard]] Enrolment<EnrolmentPlan> planEnrolment(Clinic& clinic, ServerLink::Kind kind,
                                                     const std::string& url);

/// Asks the server; on any thread. The private key is in the key store before the server hears of its public
/// half; the same code after a lost answer finds the same key there, and so the same enrolment. Accounts of
/// this workstation that the server does not know are made there if the enrolling person is an administrator
/// of it.
[[nodiscard]] Enrolment<Enrolled> contact(const EnrolmentPlan& plan, const CodeEnrolment& wanted,
                                          const StoreEnvironment& environment,
                                          const std::atomic_bool* cancelled = nullptr);
[[nodiscard]] Enrolment<Enrolled> contact(const EnrolmentPlan& plan, const TokenEnrolment& wanted,
                                          const StoreEnvironment& environment,
                                          const std::atomic_bool* cancelled = nullptr);

/// Writes down what came of it. The key of a link that was replaced is deleted.
[[nodiscard]] Enrolment<void> keepEnrolment(Clinic& clinic, const EnrolmentPlan& plan,
                                            const Enrolled& enrolled, DeviceSecretStore* secrets);

} // namespace yarrow::sync
