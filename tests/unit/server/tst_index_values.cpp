// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/fhir/index_values.h"
#include "server/fhir/time_range.h"
#include "tests/support/json_text.h"

#include <QTest>

#include <rapidcheck.h>

using namespace yarrow::server;
using fhir::IndexValues;

namespace {

Result<IndexValues> readIndex(const std::string& text)
{
    const auto document = JsonDocument::parse(json(text));
    return fhir::indexValuesOf(document.value().root()["resourceType"].string(), document->root());
}

IndexValues indexOf(const std::string& text)
{
    auto index = readIndex(text);
    return std::move(index.value());
}

std::string dates(const IndexValues& index)
{
    return index.dateFrom.value_or("none") + " " + index.dateTo.value_or("none");
}

std::string datesOf(const std::string& text)
{
    return dates(indexOf(text));
}

using Values = std::vector<std::pair<std::string, std::string>>;

/// An appointment of one hour with its elements and participants.
std::string
appointment(const std::string& status, const std::string& participants, const std::string& more = "",
            const std::string& times = "'start':'2026-05-04T09:30:00+02:00','end':'2026-05-04T08:30:00Z',")
{
    return "{'resourceType':'Appointment','status':'" + status + "'," + times + more + "'participant':[" +
           participants + "]}";
}

const std::string kDoctor = "{'actor':{'reference':'Practitioner/d'},'status':'accepted'}";
const std::string kRoom = "{'actor':{'reference':'Location/r'},'status':'accepted'}";
const std::string kAnna = "{'actor':{'reference':'Patient/a'},'status':'accepted'}";

} // namespace

class TestIndexValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void people_areFoundByTheirNames()
    {
        const auto index = indexOf(
            "{'resourceType':'Patient','name':["
            "{'use':'maiden','family':'Rossi'},"
            "{'use':'official','family':'D\\u2019Amico-Müller','given':['José','Ana'],"
            "'prefix':['Dr.'],'text':'Dr. José'},{'given':['José']}],"
            "'telecom':[{'system':'phone','value':'+39 055-12'},{'system':'sms','value':'0039 055 12'},"
            "{'system':'email','value':'1@x'},{'system':'phone'}]}");
        QCOMPARE(index.values, (Values{{"family", "damico muller"},
                                       {"family", "rossi"},
                                       {"given", "ana"},
                                       {"given", "jose"},
                                       {"name", "dr"},
                                       {"name", "dr jose"},
                                       {"phone", "3905512"}}));
        QCOMPARE(index.sortName.value_or(""), std::string("damico muller jose ana"));
    }

    void sortName_isOfTheNameThatHolds()
    {
        const auto sortName = [](const std::string& names) {
            return indexOf("{'resourceType':'Person','name':[" + names + "]}").sortName.value_or("none");
        };
        QCOMPARE(sortName("{'use':'old','family':'A'},{'family':'B'}"), std::string("b"));
        QCOMPARE(sortName("{'family':'B'},{'use':'usual','family':'C'}"), std::string("c"));
        QCOMPARE(sortName("{'use':'official'},{'use':'old','family':'A'}"), std::string("a"));
        QCOMPARE(sortName("{'text':'Ann B.'}"), std::string("ann b"));
        QCOMPARE(sortName(""), std::string("none"));
    }

    void identifiers_andMedicalRecordNumbers()
    {
        const std::string mr = "'type':{'coding':[{'system':'x','code':'MR'},"
                               "{'system':'http://terminology.hl7.org/CodeSystem/v2-0203','code':'MR'}]}";
        const auto index = indexOf(
            "{'resourceType':'Patient','identifier':[{'system':'urn:a','value':'1'},"
            "{'system':'urn:m','value':'M1'," +
            mr + "},{'system':'urn:m','value':'M1'," + mr + "},{'use':'old','system':'urn:m','value':'M0'," +
            mr + "},{'value':'Z'," + mr + "},{'system':'urn:m'," + mr +
            "},"
            "{'system':'urn:m','value':'M3','type':{'coding':[{'system':'x','code':'MR'}]}}]}");
        QCOMPARE(index.mrns, (Values{{"", "Z"}, {"urn:m", "M1"}}));
        QCOMPARE(index.values, (Values{{"identifier", "1\nurn:a"},
                                       {"identifier", "M0\nurn:m"},
                                       {"identifier", "M1\nurn:m"},
                                       {"identifier", "M3\nurn:m"},
                                       {"identifier", "Z\n"}}));
        QVERIFY(indexOf("{'resourceType':'Practitioner','identifier':[{'system':'urn:m','value':'M1'," + mr +
                        "}]}")
                    .mrns.empty());
    }

    void patient_isTheOneReferredTo()
    {
        const auto patient = [](const std::string& element) {
            return indexOf("{'resourceType':" + element + "}").patient.value_or("none");
        };
        QCOMPARE(patient("'Observation','subject':{'reference':'Patient/7/_history/2'}"), std::string("7"));
        QCOMPARE(patient("'Observation','subject':{'reference':'https://x.example/fhir/Patient/7'}"),
                 std::string("7"));
        QCOMPARE(patient("'Observation','subject':{'reference':'Group/7'}"), std::string("none"));
        QCOMPARE(
            patient("'Observation','subject':{'reference':'urn:uuid:0c5f2f2c-9b71-4c0f-8f3b-5e1a6c1a2b3c'}"),
            std::string("none"));
        QCOMPARE(patient("'AllergyIntolerance','patient':{'reference':'Patient/8'}"), std::string("8"));
        QCOMPARE(patient("'Coverage','beneficiary':{'reference':'Patient/8'}"), std::string("8"));
        QCOMPARE(patient("'Task','for':{'reference':'Patient/8'}"), std::string("8"));
        QCOMPARE(patient("'Account','subject':[{'reference':'Patient/1'},{'reference':'Device/1'}]"),
                 std::string("1"));
        QCOMPARE(patient("'Account','subject':[{'reference':'Patient/1'},{'reference':'Patient/2'},"
                         "{'reference':'Patient/2'}]"),
                 std::string("none"));
    }

    void dates_areRangesInUtc()
    {
        QCOMPARE(datesOf("{'resourceType':'Patient','birthDate':'1970-02'}"),
                 std::string("1970-02-01T00:00:00Z 1970-03-01T00:00:00Z"));
        QCOMPARE(datesOf("{'resourceType':'Patient','birthDate':'1904'}"),
                 std::string("1904-01-01T00:00:00Z 1905-01-01T00:00:00Z"));
        QCOMPARE(datesOf("{'resourceType':'Patient'}"), std::string("none none"));
        QCOMPARE(datesOf("{'resourceType':'Observation','issued':'2020-01-01T00:00:00Z',"
                         "'effectiveDateTime':'2019-12-31T23:30:00.5-05:00'}"),
                 std::string("2020-01-01T04:30:00.500000Z 2020-01-01T04:30:00.600000Z"));
        QCOMPARE(
            datesOf(
                "{'resourceType':'Observation','effectivePeriod':{'start':'2020-01-01','end':'2020-01-02'}}"),
            std::string("2020-01-01T00:00:00Z 2020-01-03T00:00:00Z"));
        QCOMPARE(datesOf("{'resourceType':'Encounter','period':{'start':'2020-01-01T10:00:00Z'}}"),
                 std::string("2020-01-01T10:00:00Z infinity"));
        QCOMPARE(datesOf("{'resourceType':'Encounter','period':{'end':'2020-01-01T10:00:00Z'}}"),
                 std::string("-infinity 2020-01-01T10:00:01Z"));
        QCOMPARE(datesOf("{'resourceType':'Encounter','period':{}}"), std::string("none none"));
        QCOMPARE(
            datesOf("{'resourceType':'Slot','start':'2020-01-01T10:00:00Z','end':'2020-01-01T10:30:00Z'}"),
            std::string("2020-01-01T10:00:00Z 2020-01-01T10:30:01Z"));
        QCOMPARE(
            datesOf(
                "{'resourceType':'Condition','onsetAge':{'value':7},'onsetDateTime':'2001-05-01T08:00:00'}"),
            std::string("2001-05-01T08:00:00Z 2001-05-01T08:00:01Z"));
        QCOMPARE(datesOf("{'resourceType':'Condition','onsetDateTime':'9999-12-31','recordedDate':'0001'}"),
                 std::string("0001-01-01T00:00:00Z 0002-01-01T00:00:00Z"));
        QCOMPARE(datesOf("{'resourceType':'Condition','onsetDateTime':'9999'}"),
                 std::string("9999-01-01T00:00:00Z infinity"));
    }

    void aDateThatIsNone_isRefusedEvenWhenAnotherCounts()
    {
        const auto index =
            readIndex("{'resourceType':'Observation','effectiveDateTime':'2020','issued':'yesterday'}");
        QCOMPARE(index.error().code, std::string("bad-date"));
        QCOMPARE(index.error().expression, std::string("Observation.issued"));
    }

    void times_areReadAsWritten()
    {
        for (const char* wrong : {"",
                                  "2020-1",
                                  "2020-00",
                                  "2020-01-00",
                                  "2021-02-29",
                                  "20200101",
                                  "2020-01-01T",
                                  "2020-01-01T10",
                                  "2020-01-01T10:00",
                                  "2020-01-01T10:00Z",
                                  "2020-01-01T24:00:00Z",
                                  "2020-01-01T10:60:00Z",
                                  "2020-01-01T10:00:61Z",
                                  "2020-01-01T10:00:00.Z",
                                  "2020-01-01T10:00:00+15:00",
                                  "2020-01-01T10:00:00+0200",
                                  "2020-01-01T10:00:00ZZ",
                                  "2020-01-01 10:00:00Z",
                                  "0000",
                                  "-2020",
                                  "2020-01-01T10:00:00z",
                                  "2020-",
                                  " 2020"})
            QVERIFY2(!fhir::parseTime(wrong), wrong);
        QVERIFY(fhir::parseTime("2020-01-01T10:00Z", true).has_value());
        const auto fine = fhir::parseTime("2020-01-01T10:00:00.123456789Z").value();
        QCOMPARE(fine.to - fine.from, std::int64_t(1));
        QCOMPARE(fhir::timeText(fine.from), std::string("2020-01-01T10:00:00.123456Z"));
    }

    void timeText_isReadBack()
    {
        QVERIFY(rc::check([] {
            const auto micros = *rc::gen::resize(
                rc::kNominalSize, rc::gen::inRange<std::int64_t>(-62135596800000000, 253402300800000000));
            const auto time = fhir::parseTime(fhir::timeText(micros));
            RC_ASSERT(time.has_value());
            RC_ASSERT(time->from == micros);
        }));
    }

    void appointments_holdTheSlotsOfTheirActors()
    {
        const auto index = indexOf(appointment("booked", kDoctor + "," + kRoom + "," + kAnna + "," + kRoom));
        QVERIFY(index.slot.has_value());
        QCOMPARE(index.slot->starts, std::string("2026-05-04T07:30:00Z"));
        QCOMPARE(index.slot->ends, std::string("2026-05-04T08:30:00Z"));
        QCOMPARE(index.slot->actors, (std::vector<std::string>{"Location/r", "Practitioner/d"}));
        QCOMPARE(index.values,
                 (Values{{"actor", "Location/r"}, {"actor", "Patient/a"}, {"actor", "Practitioner/d"}}));
        QCOMPARE(index.patient.value_or(""), std::string("a"));
        QCOMPARE(index.status.value_or(""), std::string("booked"));
        QCOMPARE(dates(index), std::string("2026-05-04T07:30:00Z 2026-05-04T08:30:00Z"));
    }

    void onlyBookedArrivedAndCheckedIn_holdSlots_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<bool>("holds");
        for (const char* status : {"booked", "arrived", "checked-in"})
            QTest::newRow(status) << QByteArray(status) << true;
        for (const char* status :
             {"proposed", "pending", "fulfilled", "cancelled", "noshow", "entered-in-error", "waitlist"})
            QTest::newRow(status) << QByteArray(status) << false;
    }

    void onlyBookedArrivedAndCheckedIn_holdSlots()
    {
        QFETCH(const QByteArray, status);
        QFETCH(const bool, holds);
        QCOMPARE(indexOf(appointment(status.toStdString(), kDoctor)).slot.has_value(), holds);
    }

    void overbookedAndDeclined_holdNothing()
    {
        const std::string reason = "'extension':[{'url':'https://yarrow.example/fhir/StructureDefinition/"
                                   "overbook-reason','valueString':'";
        QVERIFY(!indexOf(appointment("booked", kDoctor, reason + "urgent'}],")).slot);
        QVERIFY(indexOf(appointment("booked", kDoctor, reason + "'}],")).slot.has_value());
        const std::string declined = "{'actor':{'reference':'Practitioner/e'},'status':'declined'}";
        QVERIFY(!indexOf(appointment("booked", declined)).slot);
        const auto both = indexOf(appointment("booked", declined + "," + kDoctor));
        QCOMPARE(both.slot.value().actors, std::vector<std::string>{"Practitioner/d"});
        QVERIFY(!indexOf(appointment("booked", kAnna)).slot);
    }

    void severalPatients_areActorsButNotThePatient()
    {
        const auto index = indexOf(
            appointment("booked", kAnna + ",{'actor':{'reference':'Patient/b'},'status':'accepted'}"));
        QVERIFY(!index.patient);
        QCOMPARE(index.values, (Values{{"actor", "Patient/a"}, {"actor", "Patient/b"}}));
    }

    void appointmentTimes_areCheckedByStatus_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<QByteArray>("times");
        QTest::addColumn<QByteArray>("outcome");
        const auto row = [](const char* name, const char* status, const char* times, const char* outcome) {
            QTest::newRow(name) << QByteArray(status) << QByteArray(times) << QByteArray(outcome);
        };
        const char* start = "'start':'2026-05-04T07:30:00Z',";
        row("length", "booked", "'start':'2026-05-04T07:30:00Z','minutesDuration':15,",
            "2026-05-04T07:30:00Z 2026-05-04T07:45:00Z");
        row("end before length", "booked",
            "'start':'2026-05-04T07:30:00Z','end':'2026-05-04T08:00:00Z','minutesDuration':15,",
            "2026-05-04T07:30:00Z 2026-05-04T08:00:00Z");
        row("no end", "booked", start, "appointment-without-end");
        row("no length", "booked", "'start':'2026-05-04T07:30:00Z','minutesDuration':0,",
            "appointment-without-end");
        row("negative length", "booked", "'start':'2026-05-04T07:30:00Z','minutesDuration':-5,",
            "appointment-without-end");
        row("broken length", "booked", "'start':'2026-05-04T07:30:00Z','minutesDuration':1.5,",
            "appointment-without-end");
        row("no times", "booked", "", "appointment-without-start");
        row("only an end", "fulfilled", "'end':'2026-05-04T07:30:00Z',", "appointment-without-start");
        row("empty", "booked", "'start':'2026-05-04T07:30:00Z','end':'2026-05-04T09:30:00+02:00',",
            "appointment-ends-before-start");
        row("backwards", "proposed", "'start':'2026-05-04T07:30:00Z','end':'2026-05-04T07:00:00Z',",
            "appointment-ends-before-start");
        row("proposed", "proposed", "", "none none");
        row("pending", "pending", "", "none none");
        row("waitlist", "waitlist", "", "none none");
        row("cancelled", "cancelled", "", "none none");
        row("proposed with a start", "proposed", start, "2026-05-04T07:30:00Z 2026-05-04T07:31:00Z");
        row("no zone", "booked", "'start':'2026-05-04T07:30:00','minutesDuration':15,", "bad-date");
        row("a day", "booked", "'start':'2026-05-04','minutesDuration':15,", "bad-date");
        row("no text", "booked", "'start':20260504,'minutesDuration':15,", "bad-date");
        row("before all time", "booked", "'start':'0001-01-01T00:00:00+02:00','minutesDuration':15,",
            "bad-date");
    }

    void appointmentTimes_areCheckedByStatus()
    {
        QFETCH(const QByteArray, status);
        QFETCH(const QByteArray, times);
        QFETCH(const QByteArray, outcome);
        const auto index = readIndex(appointment(status.toStdString(), kDoctor, "", times.toStdString()));
        QCOMPARE(index ? dates(*index) : index.error().code, outcome.toStdString());
        if (!index)
            QCOMPARE(index.error().status, 422);
    }

    void fold_makesOneOfSpellings_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("folded");
        const auto row = [](const char* text, const char* folded) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(folded);
        };
        row("José", "jose");
        row("Jose\u0301", "jose");
        row("O'Brien", "obrien");
        row("O\u2019Brien", "obrien");
        row("  van  der Berg-Müller. ", "van der berg muller");
        row("Özgür Łuksza", "ozgur luksza");
        row("Straße Ærø Þór", "strasse aero thor");
        row("NGUYỄN Văn Đức", "nguyen van duc");
        row("ſ ŀ ẚ ẞ", "s l a ss");
        row("漢字 Иван", "漢字 Иван");
        row("a\u00A0b\u2013c\u200Dd", "a b cd");
        row("!?", "");
    }

    void fold_makesOneOfSpellings()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, folded);
        QCOMPARE(QString::fromStdString(fhir::fold(text.toStdString())), folded);
        QCOMPARE(QString::fromStdString(fhir::fold(folded.toStdString())), folded);
    }

    void foldingTwice_changesNothing()
    {
        QVERIFY(rc::check([] {
            const auto letters = *rc::gen::container<std::vector<char32_t>>(rc::gen::resize(
                rc::kNominalSize, rc::gen::oneOf(rc::gen::inRange<char32_t>(0x20, 0x370),
                                                 rc::gen::inRange<char32_t>(0x1DF0, 0x2070))));
            const std::string text =
                QString::fromUcs4(letters.data(), static_cast<qsizetype>(letters.size())).toStdString();
            const std::string once = fhir::fold(text);
            RC_ASSERT(fhir::fold(once) == once);
        }));
    }

    void longValues_areCutBetweenCharacters()
    {
        std::string text = "x";
        while (text.size() < 2000)
            text += "é";
        const std::string cut = fhir::indexText(text);
        QVERIFY(cut.size() <= 800 && cut.size() > 790);
        QCOMPARE(QString::fromStdString(cut).toStdString(), cut);
        QCOMPARE(fhir::indexText(cut), cut);
        QCOMPARE(fhir::indexText(std::string("a\0b", 3)), std::string("ab"));
        QVERIFY(indexOf("{'resourceType':'Basic','identifier':[{'value':'\\u0000'}]}").values.empty());
    }
};

QTEST_GUILESS_MAIN(TestIndexValues)
#include "tst_index_values.moc"
