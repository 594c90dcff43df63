// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/reference_walk.h"

#include "server/fhir/reference.h"

#include <algorithm>
#include <string>

namespace yarrow::server::fhir {
namespace {

constexpr bool isNameCharacter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The name of an element. What is none is the sender's own text and not repeated.
std::string nameOf(JsonView name)
{
    constexpr std::size_t kLongest = 64;
    std::string text = name.string();
    const bool isElement =
        !text.empty() && text.size() <= kLongest && std::all_of(text.begin(), text.end(), isNameCharacter);
    return isElement ? text : "?";
}

/// The way to where the walk stands is a chain on the stack, written out only when something is wrong.
class ReferenceWalk
{
public:
    ReferenceWalk(JsonView resource, const ReferenceCheck& check) noexcept
        : m_resource(resource)
        , m_check(check)
    {}

    Result<void> run() { return visit(m_resource, nullptr, 1); }

private:
    struct Step
    {
        const Step* before = nullptr;
        JsonView name;         ///< of a member
        std::size_t index = 0; ///< of an item
    };

    Result<void> visit(JsonView value, const Step* way, int depth)
    {
        const bool isObject = value.isObject();
        if (!isObject && !value.isArray())
            return {};
        if (depth > kMaxResourceDepth)
            return refuse(422, "nested-too-deeply", "The resource is nested too deeply.", expressionOf(way));
        return isObject ? visitMembers(value, way, depth) : visitItems(value, way, depth);
    }

    Result<void> visitMembers(JsonView object, const Step* way, int depth)
    {
        const auto members = object.members();
        for (auto at = members.begin(); at != members.end(); ++at) {
            const Step step{way, at.name(), 0};
            const JsonView value = at.value();
            // An element called "reference" that is no text is something else, as in Consent.provision.data.
            if (at.name().says("reference") && !value.isObject() && !value.isArray()) {
                if (auto problem = m_check(value)) {
                    problem->expression = expressionOf(&step);
                    return tl::unexpected(std::move(*problem));
                }
            } else if (auto done = visit(value, &step, depth + 1); !done) {
                return done;
            }
        }
        return {};
    }

    Result<void> visitItems(JsonView array, const Step* way, int depth)
    {
        std::size_t index = 0;
        for (const JsonView item : array.items()) {
            const Step step{way, {}, index++};
            if (auto done = visit(item, &step, depth + 1); !done)
                return done;
        }
        return {};
    }

    /// As FHIRPath.
    [[nodiscard]] std::string expressionOf(const Step* way) const
    {
        if (way == nullptr)
            return nameOf(m_resource["resourceType"]);
        const std::string before = expressionOf(way->before);
        return way->name.exists() ? before + '.' + nameOf(way->name)
                                  : before + '[' + std::to_string(way->index) + ']';
    }

    JsonView m_resource;
    const ReferenceCheck& m_check;
};

} // namespace

Result<void> checkReferences(JsonView resource, const ReferenceCheck& check)
{
    return ReferenceWalk(resource, check).run();
}

Result<void> checkReferences(JsonView resource)
{
    return checkReferences(resource, [](JsonView reference) -> std::optional<Problem> {
        if (reference.isString() && formOf(reference.string()) != ReferenceForm::Malformed)
            return std::nullopt;
        return Problem{422, "bad-reference", "The reference is malformed."};
    });
}

} // namespace yarrow::server::fhir
