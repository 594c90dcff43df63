// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"
#include "models/store/keys/key_slot_file.h"
#include "tests/support/key_file_samples.h"

#include <QTest>

using namespace yarrow;
using namespace yarrow::samples;

namespace {

using Edit = void (*)(Json& file);

Json& slotOf(Json& file, std::size_t index)
{
    return file.find("slots")->mutableItems().at(index);
}

/// Everybody's way in that the samples have. The number of ways that opened.
int waysThatOpen(const KeySlotFile& file)
{
    const DeviceSecretSource device = []() -> Result<SecretBytes> { return key(200); };
    int open = 0;
    open += file.unlockWithPassword(QStringLiteral("nora"), kPassword, device).has_value() ? 1 : 0;
    open += file.unlockWithPassword(QStringLiteral("emil"), kOtherPassword, device).has_value() ? 1 : 0;
    open += file.unlockWithDeviceSecret(key(200)).has_value() ? 1 : 0;
    return open;
}

} // namespace

/// What someone can do who has the file but not the keys: break it, but neither open it nor bend it.
class TestKeySlotDamage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void flippedBit_neverUnlocks();
    void cutFile_isDamaged();
    void partsOfAnotherUsersSlot_openNothing_data();
    void partsOfAnotherUsersSlot_openNothing();
    void slotOfAnotherDatabase_opensNothing();
    void slotOfAnotherKind_opensNothing();
    void keyOfAnotherVersion_opensNothing();
    void bentSlot_opensNothing_data();
    void bentSlot_opensNothing();
    void malformedFile_isDamaged_data();
    void malformedFile_isDamaged();
    void newerFile_isUnsupported_data();
    void newerFile_isUnsupported();
    void cost_isBounded_data();
    void cost_isBounded();
    void tooManySlots_areDamage();
    void tooLongText_isDamage();
};

void TestKeySlotDamage::flippedBit_neverUnlocks()
{
    KeySlotFile file = KeySlotFile::create(kDatabase, kCheap).value();
    QVERIFY(file.addPasswordSlot(keys(1), owner("user-1", QStringLiteral("nora")), kPassword).has_value());
    const std::string text = file.text();
    int parsed = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string flipped = text;
            flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ (1U << bit));
            const auto read = KeySlotFile::parse(flipped, kCheap);
            if (!read)
                continue;
            ++parsed;
            const auto unlocked = read->unlockWithPassword(QStringLiteral("nora"), kPassword);
            if (unlocked)
                QFAIL(qPrintable(QStringLiteral("bit %1 of byte %2 may change").arg(bit).arg(at)));
        }
    }
    QVERIFY(parsed > 100); // else the loop has tested the parser only
}

void TestKeySlotDamage::cutFile_isDamaged()
{
    const std::string text = twoUsers().text();
    for (std::size_t length = 0; length < text.size(); ++length) {
        const auto read = KeySlotFile::parse(std::string_view(text).substr(0, length), kCheap);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::KeyFileDamaged);
    }
}

void TestKeySlotDamage::partsOfAnotherUsersSlot_openNothing_data()
{
    QTest::addColumn<QStringList>("members");
    QTest::newRow("private key") << QStringList{QStringLiteral("privateKey")};
    QTest::newRow("public key") << QStringList{QStringLiteral("publicKey")};
    QTest::newRow("key pair") << QStringList{QStringLiteral("publicKey"), QStringLiteral("privateKey")};
    QTest::newRow("data key") << QStringList{QStringLiteral("keys")};
    QTest::newRow("salt") << QStringList{QStringLiteral("salt")};
    QTest::newRow("all but the identity")
        << QStringList{QStringLiteral("salt"), QStringLiteral("publicKey"), QStringLiteral("privateKey"),
                       QStringLiteral("keys")};
}

