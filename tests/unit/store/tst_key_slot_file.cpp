// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/keys/key_slot_file.h"

#include "core/json.h"
#include "tests/support/key_file_samples.h"

#include <QTest>

using namespace yarrow;
using namespace yarrow::samples;

namespace {

DeviceSecretSource gives(const SecretBytes& secret)
{
    return [&secret]() -> Result<SecretBytes> { return secret.clone(); };
}

template <class T>
ErrorCode codeOf(const Result<T>& result)
{
    return result ? static_cast<ErrorCode>(-1) : result.error().code;
}

} // namespace

#define QCOMPARE_CODE(result, code) QCOMPARE(errorCodeName(codeOf(result)), errorCodeName(code))

class TestKeySlotFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passwordOpensItsOwnSlot();
    void wrongPassword_opensNothing();
    void composedAndDecomposedPasswords_areTheSame();
    void userNames_compareWithoutCase();
    void deviceSecret_isNeededWhereItWasMixedIn();
    void deviceSlot_opensWithItsSecretAlone();
    void recoverySlot_opensWithTheCode();
    void newRecoveryCode_replacesTheOld();
    void aSlotPerUserAndName();
    void foreignKeys_areRefused();
    void changedPassword_remakesOneSlotOnly();
    void failedChange_changesNothing();
    void lastSlot_staysWhereItIs();
    void textAndBack_isTheSameFile();
    void secrets_areNotInTheText();

    void rotation_givesBothKeysToEverySlot();
    void rotation_finished_leavesTheNewKey();
    void rotation_cancelled_leavesTheOldKey();
    void rotation_takesChangesInBetween();
    void rotation_survivesTheFileAtEachStage();
    void slippedInSlot_receivesNoNewKey();
};

void TestKeySlotFile::passwordOpensItsOwnSlot()
{
    const KeySlotFile file = twoUsers();
    const auto unlocked = file.unlockWithPassword(QStringLiteral("nora"), kPassword);
    QVERIFY(unlocked.has_value());
    QVERIFY(same(unlocked->keys.current, key(1)));
    QVERIFY(!unlocked->keys.next);
    QCOMPARE(unlocked->slot.userId.text(), std::string("user-1"));
    QCOMPARE(unlocked->slot.verifierVersion, 1);
    QCOMPARE(file.userNames(), QStringList({QStringLiteral("nora"), QStringLiteral("emil")}));
    QCOMPARE(file.passwordSlot(QStringLiteral("emil"))->verifierVersion, 7);
}

void TestKeySlotFile::wrongPassword_opensNothing()
{
    const KeySlotFile file = twoUsers();
    const SecretBytes device = key(200);
    QCOMPARE_CODE(file.unlockWithPassword(QStringLiteral("nora"), kOtherPassword), ErrorCode::WrongPassword);
    QCOMPARE_CODE(file.unlockWithPassword(QStringLiteral("nora"), QString()), ErrorCode::WrongPassword);
    QCOMPARE_CODE(file.unlockWithPassword(QStringLiteral("emil"), kPassword, gives(device)),
                  ErrorCode::WrongPassword);
    QCOMPARE_CODE(file.unlockWithPassword(QStringLiteral("nobody"), kPassword), ErrorCode::WrongPassword);
}

void TestKeySlotFile::composedAndDecomposedPasswords_areTheSame()
{
    KeySlotFile file = KeySlotFile::create(kDatabase, kCheap).value();
    const QString composed = QStringLiteral("d\u00e9j\u00e0 vu, na\u00efve");
    const QString decomposed = QStringLiteral("de\u0301ja\u0300 vu, nai\u0308ve");
    QVERIFY(composed != decomposed);
    QVERIFY(file.addPasswordSlot(keys(1), owner("user-1", QStringLiteral("nora")), composed).has_value());
    QVERIFY(file.unlockWithPassword(QStringLiteral("nora"), decomposed).has_value());
}

