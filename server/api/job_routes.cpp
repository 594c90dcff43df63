// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/job_routes.h"

#include "server/api/admin_handler.h"
#include "server/api/json_answer.h"
#include "server/jobs/queue.h"

#include <boost/json.hpp>

namespace yarrow::server::api {

namespace {

constexpr int kMaxListed = 200;

boost::json::object jsonOf(const jobs::JobStatus& job)
{
    boost::json::object object = {{"id", job.id},
                                  {"kind", job.kind},
                                  {"state", jobs::stateCode(job.state)},
                                  {"attempts", job.attempts}};
    const auto add = [&object](const char* name, const std::string& value) {
        if (!value.empty())
            object.emplace(name, value);
    };
    add("progress", job.progress);
    add("lastError", job.lastError);
    add("createdAt", job.createdAt);
    add("startedAt", job.startedAt);
    add("finishedAt", job.finishedAt);
    if (job.state == jobs::State::Queued)
        add("runAt", job.runAt);
    return object;
}

Result<Response> list(Call& call, db::Transaction& transaction, const Author&)
{
    std::optional<jobs::State> state;
    for (const auto& [name, value] : parseForm(call.request.query)) {
        if (name != "state")
            return refuse(400, "unknown-parameter", "Jobs can be asked for by state only.");
        state = jobs::stateFromCode(value);
        if (!state)
            return refuse(400, "bad-parameter", "A job's state is queued, running, done, dead or cancelled.");
    }
    boost::json::array found;
    for (const jobs::JobStatus& job : jobs::list(transaction, state, kMaxListed))
        found.push_back(jsonOf(job));
    return jsonAnswer(200, boost::json::object({{"jobs", std::move(found)}}));
}

Result<Response> show(Call& call, db::Transaction& transaction, const Author&)
{
    const std::optional<jobs::JobStatus> job = jobs::find(transaction, call.path.at("job"));
    if (!job)
        return refuse(404, "no-such-job", "There is no such job.");
    return jsonAnswer(200, jsonOf(*job));
}

/// retry() or cancel(), and what the audit calls it.
AdminHandler changing(Result<void> (*change)(db::Transaction&, std::string_view), const char* action)
{
    return
        [change, action](Call& call, db::Transaction& transaction, const Author& admin) -> Result<Response> {
            const std::string& id = call.path.at("job");
            if (const Result<void> changed = change(transaction, id); !changed)
                return tl::unexpected(changed.error());
            auditAdmin(transaction, admin, action, id);
            return show(call, transaction, admin);
        };
}

} // namespace

void addJobRoutes(Router& router)
{
    router.add({"GET", "/api/v1/jobs", adminHandler(list)});
    router.add({"GET", "/api/v1/jobs/{job}", adminHandler(show)});
    router.add({"POST", "/api/v1/jobs/{job}/retry", adminHandler(changing(jobs::retry, "job-retried"))});
    router.add({"POST", "/api/v1/jobs/{job}/cancel", adminHandler(changing(jobs::cancel, "job-cancelled"))});
}

} // namespace yarrow::server::api
