// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/local_key_file.h"

#include "server/auth/crypto.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

namespace yarrow::server {
namespace {

constexpr std::size_t kKeySize = 32;
constexpr std::size_t kMaxFile = 1000 * kKeySize;
constexpr std::string_view kPrefix = "local:v";

class File
{
public:
    explicit File(int descriptor)
        : m_descriptor(descriptor)
    {}
    ~File()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] int descriptor() const noexcept { return m_descriptor; }

private:
    int m_descriptor;
};

tl::unexpected<Problem> keyFileProblem(const std::string& path, const std::string& what)
{
    return refuse(500, "key-file", "The key file " + path + " " + what);
}

std::string reason()
{
    std::array<char, 256> text{};
    return ::strerror_r(errno, text.data(), text.size()); // the GNU one, that returns the text
}

/// Unambiguous, since a tenant and a data type hold no colon.
std::string additionalData(const KeyContext& context, std::size_t version)
{
    return "yarrow-key:" + std::to_string(version) + ':' + context.tenant.text() + ':' +
           std::string(context.dataType);
}

} // namespace

LocalKeyFile::~LocalKeyFile()
{
    for (std::string& key : m_keys)
        crypto::wipe(key);
}

Result<std::unique_ptr<LocalKeyFile>> LocalKeyFile::open(const std::string& path)
{
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.descriptor() < 0 && errno == ENOENT)
        return keyFileProblem(
            path, "does not exist. `yarrow-server migrate --key-file` makes one for a new database; "
                  "for an old one, bring it back from where it is kept.");
    if (file.descriptor() < 0)
        return keyFileProblem(path, "cannot be opened: " + reason() + ".");
    struct stat status = {};
    if (::fstat(file.descriptor(), &status) != 0)
        return keyFileProblem(path, "cannot be read: " + reason() + ".");
    if (!S_ISREG(status.st_mode))
        return keyFileProblem(path, "is no regular file.");
    if ((status.st_mode & 0077U) != 0)
        return keyFileProblem(path, "may be read or written by others. Its mode must be 0600.");
    if (status.st_uid != ::geteuid())
        return keyFileProblem(path, "belongs to another user than the one who runs the server.");
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0 || size % kKeySize != 0 || size > kMaxFile)
        return keyFileProblem(path, "must hold 32 bytes for each version of the key.");

    std::unique_ptr<LocalKeyFile> keys(new LocalKeyFile);
    for (std::size_t at = 0; at < size; at += kKeySize) {
        std::string& key = keys->m_keys.emplace_back(kKeySize, '\0');
        if (::pread(file.descriptor(), key.data(), kKeySize, static_cast<off_t>(at)) != kKeySize)
            return keyFileProblem(path, "could not be read to its end.");
    }
    return keys;
}

Result<std::unique_ptr<LocalKeyFile>> LocalKeyFile::openOrMake(const std::string& path,
                                                               db::Connection& connection)
{
    if (::access(path.c_str(), F_OK) == 0)
        return open(path);
    {
        db::Transaction transaction(connection, TenantId());
        if (!transaction.run("SELECT 1 FROM signing_key LIMIT 1").empty())
            return keyFileProblem(
                path, "does not exist, but the database holds secrets that need it. Bring it back "
                      "from where it is kept.");
    }
    // Written whole before it has its name, so that another process never reads a part; the first one's
    // stays.
    std::string draft = path + ".XXXXXX";
    const File file(::mkostemp(draft.data(), O_CLOEXEC)); // mode 0600
    if (file.descriptor() < 0)
        return keyFileProblem(path, "cannot be made: " + reason() + ".");
    std::string key = crypto::randomBytes(kKeySize);
    const bool isMade =
        ::write(file.descriptor(), key.data(), key.size()) == static_cast<ssize_t>(key.size()) &&
        ::fsync(file.descriptor()) == 0 && (::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST);
    const std::string why = reason();
    crypto::wipe(key);
    ::unlink(draft.c_str());
    if (!isMade)
        return keyFileProblem(path, "cannot be made: " + why + ".");
    return open(path);
}

Result<std::string> LocalKeyFile::wrap(std::string_view secret, const KeyContext& context) const
{
    const std::size_t version = m_keys.size();
    return std::string(kPrefix) + std::to_string(version) + ':' +
           crypto::toBase64(crypto::seal(m_keys.back(), secret, additionalData(context, version)));
}

Result<std::string> LocalKeyFile::unwrap(std::string_view wrapped, const KeyContext& context) const
{
    const auto unreadable = [] {
        return refuse(500, "secret-unreadable", "A secret in the database does not open with the key file.");
    };
    if (wrapped.substr(0, kPrefix.size()) != kPrefix)
        return unreadable();
    const std::string_view rest = wrapped.substr(kPrefix.size());
    std::size_t version = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), version);
    const auto length = static_cast<std::size_t>(end - rest.data());
    if (error != std::errc() || length >= rest.size() || rest[length] != ':' || version == 0 ||
        version > m_keys.size())
        return unreadable();
    const auto sealed = crypto::fromBase64(rest.substr(length + 1));
    auto secret =
        sealed ? crypto::open(m_keys[version - 1], *sealed, additionalData(context, version)) : std::nullopt;
    if (!secret)
        return unreadable();
    return std::move(*secret);
}

} // namespace yarrow::server