void TestKeySlotFile::userNames_compareWithoutCase()
{
    KeySlotFile file = KeySlotFile::create(kDatabase, kCheap).value();
    QVERIFY(
        file.addPasswordSlot(keys(1), owner("user-1", QStringLiteral("Zo\u00eb.K")), kPassword).has_value());
    QVERIFY(file.unlockWithPassword(QStringLiteral("ZOE\u0308.k"), kPassword).has_value());
    QCOMPARE_CODE(file.addPasswordSlot(keys(1), owner("user-2", QStringLiteral("zo\u00eb.k")), kPassword),
                  ErrorCode::AlreadyExists);
}

void TestKeySlotFile::deviceSecret_isNeededWhereItWasMixedIn()
{
    const KeySlotFile file = twoUsers();
    const QString emil = QStringLiteral("emil");
    const SecretBytes device = key(200);
    const SecretBytes other = key(201);
    QVERIFY(file.unlockWithPassword(emil, kOtherPassword, gives(device)).has_value());
    QCOMPARE_CODE(file.unlockWithPassword(emil, kOtherPassword, gives(other)), ErrorCode::WrongPassword);
    QCOMPARE_CODE(file.unlockWithPassword(emil, kOtherPassword), ErrorCode::KeyStoreUnavailable);
    const DeviceSecretSource absent = []() -> Result<SecretBytes> { return fail(ErrorCode::NotFound); };
    QCOMPARE_CODE(file.unlockWithPassword(emil, kOtherPassword, absent), ErrorCode::KeyStoreUnavailable);

    const DeviceSecretSource never = []() -> Result<SecretBytes> {
        QTest::qFail("asked for a secret that is not needed", __FILE__, __LINE__);
        return fail(ErrorCode::NotFound);
    };
    QVERIFY(file.unlockWithPassword(QStringLiteral("nora"), kPassword, never).has_value());
}

void TestKeySlotFile::deviceSlot_opensWithItsSecretAlone()
{
    KeySlotFile file = twoUsers();
    QCOMPARE_CODE(file.unlockWithDeviceSecret(key(200)), ErrorCode::NotFound);
    QVERIFY(file.setDeviceSlot(keys(1), key(200)).has_value());
    const auto unlocked = file.unlockWithDeviceSecret(key(200));
    QVERIFY(unlocked.has_value());
    QVERIFY(same(unlocked->keys.current, key(1)));
    QVERIFY(unlocked->slot.userId.isEmpty());
    QCOMPARE_CODE(file.unlockWithDeviceSecret(key(201)), ErrorCode::WrongPassword);
    QVERIFY(file.removeDeviceSlot().has_value());
    QVERIFY(!file.hasSlot(SlotKind::Device));
}

void TestKeySlotFile::recoverySlot_opensWithTheCode()
{
    KeySlotFile file = twoUsers();
    const auto code = file.setRecoverySlot(keys(1));
    QVERIFY(code.has_value());
    const auto typed = RecoveryCode::parse(code->text());
    QVERIFY(typed.has_value());
    const auto unlocked = file.unlockWithRecoveryCode(*typed);
    QVERIFY(unlocked.has_value());
    QVERIFY(same(unlocked->keys.current, key(1)));
    QCOMPARE_CODE(file.unlockWithRecoveryCode(RecoveryCode::generate()), ErrorCode::WrongPassword);
}

void TestKeySlotFile::newRecoveryCode_replacesTheOld()
{
    KeySlotFile file = twoUsers();
    const auto first = file.setRecoverySlot(keys(1));
    const auto second = file.setRecoverySlot(keys(1));
    QVERIFY(first && second);
    QCOMPARE(file.slots().size(), std::size_t{3});
    QCOMPARE_CODE(file.unlockWithRecoveryCode(*first), ErrorCode::WrongPassword);
    QVERIFY(file.unlockWithRecoveryCode(*second).has_value());
}

