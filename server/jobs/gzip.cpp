// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/jobs/gzip.h"

#include <array>
#include <new>
#include <stdexcept>
#include <utility>

namespace yarrow::server::jobs {

namespace {

constexpr int kGzip = 16 + MAX_WBITS; // zlib's way to say so
constexpr std::size_t kPiece = 64 * 1024;

Bytef* bytes(std::string_view text) noexcept
{
    return reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); // zlib only reads it
}

} // namespace

GzipWriter::GzipWriter()
{
    if (deflateInit2(&m_stream, 5, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
}

GzipWriter::~GzipWriter()
{
    deflateEnd(&m_stream);
}

void GzipWriter::append(std::string_view text)
{
    m_unpacked += text.size();
    while (!text.empty()) {
        const std::string_view piece = text.substr(0, kPiece);
        text.remove_prefix(piece.size());
        m_stream.next_in = bytes(piece);
        m_stream.avail_in = static_cast<uInt>(piece.size());
        deflateAll(Z_NO_FLUSH);
    }
}

std::string GzipWriter::finish()
{
    m_stream.avail_in = 0;
    deflateAll(Z_FINISH);
    deflateReset(&m_stream);
    m_unpacked = 0;
    return std::exchange(m_packed, {});
}

void GzipWriter::deflateAll(int flush)
{
    std::array<char, kPiece> out; // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
    do {
        m_stream.next_out = reinterpret_cast<Bytef*>(out.data());
        m_stream.avail_out = static_cast<uInt>(out.size());
        deflate(&m_stream, flush);
        m_packed.append(out.data(), out.size() - m_stream.avail_out);
    } while (m_stream.avail_out == 0);
}

std::string gunzip(std::string_view packed)
{
    z_stream stream = {};
    if (inflateInit2(&stream, kGzip) != Z_OK)
        throw std::bad_alloc();
    stream.next_in = bytes(packed);
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string unpacked;
    std::array<char, kPiece> out; // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
    int result = Z_OK;
    while (result == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        result = inflate(&stream, Z_NO_FLUSH);
        unpacked.append(out.data(), out.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    if (result != Z_STREAM_END)
        throw std::runtime_error("this is no gzip file");
    return unpacked;
}

} // namespace yarrow::server::jobs
