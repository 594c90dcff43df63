// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/key_rotation.h"
#include "tests/support/test_clinic.h"

#include <fstream>

using namespace yarrow;
using namespace yarrow::testing;

class TestClinicLife : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void wrongPassword_isToldAndThrottled();
    void failedSignIns_areInTheAudit();
    void badNewClinic_isRefused_data();
    void badNewClinic_isRefused();
    void secondClinicInAProfile_isRefused();
    void databaseWithoutKeys_isMovedAside();
    void withoutItsKeyStore_aSlotStaysShut();
    void recoveryCode_givesANewPassword();
    void rotation_keepsEverything();
    void rotationCutOff_opensAtEveryStep_data();
    void rotationCutOff_opensAtEveryStep();
    void rotationWhileOpen_isRefused();
    void damage_isTold_data();
    void damage_isTold();
    void newerSchema_isRefusedUntouched();
    void namesInside_areNotInTheFiles();
    void rotationIsAudited_asItWent();
    void userLeftHalfway_canBeAddedAgain();
    void export_isAuditedAndItsOwnersAlone();
};

namespace {

const auto kAdmin = QStringLiteral("admin");

std::string fileText(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

void TestClinicLife::wrongPassword_isToldAndThrottled()
{
    TestClinic test;
    for (int i = 0; i < 3; ++i)
        YARROW_COMPARE_ERROR(
            Clinic::open(test.profile, kAdmin, QStringLiteral("not the password"), test.environment),
            ErrorCode::WrongPassword);
    YARROW_COMPARE_ERROR(Clinic::open(test.profile, kAdmin, TestClinic::password(), test.environment),
                         ErrorCode::Throttled);
    test.clock.advance(std::chrono::minutes(1));
    YARROW_VERIFY_OK(Clinic::open(test.profile, kAdmin, TestClinic::password(), test.environment));
    YARROW_COMPARE_ERROR(
        Clinic::open(test.profile, QStringLiteral("nobody"), TestClinic::password(), test.environment),
        ErrorCode::WrongPassword);
}

void TestClinicLife::failedSignIns_areInTheAudit()
{
    TestClinic test;
    (void)Clinic::open(test.profile, kAdmin, QStringLiteral("not the password"), test.environment);
    auto clinic = test.open();
    std::string detail;
    YARROW_VERIFY_OK(clinic->audit().forEach({}, [&](const AuditEntry& entry) {
        if (entry.action == "sign-in-failed")
            detail = entry.detail;
        return true;
    }));
    QCOMPARE(detail, std::string("1 since the last sign-in"));
}

void TestClinicLife::badNewClinic_isRefused_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("password");
    QTest::addColumn<QByteArray>("error");
    const QString good = TestClinic::password();
    QTest::newRow("no name") << QStringLiteral("  ") << kAdmin << good << QByteArray("InvalidArgument");
    QTest::newRow("user with a space")
        << QStringLiteral("C") << QStringLiteral("a b") << good << QByteArray("InvalidArgument");
    QTest::newRow("no user") << QStringLiteral("C") << QString() << good << QByteArray("InvalidArgument");
    QTest::newRow("short") << QStringLiteral("C") << kAdmin << QStringLiteral("kq7#vd2!")
                           << QByteArray("WeakPassword");
    QTest::newRow("common") << QStringLiteral("C") << kAdmin << QStringLiteral("password1234")
                            << QByteArray("WeakPassword");
}

void TestClinicLife::badNewClinic_isRefused()
{
    QFETCH(QString, name);
    QFETCH(QString, user);
    QFETCH(QString, password);
    QFETCH(QByteArray, error);
    TestClinic test;
    const Profile other(test.profile.folder().parent_path() / "other");
    const auto created =
        Clinic::create(other, {name, QTimeZone("Europe/Rome"), user, user, password}, test.environment);
    QVERIFY(!created.has_value());
    QCOMPARE(QByteArray(errorCodeName(created.error().code)), error);
    QVERIFY(!std::filesystem::exists(other.database()));
}

void TestClinicLife::secondClinicInAProfile_isRefused()
{
    TestClinic test;
    const std::string before = fileText(test.profile.keyFile());
    YARROW_COMPARE_ERROR(Clinic::create(test.profile,
                                        {QStringLiteral("Other"), QTimeZone("Europe/Rome"), kAdmin, kAdmin,
                                         TestClinic::password()},
                                        test.environment),
                         ErrorCode::AlreadyExists);
    QCOMPARE(fileText(test.profile.keyFile()), before);
}

void TestClinicLife::databaseWithoutKeys_isMovedAside()
{
    TestClinic test;
    const std::string database = fileText(test.profile.database());
    std::filesystem::remove(test.profile.keyFile());
    YARROW_VERIFY_OK(Clinic::create(
        test.profile,
        {QStringLiteral("Other"), QTimeZone("Europe/Rome"), kAdmin, kAdmin, TestClinic::password()},
        test.environment));
    int kept = 0;
    for (const auto& entry : std::filesystem::directory_iterator(test.profile.folder())) {
        if (entry.path().filename().string().starts_with("clinic.db.without-keys-"))
            kept += fileText(entry.path()) == database ? 1 : 0;
    }
    QCOMPARE(kept, 1);
}

void TestClinicLife::withoutItsKeyStore_aSlotStaysShut()
{
    TestClinic test;
    test.secrets.setAvailable(false);
    YARROW_COMPARE_ERROR(Clinic::open(test.profile, kAdmin, TestClinic::password(), test.environment),
                         ErrorCode::KeyStoreUnavailable);
    test.secrets.setAvailable(true);
    YARROW_VERIFY_OK(Clinic::open(test.profile, kAdmin, TestClinic::password(), test.environment));
}

void TestClinicLife::recoveryCode_givesANewPassword()
{
    TestClinic test;
    MemorySecretStore elsewhere; // another machine: its key store knows nothing of this clinic
    StoreEnvironment there{test.clock, test.ids, &elsewhere, test.environment.kdfCost};
    const auto code = RecoveryCode::parse(test.recoveryCode);
    YARROW_VERIFY_OK(code);
    const QString fresh = QStringLiteral("copper window lemon 4");
    YARROW_COMPARE_ERROR(Clinic::recover(test.profile, RecoveryCode::generate(), kAdmin, fresh, there),
                         ErrorCode::WrongPassword);
    YARROW_COMPARE_ERROR(Clinic::recover(test.profile, *code, kAdmin, QStringLiteral("short"), there),
                         ErrorCode::WeakPassword);
    YARROW_COMPARE_ERROR(Clinic::recover(test.profile, *code, QStringLiteral("nobody"), fresh, there),
                         ErrorCode::NotFound);
    YARROW_VERIFY_OK(Clinic::recover(test.profile, *code, kAdmin, fresh, there));
    YARROW_COMPARE_ERROR(Clinic::open(test.profile, kAdmin, TestClinic::password(), there),
                         ErrorCode::WrongPassword);
    auto clinic = Clinic::open(test.profile, kAdmin, fresh, there);
    YARROW_VERIFY_OK(clinic);
    bool audited = false;
    YARROW_VERIFY_OK((*clinic)->audit().forEach({}, [&](const AuditEntry& entry) {
        audited = audited || entry.action == "key-recovered";
        return true;
    }));
    QVERIFY(audited);
}

void TestClinicLife::rotation_keepsEverything()
{
    TestClinic test;
    test.addUser(QStringLiteral("desk"), Role::Receptionist);
    YARROW_VERIFY_OK(test.open()->resources().put(patientDocument("a", "Rossi", "Ada")));
    const SecretBytes oldKey = test.dataKey();
    YARROW_VERIFY_OK(Clinic::rotateKey(test.profile, kAdmin, TestClinic::password(), test.environment));
    YARROW_COMPARE_ERROR(Connection::open(test.profile.database(), oldKey, Connection::Mode::ReadOnly),
                         ErrorCode::DatabaseDamaged);
    auto desk = test.open(QStringLiteral("desk")); // who was not there has the new key as well
    YARROW_VERIFY_OK(desk->patients().view(PatientId::known("a")));
    YARROW_VERIFY_OK(desk->checkIntegrity());
    const auto verified = desk->audit().verify();
    YARROW_VERIFY_OK(verified);
    QVERIFY(!verified->firstBroken);
    desk.reset();
    YARROW_COMPARE_ERROR(
        Clinic::rotateKey(test.profile, QStringLiteral("desk"), TestClinic::password(), test.environment),
        ErrorCode::Forbidden);
    const auto recovered = Clinic::recover(test.profile, *RecoveryCode::parse(test.recoveryCode), kAdmin,
                                           QStringLiteral("copper window lemon 4"), test.environment);
    YARROW_VERIFY_OK(recovered);
}

void TestClinicLife::rotationCutOff_opensAtEveryStep_data()
{
    QTest::addColumn<int>("step");
    QTest::newRow("keys saved") << static_cast<int>(RotationStep::KeysSaved);
    QTest::newRow("copied") << static_cast<int>(RotationStep::Copied);
    QTest::newRow("re-keyed") << static_cast<int>(RotationStep::Rekeyed);
    QTest::newRow("renamed") << static_cast<int>(RotationStep::Renamed);
}

void TestClinicLife::rotationCutOff_opensAtEveryStep()
{
    QFETCH(int, step);
    TestClinic test;
    YARROW_VERIFY_OK(test.open()->resources().put(patientDocument("a", "Rossi", "Ada")));
    {
        auto keyFile = KeySlotFile::load(QString::fromStdString(test.profile.keyFile().string()),
                                         test.environment.kdfCost);
        const SecretBytes current = test.dataKey();
        YARROW_COMPARE_ERROR(
            rotateDataKey(test.profile, *keyFile, current, crypto::randomSecret(32),
                          [&](RotationStep reached) { return static_cast<int>(reached) != step; }),
            ErrorCode::Cancelled);
    }
    auto clinic = test.open();
    YARROW_VERIFY_OK(clinic->patients().view(PatientId::known("a")));
    YARROW_VERIFY_OK(clinic->checkIntegrity());
    const auto keyFile =
        KeySlotFile::load(QString::fromStdString(test.profile.keyFile().string()), test.environment.kdfCost);
    QVERIFY(!keyFile->isRotating());
    QVERIFY(!std::filesystem::exists(test.profile.database().string() + ".rotating"));
    clinic.reset();
    YARROW_VERIFY_OK(Clinic::rotateKey(test.profile, kAdmin, TestClinic::password(), test.environment));
}

void TestClinicLife::rotationWhileOpen_isRefused()
{
    TestClinic test;
    auto clinic = test.open();
    YARROW_COMPARE_ERROR(Clinic::rotateKey(test.profile, kAdmin, TestClinic::password(), test.environment),
                         ErrorCode::DatabaseBusy);
    YARROW_VERIFY_OK(clinic->resources().put(patientDocument("a", "Rossi", "Ada")));
}

void TestClinicLife::damage_isTold_data()
{
    QTest::addColumn<int>("offset"); // where bytes are changed; -1: cut off there instead
    QTest::newRow("header") << 100;
    QTest::newRow("salt") << 3;
    QTest::newRow("first page") << 3000;
    QTest::newRow("later page") << 6 * 4096 + 77;
    QTest::newRow("truncated") << -1;
    QTest::newRow("empty") << -2;
}

void TestClinicLife::damage_isTold()
{
    QFETCH(int, offset);
    TestClinic test;
    YARROW_VERIFY_OK(test.open()->resources().put(patientDocument("a", "Rossi", "Ada")));
    std::filesystem::copy_file(test.profile.database(), test.profile.folder() / "whole");
    if (offset >= 0) {
        std::fstream file(test.profile.database(), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(offset);
        file.write("damaged!", 8);
    } else {
        const auto size = std::filesystem::file_size(test.profile.database());
        std::filesystem::resize_file(test.profile.database(), offset == -1 ? size / 2 + 100 : 0);
    }
    const std::string damaged = fileText(test.profile.database());
    auto opened = Clinic::open(test.profile, kAdmin, TestClinic::password(), test.environment);
    if (opened) { // the page was not needed for signing in: the check finds it
        YARROW_COMPARE_ERROR((*opened)->checkIntegrity(), ErrorCode::DatabaseDamaged);
        opened->reset();
    } else {
        QCOMPARE(QByteArray(errorCodeName(opened.error().code)), QByteArray("DatabaseDamaged"));
        QCOMPARE(fileText(test.profile.database()), damaged); // nothing was "repaired" behind anybody's back
    }
    std::filesystem::copy_file(test.profile.folder() / "whole", test.profile.database(),
                               std::filesystem::copy_options::overwrite_existing);
    for (const char* suffix : {"-wal", "-shm"})
        std::filesystem::remove(test.profile.database().string() + suffix);
    YARROW_VERIFY_OK(test.open()->patients().view(PatientId::known("a")));
}

void TestClinicLife::newerSchema_isRefusedUntouched()
{
    TestClinic test;
    {
        auto below = test.connectBelow();
        below->exec("PRAGMA user_version = 999");
        below->exec("PRAGMA journal_mode = DELETE");
    }
    const std::string before = fileText(test.profile.database());
    const auto opened = Clinic::open(test.profile, kAdmin, TestClinic::password(), test.environment);
    YARROW_COMPARE_ERROR(opened, ErrorCode::DatabaseNewer);
    QVERIFY(opened.error().context.find("999") != std::string::npos);
    auto below = test.connectBelow();
    below->exec("PRAGMA journal_mode = DELETE");
    below.reset();
    // Opening for a look turns the write-ahead log on, which marks the first page; the content is the same.
    QCOMPARE(fileText(test.profile.database()).size(), before.size());
}

void TestClinicLife::namesInside_areNotInTheFiles()
{
    TestClinic test;
    auto clinic = test.open();
    YARROW_VERIFY_OK(clinic->resources().put(
        patientDocument("findme-id-123", "Quetzalcoatl", "Xochitl", "1980-03-12", "MRN-998877")));
    YARROW_VERIFY_OK(clinic->patients().search("quetzal", 5));
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(test.profile.folder())) {
        if (!entry.is_regular_file())
            continue;
        ++files;
        const std::string content = fileText(entry.path());
        for (const char* secret :
             {"Quetzalcoatl", "quetzalcoatl", "Xochitl", "findme-id", "998877", "Lindenhof", "SQLite format"})
            QVERIFY2(content.find(secret) == std::string::npos, entry.path().filename().c_str());
    }
    QVERIFY(files >= 3); // database, write-ahead log, keys
    for (const auto& path : {test.profile.database(), test.profile.keyFile()})
        QCOMPARE(static_cast<int>(std::filesystem::status(path).permissions()), 0600);
}

void TestClinicLife::rotationIsAudited_asItWent()
{
    TestClinic test;
    const auto outcomes = [&] {
        QStringList found;
        const auto read = test.open()->audit().forEach({}, [&](const AuditEntry& entry) {
            if (entry.action == "key-rotated")
                found << QString::fromStdString(entry.outcome);
            return true;
        });
        if (!read)
            found << QStringLiteral("unreadable");
        return found.join(u' ');
    };
    {
        auto open = test.open();
        YARROW_COMPARE_ERROR(
            Clinic::rotateKey(test.profile, kAdmin, TestClinic::password(), test.environment),
            ErrorCode::DatabaseBusy);
    }
    QCOMPARE(outcomes(), QString()); // nothing was rotated
    YARROW_VERIFY_OK(Clinic::rotateKey(test.profile, kAdmin, TestClinic::password(), test.environment));
    QCOMPARE(outcomes(), QStringLiteral("0"));
}

void TestClinicLife::userLeftHalfway_canBeAddedAgain()
{
    TestClinic test;
    {
        // A slot whose account was never committed.
        auto keyFile = KeySlotFile::load(QString::fromStdString(test.profile.keyFile().string()),
                                         test.environment.kdfCost);
        const DataKeys keys{test.dataKey(), std::nullopt};
        YARROW_VERIFY_OK(keyFile->addPasswordSlot(keys, {AccountId::known("ghost"), QStringLiteral("desk")},
                                                  TestClinic::password()));
        YARROW_VERIFY_OK(keyFile->save(QString::fromStdString(test.profile.keyFile().string())));
    }
    YARROW_COMPARE_ERROR(
        Clinic::open(test.profile, QStringLiteral("desk"), TestClinic::password(), test.environment),
        ErrorCode::Forbidden);
    test.addUser(QStringLiteral("desk"), Role::Receptionist);
    YARROW_VERIFY_OK(
        Clinic::open(test.profile, QStringLiteral("desk"), TestClinic::password(), test.environment));
    YARROW_COMPARE_ERROR(test.open()->addUser(QStringLiteral("DESK"), QStringLiteral("x"), Role::Nurse,
                                              TestClinic::password()),
                         ErrorCode::AlreadyExists);
}

void TestClinicLife::export_isAuditedAndItsOwnersAlone()
{
    TestClinic test;
    auto clinic = test.open();
    YARROW_VERIFY_OK(clinic->resources().put(patientDocument("a", "Rossi", "Ada")));
    const auto target = test.profile.folder().parent_path() / "out.ndjson";
    YARROW_VERIFY_OK(clinic->exporter().run(target, {}));
    QCOMPARE(static_cast<int>(std::filesystem::status(target).permissions()), 0600);
    YARROW_COMPARE_ERROR(clinic->exporter().run(test.profile.database(), {}), ErrorCode::InvalidArgument);
    YARROW_COMPARE_ERROR(clinic->exporter().run(test.profile.folder() / "no" / "such" / "x", {}),
                         ErrorCode::Io);
    QStringList details;
    YARROW_VERIFY_OK(clinic->audit().forEach({}, [&](const AuditEntry& entry) {
        if (entry.action == "export")
            details << QString::fromStdString(entry.detail);
        return true;
    }));
    QCOMPARE(details, (QStringList{QStringLiteral("begins: out.ndjson"),
                                   QStringLiteral("1 documents: out.ndjson"), QStringLiteral("begins: x")}));
}

QTEST_GUILESS_MAIN(TestClinicLife)
#include "tst_clinic.moc"
