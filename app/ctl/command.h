// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"
#include "app/ctl/exit_code.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

namespace yarrow::ctl {

/// One command of yarrowctl. It declares its options when it is made and keeps their values; run() is called
/// when the command line named it.
class Command
{
public:
    Command(CLI::App& parent, const std::string& name, const std::string& description)
        : m_app(*parent.add_subcommand(name, description))
    {}
    virtual ~Command() = default;
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;

    [[nodiscard]] bool isWanted() const { return m_app.parsed(); }
    /// An error is told to the user by main() and decides the exit code.
    [[nodiscard]] virtual Result<ExitCode> run(Context& context) = 0;

protected:
    [[nodiscard]] CLI::App& app() noexcept { return m_app; }

private:
    CLI::App& m_app;
};

using Commands = std::vector<std::unique_ptr<Command>>;

// One function per group of commands.
void addInitCommand(CLI::App& app, Commands& commands);
void addDoctorCommand(CLI::App& app, Commands& commands);
void addTransferCommands(CLI::App& app, Commands& commands);
void addPatientCommands(CLI::App& app, Commands& commands);
void addMergeCommands(CLI::App& group, Commands& commands); ///< those of patients that are one person
void addAppointmentCommands(CLI::App& app, Commands& commands);
void addAppointmentBookCommand(CLI::App& group, Commands& commands);
void addAppointmentChangeCommands(CLI::App& group, Commands& commands); ///< those that change what is booked
void addResourceCommands(CLI::App& app, Commands& commands);
void addConflictCommands(CLI::App& app, Commands& commands);
void addQuarantineCommands(CLI::App& app, Commands& commands);
void addAuditCommands(CLI::App& app, Commands& commands);
void addAccountCommands(CLI::App& app, Commands& commands);
void addKeyCommands(CLI::App& app, Commands& commands);
void addEnrolCommand(CLI::App& app, Commands& commands);
void addSyncCommands(CLI::App& app, Commands& commands);

/// A subcommand that only holds others.
CLI::App& addGroup(CLI::App& app, const std::string& name, const std::string& description);

// Checks of option values; what they refuse is wrong usage.
[[nodiscard]] CLI::Validator isId();           ///< a FHIR id
[[nodiscard]] CLI::Validator isReference();    ///< Type/id
[[nodiscard]] CLI::Validator isResourceType(); ///< a FHIR R4 type
[[nodiscard]] CLI::Validator isTime();         ///< see GivenTime
[[nodiscard]] CLI::Validator isDay();          ///< see parseDay()

/// An optional reference of an appointment or query, from an option that may not have been given. The text
/// has passed isId().
template <class IdType>
[[nodiscard]] IdType idOf(const std::string& text)
{
    return text.empty() ? IdType() : IdType::known(text);
}

} // namespace yarrow::ctl
