// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/patient.h"
#include "models/domain/staff.h"

#include <QTest>

using namespace yarrow;

namespace {

const QDate kToday(2025, 6, 15);

HumanName name(HumanName::Use use, const QString& family, const QStringList& given = {})
{
    HumanName result;
    result.use = use;
    result.family = family;
    result.given = given;
    return result;
}

Patient somebody()
{
    Patient patient;
    patient.names = {name(HumanName::Use::Official, QStringLiteral("Moretti"), {QStringLiteral("Ada")})};
    return patient;
}

} // namespace

class TestPatient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void displayName_prefersOfficialThenUsualThenCurrent()
    {
        using Use = HumanName::Use;
        Patient patient;
        QCOMPARE(displayName(patient), nullptr);

        patient.names = {name(Use::Maiden, QStringLiteral("Früh"))};
        QCOMPARE(displayName(patient)->family, QStringLiteral("Früh"));
        patient.names.push_back(name(Use::Unset, QStringLiteral("Jetzt")));
        QCOMPARE(displayName(patient)->family, QStringLiteral("Jetzt"));
        patient.names.push_back(name(Use::Usual, QStringLiteral("Üblich")));
        QCOMPARE(displayName(patient)->family, QStringLiteral("Üblich"));
        patient.names.push_back(name(Use::Official, QString()));
        QCOMPARE(displayName(patient)->family, QStringLiteral("Üblich"));
        patient.names.push_back(name(Use::Official, QStringLiteral("Amtlich")));
        QCOMPARE(displayName(patient)->family, QStringLiteral("Amtlich"));
    }

    void formatName_putsTheFamilyFirst()
    {
        QCOMPARE(formatName(name(HumanName::Use::Usual, QStringLiteral("O’Brien"),
                                 {QStringLiteral("Mary"), QStringLiteral("Jane")})),
                 QStringLiteral("O’Brien, Mary Jane"));
        QCOMPARE(formatName(name(HumanName::Use::Usual, QStringLiteral("Solo"))), QStringLiteral("Solo"));
        QCOMPARE(formatName(name(HumanName::Use::Usual, QString(), {QStringLiteral("Ada")})),
                 QStringLiteral("Ada"));
        QCOMPARE(formatName(HumanName()), QString());
    }

    void formatName_usesTextOnlyWithoutParts()
    {
        HumanName human;
        human.text = QStringLiteral("Ada L.");
        QCOMPARE(formatName(human), QStringLiteral("Ada L."));
        human.family = QStringLiteral("Lind");
        QCOMPARE(formatName(human), QStringLiteral("Lind"));
    }

    void formatName_ofPractitionerHasThePrefix()
    {
        Practitioner practitioner;
        QCOMPARE(formatName(practitioner), QString());
        practitioner.names = {
            name(HumanName::Use::Unset, QStringLiteral("Vega Ruiz"), {QStringLiteral("Inés")})};
        practitioner.names.front().prefix = {QStringLiteral("Dr.")};
        QCOMPARE(formatName(practitioner), QStringLiteral("Dr. Inés Vega Ruiz"));
        practitioner.names.front() = HumanName();
        practitioner.names.front().text = QStringLiteral("Nurse on duty");
        QCOMPARE(formatName(practitioner), QStringLiteral("Nurse on duty"));
    }

    void medicalRecordNumber_isTheFirstThatIsNotOld()
    {
        Patient patient;
        QCOMPARE(medicalRecordNumber(patient), QString());
        patient.identifiers = {
            {Identifier::Use::Official, "urn:tax", "SS", QStringLiteral("999")},
            {Identifier::Use::Old, "urn:clinic", "MR", QStringLiteral("A-1")},
            {Identifier::Use::Usual, "urn:clinic", "MR", QStringLiteral("A-2")},
            {Identifier::Use::Usual, "urn:other", "MR", QStringLiteral("B-1")},
        };
        QCOMPARE(medicalRecordNumber(patient), QStringLiteral("A-2"));
    }

    void validate_passesWhatIsUnknown()
    {
        Patient patient = somebody();
        QVERIFY(validate(patient, kToday).empty());
        patient.telecoms = {ContactPoint()};
        QVERIFY(validate(patient, kToday).empty());
    }

    void validate_wantsAName()
    {
        Patient patient;
        const std::vector<PatientProblem> missing{
            {PatientProblem::Field::Family, PatientProblem::Rule::Missing}};
        QCOMPARE(validate(patient, kToday), missing);
        patient.names = {name(HumanName::Use::Unset, QStringLiteral("  "))};
        QCOMPARE(validate(patient, kToday), missing);
        patient.names = {name(HumanName::Use::Unset, QString(), {QStringLiteral("Ada")})};
        QVERIFY(validate(patient, kToday).empty());
    }

    void validate_birthDate_data()
    {
        QTest::addColumn<QByteArray>("date");
        QTest::addColumn<int>("rule"); // -1: none
        const int inFuture = static_cast<int>(PatientProblem::Rule::InFuture);
        const int tooOld = static_cast<int>(PatientProblem::Rule::TooOld);
        QTest::newRow("today") << QByteArray("2025-06-15") << -1;
        QTest::newRow("tomorrow") << QByteArray("2025-06-16") << inFuture;
        QTest::newRow("this year") << QByteArray("2025") << -1;
        QTest::newRow("next month") << QByteArray("2025-07") << inFuture;
        QTest::newRow("130 years back") << QByteArray("1895-06-15") << -1;
        QTest::newRow("a day more") << QByteArray("1895-06-14") << tooOld;
        QTest::newRow("maybe 130 years back") << QByteArray("1895") << -1;
        QTest::newRow("the year before") << QByteArray("1894") << tooOld;
    }
    void validate_birthDate()
    {
        QFETCH(QByteArray, date);
        QFETCH(int, rule);
        Patient patient = somebody();
        patient.birthDate = PartialDate::parse(date.toStdString()).value();
        const auto problems = validate(patient, kToday);
        QCOMPARE(problems.empty() ? -1 : static_cast<int>(problems.front().rule), rule);
        QVERIFY(problems.empty() || problems.front().field == PatientProblem::Field::BirthDate);
    }

    void validate_contacts_data()
    {
        QTest::addColumn<int>("system");
        QTest::addColumn<QString>("value");
        QTest::addColumn<bool>("good");
        const int phone = static_cast<int>(ContactPoint::System::Phone);
        const int sms = static_cast<int>(ContactPoint::System::Sms);
        const int email = static_cast<int>(ContactPoint::System::Email);
        const int url = static_cast<int>(ContactPoint::System::Url);
        QTest::newRow("three digits") << phone << QStringLiteral("112") << true;
        QTest::newRow("two digits") << phone << QStringLiteral("11") << false;
        QTest::newRow("written out") << phone << QStringLiteral("+39 (02) 555-0100 ext. 4") << true;
        QTest::newRow("twenty digits") << phone << QStringLiteral("12345678901234567890") << true;
        QTest::newRow("too many digits") << phone << QStringLiteral("123456789012345678901") << false;
        QTest::newRow("no digits") << sms << QStringLiteral("call the neighbour") << false;
        QTest::newRow("address") << email << QStringLiteral("ada.l+x@mail.example") << true;
        QTest::newRow("no domain") << email << QStringLiteral("ada@") << false;
        QTest::newRow("no dot") << email << QStringLiteral("ada@mail") << false;
        QTest::newRow("empty label") << email << QStringLiteral("ada@mail..example") << false;
        QTest::newRow("no local part") << email << QStringLiteral("@mail.example") << false;
        QTest::newRow("two ats") << email << QStringLiteral("a@b@mail.example") << false;
        QTest::newRow("a space") << email << QStringLiteral("ada l@mail.example") << false;
        QTest::newRow("anything elsewhere") << url << QStringLiteral("x") << true;
    }
    void validate_contacts()
    {
        QFETCH(int, system);
        QFETCH(QString, value);
        QFETCH(bool, good);
        Patient patient = somebody();
        ContactPoint contact;
        contact.system = static_cast<ContactPoint::System>(system);
        contact.value = value;
        patient.telecoms = {contact};
        const auto problems = validate(patient, kToday);
        QCOMPARE(problems.empty(), good);
        if (!good) {
            const bool isEmail = contact.system == ContactPoint::System::Email;
            QCOMPARE(problems.front().field,
                     isEmail ? PatientProblem::Field::Email : PatientProblem::Field::Phone);
        }
    }
};

QTEST_GUILESS_MAIN(TestPatient)
#include "tst_patient.moc"
