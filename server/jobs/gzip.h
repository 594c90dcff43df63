// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <zlib.h>

#include <string>
#include <string_view>

namespace yarrow::server::jobs {

/// Makes one gzip file of what is appended.
class GzipWriter
{
public:
    GzipWriter();
    ~GzipWriter();
    GzipWriter(const GzipWriter&) = delete;
    GzipWriter& operator=(const GzipWriter&) = delete;

    void append(std::string_view text);
    [[nodiscard]] std::size_t unpackedSize() const noexcept { return m_unpacked; }
    /// The file; the next append() begins another.
    [[nodiscard]] std::string finish();

private:
    void deflateAll(int flush);
    z_stream m_stream = {};
    std::string m_packed;
    std::size_t m_unpacked = 0;
};

/// The reverse, of what a GzipWriter made. Throws std::runtime_error for anything else.
[[nodiscard]] std::string gunzip(std::string_view packed);

} // namespace yarrow::server::jobs