void TestKeySlotFile::aSlotPerUserAndName()
{
    KeySlotFile file = twoUsers();
    QCOMPARE_CODE(file.addPasswordSlot(keys(1), owner("user-1", QStringLiteral("other")), kPassword),
                  ErrorCode::AlreadyExists);
    QCOMPARE_CODE(file.addPasswordSlot(keys(1), owner("user-3", QStringLiteral("nora")), kPassword),
                  ErrorCode::AlreadyExists);
    QCOMPARE_CODE(file.addPasswordSlot(keys(1), owner("user-3", QStringLiteral("no ra")), kPassword),
                  ErrorCode::InvalidArgument);
    QCOMPARE_CODE(file.addPasswordSlot(keys(1), owner("user-3", QString()), kPassword),
                  ErrorCode::InvalidArgument);
    QCOMPARE_CODE(file.addPasswordSlot(keys(1), {AccountId(), QStringLiteral("new"), 1}, kPassword),
                  ErrorCode::InvalidArgument);
    QCOMPARE(file, file);
    QCOMPARE(file.slots().size(), std::size_t{2});
}

void TestKeySlotFile::foreignKeys_areRefused()
{
    KeySlotFile file = twoUsers();
    QCOMPARE_CODE(file.addPasswordSlot(keys(2), owner("user-3", QStringLiteral("new")), kPassword),
                  ErrorCode::InvalidArgument);
    QCOMPARE_CODE(file.setRecoverySlot(keys(2)), ErrorCode::InvalidArgument);
    QCOMPARE_CODE(file.setDeviceSlot({key(1), key(2)}, key(200)), ErrorCode::InvalidArgument);
    QCOMPARE_CODE(file.setDeviceSlot({SecretBytes(31), std::nullopt}, key(200)), ErrorCode::InvalidArgument);
    QCOMPARE_CODE(file.setDeviceSlot(keys(1), SecretBytes(31)), ErrorCode::InvalidArgument);
    QCOMPARE(file.slots().size(), std::size_t{2});
}

void TestKeySlotFile::changedPassword_remakesOneSlotOnly()
{
    KeySlotFile file = twoUsers();
    const QString fresh = QStringLiteral("copper-anvil-16-heron");
    const Json before = Json::parse(file.text()).value();
    const SecretBytes device = key(200);
    QVERIFY(file.changePassword(QStringLiteral("emil"), kOtherPassword, fresh, 8, gives(device)).has_value());
    const Json after = Json::parse(file.text()).value();

    QCOMPARE(after["slots"][0], before["slots"][0]);
    for (const char* member : {"salt", "publicKey", "privateKey", "keys"})
        QVERIFY(after["slots"][1][member] != before["slots"][1][member]);
    QCOMPARE_CODE(file.unlockWithPassword(QStringLiteral("emil"), kOtherPassword, gives(device)),
                  ErrorCode::WrongPassword);
    QCOMPARE_CODE(file.unlockWithPassword(QStringLiteral("emil"), fresh), ErrorCode::KeyStoreUnavailable);
    const auto unlocked = file.unlockWithPassword(QStringLiteral("emil"), fresh, gives(device));
    QVERIFY(unlocked.has_value());
    QVERIFY(same(unlocked->keys.current, key(1)));
    QCOMPARE(unlocked->slot.verifierVersion, 8);
    QCOMPARE(file.userNames(), QStringList({QStringLiteral("nora"), QStringLiteral("emil")}));
}

void TestKeySlotFile::failedChange_changesNothing()
{
    KeySlotFile file = twoUsers();
    const KeySlotFile before = file;
    QCOMPARE_CODE(file.changePassword(QStringLiteral("nora"), kOtherPassword, kPassword, 2),
                  ErrorCode::WrongPassword);
    QCOMPARE_CODE(file.changePassword(QStringLiteral("emil"), kOtherPassword, kPassword, 2),
                  ErrorCode::KeyStoreUnavailable);
    QCOMPARE_CODE(file.changePassword(QStringLiteral("nora"), kPassword, kOtherPassword, -1),
                  ErrorCode::InvalidArgument);
    QVERIFY(file == before);
}

