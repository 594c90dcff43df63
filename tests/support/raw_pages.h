// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/secret_bytes.h"

#include <openssl/evp.h>

#include <QtGlobal>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace yarrow::testing {

namespace raw {

inline constexpr std::size_t kPage = 4096;
inline constexpr std::size_t kReserve = 80; ///< of SQLCipher 4: an IV of 16 bytes and an HMAC of 64
inline constexpr std::size_t kSalt = 16;    ///< at the beginning of the first page, in clear

/// A page as SQLite sees it, free space and all.
inline std::string decrypted(std::string_view page, bool isFirst, const SecretBytes& key)
{
    const std::size_t begin = isFirst ? kSalt : 0;
    const std::size_t end = kPage - kReserve;
    std::string plain(end - begin + EVP_MAX_BLOCK_LENGTH, '\0');
    const auto bytes = [](const char* text) { return reinterpret_cast<const unsigned char*>(text); };
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    int size = 0;
    int rest = 0;
    const bool isDone =
        EVP_DecryptInit_ex(context, EVP_aes_256_cbc(), nullptr, key.span().data(),
                           bytes(page.data() + end)) == 1 &&
        EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
        EVP_DecryptUpdate(context, reinterpret_cast<unsigned char*>(plain.data()), &size,
                          bytes(page.data() + begin), static_cast<int>(end - begin)) == 1 &&
        EVP_DecryptFinal_ex(context, reinterpret_cast<unsigned char*>(plain.data()) + size, &rest) == 1;
    EVP_CIPHER_CTX_free(context);
    if (!isDone)
        qFatal("a page could not be decrypted");
    plain.resize(static_cast<std::size_t>(size + rest));
    return plain;
}

inline std::string contentOf(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

} // namespace raw

/// Every byte that somebody with the key finds in a database: of each page of the file, used or free, and of
/// each page in the log, in lower case.
inline std::string rawTextOf(const std::filesystem::path& database, const SecretBytes& key)
{
    constexpr std::size_t kLogHeader = 32;
    constexpr std::size_t kFrameHeader = 24;
    std::string text;
    const std::string file = raw::contentOf(database);
    for (std::size_t at = 0; at + raw::kPage <= file.size(); at += raw::kPage)
        text += raw::decrypted(std::string_view(file).substr(at, raw::kPage), at == 0, key);
    std::filesystem::path logPath = database;
    const std::string log = raw::contentOf(logPath += "-wal");
    for (std::size_t at = kLogHeader; at + kFrameHeader + raw::kPage <= log.size();
         at += kFrameHeader + raw::kPage) {
        const bool isFirst = std::string_view(log).substr(at, 4) == std::string_view("\0\0\0\1", 4);
        text += raw::decrypted(std::string_view(log).substr(at + kFrameHeader, raw::kPage), isFirst, key);
    }
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

} // namespace yarrow::testing