/// Both users have the same password here, so that nothing but the binding keeps the slots apart.
void TestKeySlotDamage::partsOfAnotherUsersSlot_openNothing()
{
    QFETCH(QStringList, members);
    KeySlotFile file = KeySlotFile::create(kDatabase, kCheap).value();
    QVERIFY(file.addPasswordSlot(keys(1), owner("user-1", QStringLiteral("nora")), kPassword).has_value());
    QVERIFY(file.addPasswordSlot(keys(1), owner("user-2", QStringLiteral("emil")), kPassword).has_value());
    Json json = Json::parse(file.text()).value();
    for (const QString& member : members) {
        const std::string name = member.toStdString();
        slotOf(json, 0).set(name, Json(slotOf(json, 1)[name]));
    }
    const auto bent = KeySlotFile::parse(json.dump(), kCheap);
    QVERIFY(bent.has_value());
    QVERIFY(!bent->unlockWithPassword(QStringLiteral("nora"), kPassword));
    QVERIFY(bent->unlockWithPassword(QStringLiteral("emil"), kPassword).has_value());
}

void TestKeySlotDamage::slotOfAnotherDatabase_opensNothing()
{
    Json json = Json::parse(twoUsers().text()).value();
    json.set("databaseId", "0192aa00-0000-7000-8000-000000000002");
    QCOMPARE(waysThatOpen(KeySlotFile::parse(json.dump(), kCheap).value()), 0);
}

void TestKeySlotDamage::slotOfAnotherKind_opensNothing()
{
    KeySlotFile file = twoUsers();
    const RecoveryCode code = file.setRecoverySlot(keys(1)).value();
    Json json = Json::parse(file.text()).value();
    slotOf(json, 2).set("kind", "device");
    const KeySlotFile bent = KeySlotFile::parse(json.dump(), kCheap).value();
    QVERIFY(bent.hasSlot(SlotKind::Device));
    QVERIFY(!bent.unlockWithDeviceSecret(code.bits()));
}

void TestKeySlotDamage::keyOfAnotherVersion_opensNothing()
{
    KeySlotFile file = twoUsers();
    QVERIFY(file.beginRotation(key(1), key(2)).has_value());
    Json json = Json::parse(file.text()).value();
    // The keys change places under their old version numbers.
    Json& sealed = *slotOf(json, 0).find("keys");
    std::swap(sealed.mutableItems().at(0), sealed.mutableItems().at(1));
    sealed.mutableItems().at(0).set("version", 1);
    sealed.mutableItems().at(1).set("version", 2);
    const KeySlotFile bent = KeySlotFile::parse(json.dump(), kCheap).value();
    const auto unlocked = bent.unlockWithPassword(QStringLiteral("nora"), kPassword);
    QVERIFY(!unlocked);
    QCOMPARE(unlocked.error().code, ErrorCode::KeyFileDamaged);
}

void TestKeySlotDamage::bentSlot_opensNothing_data()
{
    QTest::addColumn<Edit>("edit");
    QTest::newRow("another user") << Edit([](Json& f) { slotOf(f, 0).set("userId", "user-3"); });
    QTest::newRow("another spelling") << Edit([](Json& f) { slotOf(f, 0).set("userName", "Nora"); });
    QTest::newRow("a later verifier") << Edit([](Json& f) { slotOf(f, 0).set("verifierVersion", 2); });
    QTest::newRow("asks for the device secret")
        << Edit([](Json& f) { slotOf(f, 0).set("deviceSecret", true); });
    QTest::newRow("cheaper") << Edit([](Json& f) { slotOf(f, 0).find("scrypt")->set("n", 32); });
    QTest::newRow("another tag") << Edit([](Json& f) {
        slotOf(f, 0).find("keys")->mutableItems().at(0).set("tag", crypto::toBase64(key(5).span()));
    });
}

void TestKeySlotDamage::bentSlot_opensNothing()
{
    QFETCH(Edit, edit);
    Json json = Json::parse(twoUsers().text()).value();
    QCOMPARE(waysThatOpen(KeySlotFile::parse(json.dump(), kCheap).value()), 2);
    edit(json);
    QCOMPARE(waysThatOpen(KeySlotFile::parse(json.dump(), kCheap).value()), 1);
}

