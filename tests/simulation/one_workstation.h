// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/sync_engine.h"
#include "sync/protocol/write_bundle.h"
#include "tests/simulation/model_server.h"
#include "tests/support/scripted_transport.h"
#include "tests/support/test_clinic.h"

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace yarrow::simulation {

/// A workstation with the real store and engine, at which a doctor is signed in, and the model of the server.
/// What happens elsewhere is written into the model, as another workstation.
class OneWorkstation
{
public:
    explicit OneWorkstation(std::initializer_list<server::Area> areas)
    {
        test.addUser(QStringLiteral("doctor"), Role::Doctor);
        clinic = test.open(QStringLiteral("doctor"));
        connection = test.connectBelow();
        doctor = clinic->actor().account.text();
        ServerLink link;
        link.url = ModelServer::kAddress;
        link.account = doctor;
        link.enrolledAt = "2026-03-02T09:00:00.000Z";
        Transaction transaction(*connection);
        writeServerLink(*connection, link);
        transaction.commit();
        server::AreaSet set;
        for (const server::Area area : areas)
            set.insert(area);
        server.devices["desk"] = {"desk", set, false};
        server.devices["elsewhere"] = {"elsewhere", server::AreaSet::all(), false};
        server.records.authors[doctor] = {server::Role::Doctor, true};
    }

    /// One exchange, four minutes after what was before. `intercept` may answer instead of the server.
    sync::SyncReport cycle()
    {
        test.clock.advance(std::chrono::minutes(4));
        testing::ScriptedTransport transport(
            [this](const sync::HttpRequest& request) -> testing::ScriptedTransport::Answer {
                if (intercept) {
                    if (auto answer = intercept(request))
                        return std::move(*answer);
                }
                return server.handle("desk", request, now()).response;
            });
        sync::SyncEngine engine({*connection, test.clock, test.ids, clinic->identity(), transport});
        if (deletionsAllowed)
            engine.allowDeletions();
        const std::atomic_bool cancelled = false;
        return engine.cycle(cancelled);
    }

    /// The document as it becomes at the server, written by another workstation in the doctor's name.
    void putElsewhere(Json document)
    {
        const std::string type(document["resourceType"].string());
        const std::string id(document["id"].string());
        const ModelVersion* present = server.records.find(type, id);
        std::optional<std::string> version;
        if (present && !present->isDeletion())
            version = present->versionId();
        writeElsewhere({type, id, document.dump(), version.value_or(std::string()), test.ids.next(), doctor});
    }
    void removeElsewhere(const std::string& type, const std::string& id)
    {
        writeElsewhere(
            {type, id, std::nullopt, server.records.find(type, id)->versionId(), test.ids.next(), doctor});
    }

    [[nodiscard]] Json atServer(const std::string& type, const std::string& id) const
    {
        const ModelVersion* version = server.records.find(type, id);
        return version && !version->isDeletion() ? testing::json(version->body) : Json();
    }

    /// The first column of the first row; empty: no row.
    std::string text(const char* sql) const
    {
        Query query(*connection, sql);
        return query.step() ? query.string(0) : std::string();
    }

    testing::TestClinic test;
    std::unique_ptr<Clinic> clinic;
    std::unique_ptr<Connection> connection;
    ModelServer server;
    std::string doctor; ///< account id
    bool deletionsAllowed = false;
    std::function<std::optional<testing::ScriptedTransport::Answer>(const sync::HttpRequest&)> intercept;

    /// Of the server's clock, as ModelServer::handle() wants it.
    [[nodiscard]] std::int64_t now() const { return test.clock.now().time_since_epoch().count() * 1000; }

private:
    void writeElsewhere(const sync::WriteEntry& entry)
    {
        test.clock.advance(std::chrono::seconds(1));
        sync::HttpRequest request;
        request.method = sync::Method::Post;
        request.url = std::string(ModelServer::kAddress) + "/fhir";
        request.headers.add("Content-Type", "application/fhir+json");
        request.body = sync::writeBundle({entry}, true);
        const ModelAnswer answer = server.handle("elsewhere", request, now());
        if (answer.response.status != 200)
            qFatal("elsewhere: %s", answer.response.body.c_str());
    }
};

} // namespace yarrow::simulation
