// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/romanise.h"

#include "core/error.h"
#include "core/text_fold.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <mutex>

namespace yarrow {
namespace {

bool isAscii(std::string_view text)
{
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

/// nullptr where ICU came without its transforms: names in other scripts are then compared as they are.
icu::Transliterator* toLatin()
{
    static const std::unique_ptr<icu::Transliterator> transform = [] {
        UErrorCode status = U_ZERO_ERROR;
        std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(
            "Any-Latin; NFD; [:Nonspacing Mark:] Remove; NFC; Latin-ASCII", UTRANS_FORWARD, status));
        return U_SUCCESS(status) ? std::move(made) : nullptr;
    }();
    return transform.get();
}

} // namespace

std::string romanise(std::string_view folded)
{
    if (isAscii(folded))
        return std::string(folded);
    static std::mutex mutex; // ICU does not say that one transform may serve two threads at once
    const std::scoped_lock lock(mutex);
    const icu::Transliterator* transform = toLatin();
    if (!transform)
        return std::string(folded);
    icu::UnicodeString text =
        icu::UnicodeString::fromUTF8(icu::StringPiece(folded.data(), static_cast<int32_t>(folded.size())));
    transform->transliterate(text);
    std::string latin;
    text.toUTF8String(latin);
    return foldForSearch(latin);
}

} // namespace yarrow
