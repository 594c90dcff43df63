// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/commands/command_scope.h"

#include <string>

namespace yarrow {

/// What a person typed and did not save, kept encrypted per user and form. No record is touched, so nothing
/// is audited: a draft is seen only by who typed it.
class DraftCommands
{
public:
    explicit DraftCommands(CommandScope& scope)
        : m_scope(scope)
    {}

    /// Empty content removes it.
    [[nodiscard]] Result<void> save(const std::string& form, const std::string& content);
    /// Empty when there is none.
    [[nodiscard]] static Result<std::string> read(Connection& connection, const AccountId& account,
                                                  const std::string& form);

private:
    CommandScope& m_scope;
};

} // namespace yarrow
