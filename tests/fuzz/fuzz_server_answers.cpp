// SPDX-License-Identifier: GPL-3.0-or-later
// What a server answers, by the first byte: a page of the feed, the answers to a Bundle, one answer, a
// conflict's Task, a CapabilityStatement, a record of an export. Whatever it is, reading it ends in peace;
// what was read as a conflict or a dialect is written and read as the same.
#include "models/fhir/conflict_task.h"
#include "models/store/records/record_store.h"
#include "sync/foreign/dialect.h"
#include "sync/protocol/feed_page.h"
#include "sync/protocol/write_bundle.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace yarrow;
using namespace yarrow::sync;

namespace {

void readTask(const Json& document)
{
    const auto conflict = fhir::readConflict(document);
    if (!conflict)
        return;
    const auto again = fhir::readConflict(fhir::conflictTask(*conflict));
    YARROW_ASSERT(again.has_value());
    YARROW_ASSERT(again->focusType == conflict->focusType && again->focusId == conflict->focusId);
    YARROW_ASSERT(again->elements.size() == conflict->elements.size());
}

void readDialect(const Json& document)
{
    const auto dialect = Dialect::of(document);
    if (!dialect)
        return;
    const auto again = Dialect::fromJson(dialect->toJson());
    YARROW_ASSERT(again.has_value());
    YARROW_ASSERT(again->toJson() == dialect->toJson());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto document = Json::parse(text);
    switch (data[0]) {
    case 'f':
        static_cast<void>(parseFeedPage(text));
        break;
    case 'b':
        for (const std::size_t expected : {0U, 1U, 3U})
            static_cast<void>(parseWriteAnswers(text, expected));
        break;
    case 'a':
        for (const int status : {200, 409, 410, 503})
            static_cast<void>(answerOf({status, {}, std::string(text)}));
        break;
    case 't':
        if (document)
            readTask(*document);
        break;
    case 'c':
        if (document)
            readDialect(*document);
        break;
    default:
        if (document)
            static_cast<void>(PreparedRecord::ofServer(*document));
    }
    return 0;
}
