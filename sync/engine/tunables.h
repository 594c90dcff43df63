// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every number of the exchange that one might want to change, with its reason.
namespace yarrow::sync::tunables {

/// Versions asked for at once: enough to make the way there and back cheap, few enough that a page is a few
/// MB.
inline constexpr int kPageEntries = 2000;
/// A first exchange of at least this many records comes as files: each record once, and packed.
inline constexpr std::int64_t kFilesFrom = 5'000;
/// How long the server may take to prepare them before the feed is read instead.
inline constexpr std::chrono::minutes kFilesPatience{10};
/// After which it is asked for the first time whether they are ready.
inline constexpr std::chrono::milliseconds kFilesFirstLook{100};

/// Versions taken in one transaction when a person waits to save something: no more than these are waited
/// for.
inline constexpr std::size_t kChunkEntries = 200;
/// And when nobody of this program waits: pages that many of them change are written once. Some 25 ms of
/// work, which is what a save of another program waits for at most.
inline constexpr std::size_t kTransactionEntries = 1000;

/// The same at servers that are not ours: what most of them allow.
inline constexpr int kForeignPageEntries = 500;

/// Changes sent at once, by number and by size.
inline constexpr std::size_t kBatchEntries = 500;
inline constexpr std::size_t kBatchBytes = 4U * 1024U * 1024U;

/// A pull that would take away more than this many records, and more than this share of all, asks first.
inline constexpr std::int64_t kBrakeRecords = 50;
inline constexpr std::int64_t kBrakePercent = 20;

/// Answers taken in one transaction when a person waits; all of a request otherwise.
inline constexpr std::size_t kAnswersAtOnce = 100;
/// A batch that fails with 5xx is halved so often in a row; after that it is the server, not an entry.
inline constexpr int kFailuresInARow = 12;

/// Medical record numbers are leased anew when fewer than this many are left: a busy morning's registrations
/// while the line is down. A block is larger while numbers turn out to be in use, up to what the server
/// lends.
inline constexpr std::int64_t kRecordNumbersLeft = 50;
inline constexpr std::int64_t kRecordNumberBlock = 150;
inline constexpr std::int64_t kLargestRecordNumberBlock = 10'000;

/// A write that fails with 5xx so often and for so long rests, if the server takes others.
inline constexpr int kFailuresUntilRest = 4;
inline constexpr std::chrono::minutes kFailingUntilRest{10};
/// The same when there is no other write to compare it with.
inline constexpr std::chrono::minutes kFailingAloneUntilRest{60};
/// After the rest it is sent again; each is twice as long as the one before.
inline constexpr std::chrono::milliseconds kFirstRest{3'600'000};
inline constexpr std::chrono::milliseconds kLongestRest{86'400'000};

/// Records that are put in order at once.
inline constexpr std::size_t kPushWindow = 10'000;

/// Audit entries sent at once: as many as the server takes, and no more than a slow line carries in seconds.
inline constexpr std::size_t kAuditBatchEntries = 1'000;
inline constexpr std::size_t kAuditBatchBytes = 1U * 1024U * 1024U;
/// And in one cycle: a long chain is brought over in many, and records do not wait for it.
inline constexpr std::size_t kAuditCycleBytes = 16U * 1024U * 1024U;
inline constexpr std::chrono::seconds kAuditCycleTime{3};
/// How long the server may take for one request of them.
inline constexpr std::chrono::seconds kAuditPatience{20};
/// A head is signed again when the chain has grown by as much.
inline constexpr std::int64_t kAuditCheckpointEntries = 100;

/// Pull and push follow each other as often in one cycle; what is left then is for the next one.
inline constexpr int kRounds = 12;

} // namespace yarrow::sync::tunables
