// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/content_coding.h"

#include "server/http/field_text.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace yarrow::server {
namespace {

constexpr int kGzipWindow = 15 + 16; // zlib's way to say: gzip's header and trailer
constexpr int kZlibWindow = 15;

class Inflater
{
public:
    explicit Inflater(int window)
    {
        if (inflateInit2(&m_stream, window) != Z_OK)
            throw std::bad_alloc();
    }
    ~Inflater() { inflateEnd(&m_stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
    z_stream& stream() noexcept { return m_stream; }

private:
    z_stream m_stream{};
};

tl::unexpected<Problem> badEncoding()
{
    return refuse(400, "bad-encoding", "The body is not what its Content-Encoding says.");
}

Result<std::string> inflateAll(std::string_view packed, int window, std::size_t limit)
{
    Inflater inflater(window);
    z_stream& stream = inflater.stream();
    // zlib takes no const, and changes nothing.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());

    std::string text;
    // One byte more than allowed tells that there is too much.
    const std::size_t most = limit + 1;
    text.resize(std::min(most, std::max<std::size_t>(packed.size() * 4, 4096)));
    std::size_t size = 0;
    while (true) {
        stream.next_out = reinterpret_cast<Bytef*>(text.data() + size);
        stream.avail_out = static_cast<uInt>(text.size() - size);
        const int status = inflate(&stream, Z_NO_FLUSH);
        size = text.size() - stream.avail_out;
        if (size > limit)
            return refuse(413, "body-too-large",
                          "The unpacked body is larger than " + std::to_string(limit) + " bytes.");
        if (status == Z_STREAM_END) {
            if (stream.avail_in == 0)
                break;
            // RFC 1952: a gzip file may have several members.
            if (window != kGzipWindow || inflateReset(&stream) != Z_OK)
                return badEncoding();
        } else if (status != Z_OK && !(status == Z_BUF_ERROR && stream.avail_out == 0)) {
            return badEncoding();
        } else if (stream.avail_in == 0 && stream.avail_out > 0) {
            return badEncoding(); // cut off
        }
        if (stream.avail_out == 0)
            text.resize(std::min(most, text.size() * 2));
    }
    text.resize(size);
    return text;
}

} // namespace

Result<std::string> unpackBody(std::string body, std::string_view encoding, std::size_t limit)
{
    if (encoding.empty() || sameText(encoding, "identity"))
        return body;
    if (body.size() > std::numeric_limits<uInt>::max()) // zlib could not count it
        return refuse(413, "body-too-large", "The body is larger than " + std::to_string(limit) + " bytes.");
    if (sameText(encoding, "gzip") || sameText(encoding, "x-gzip"))
        return inflateAll(body, kGzipWindow, limit);
    if (sameText(encoding, "deflate"))
        return inflateAll(body, kZlibWindow, limit);
    Problem problem{415, "unsupported-encoding", "Bodies may be packed by gzip or deflate, once.", {}, {},
                    {}};
    problem.headers.emplace_back("Accept-Encoding", "gzip, deflate");
    return tl::unexpected(std::move(problem));
}

std::string packGzip(std::string_view text)
{
    constexpr int kMemoryLevel = 8; // zlib's default
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        throw std::bad_alloc();
    std::string packed(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(packed.size() - stream.avail_out);
    deflateEnd(&stream);
    return packed;
}

bool acceptsGzip(std::string_view acceptEncoding) noexcept
{
    bool any = false;
    while (!acceptEncoding.empty()) {
        const std::string_view item = nextListItem(acceptEncoding);
        const std::size_t semicolon = item.find(';');
        const std::string_view coding = trimmed(item.substr(0, semicolon));
        bool wanted = true;
        if (semicolon != std::string_view::npos) {
            // Only "q=0", "q=0.0"… refuses.
            const std::string_view weight = trimmed(item.substr(semicolon + 1));
            wanted = weight.find_first_of("123456789") != std::string_view::npos;
        }
        if (sameText(coding, "gzip"))
            return wanted;
        if (coding == "*")
            any = wanted;
    }
    return any;
}

} // namespace yarrow::server
