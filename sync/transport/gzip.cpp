// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/transport/gzip.h"

#include "core/error.h"
#include "sync/transport/transport_tuning.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace yarrow::sync {

std::string packGzip(std::string_view text)
{
    constexpr int kGzipWindow = 15 + 16; // the largest window; 16 asks for gzip's frame
    constexpr int kMemoryLevel = 8;
    constexpr std::size_t kMostAtOnce = std::numeric_limits<uInt>::max();
    z_stream stream{};
    YARROW_ASSERT(deflateInit2(&stream, tuning::kPackLevel, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                               Z_DEFAULT_STRATEGY) == Z_OK);
    std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    std::size_t written = 0;
    int state = Z_OK;
    while (state != Z_STREAM_END) {
        const std::size_t in = std::min(text.size(), kMostAtOnce);
        const std::size_t out = std::min(packed.size() - written, kMostAtOnce);
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); // zlib only reads it
        stream.avail_in = static_cast<uInt>(in);
        stream.next_out = reinterpret_cast<Bytef*>(packed.data() + written);
        stream.avail_out = static_cast<uInt>(out);
        state = deflate(&stream, in == text.size() ? Z_FINISH : Z_NO_FLUSH);
        YARROW_ASSERT(state == Z_OK || state == Z_STREAM_END);
        text.remove_prefix(in - stream.avail_in);
        written += out - stream.avail_out;
    }
    deflateEnd(&stream);
    packed.resize(written);
    return packed;
}

} // namespace yarrow::sync