void TestKeySlotFile::lastSlot_staysWhereItIs()
{
    KeySlotFile file = twoUsers();
    QVERIFY(file.removePasswordSlot(AccountId::known("user-1")).has_value());
    QCOMPARE_CODE(file.removePasswordSlot(AccountId::known("user-1")), ErrorCode::NotFound);
    QCOMPARE_CODE(file.removeRecoverySlot(), ErrorCode::NotFound);
    QCOMPARE_CODE(file.removePasswordSlot(AccountId::known("user-2")), ErrorCode::InvalidArgument);
    QCOMPARE(file.userNames(), QStringList({QStringLiteral("emil")}));
}

void TestKeySlotFile::textAndBack_isTheSameFile()
{
    KeySlotFile file = twoUsers();
    QVERIFY(file.setDeviceSlot(keys(1), key(200)).has_value());
    QVERIFY(file.setRecoverySlot(keys(1)).has_value());
    QVERIFY(KeySlotFile::parse(file.text(), kCheap).value() == file);
    QVERIFY(file.beginRotation(key(1), key(2)).has_value());
    QVERIFY(KeySlotFile::parse(file.text(), kCheap).value() == file);
}

void TestKeySlotFile::secrets_areNotInTheText()
{
    KeySlotFile file = twoUsers();
    const RecoveryCode code = file.setRecoverySlot(keys(1)).value();
    const std::string text = file.text();
    for (const SecretBytes& secret : {std::cref(code.bits()).get().clone(), key(1), key(200)}) {
        QVERIFY(text.find(crypto::toBase64(secret.span())) == std::string::npos);
        QVERIFY(text.find(crypto::toHex(secret.span())) == std::string::npos);
    }
    QVERIFY(text.find(kPassword.toStdString()) == std::string::npos);
}

void TestKeySlotFile::rotation_givesBothKeysToEverySlot()
{
    KeySlotFile file = twoUsers();
    QVERIFY(file.setDeviceSlot(keys(1), key(200)).has_value());
    const RecoveryCode code = file.setRecoverySlot(keys(1)).value();
    QVERIFY(file.beginRotation(key(1), key(2)).has_value());
    QVERIFY(file.isRotating());
    QCOMPARE(file.keyVersion(), 1);
    QCOMPARE_CODE(file.beginRotation(key(1), key(3)), ErrorCode::AlreadyExists);

    const SecretBytes device = key(200);
    std::vector<Result<UnlockedKeys>> all;
    all.push_back(file.unlockWithPassword(QStringLiteral("nora"), kPassword));
    all.push_back(file.unlockWithPassword(QStringLiteral("emil"), kOtherPassword, gives(device)));
    all.push_back(file.unlockWithDeviceSecret(device));
    all.push_back(file.unlockWithRecoveryCode(code));
    for (const auto& unlocked : all) {
        QVERIFY(unlocked.has_value());
        QVERIFY(same(unlocked->keys.current, key(1)));
        QVERIFY(unlocked->keys.next && same(*unlocked->keys.next, key(2)));
    }
}

void TestKeySlotFile::rotation_finished_leavesTheNewKey()
{
    KeySlotFile file = twoUsers();
    QCOMPARE_CODE(file.finishRotation(), ErrorCode::InvalidArgument);
    QVERIFY(file.beginRotation(key(1), key(2)).has_value());
    QVERIFY(file.finishRotation().has_value());
    QVERIFY(!file.isRotating());
    QCOMPARE(file.keyVersion(), 2);
    const auto unlocked = file.unlockWithPassword(QStringLiteral("nora"), kPassword);
    QVERIFY(unlocked.has_value());
    QVERIFY(same(unlocked->keys.current, key(2)));
    QVERIFY(!unlocked->keys.next);
    QVERIFY(file.beginRotation(key(2), key(3)).has_value());
    QVERIFY(file.finishRotation().has_value());
    QVERIFY(same(file.unlockWithPassword(QStringLiteral("nora"), kPassword)->keys.current, key(3)));
}

