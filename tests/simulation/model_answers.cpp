// SPDX-License-Identifier: GPL-3.0-or-later
//
// The model server, one JSON document a line on standard input, one answer a line on standard output:
//   {"method","url","headers":{…},"body","device"}  → {"status","headers":{…},"body"}
//   {"account","role","active"}, {"device","scope"}: who may write, what a workstation holds → {}
// tests/server/test_model_agrees.py asks it and a real server the same.
#include "tests/simulation/model_server.h"

#include "core/json.h"

#include <chrono>
#include <iostream>

namespace {

using namespace yarrow;
using namespace yarrow::simulation;

sync::Method methodOf(std::string_view name)
{
    return name == "PUT"      ? sync::Method::Put
           : name == "POST"   ? sync::Method::Post
           : name == "DELETE" ? sync::Method::Delete
                              : sync::Method::Get;
}

Json answered(ModelServer& server, const Json& asked, std::int64_t now)
{
    sync::HttpRequest request;
    request.method = methodOf(asked["method"].string());
    request.url = asked["url"].string();
    for (const Json::Member& member : asked["headers"].members())
        request.headers.add(member.name, std::string(member.value.string()));
    request.body = asked["body"].string();
    const auto response = server.handle(std::string(asked["device"].string()), request, now).response;
    Json answer = Json::object();
    answer.set("status", static_cast<std::int64_t>(response.status));
    Json headers = Json::object();
    for (const auto& [name, value] : response.headers.fields())
        headers.set(name, value);
    answer.set("headers", std::move(headers));
    answer.set("body", response.body);
    return answer;
}

/// Whether the line is an arrangement and no request.
bool arrange(ModelServer& model, const Json& asked)
{
    if (const std::string account(asked["account"].string()); !account.empty()) {
        const auto role = server::roleFromCode(asked["role"].string());
        model.records.authors[account] = {role.value(), asked["active"].boolean().value_or(true)};
        return true;
    }
    if (const std::string_view scope = asked["scope"].string(); !scope.empty()) {
        const std::string device(asked["device"].string());
        model.devices[device] = {device, server::areasFromScopeId(scope).value(), false};
        return true;
    }
    return false;
}

} // namespace

int main()
{
    ModelServer model;
    for (std::string line; std::getline(std::cin, line);) {
        const auto asked = Json::parse(line);
        if (!asked)
            return 1;
        const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::system_clock::now().time_since_epoch());
        const Json answer = arrange(model, *asked) ? Json::object() : answered(model, *asked, now.count());
        std::cout << answer.dump() << std::endl; // whoever asked waits for it
    }
    return 0;
}
