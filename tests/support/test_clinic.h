// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto.h"
#include "models/store/clinic.h"
#include "tests/support/memory_secret_store.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cstdio>
#include <memory>

namespace yarrow::testing {

/// Ids that are the same in every run.
class SequenceIds final : public IdSource
{
public:
    std::string next() override
    {
        char text[37];
        std::snprintf(text, sizeof text, "00000000-0000-7000-8000-%012x", ++m_last);
        return text;
    }

private:
    unsigned m_last = 0;
};

/// A real clinic in a temporary profile: real SQLCipher, real key file, cheap key derivation, a clock that
/// stands still at 09:00 UTC on 2 March 2026 (a Monday).
class TestClinic
{
public:
    static constexpr auto kPassword = u"violet anchor tram 19";

    TestClinic()
    {
        const Clinic::NewClinic wanted{QStringLiteral("Lindenhof"), QTimeZone("Europe/Rome"),
                                       QStringLiteral("admin"), QStringLiteral("Administrator"), password()};
        auto created = Clinic::create(profile, wanted, environment);
        if (!created)
            qFatal("no clinic: %s %s", errorCodeName(created.error().code), created.error().context.c_str());
        recoveryCode = created->recoveryCode.text();
    }

    static QString password() { return QString::fromUtf16(kPassword); }

    /// Signs in; the test ends when that fails.
    std::unique_ptr<Clinic> open(const QString& user = QStringLiteral("admin"))
    {
        auto clinic = Clinic::open(profile, user, password(), environment);
        if (!clinic)
            qFatal("sign-in: %s %s", errorCodeName(clinic.error().code), clinic.error().context.c_str());
        return std::move(*clinic);
    }

    void addUser(const QString& user, Role role)
    {
        auto added = open()->addUser(user, user, role, password());
        if (!added)
            qFatal("user: %s", errorCodeName(added.error().code));
    }

    /// The database's key, as the key file gives it, for tests that look at the file from below.
    SecretBytes dataKey()
    {
        auto file =
            KeySlotFile::load(QString::fromStdString(profile.keyFile().string()), environment.kdfCost);
        auto keys = file->unlockWithPassword(QStringLiteral("admin"), password(), [this]() {
            return secrets.read(deviceSecretName(databaseId()));
        });
        return std::move(keys->keys.current);
    }

    std::string databaseId()
    {
        return KeySlotFile::load(QString::fromStdString(profile.keyFile().string()), environment.kdfCost)
            ->databaseId();
    }

    /// A connection of its own, past the command layer.
    std::unique_ptr<Connection> connectBelow()
    {
        auto connection = Connection::open(profile.database(), dataKey(), Connection::Mode::Write);
        if (!connection)
            qFatal("connection: %s", errorCodeName(connection.error().code));
        return std::move(*connection);
    }

    QTemporaryDir folder;
    Profile profile{std::filesystem::path(folder.path().toStdString()) / "profile"};
    FixedClock clock{*parseInstant("2026-03-02T09:00:00Z")};
    SequenceIds ids;
    MemorySecretStore secrets;
    StoreEnvironment environment{clock, ids, &secrets, KdfCost{1U << 10U, 8, 1}};
    QString recoveryCode;
};

/// Parses JSON written in a test.
inline Json json(std::string_view text)
{
    auto value = Json::parse(text);
    if (!value)
        qFatal("a test's JSON is wrong: %s", value.error().context.c_str());
    return std::move(*value);
}

/// A Patient document with what search looks at.
inline Json patientDocument(const std::string& id, const std::string& family, const std::string& given,
                            const std::string& birthDate = "1980-03-12", const std::string& mrn = {},
                            const std::string& phone = {})
{
    Json patient = json(R"({"resourceType":"Patient"})");
    patient.set("id", id);
    if (!mrn.empty())
        patient.set(
            "identifier",
            json(
                R"([{"type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MR"}]},"value":")" +
                mrn + R"("}])"));
    Json name = Json::object();
    name.set("family", family);
    name.arrayAt("given").append(given);
    patient.arrayAt("name").append(std::move(name));
    if (!phone.empty())
        patient.set("telecom", json(R"([{"system":"phone","value":")" + phone + R"("}])"));
    patient.set("birthDate", birthDate);
    return patient;
}

/// Compares an error's code, and says what came instead.
#define YARROW_COMPARE_ERROR(result, expectedCode)                                                           \
    do {                                                                                                     \
        const auto& yarrowResult = (result);                                                                 \
        QVERIFY2(!yarrowResult.has_value(), "succeeded");                                                    \
        QCOMPARE(QByteArray(::yarrow::errorCodeName(yarrowResult.error().code)),                             \
                 QByteArray(::yarrow::errorCodeName(expectedCode)));                                         \
    } while (false)

/// Fails with the error's name and context.
#define YARROW_VERIFY_OK(result)                                                                             \
    do {                                                                                                     \
        const auto& yarrowResult = (result);                                                                 \
        QVERIFY2(yarrowResult.has_value(),                                                                   \
                 (yarrowResult.has_value()                                                                   \
                      ? std::string()                                                                        \
                      : std::string(::yarrow::errorCodeName(yarrowResult.error().code)) + " " +              \
                            yarrowResult.error().context)                                                    \
                     .c_str());                                                                              \
    } while (false)

} // namespace yarrow::testing
