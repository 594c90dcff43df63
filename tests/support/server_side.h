// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/records/sync_records.h"
#include "models/store/sync/outbox.h"
#include "models/store/sync/server_link.h"
#include "tests/support/test_clinic.h"

#include <string>

namespace yarrow::testing {

/// What an exchange leaves in a workstation's database, made on a connection of its own as the exchange does.
class ServerSide
{
public:
    explicit ServerSide(TestClinic& test)
        : m_test(test)
        , m_connection(test.connectBelow())
    {}

    void enrol(bool paused = false)
    {
        Transaction transaction(*m_connection);
        ServerLink link;
        link.url = "https://clinic.example";
        link.enrolledAt = "2026-03-01T08:00:00.000Z";
        link.paused = paused;
        writeServerLink(*m_connection, link);
        transaction.commit();
    }

    /// A version arrives for a record without edits.
    void deliver(Json document)
    {
        ServerVersion version = next(document);
        version.record = *PreparedRecord::ofServer(document);
        Transaction transaction(*m_connection);
        SyncRecords records(*m_connection, m_test.clock, VersionOrder::Sequence);
        if (records.take(version) != SyncRecords::Taken::Stored)
            qFatal("the version was not taken");
        records.finish();
        transaction.commit();
    }
    void deliverDeletion(const std::string& type, const std::string& id)
    {
        Json named = Json::object();
        named.set("resourceType", type);
        named.set("id", id);
        Transaction transaction(*m_connection);
        SyncRecords records(*m_connection, m_test.clock, VersionOrder::Sequence);
        if (records.take(next(named)) != SyncRecords::Taken::Stored)
            qFatal("the deletion was not taken");
        records.finish();
        transaction.commit();
    }
    /// The server has taken all that waits for a record.
    void acknowledge(const std::string& type, const std::string& id)
    {
        Transaction transaction(*m_connection);
        SyncRecords records(*m_connection, m_test.clock, VersionOrder::Sequence);
        const auto record = records.find(type, id);
        Json named = Json::object();
        named.set("resourceType", type);
        named.set("id", id);
        ServerVersion version = next(named);
        if (record->body)
            version.record = *PreparedRecord::ofServer(*Json::parse(*record->body));
        records.rebase(*record, version, {}, true);
        records.finish();
        transaction.commit();
    }
    void acknowledgeAll()
    {
        std::vector<std::pair<std::string, std::string>> waiting;
        {
            Query row(*m_connection,
                      "SELECT DISTINCT r.type, r.id FROM edit e JOIN resource r ON r.pk = e.resource "
                      "ORDER BY e.seq");
            while (row.step())
                waiting.emplace_back(row.string(0), row.string(1));
        }
        for (const auto& [type, id] : waiting)
            acknowledge(type, id);
    }
    /// An upload has begun and its answer is not there yet.
    void beginSending(const std::string& type, const std::string& id)
    {
        Transaction transaction(*m_connection);
        SyncRecords records(*m_connection, m_test.clock, VersionOrder::Sequence);
        const auto record = records.find(type, id);
        const WaitingEdit& last = record->edits.back();
        records.beginPush(record->pk, {m_test.ids.next(), last.seq, last.author, last.unit, last.document,
                                       record->version, last.at});
        records.finish();
        transaction.commit();
    }
    void refuse(const std::string& type, const std::string& id, int status, const std::string& code,
                const std::string& outcome = {})
    {
        Transaction transaction(*m_connection);
        SyncRecords records(*m_connection, m_test.clock, VersionOrder::Sequence);
        const auto record = records.find(type, id);
        outbox::quarantine(*m_connection, record->pk, record->edits.back().seq, {status, code, outcome},
                           formatInstant(m_test.clock.now()));
        transaction.commit();
    }
    /// A conflict is opened, as the exchange does it for the edit's author.
    void open(const Conflict& conflict, const Actor& actor, const ClinicIdentity& clinic)
    {
        Transaction transaction(*m_connection);
        RecordStore store(*m_connection, m_test.clock, clinic, actor);
        if (!store.put(fhir::conflictTask(conflict), {}))
            qFatal("the conflict's Task was refused");
        transaction.commit();
        acknowledge("Task", conflict.id);
    }
    [[nodiscard]] std::optional<SyncRecord> find(const std::string& type, const std::string& id)
    {
        return SyncRecords(*m_connection, m_test.clock, VersionOrder::Sequence).find(type, id);
    }
    [[nodiscard]] Connection& connection() { return *m_connection; }

private:
    ServerVersion next(Json& document)
    {
        const std::string version = "k3fx." + std::to_string(++m_sequence);
        const std::string at = formatInstant(m_test.clock.now());
        Json meta = Json::object();
        meta.set("versionId", version);
        meta.set("lastUpdated", at);
        document.set("meta", std::move(meta));
        return {std::string(document["resourceType"].string()),
                std::string(document["id"].string()),
                version,
                at,
                {}};
    }

    TestClinic& m_test;
    std::unique_ptr<Connection> m_connection;
    int m_sequence = 0;
};

} // namespace yarrow::testing
