// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/fhir/document.h"
#include "server/fhir/outcome.h"
#include "server/json/json_document.h"
#include "server/problem.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yarrow::server::fhir {

/// One change that somebody wants.
struct WriteEntry
{
    enum class Method { Create, Update, Delete };

    Method method = Method::Create;
    std::string type;
    std::string id;                   ///< of an update or deletion; a create is given one before it is stored
    std::optional<Document> document; ///< none for a deletion
    std::optional<std::string> ifMatch;     ///< versionId, unquoted
    bool ifNoneMatch = false;               ///< If-None-Match: * – only if the id has never been used
    std::optional<std::string> ifNoneExist; ///< search parameters, as in a query
    std::string operation;                  ///< names this change for ever; empty: none
    std::string author;                     ///< account id; empty: the caller itself
};

/// "POST", "PUT", "DELETE".
[[nodiscard]] std::string_view methodName(WriteEntry::Method method) noexcept;

/// One entry of a batch or transaction: a change, a read, or why it cannot be either.
struct BundleEntry
{
    std::optional<WriteEntry> write;
    std::string read;               ///< the URL of a GET, relative: "Patient/7", "Patient?name=x"
    std::optional<Problem> problem; ///< the entry is answered with this
    std::string fullUrl;
};

struct BundleRequest
{
    bool transaction = false;
    std::vector<BundleEntry> entries;
};

inline constexpr std::size_t kMaxBundleEntries = 2000;
inline constexpr std::size_t kMaxBundleReads = 100; ///< entries with GET among them

/// Entries carry what FHIR has no word for as extensions of Bundle.entry:
///   https://yarrow.example/fhir/StructureDefinition/operation  valueUuid or valueString
///   https://yarrow.example/fhir/StructureDefinition/author     valueString: account id
/// An entry that creates is given its id (a new UUID) here. In a transaction, references to the fullUrl of
/// another entry (urn:uuid:…, or an address, also when they are relative to one) become references to the
/// record of that entry, the rest of the text untouched; a conditional reference (Patient?identifier=…) is
/// refused, and so is a reference to an entry with ifNoneExist, whose record only the database knows.
/// Conditional updates and deletions are not supported. That an id is changed by two entries is for the
/// writer to refuse.
///
/// Refused as a whole: what is no Bundle of type batch or transaction (400 `not-a-bundle`), more than
/// kMaxBundleEntries (413 `too-many-entries`) or kMaxBundleReads (413 `too-many-reads`). All else is the
/// problem of its entry.
[[nodiscard]] Result<BundleRequest> readBundle(const JsonDocument& bundle);

/// The versionId of an entity tag: W/"a.7" → a.7. Nothing when it is none.
[[nodiscard]] std::optional<std::string> versionOfETag(std::string_view etag);

/// What may name an operation or an author: 1–128 printable characters of ASCII, no spaces.
[[nodiscard]] bool isToken(std::string_view text) noexcept;

} // namespace yarrow::server::fhir
