// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"
#include "models/store/records/record_store.h"
#include "models/store/transfer/bounded_queue.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace yarrow {

/// A record read from a file and made ready, or the deletion of one.
struct ImportItem
{
    enum class Kind { Put, Delete };
    Kind kind = Kind::Put;
    PreparedRecord record; ///< of a deletion only type and id
    TextPosition position;
};

/// What the reading thread tells the writing one, in order: a file begins; its items in pieces; it ends, or
/// fails.
struct ImportMessage
{
    enum class Kind { FileBegins, Items, FileEnds, FileFails };
    Kind kind = Kind::FileBegins;
    std::size_t file = 0; ///< index into the list of files
    std::vector<ImportItem> items;
    std::uintmax_t bytes = 0;                     ///< of the file, read since the last message
    Error error{ErrorCode::Io, {}, std::nullopt}; ///< of FileFails
};

/// Reads and prepares `files` one after the other on the calling thread (the importer gives it one of its
/// own), until the queue is closed. Holds a file of up to kHeldFileBytes whole; a larger bundle is read
/// twice, first for what its references stand for.
void readImportFiles(const std::vector<std::filesystem::path>& files, BoundedQueue<ImportMessage>& queue);

} // namespace yarrow