void TestKeySlotFile::rotation_cancelled_leavesTheOldKey()
{
    KeySlotFile file = twoUsers();
    const KeySlotFile before = file;
    QCOMPARE_CODE(file.cancelRotation(), ErrorCode::InvalidArgument);
    QVERIFY(file.beginRotation(key(1), key(2)).has_value());
    QVERIFY(file.cancelRotation().has_value());
    QVERIFY(file == before);
}

void TestKeySlotFile::rotation_takesChangesInBetween()
{
    KeySlotFile file = twoUsers();
    QVERIFY(file.beginRotation(key(1), key(2)).has_value());
    QCOMPARE_CODE(file.addPasswordSlot(keys(1), owner("user-3", QStringLiteral("new")), kPassword),
                  ErrorCode::InvalidArgument);
    QVERIFY(file.addPasswordSlot({key(1), key(2)}, owner("user-3", QStringLiteral("new")), kPassword)
                .has_value());
    QVERIFY(file.changePassword(QStringLiteral("nora"), kPassword, kOtherPassword, 2).has_value());
    QVERIFY(file.finishRotation().has_value());
    QVERIFY(same(file.unlockWithPassword(QStringLiteral("new"), kPassword)->keys.current, key(2)));
    QVERIFY(same(file.unlockWithPassword(QStringLiteral("nora"), kOtherPassword)->keys.current, key(2)));
}

/// A crash loses everything but the text: each stage must open from it.
void TestKeySlotFile::rotation_survivesTheFileAtEachStage()
{
    const auto reopened = [](const KeySlotFile& file) {
        return KeySlotFile::parse(file.text(), kCheap).value();
    };
    const QString nora = QStringLiteral("nora");
    KeySlotFile file = reopened(twoUsers());
    QVERIFY(file.beginRotation(key(1), key(2)).has_value());

    file = reopened(file);
    const auto during = file.unlockWithPassword(nora, kPassword);
    QVERIFY(during && same(during->keys.current, key(1)) && during->keys.next &&
            same(*during->keys.next, key(2)));

    KeySlotFile cancelled = file;
    QVERIFY(cancelled.cancelRotation().has_value());
    QVERIFY(same(reopened(cancelled).unlockWithPassword(nora, kPassword)->keys.current, key(1)));

    QVERIFY(file.finishRotation().has_value());
    const auto after = reopened(file).unlockWithPassword(nora, kPassword);
    QVERIFY(after && same(after->keys.current, key(2)) && !after->keys.next);
}

void TestKeySlotFile::slippedInSlot_receivesNoNewKey()
{
    // Someone who can write the file, but does not know the data key, adds a slot of their own making.
    KeySlotFile theirs = KeySlotFile::create(kDatabase, kCheap).value();
    QVERIFY(
        theirs.addPasswordSlot(keys(99), owner("user-9", QStringLiteral("intruder")), kPassword).has_value());
    const Json slot = Json::parse(theirs.text()).value()["slots"][0];
    Json json = Json::parse(twoUsers().text()).value();
    json.find("slots")->append(slot);

    KeySlotFile file = KeySlotFile::parse(json.dump(), kCheap).value();
    const KeySlotFile before = file;
    const auto begun = file.beginRotation(key(1), key(2));
    QCOMPARE_CODE(begun, ErrorCode::KeyFileDamaged);
    QCOMPARE(begun.error().context, std::string("slots[2].tag"));
    QVERIFY(file == before);
    QVERIFY(file.removePasswordSlot(AccountId::known("user-9")).has_value());
    QVERIFY(file.beginRotation(key(1), key(2)).has_value());
}

QTEST_GUILESS_MAIN(TestKeySlotFile)
#include "tst_key_slot_file.moc"