void TestKeySlotDamage::malformedFile_isDamaged_data()
{
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<QByteArray>("context");
    const auto row = [](const char* name, Edit edit, const char* context) {
        QTest::newRow(name) << edit << QByteArray(context);
    };
    row(
        "no slots", [](Json& f) { f.set("slots", Json::array()); }, "number of slots");
    row(
        "slots missing", [](Json& f) { f.remove("slots"); }, "members");
    row(
        "unknown member", [](Json& f) { f.set("more", 1); }, "members");
    row(
        "format of another type", [](Json& f) { f.set("format", "1"); }, "format");
    row(
        "format 0", [](Json& f) { f.set("format", 0); }, "format");
    row(
        "database id", [](Json& f) { f.set("databaseId", "a/b"); }, "databaseId");
    row(
        "key version", [](Json& f) { f.set("keyVersion", 0); }, "keyVersion");
    row(
        "key version that nothing has", [](Json& f) { f.set("keyVersion", 2); }, "slots[0].keys");
    row(
        "rotation without keys", [](Json& f) { f.set("rotating", true); }, "slots[0].keys");
    row(
        "slot is no object", [](Json& f) { slotOf(f, 1) = Json(1); }, "slots[1].version");
    row(
        "slot version 0", [](Json& f) { slotOf(f, 0).set("version", 0); }, "slots[0].version");
    row(
        "kind", [](Json& f) { slotOf(f, 0).set("kind", "pin"); }, "slots[0].kind");
    row(
        "user id", [](Json& f) { slotOf(f, 0).set("userId", ""); }, "slots[0].userId");
    row(
        "user name", [](Json& f) { slotOf(f, 0).set("userName", "a b"); }, "slots[0].userName");
    row(
        "decomposed user name", [](Json& f) { slotOf(f, 0).set("userName", "zoe\u0308"); },
        "slots[0].userName");
    row(
        "verifier version", [](Json& f) { slotOf(f, 0).set("verifierVersion", -1); },
        "slots[0].verifierVersion");
    row(
        "device secret", [](Json& f) { slotOf(f, 0).set("deviceSecret", Json()); }, "slots[0].deviceSecret");
    row(
        "salt", [](Json& f) { slotOf(f, 0).set("salt", "AAAA"); }, "slots[0].salt");
    row(
        "public key", [](Json& f) { slotOf(f, 0).set("publicKey", "?"); }, "slots[0].publicKey");
    row(
        "private key", [](Json& f) { slotOf(f, 0).remove("privateKey"); }, "slots[0].privateKey");
    row(
        "no key", [](Json& f) { slotOf(f, 0).set("keys", Json::array()); }, "slots[0].keys");
    row(
        "unknown member of a slot", [](Json& f) { slotOf(f, 0).set("more", 1); }, "slots[0].unknown member");
    row(
        "password members on a device slot", [](Json& f) { slotOf(f, 0).set("kind", "device"); },
        "slots[0].unknown member");
    row(
        "same user twice", [](Json& f) { slotOf(f, 1).set("userId", "user-1"); }, "slots[1] is there twice");
    row(
        "same name twice", [](Json& f) { slotOf(f, 1).set("userName", "NORA"); }, "slots[1] is there twice");
}

void TestKeySlotDamage::malformedFile_isDamaged()
{
    QFETCH(Edit, edit);
    QFETCH(QByteArray, context);
    Json json = Json::parse(twoUsers().text()).value();
    edit(json);
    const auto read = KeySlotFile::parse(json.dump(), kCheap);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::KeyFileDamaged);
    QCOMPARE(QByteArray::fromStdString(read.error().context), context);
}

