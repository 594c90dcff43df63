// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/atomic_file.h"

#include <QFile>

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <stdlib.h> // NOLINT(modernize-deprecated-headers): mkostemp is POSIX
#include <unistd.h>

namespace yarrow {
namespace {

class Descriptor
{
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {}
    ~Descriptor() { (void)close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] bool isOpen() const { return m_fd >= 0; }
    [[nodiscard]] int get() const { return m_fd; }
    [[nodiscard]] bool close()
    {
        const int fd = std::exchange(m_fd, -1);
        return fd < 0 || ::close(fd) == 0;
    }

private:
    int m_fd;
};

/// Takes the temporary file away again unless it was renamed.
class TemporaryName
{
public:
    explicit TemporaryName(const std::string& name)
        : m_name(name)
    {}
    ~TemporaryName()
    {
        if (!m_kept)
            ::unlink(m_name.c_str());
    }
    TemporaryName(const TemporaryName&) = delete;
    TemporaryName& operator=(const TemporaryName&) = delete;
    void keep() { m_kept = true; }

private:
    const std::string& m_name;
    bool m_kept = false;
};

tl::unexpected<Error> systemError(const std::string& path, int reason)
{
    const bool full = reason == ENOSPC || reason == EDQUOT;
    return fail(full ? ErrorCode::DiskFull : ErrorCode::Io,
                path + ": " + std::generic_category().message(reason));
}

Result<void> writeAll(int fd, std::string_view content, const std::string& path)
{
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return systemError(path, errno);
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

} // namespace

Result<void> writeFileAtomically(const QString& path, std::string_view content)
{
    const std::string target = QFile::encodeName(path).toStdString();
    const std::size_t slash = target.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : target.substr(0, slash + 1);

    std::string temporary = target + ".XXXXXX";
    Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC)); // mode 0600
    if (!file.isOpen())
        return systemError(target, errno);
    TemporaryName name(temporary);

    if (auto written = writeAll(file.get(), content, target); !written)
        return written;
    if (::fsync(file.get()) != 0)
        return systemError(target, errno);
    if (!file.close())
        return systemError(target, errno);
    if (::rename(temporary.c_str(), target.c_str()) != 0)
        return systemError(target, errno);
    name.keep();

    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.isOpen() || ::fsync(directory.get()) != 0)
        return systemError(folder, errno);
    return {};
}

Result<std::string> readSmallFile(const QString& path, std::size_t maxBytes)
{
    const std::string name = QFile::encodeName(path).toStdString();
    const Descriptor file(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.isOpen()) {
        if (errno == ENOENT)
            return fail(ErrorCode::NotFound, name);
        return systemError(name, errno);
    }
    std::string content(maxBytes + 1, '\0');
    std::size_t length = 0;
    while (length < content.size()) {
        const ssize_t got = ::read(file.get(), content.data() + length, content.size() - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return systemError(name, errno);
        if (got == 0)
            break;
        length += static_cast<std::size_t>(got);
    }
    if (length > maxBytes)
        return fail(ErrorCode::LimitExceeded, name + ": longer than " + std::to_string(maxBytes) + " bytes");
    content.resize(length);
    return content;
}

} // namespace yarrow
