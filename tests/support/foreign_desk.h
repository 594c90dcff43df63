// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine/sync_engine.h"
#include "tests/support/other_fhir_server.h"
#include "tests/support/test_clinic.h"

#include <memory>
#include <string>

namespace yarrow::testing {

/// A workstation linked to a server that is not ours.
class ForeignDesk
{
public:
    explicit ForeignDesk(OtherFhirServer& server)
        : m_server(server)
        , m_clinic(openAsDoctor(m_store))
        , m_connection(m_store.connectBelow())
    {
        ServerLink link;
        link.kind = ServerLink::Kind::Fhir;
        link.url = "http://other.example/fhir";
        link.account = m_clinic->actor().account.text();
        link.enrolledAt = "2026-03-02T09:00:00.000Z";
        enrol(link);
    }
    void enrol(const ServerLink& link)
    {
        Transaction transaction(*m_connection);
        writeServerLink(*m_connection, link);
        transaction.commit();
    }

    sync::SyncReport sync()
    {
        m_store.clock.advance(std::chrono::minutes(11)); // ids are compared again
        sync::SyncEngine engine({*m_connection, m_store.clock, m_store.ids, m_clinic->identity(), m_server});
        const std::atomic_bool cancelled = false;
        sync::SyncReport report = engine.cycle(cancelled);
        if (report.obstacle != sync::Obstacle::None)
            qDebug("%s: %s", obstacleName(report.obstacle), report.detail.c_str());
        return report;
    }

    void put(const Json& document)
    {
        const auto written = m_clinic->resources().put(document, {});
        if (!written)
            qFatal("put: %s %s", errorCodeName(written.error().code), written.error().context.c_str());
    }
    void remove(const std::string& type, const std::string& id)
    {
        const auto removed = m_clinic->resources().remove(type, id, {});
        if (!removed)
            qFatal("remove: %s", errorCodeName(removed.error().code));
    }
    /// What the clinic sees; null when it is deleted or unknown.
    Json present(const std::string& type, const std::string& id)
    {
        Query query(*m_connection, "SELECT body FROM resource WHERE type = ? AND id = ? AND deleted = 0");
        return query.bind(type, id).step() ? json(query.text(0)) : Json();
    }
    std::int64_t number(const char* sql)
    {
        Query query(*m_connection, sql);
        return query.step() ? query.integer(0) : -1;
    }
    [[nodiscard]] Clinic& clinic() { return *m_clinic; }
    [[nodiscard]] Connection& connection() { return *m_connection; }
    std::int64_t waiting() { return number("SELECT count(DISTINCT resource) FROM edit"); }
    std::int64_t conflicts() { return number("SELECT count(*) FROM conflict_index WHERE open = 1"); }

private:
    static std::unique_ptr<Clinic> openAsDoctor(TestClinic& store)
    {
        store.addUser(QStringLiteral("doctor"), Role::Doctor);
        return store.open(QStringLiteral("doctor"));
    }

    OtherFhirServer& m_server;
    TestClinic m_store;
    std::unique_ptr<Clinic> m_clinic;
    std::unique_ptr<Connection> m_connection;
};

inline Json withPhone(Json patient, std::string_view number)
{
    patient.set("telecom",
                json(R"([{"system":"phone","use":"mobile","value":")" + std::string(number) + R"("}])"));
    return patient;
}

inline std::string phoneOf(const Json& patient)
{
    return std::string(patient["telecom"][0]["value"].string());
}

inline sync::TransportError cut(bool sent)
{
    return {sync::TransportError::Reason::CutOff, sent, "cut"};
}

} // namespace yarrow::testing
