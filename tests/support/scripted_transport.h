// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/transport/transport.h"

#include <functional>
#include <vector>

namespace yarrow::testing {

/// Answers every request as a test says, and remembers it.
class ScriptedTransport final : public sync::Transport
{
public:
    using Answer = tl::expected<sync::HttpResponse, sync::TransportError>;
    using Script = std::function<Answer(const sync::HttpRequest&)>;

    explicit ScriptedTransport(Script script)
        : m_script(std::move(script))
    {}

    Answer send(const sync::HttpRequest& request) override
    {
        requests.push_back(request);
        return m_script(request);
    }
    Traffic traffic() const override { return {static_cast<std::int64_t>(requests.size()), 0, 0}; }

    std::vector<sync::HttpRequest> requests;

private:
    Script m_script;
};

inline sync::HttpResponse answer(int status, std::string body = {}, sync::Headers headers = {})
{
    return {status, std::move(headers), std::move(body)};
}

} // namespace yarrow::testing
