// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/name_likeness.h"
#include "models/domain/patient_match.h"

#include <QtTest>

#include <algorithm>

using namespace yarrow;

namespace {

Patient person(const char* family, const char* given, const char* birth, Sex sex = Sex::Female,
               const char* phone = "")
{
    Patient patient;
    patient.names.push_back(
        {HumanName::Use::Unset, QString::fromUtf8(family), {QString::fromUtf8(given)}, {}, {}, {}});
    patient.birthDate = PartialDate::parse(birth).value_or(PartialDate());
    patient.sex = sex;
    if (*phone != 0)
        patient.telecoms.push_back(
            {ContactPoint::System::Phone, ContactPoint::Use::Mobile, QString::fromLatin1(phone), 0});
    return patient;
}

/// Of family name, given name, birth date and phone.
Patient woman(const QByteArrayList& facts)
{
    return person(facts[0], facts[1], facts[2], Sex::Female, facts[3]);
}

bool isDuplicate(const Patient& a, const Patient& b, std::int64_t among = 3000)
{
    return compare(matchProfile(a), matchProfile(b)).weight >= duplicateThreshold(among);
}

bool says(const MatchScore& score, MatchReason::Field field, MatchReason::Agreement agreement)
{
    return std::any_of(score.reasons.begin(), score.reasons.end(), [&](const MatchReason& reason) {
        return reason.field == field && reason.agreement == agreement;
    });
}

} // namespace

class TestPatientMatch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void jaroWinkler_givesThePublishedValues();
    void namesThatSoundAlike_haveOneKey_data();
    void namesThatSoundAlike_haveOneKey();
    void onePersonWrittenDownTwice_isFound_data();
    void onePersonWrittenDownTwice_isFound();
    void twoPeople_areNotTakenForOne_data();
    void twoPeople_areNotTakenForOne();
    void amongMorePatients_moreMustAgree();
    void theScore_isTheSameBothWays();
    void reasons_nameWhatIsTransposed();
};

void TestPatientMatch::jaroWinkler_givesThePublishedValues()
{
    // Winkler, "Overview of Record Linkage and Current Research Directions" (2006), table 6.
    QVERIFY(std::abs(jaroWinkler("shackleford", "shackelford") - 0.982) < 0.001);
    QVERIFY(std::abs(jaroWinkler("dunningham", "cunnigham") - 0.896) < 0.001);
    QVERIFY(std::abs(jaroWinkler("nichleson", "nichulson") - 0.956) < 0.001);
    QVERIFY(std::abs(jaroWinkler("jones", "johnson") - 0.832) < 0.001);
    QVERIFY(std::abs(jaroWinkler("massey", "massie") - 0.933) < 0.001);
    QCOMPARE(jaroWinkler("", ""), 0.0);
    QCOMPARE(jaroWinkler("a", "a"), 1.0);
    QCOMPARE(jaroWinkler("ab", "cd"), 0.0);
}

void TestPatientMatch::namesThatSoundAlike_haveOneKey_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    const auto row = [](const char* a, const char* b) {
        QTest::newRow(a) << QString::fromUtf8(a) << QString::fromUtf8(b);
    };
    row("Meyer", "Mayr");
    row("Müller", "Mueller");
    row("Schmidt", "Schmitt");
    row("Nowak", "Novák");
    row("Philipp", "Filip");
    row("Mohammed", "Muhamad");
    row("Иванов", "Ivanov");
    row("Παπαδόπουλος", "Papadopoulos");
    row("Rossi", "Rosi");
}

void TestPatientMatch::namesThatSoundAlike_haveOneKey()
{
    QFETCH(QString, a);
    QFETCH(QString, b);
    QCOMPARE(soundKey(nameWords(a).at(0)), soundKey(nameWords(b).at(0)));
}

