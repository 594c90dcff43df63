// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/store/commands/command_scope.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

namespace yarrow {

/// A file that was not imported; nothing of it was written.
struct ImportFailure
{
    std::filesystem::path file;
    Error error; ///< with the position in the file where there is one
};

struct ImportReport
{
    std::int64_t files = 0; ///< imported whole
    std::int64_t resources = 0;
    std::int64_t created = 0;
    std::int64_t updated = 0;
    std::int64_t unchanged = 0;
    std::int64_t deleted = 0; ///< by entries of a history or transaction bundle
    std::vector<ImportFailure> failed;
};

struct ImportProgress
{
    std::uintmax_t bytesDone = 0;
    std::uintmax_t bytesTotal = 0;
    std::int64_t resources = 0;
};

/// Brings FHIR JSON files into the clinic: each file wholly or not at all, in bounded memory, and without a
/// trace when it was imported before.
///
/// Entries keep their ids. One without an id gets the UUID of its fullUrl, else one derived from its content,
/// so that the same file always makes the same records. References to a fullUrl of the same file become
/// `Type/id`; a transaction or batch whose `urn:uuid:` reference names no entry is refused. Of a history
/// bundle the newest version of each record is taken.
class Importer
{
public:
    explicit Importer(CommandScope& scope)
        : m_scope(scope)
    {}

    /// `paths` are files, or folders in which all *.json and *.ndjson files are taken, in order of name.
    /// `progress` returns false to stop: the file under way is rolled back, and the result is Cancelled.
    /// Without the right to administer, each record needs the role's right to create or update it (Forbidden
    /// for the file). The result is an error only when nothing further can be done (disk full, database
    /// damaged).
    [[nodiscard]] Result<ImportReport> run(const std::vector<std::filesystem::path>& paths,
                                           const std::function<bool(const ImportProgress&)>& progress = {});

    /// The demo clinic around the present day, as if it had come in one file. Bringing it in again updates
    /// it.
    [[nodiscard]] Result<ImportReport> addDemoClinic();
    /// Documents made in memory, as if they had come in one file called `label`.
    [[nodiscard]] Result<ImportReport> addDocuments(const std::vector<Json>& documents,
                                                    const std::string& label);

private:
    CommandScope& m_scope;
};

} // namespace yarrow
