// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/cli/password_prompt.h"

#include "server/cli/commands.h"

#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

namespace yarrow::server::cli {
namespace {

/// Nothing that is typed is shown while it lives.
class NoEcho
{
public:
    NoEcho()
    {
        ::tcgetattr(STDIN_FILENO, &m_before);
        termios quiet = m_before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~NoEcho() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before); }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;

private:
    termios m_before{};
};

std::string ask(const std::string& prompt)
{
    std::cerr << prompt << ": " << std::flush;
    std::string typed;
    std::getline(std::cin, typed);
    std::cerr << std::endl;
    return typed;
}

} // namespace

std::string newPassword(const std::string& prompt)
{
    if (const char* given = std::getenv("YARROW_PASSWORD"))
        return given;
    if (::isatty(STDIN_FILENO) == 0)
        throw CommandFailed("There is no terminal to ask for a password; set YARROW_PASSWORD.");
    const NoEcho quiet;
    std::string typed = ask(prompt);
    if (ask("Again") != typed)
        throw CommandFailed("The two passwords differ.");
    return typed;
}

} // namespace yarrow::server::cli