void TestKeySlotDamage::newerFile_isUnsupported_data()
{
    QTest::addColumn<Edit>("edit");
    QTest::newRow("file") << Edit([](Json& f) { f.set("format", 2); });
    QTest::newRow("file of another shape") << Edit([](Json& f) {
        f.set("format", 9);
        f.remove("slots");
    });
    QTest::newRow("slot") << Edit([](Json& f) { slotOf(f, 1).set("version", 2); });
}

void TestKeySlotDamage::newerFile_isUnsupported()
{
    QFETCH(Edit, edit);
    Json json = Json::parse(twoUsers().text()).value();
    edit(json);
    const auto read = KeySlotFile::parse(json.dump(), kCheap);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Unsupported);
}

void TestKeySlotDamage::cost_isBounded_data()
{
    QTest::addColumn<QString>("n");
    QTest::addColumn<int>("r");
    QTest::addColumn<int>("p");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("production") << QStringLiteral("131072") << 8 << 1 << true;
    QTest::newRow("cheapest") << QStringLiteral("32768") << 8 << 1 << true;
    QTest::newRow("too cheap") << QStringLiteral("16384") << 8 << 1 << false;
    QTest::newRow("small blocks") << QStringLiteral("131072") << 4 << 1 << false;
    QTest::newRow("512 MiB") << QStringLiteral("524288") << 8 << 1 << true;
    QTest::newRow("1 GiB") << QStringLiteral("1048576") << 8 << 1 << false;
    QTest::newRow("wide blocks") << QStringLiteral("131072") << 64 << 1 << false;
    QTest::newRow("many lanes") << QStringLiteral("131072") << 8 << 5 << false;
    QTest::newRow("no power of two") << QStringLiteral("131073") << 8 << 1 << false;
    QTest::newRow("zero") << QStringLiteral("0") << 8 << 1 << false;
    QTest::newRow("overflow") << QStringLiteral("9223372036854775807") << 8 << 1 << false;
    QTest::newRow("wraps around") << QStringLiteral("4611686018427387904") << 32 << 1 << false;
}

void TestKeySlotDamage::cost_isBounded()
{
    QFETCH(QString, n);
    QFETCH(int, r);
    QFETCH(int, p);
    QFETCH(bool, accepted);
    Json json = Json::parse(twoUsers().text()).value();
    for (std::size_t i = 0; i < 2; ++i) {
        Json& cost = *slotOf(json, i).find("scrypt");
        cost.set("n", Json::number(n.toStdString()));
        cost.set("r", r);
        cost.set("p", p);
    }
    const auto read = KeySlotFile::parse(json.dump());
    QCOMPARE(read.has_value(), accepted);
    if (!accepted) {
        QCOMPARE(read.error().code, ErrorCode::KeyFileDamaged);
        QCOMPARE(read.error().context, std::string("slots[0].scrypt"));
    }
}

void TestKeySlotDamage::tooManySlots_areDamage()
{
    Json json = Json::parse(twoUsers().text()).value();
    const Json slot = slotOf(json, 0);
    Json::Array slots;
    for (int i = 0; i < 1001; ++i) {
        slots.push_back(slot);
        slots.back().set("userId", "user-" + std::to_string(i));
        slots.back().set("userName", "user-" + std::to_string(i));
    }
    json.set("slots", slots);
    QVERIFY(!KeySlotFile::parse(json.dump(), kCheap));
    slots.pop_back();
    json.set("slots", slots);
    QVERIFY(KeySlotFile::parse(json.dump(), kCheap).has_value());
}

void TestKeySlotDamage::tooLongText_isDamage()
{
    std::string text = twoUsers().text();
    text.append(1024U * 1024U - text.size(), ' ');
    QVERIFY(KeySlotFile::parse(text, kCheap).has_value());
    text += ' ';
    const auto read = KeySlotFile::parse(text, kCheap);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::KeyFileDamaged);
}

QTEST_GUILESS_MAIN(TestKeySlotDamage)
#include "tst_key_slot_damage.moc"
