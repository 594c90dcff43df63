// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/prompt.h"

#include <openssl/crypto.h>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string_view>

namespace yarrow::ctl {

namespace {

/// The terminal of this process, whatever standard input and output are, with its echo turned off.
class SilentTerminal
{
public:
    SilentTerminal()
        : m_descriptor(::open("/dev/tty", O_RDWR | O_CLOEXEC))
    {
        if (m_descriptor < 0 || ::tcgetattr(m_descriptor, &m_before) != 0)
            return;
        // Ctrl-C while the echo is off would leave the terminal silent: it waits until the answer is there.
        sigset_t blocked;
        sigemptyset(&blocked);
        sigaddset(&blocked, SIGINT);
        sigaddset(&blocked, SIGTSTP);
        ::sigprocmask(SIG_BLOCK, &blocked, &m_signals);
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        m_isSilent = ::tcsetattr(m_descriptor, TCSAFLUSH, &silent) == 0;
    }
    ~SilentTerminal()
    {
        if (m_isSilent) {
            ::tcsetattr(m_descriptor, TCSAFLUSH, &m_before);
            ::sigprocmask(SIG_SETMASK, &m_signals, nullptr);
        }
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

    [[nodiscard]] bool isSilent() const noexcept { return m_isSilent; }
    void say(std::string_view text) const
    {
        const auto written = ::write(m_descriptor, text.data(), text.size());
        static_cast<void>(written); // the answer may still come
    }
    [[nodiscard]] QString readLine() const
    {
        std::array<char, 1024> typed{};
        const auto length = ::read(m_descriptor, typed.data(), typed.size());
        QString line;
        if (length > 0) {
            std::string_view text(typed.data(), static_cast<std::size_t>(length));
            if (text.ends_with('\n'))
                text.remove_suffix(1);
            line = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
        }
        OPENSSL_cleanse(typed.data(), typed.size());
        return line;
    }

private:
    int m_descriptor;
    termios m_before{};
    sigset_t m_signals{};
    bool m_isSilent = false;
};

Result<QString> ask(const char* question)
{
    const SilentTerminal terminal;
    if (!terminal.isSilent())
        return fail(ErrorCode::WrongPassword, "missing");
    terminal.say(question);
    QString typed = terminal.readLine();
    terminal.say("\n");
    if (typed.isEmpty())
        return fail(ErrorCode::WrongPassword, "missing");
    return typed;
}

QString fromEnvironment(const char* variable)
{
    const QString value = QString::fromUtf8(qgetenv(variable));
    qunsetenv(variable);
    return value;
}

} // namespace

Result<QString> secret(const char* variable, const char* question)
{
    if (QString given = fromEnvironment(variable); !given.isEmpty())
        return given;
    return ask(question);
}

Result<QString> newSecret(const char* variable, const char* question)
{
    if (QString given = fromEnvironment(variable); !given.isEmpty())
        return given;
    auto first = ask(question);
    if (!first)
        return first;
    const auto second = ask("Once more: ");
    if (!second)
        return second;
    if (*first != *second)
        return fail(ErrorCode::InvalidArgument, "the two passwords differ");
    return first;
}

} // namespace yarrow::ctl
