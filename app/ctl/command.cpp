// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"

#include "app/ctl/given_time.h"
#include "models/fhir/references.h"
#include "models/fhir/resource_types.h"

namespace yarrow::ctl {

namespace {

/// `check` returns whether the value will do.
template <class Check>
CLI::Validator validator(const char* shape, Check check)
{
    return CLI::Validator(
        [shape, check](std::string& value) {
            return check(value) ? std::string() : "\"" + value + "\" is not " + shape;
        },
        std::string());
}

} // namespace

CLI::App& addGroup(CLI::App& app, const std::string& name, const std::string& description)
{
    return *app.add_subcommand(name, description)->require_subcommand(1);
}

CLI::Validator isId()
{
    return validator("an id (1 to 64 of A-Z a-z 0-9 - .)",
                     [](const std::string& value) { return isFhirId(value); });
}

CLI::Validator isReference()
{
    return validator("of the form Type/id", [](const std::string& value) {
        const auto reference = fhir::parseReference(value);
        return reference && value.size() == reference->type.size() + 1 + reference->id.size();
    });
}

CLI::Validator isResourceType()
{
    return validator("a FHIR R4 resource type",
                     [](const std::string& value) { return fhir::isResourceType(value); });
}

CLI::Validator isTime()
{
    return validator("a time such as 2026-03-29, 2026-03-29T14:30 or 2026-03-29T12:30:00Z",
                     [](const std::string& value) { return GivenTime::parse(value).has_value(); });
}

CLI::Validator isDay()
{
    return validator("a day such as 2026-03-29, today or tomorrow", [](const std::string& value) {
        return parseDay(value, QDate::currentDate()).has_value();
    });
}

} // namespace yarrow::ctl
