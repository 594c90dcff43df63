// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_clinic.h"

using namespace yarrow;
using namespace yarrow::testing;

class TestPatientSearch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void whatIsTyped_findsThePatient_data();
    void whatIsTyped_findsThePatient();
    void wholeNames_comeBeforeBeginnings();
    void emptyText_givesTheNewestChanges();
    void aFormerName_isFoundAndGoesWithItsRemoval();
    void aDeletedPatient_isNotFound();
    void aSearch_isAudited();
    void limit_isKept();

private:
    QString found(const QString& typed, int limit = 50);

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
};

void TestPatientSearch::initTestCase()
{
    m_test = std::make_unique<TestClinic>();
    m_clinic = m_test->open();
    const std::vector<Json> patients{
        patientDocument("rossi", "Rossi", "Ada", "1980-03-12", "A-10234", "+39 055 123 4567"),
        patientDocument("rossini", "Rossini", "Bruno", "1975-12-31", "A-10235", "347 765 4321"),
        patientDocument("mueller", "Müller-Lüdenscheidt", "Jürgen", "1962-01-05", "B-77"),
        patientDocument("oneil", "O'Neil", "Siobhán", "1990-07", "B-78"),
        patientDocument("strasse", "Straßmann", "Zoë", "2001", "B-79"),
        patientDocument("li", "Li", "Wei", "1988-08-08", "B-80"),
        patientDocument("lindqvist", "Lindqvist", "Åse", "1988-08-09", "B-81"),
        patientDocument("chinese", "王", "小明", "1970-01-01", "B-82"),
        patientDocument("hindi", "कुमार", "अमित", "1970-01-03", "B-84"),
        patientDocument("thai", "คุณากร", "สมชาย", "1970-01-04", "1975"),
        patientDocument("greek", "Παπαδόπουλος", "Νίκος", "1970-01-02", "B-83"),
    };
    YARROW_VERIFY_OK(m_clinic->importer().addDocuments(patients, "test"));
}

QString TestPatientSearch::found(const QString& typed, int limit)
{
    QStringList ids;
    const auto hits = m_clinic->patients().search(typed.toStdString(), limit);
    if (!hits)
        return QString::fromLatin1(errorCodeName(hits.error().code));
    for (const PatientHit& hit : *hits)
        ids << QString::fromStdString(hit.id.text());
    return ids.join(u' ');
}

void TestPatientSearch::whatIsTyped_findsThePatient_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("ids");
    const auto row = [](const char* typed, const char* ids) {
        QTest::newRow(typed) << QString::fromUtf8(typed) << QString::fromUtf8(ids);
    };
    row("rossi", "rossi rossini");
    row("ROSSI ada", "rossi");
    row("ada rossi", "rossi");
    row("ad ro", "rossi");
    row("rossi, ada", "rossi");
    row("muller", "mueller");
    row("Müller", "mueller");
    row("ludensch jurgen", "mueller");
    row("oneil", "oneil");
    row("o'neil", "oneil");
    row("O’Neil siobhan", "oneil");
    row("strassmann", "strasse");
    row("straßm zoe", "strasse");
    row("ase", "lindqvist");
    row("王", "chinese");
    row("παπαδοπ", "greek");
    row("कुमार", "hindi");
    row("अमि", "hindi");
    row("คุณ", "thai");
    row("1975", "thai rossini"); // a record number before a birth year
    row("12.03.1980", "rossi");
    row("1980-03-12", "rossi");
    row("12 Mar 1980", "rossi");
    row("31/12/75", "rossini");
    row("1990", "oneil");
    row("07/1990", "oneil");
    row("1988", "li lindqvist");
    row("wei 1988", "li");
    row("8.8.1988 li", "li");
    row("A-10234", "rossi");
    row("a10234", "rossi");
    row("10234", "rossi");
    row("A-1023", "rossi rossini");
    row("+39 055 123 4567", "rossi");
    row("0551234567", "rossi");
    row("4567", "rossi");
    row("123 4567", "rossi");
    row("3477654321", "rossini");
    row("+39 347 765 4321", "rossini"); // stored without the country code
    row("rossi 4321", "rossini");
    row("xyz", "");
    row("rossi xyz", "");
    row("\"rossi", "rossi rossini"); // what would be syntax in FTS5 is only text
    row("rossi* OR ada NOT (", "");
    row("--", "");
}

void TestPatientSearch::whatIsTyped_findsThePatient()
{
    QFETCH(QString, typed);
    QFETCH(QString, ids);
    QCOMPARE(found(typed), ids);
}

void TestPatientSearch::wholeNames_comeBeforeBeginnings()
{
    QCOMPARE(found(QStringLiteral("li")), QStringLiteral("li lindqvist"));
}

void TestPatientSearch::emptyText_givesTheNewestChanges()
{
    m_test->clock.advance(std::chrono::minutes(1));
    Json changed = patientDocument("rossi", "Rossi", "Ada", "1980-03-12", "A-10234", "+39 055 123 4567");
    changed.set("active", true);
    YARROW_VERIFY_OK(m_clinic->resources().put(changed));
    QVERIFY(found(QString()).startsWith(QStringLiteral("rossi ")));
    QCOMPARE(found(QStringLiteral("  "), 1), QStringLiteral("rossi"));
}

void TestPatientSearch::aFormerName_isFoundAndGoesWithItsRemoval()
{
    Json patient = patientDocument("married", "Nowak", "Eva", "1971-01-01");
    patient.arrayAt("name").append(json(R"({"use":"maiden","family":"Quast"})"));
    YARROW_VERIFY_OK(m_clinic->resources().put(patient));
    QCOMPARE(found(QStringLiteral("quast")), QStringLiteral("married"));
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("married", "Nowak", "Eva", "1971-01-01")));
    QCOMPARE(found(QStringLiteral("quast")), QString());
    QCOMPARE(found(QStringLiteral("nowak")), QStringLiteral("married"));
}

void TestPatientSearch::aDeletedPatient_isNotFound()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("gone", "Vanish", "Ida")));
    QCOMPARE(found(QStringLiteral("vanish")), QStringLiteral("gone"));
    YARROW_VERIFY_OK(m_clinic->resources().remove("Patient", "gone", "registered twice"));
    QCOMPARE(found(QStringLiteral("vanish")), QString());
}

void TestPatientSearch::aSearch_isAudited()
{
    (void)found(QStringLiteral("lindqvist"));
    std::string last;
    YARROW_VERIFY_OK(m_clinic->audit().forEach({}, [&](const AuditEntry& entry) {
        if (entry.action == "search")
            last = entry.detail;
        return true;
    }));
    QCOMPARE(last, std::string("1 found: lindqvist"));
}

void TestPatientSearch::limit_isKept()
{
    QCOMPARE(found(QStringLiteral("rossi"), 1), QStringLiteral("rossi"));
}

QTEST_GUILESS_MAIN(TestPatientSearch)
#include "tst_patient_search.moc"
