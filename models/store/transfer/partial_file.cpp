// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/transfer/partial_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace yarrow {
namespace {

Result<void> systemError()
{
    return fail(errno == ENOSPC ? ErrorCode::DiskFull : ErrorCode::Io, std::strerror(errno));
}

} // namespace

PartialFile::PartialFile(std::filesystem::path target)
    : m_target(std::move(target))
    , m_partial(m_target)
{
    m_partial += ".part";
}

PartialFile::~PartialFile()
{
    if (m_file)
        std::fclose(m_file);
    if (m_created && !m_done)
        ::unlink(m_partial.c_str());
}

Result<void> PartialFile::open()
{
    ::unlink(m_partial.c_str()); // of an export that was cut off
    const int descriptor =
        ::open(m_partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    m_created = descriptor >= 0;
    m_file = m_created ? ::fdopen(descriptor, "wb") : nullptr;
    return m_file ? Result<void>()
                  : fail(ErrorCode::Io, std::string("cannot be written: ") + std::strerror(errno));
}

Result<void> PartialFile::write(std::string_view text)
{
    return std::fwrite(text.data(), 1, text.size(), m_file) == text.size() ? Result<void>() : systemError();
}

Result<void> PartialFile::writeLine(std::string_view line)
{
    if (auto written = write(line); !written)
        return written;
    return std::fputc('\n', m_file) != EOF ? Result<void>() : systemError();
}

Result<void> PartialFile::flush()
{
    return std::fflush(m_file) == 0 && ::fsync(::fileno(m_file)) == 0 ? Result<void>() : systemError();
}

Result<void> PartialFile::finish()
{
    m_done = ::rename(m_partial.c_str(), m_target.c_str()) == 0;
    return m_done ? Result<void>() : systemError();
}

bool liesInProfile(const std::filesystem::path& file, const Connection& connection)
{
    std::error_code error;
    const auto folder =
        std::filesystem::weakly_canonical(std::filesystem::absolute(file, error).parent_path(), error);
    return folder == std::filesystem::weakly_canonical(connection.path().parent_path(), error);
}

} // namespace yarrow
