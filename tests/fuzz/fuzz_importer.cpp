// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/transfer/import_reader.h"
#include "models/store/transfer/resource_stream.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

using namespace yarrow;

namespace {

/// Cutting a bundle into entries must find what the strict parser finds in the whole text: the same number of
/// entries, or an error in both.
void compareWithWholeText(const std::string& text)
{
    std::size_t streamed = 0;
    std::istringstream in(text);
    const auto summary = streamResources(in, [&](StreamedEntry&&) -> Result<void> {
        ++streamed;
        return {};
    });
    const auto whole = Json::parse(text);
    if (summary && whole && summary->isBundle && (*whole)["entry"].items().size() != streamed)
        std::abort();
    if (whole && whole->isObject() && !summary && summary.error().code == ErrorCode::InvalidJson)
        std::abort();
    if (!summary && !summary.error().position)
        std::abort();
}

} // namespace

/// Files for import come from anywhere. Reading and preparing one must end in peace, with every record that
/// comes out fit to be stored, and every error with its place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    compareWithWholeText(text);

    static const std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("yarrow-fuzz-" + std::to_string(::getpid()) + ".json");
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    BoundedQueue<ImportMessage> queue(1'000'000); // never full: reader and taker are one thread here
    readImportFiles({path}, queue);
    while (const auto message = queue.pop()) {
        if (message->kind == ImportMessage::Kind::FileFails && !message->error.position)
            std::abort();
        for (const ImportItem& item : message->items) {
            if (!isFhirId(item.record.id))
                std::abort();
            if (item.kind == ImportItem::Kind::Put && !Json::parse(item.record.body))
                std::abort();
        }
    }
    return 0;
}
