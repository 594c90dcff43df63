// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>

/// Every number of the store that one might want to change, with its reason.
namespace yarrow::tunables {

/// How long a write waits for another process's (or the sync thread's) transaction before DatabaseBusy.
inline constexpr std::chrono::milliseconds kBusyTimeout{5000};
/// How often it looks whether its turn has come. SQLite's own waits grow to 100 ms, and the exchange, which
/// writes one transaction after the other, would always be faster.
inline constexpr std::chrono::milliseconds kBusyLook{1};
/// How long the exchange pauses between two transactions when somebody waits for a turn.
inline constexpr std::chrono::milliseconds kGiveWay{3};

/// Page cache of the connection that writes, and of one that only reads for the screen. Random ids spread
/// over the whole index: a cache that holds its inner pages keeps inserts fast.
inline constexpr int kWriterCacheKiB = 32 * 1024;
inline constexpr int kReaderCacheKiB = 16 * 1024;
/// While an import or a first exchange runs: a share of the machine's memory, within bounds. Freed
/// afterwards.
inline constexpr int kBulkCacheShare = 16;
inline constexpr int kBulkCacheMinKiB = 64 * 1024;
inline constexpr int kBulkCacheMaxKiB = 1024 * 1024;

/// Pages in the write-ahead log before it is folded into the database: otherwise, and while much is written.
inline constexpr int kAutoCheckpointPages = 1000;
inline constexpr int kBulkCheckpointPages = 16000;

/// Candidates a search looks at before it orders them: ordering everything that begins with "a" among a
/// million patients takes 170 ms, ordering this many is not felt.
inline constexpr int kSearchCandidates = 250;

/// With fewer hits than this, names that sound like those typed are looked for, too; and how like they must
/// be (jaroWinkler(), on average over the words).
inline constexpr std::size_t kFewHits = 5;
inline constexpr double kLeastLikeness = 0.7;
inline constexpr double kLeastLikenessOfSlips = 0.84;

/// Possible duplicates: candidates that each way of looking for them may give, and how many of all are read
/// and compared in full. A check runs with every key.
inline constexpr int kDuplicateCandidates = 200;
inline constexpr int kDuplicatesCompared = 40;

/// A merge of two patients moves at most so many records: they go to the server in one bundle, which takes
/// 2,000.
inline constexpr std::size_t kMostMovedAtOnce = 1900;

/// One resource in an import may not be larger; nor what stands around the entries of a bundle.
inline constexpr std::size_t kMaxResourceBytes = 16U * 1024U * 1024U;
inline constexpr std::size_t kMaxBundleFrameBytes = 1U * 1024U * 1024U;
/// An import file is read in pieces of this size.
inline constexpr std::size_t kImportChunkBytes = 64U * 1024U;

/// So long a settlement of a conflict can be taken back by whoever made it.
inline constexpr std::chrono::hours kSettlementUndo{7 * 24};

/// Backups of the database made before a migration or rotation; older ones are removed.
inline constexpr int kKeptMigrationBackups = 5;

/// A bundle up to this size is held in memory while its references are resolved; a larger one is read twice.
inline constexpr std::size_t kHeldFileBytes = 32U * 1024U * 1024U;
/// What goes from the reading to the writing thread at once, and how many such pieces wait at most.
inline constexpr std::size_t kImportPieceItems = 256;
inline constexpr std::size_t kImportPieceBytes = 1U * 1024U * 1024U;
inline constexpr std::size_t kImportPiecesWaiting = 4;

/// So many days ahead it is looked for appointments that a changed schedule leaves outside of its hours.
inline constexpr int kImpactDays = 550;

/// The patients opened last are remembered, for each account.
inline constexpr int kOpenedPatientsKept = 100;

/// Lists of a time range look this far back for what is still running. What lasts longer (imported stays) has
/// an index of its own.
inline constexpr std::chrono::hours kLongestAppointment{24};

} // namespace yarrow::tunables