void TestPatientMatch::onePersonWrittenDownTwice_isFound_data()
{
    QTest::addColumn<QByteArrayList>("first");
    QTest::addColumn<QByteArrayList>("second");
    const auto row = [](const char* name, QByteArrayList a, QByteArrayList b) {
        QTest::newRow(name) << std::move(a) << std::move(b);
    };
    row("a typing error", {"Lindqvist", "Astrid", "1974-05-16", ""},
        {"Lindqvits", "Astrid", "1974-05-16", ""});
    row("swapped names", {"Lindqvist", "Astrid", "1974-05-16", ""},
        {"Astrid", "Lindqvist", "1974-05-16", ""});
    row("day and month transposed", {"Lindqvist", "Astrid", "1974-05-06", ""},
        {"Lindqvist", "Astrid", "1974-06-05", ""});
    row("a married name and one phone", {"Lindqvist", "Astrid", "1974-05-16", "347 765 4321"},
        {"Berg", "Astrid", "1974-05-16", "+39 347 7654321"});
    row("a digit of the year and one phone", {"Lindqvist", "Astrid", "1974-05-16", "347 765 4321"},
        {"Lindqvist", "Astrid", "1975-05-16", "3477654321"});
    row("another script", {"Иванова", "Ольга", "1974-05-16", ""}, {"Ivanova", "Olga", "1974-05-16", ""});
    row("two family names", {"García Márquez", "Pilar", "1974-05-16", ""},
        {"Garcia", "Pilar", "1974-05-16", ""});
}

void TestPatientMatch::onePersonWrittenDownTwice_isFound()
{
    QFETCH(QByteArrayList, first);
    QFETCH(QByteArrayList, second);
    QVERIFY(isDuplicate(woman(first), woman(second)));
}

void TestPatientMatch::twoPeople_areNotTakenForOne_data()
{
    QTest::addColumn<QByteArrayList>("first");
    QTest::addColumn<QByteArrayList>("second");
    QTest::newRow("twins") << QByteArrayList{"Lindqvist", "Astrid", "1974-05-16", "347 765 4321"}
                           << QByteArrayList{"Lindqvist", "Freya", "1974-05-16", "347 765 4321"};
    QTest::newRow("mother and daughter of one name")
        << QByteArrayList{"Lindqvist", "Astrid", "1974-05-16", "347 765 4321"}
        << QByteArrayList{"Lindqvist", "Astrid", "2001-11-02", "347 765 4321"};
    QTest::newRow("one name") << QByteArrayList{"Rossi", "Maria", "1974-05-16", ""}
                              << QByteArrayList{"Rossi", "Maria", "1969-11-02", ""};
    QTest::newRow("one birth date") << QByteArrayList{"Rossi", "Maria", "1974-05-16", ""}
                                    << QByteArrayList{"Berg", "Astrid", "1974-05-16", ""};
    QTest::newRow("names alone") << QByteArrayList{"Rossi", "Maria", "", ""}
                                 << QByteArrayList{"Rossi", "Maria", "", ""};
}

void TestPatientMatch::twoPeople_areNotTakenForOne()
{
    QFETCH(QByteArrayList, first);
    QFETCH(QByteArrayList, second);
    QVERIFY(!isDuplicate(woman(first), woman(second)));
}

void TestPatientMatch::amongMorePatients_moreMustAgree()
{
    const Patient before = person("Lindqvist", "Astrid", "1974-05-16", Sex::Female, "347 765 4321");
    const Patient now = person("Berg", "Astrid", "1974-05-16", Sex::Unknown, "347 111 2222");
    QVERIFY(isDuplicate(before, now, 1000));
    QVERIFY(!isDuplicate(before, now, 1'000'000));
}

void TestPatientMatch::theScore_isTheSameBothWays()
{
    const auto a =
        matchProfile(person("García Márquez", "Maria Pilar", "1974-05-16", Sex::Female, "347 765 4321"));
    const auto b = matchProfile(person("Pilar", "Garcia", "1974-05-17", Sex::Male, "347 765 4322"));
    QCOMPARE(compare(a, b).weight, compare(b, a).weight);
}

void TestPatientMatch::reasons_nameWhatIsTransposed()
{
    const auto score = compare(matchProfile(person("Lindqvist", "Astrid", "1974-05-06")),
                               matchProfile(person("Astrid", "Lindqvist", "1974-06-05", Sex::Male)));
    QVERIFY(says(score, MatchReason::Field::Names, MatchReason::Agreement::Swapped));
    QVERIFY(says(score, MatchReason::Field::BirthDate, MatchReason::Agreement::Swapped));
    QVERIFY(says(score, MatchReason::Field::Sex, MatchReason::Agreement::Differs));
}

QTEST_GUILESS_MAIN(TestPatientMatch)
#include "tst_patient_match.moc"
