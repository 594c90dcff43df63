// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/records/erasure_log.h"

#include "server/auth/crypto.h"

#include <boost/json.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

namespace yarrow::server::records {
namespace {

KeyContext context()
{
    return {.tenant = {}, .dataType = "erasure-log"};
}

/// The file, open and locked: others wait.
class LockedFile
{
public:
    LockedFile(const std::string& path, int flags, int lock)
        : m_descriptor(::open(path.c_str(), flags | O_CLOEXEC, 0600))
    {
        if (m_descriptor >= 0 && ::flock(m_descriptor, lock) != 0)
            close();
    }
    ~LockedFile() { close(); }
    LockedFile(const LockedFile&) = delete;
    LockedFile& operator=(const LockedFile&) = delete;

    [[nodiscard]] bool isOpen() const noexcept { return m_descriptor >= 0; }

    [[nodiscard]] bool belongsToUsAlone() const
    {
        struct stat status = {};
        return ::fstat(m_descriptor, &status) == 0 && S_ISREG(status.st_mode) &&
               (status.st_mode & 0077U) == 0 && status.st_uid == ::geteuid();
    }
    [[nodiscard]] std::optional<std::string> text() const
    {
        std::string text;
        std::array<char, 65536> part{};
        while (true) {
            const ssize_t size =
                ::pread(m_descriptor, part.data(), part.size(), static_cast<off_t>(text.size()));
            if (size < 0)
                return std::nullopt;
            if (size == 0)
                return text;
            text.append(part.data(), static_cast<std::size_t>(size));
        }
    }
    /// From `place` on; what stood there goes.
    [[nodiscard]] bool write(std::string_view text, std::size_t place) const
    {
        if (::ftruncate(m_descriptor, static_cast<off_t>(place)) != 0)
            return false;
        while (!text.empty()) {
            const ssize_t size = ::pwrite(m_descriptor, text.data(), text.size(), static_cast<off_t>(place));
            if (size <= 0)
                return false;
            place += static_cast<std::size_t>(size);
            text.remove_prefix(static_cast<std::size_t>(size));
        }
        return ::fsync(m_descriptor) == 0;
    }

private:
    void close()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
        m_descriptor = -1;
    }
    int m_descriptor;
};

bool syncFolderOf(const std::string& path)
{
    const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool isDone = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return isDone;
}

tl::unexpected<Problem> logProblem(const std::string& path, const std::string& what)
{
    return refuse(503, "erasure-log", "The erasure log " + path + " " + what);
}

std::string reason()
{
    std::array<char, 256> text{};
    return ::strerror_r(errno, text.data(), text.size()); // the GNU one, that returns the text
}

boost::json::object jsonOf(const LoggedErasure& logged, const std::string& previous)
{
    boost::json::array records;
    for (const ErasedRecord& record : logged.erasure.records)
        records.push_back(boost::json::array{record.type, record.id, areaCode(record.area)});
    return {{"previous", previous},
            {"tenant", logged.tenant.text()},
            {"id", logged.erasure.id},
            {"patient", logged.erasure.patient},
            {"legalGround", logged.erasure.legalGround},
            {"reason", logged.erasure.reason},
            {"account", logged.erasure.account},
            {"at", logged.erasure.at},
            {"records", std::move(records)}};
}

/// Throws what Boost.JSON throws for what is not as jsonOf() makes it.
LoggedErasure erasureOf(const boost::json::object& json)
{
    const auto text = [&](const char* name) { return std::string(json.at(name).as_string()); };
    LoggedErasure logged;
    logged.tenant = TenantId::parse(text("tenant")).value_or(TenantId());
    logged.erasure = {
        text("id"), text("patient"), text("legalGround"), text("reason"), text("account"), text("at"), {}};
    for (const boost::json::value& record : json.at("records").as_array()) {
        const boost::json::array& words = record.as_array();
        logged.erasure.records.push_back(
            {std::string(words.at(0).as_string()), std::string(words.at(1).as_string()),
             areaFromCode(std::string(words.at(2).as_string())).value_or(Area::ClinicalRecord)});
    }
    return logged;
}

/// Splits the first line off; false when there is no whole one left.
bool takeLine(std::string_view& text, std::string_view& line)
{
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos)
        return false;
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return true;
}

std::string hashOf(std::string_view line)
{
    return crypto::toHex(crypto::sha256(line));
}

} // namespace

ErasureLog::ErasureLog(std::string path, const KeyProvider& keys)
    : m_path(std::move(path))
    , m_keys(keys)
{}

Result<std::vector<LoggedErasure>> ErasureLog::read() const
{
    std::vector<LoggedErasure> erasures;
    if (::access(m_path.c_str(), F_OK) != 0 && errno == ENOENT)
        return erasures;
    const LockedFile file(m_path, O_RDONLY, LOCK_SH);
    if (!file.isOpen())
        return logProblem(m_path, "cannot be opened: " + reason() + ".");
    if (!file.belongsToUsAlone())
        return logProblem(m_path, "may be read by others. It must belong to the server's user, mode 0600.");
    const std::optional<std::string> text = file.text();
    if (!text)
        return logProblem(m_path, "cannot be read: " + reason() + ".");
    std::string_view rest = *text;
    std::string_view line;
    std::string previous;
    while (takeLine(rest, line)) {
        const std::string number = std::to_string(erasures.size() + 1);
        const auto opened = m_keys.unwrap(line, context());
        if (!opened)
            return logProblem(m_path, "has a line " + number + " that does not open with the key file.");
        try {
            const boost::json::value json = boost::json::parse(*opened);
            if (json.as_object().at("previous").as_string() != previous)
                return logProblem(m_path, "lacks lines before line " + number + ".");
            erasures.push_back(erasureOf(json.as_object()));
        } catch (const std::exception&) {
            return logProblem(m_path, "has a line " + number + " that this version cannot read.");
        }
        previous = hashOf(line);
    }
    return erasures;
}

Result<void> ErasureLog::append(const std::vector<LoggedErasure>& erasures) const
{
    const LockedFile file(m_path, O_RDWR | O_CREAT, LOCK_EX);
    if (!file.isOpen())
        return logProblem(m_path, "cannot be opened: " + reason() + ".");
    if (!file.belongsToUsAlone())
        return logProblem(m_path, "may be read by others. It must belong to the server's user, mode 0600.");
    const std::optional<std::string> text = file.text();
    if (!text)
        return logProblem(m_path, "cannot be read: " + reason() + ".");
    std::string_view rest = *text;
    std::string_view line;
    std::string previous;
    while (takeLine(rest, line))
        previous = line;
    if (!previous.empty())
        previous = hashOf(previous);
    std::string added;
    for (const LoggedErasure& erasure : erasures) {
        const auto wrapped = m_keys.wrap(boost::json::serialize(jsonOf(erasure, previous)), context());
        if (!wrapped)
            return tl::unexpected(wrapped.error());
        previous = hashOf(*wrapped);
        added.append(*wrapped).append("\n");
    }
    if (!file.write(added, text->size() - rest.size()) || !syncFolderOf(m_path))
        return logProblem(m_path, "cannot be written: " + reason() + ". Nothing was erased.");
    return {};
}

} // namespace yarrow::server::records
