// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_clinic.h"

using namespace yarrow;
using namespace yarrow::testing;
using namespace std::chrono_literals;

/// The clinic's clock stands at Monday, 2 March 2026; see TestClinic.
class TestSeriesCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void aSeries_isOneAppointmentPerDateInOneTransaction();
    void oneTakenDate_leavesNothingBooked();
    void aSeriesMovedOntoItself_isNoClash();
    void movingTheFollowing_keepsLocalTimeAndWhatWentBefore();
    void movingAll_leavesWhatWasMovedAloneAndWhatIsOver();
    void cancellingTheFollowing_leavesTheFirst();
    void anOccurrenceChangedInBetween_isStaleAndNothingIsWritten();
    void preview_namesWhatIsInTheWayAndTheNextFreeTime();
    void whoIsInTheWay_isReadOnce_andNoted();
    void previewOfAMove_doesNotMeetItself();
    void aNoteForAll_isNotRefusedForAClashThatWasThere_butAMoveIs();
    void indexOfSeriesAndVisitTypes_equalsTheRebuiltOne();
    void theMigration_fillsItForWhatIsStored();
    void openings_needWhatTheVisitTypeNeeds();

private:
    using Change = SeriesCommands::Change;
    Appointment visit(const char* from, std::chrono::minutes length = 30min);
    std::vector<ListedAppointment> book(const char* from, const char* rule);
    std::vector<ListedAppointment> stored(const ListedAppointment& any);
    static QStringList starts(const std::vector<ListedAppointment>& visits);
    int count(const char* sql);

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
};

void TestSeriesCommands::init()
{
    m_test = std::make_unique<TestClinic>();
    m_clinic = m_test->open();
    YARROW_VERIFY_OK(m_clinic->importer().addDocuments(
        {
            patientDocument("p1", "Rossi", "Ada"),
            json(R"({"resourceType":"Practitioner","id":"dr","name":[{"family":"Neri"}]})"),
            json(
                R"({"resourceType":"Location","id":"clinic","name":"Lindenhof","hoursOfOperation":[{"openingTime":"08:00:00","closingTime":"18:00:00","daysOfWeek":["mon","tue","wed","thu","fri"]}]})"),
            json(
                R"({"resourceType":"Location","id":"r1","name":"Room 1","partOf":{"reference":"Location/clinic"}})"),
            json(
                R"({"resourceType":"PractitionerRole","id":"role","practitioner":{"reference":"Practitioner/dr"},"notAvailable":[{"description":"Congress","during":{"start":"2026-03-16T00:00:00Z","end":"2026-03-16T22:00:00Z"}}]})"),
        },
        "test"));
}

void TestSeriesCommands::cleanup()
{
    m_clinic.reset();
    m_test.reset();
}

Appointment TestSeriesCommands::visit(const char* from, std::chrono::minutes length)
{
    Appointment appointment;
    appointment.start = *parseInstant(from);
    appointment.end = appointment.start + length;
    appointment.patient = PatientId::known("p1");
    appointment.practitioner = PractitionerId::known("dr");
    appointment.room = LocationId::known("r1");
    return appointment;
}

std::vector<ListedAppointment> TestSeriesCommands::book(const char* from, const char* rule)
{
    const auto recurrence = parseRecurrence(rule, m_clinic->zone());
    YARROW_ASSERT(recurrence.has_value());
    auto planned = m_clinic->series().plan(visit(from), *recurrence);
    YARROW_ASSERT(planned.has_value());
    const auto saved = m_clinic->appointments().saveAll(*planned);
    YARROW_ASSERT(saved.has_value());
    return stored(saved->front().now);
}

std::vector<ListedAppointment> TestSeriesCommands::stored(const ListedAppointment& any)
{
    auto found = m_clinic->series().visits(any.appointment.series->series);
    YARROW_ASSERT(found.has_value());
    return *found;
}

QStringList TestSeriesCommands::starts(const std::vector<ListedAppointment>& visits)
{
    QStringList texts;
    for (const ListedAppointment& each : visits)
        texts << QString::fromStdString(formatInstant(each.appointment.start)).left(16);
    return texts;
}

int TestSeriesCommands::count(const char* sql)
{
    return m_test->connectBelow()->db().execAndGet(sql).getInt();
}

void TestSeriesCommands::aSeries_isOneAppointmentPerDateInOneTransaction()
{
    QCOMPARE(m_clinic->zone().id(), QByteArray("Europe/Rome"));
    const auto series = book("2026-03-23T08:00:00Z", "FREQ=WEEKLY;COUNT=3");
    QCOMPARE(starts(series),
             (QStringList{QStringLiteral("2026-03-23T08:00"), QStringLiteral("2026-03-30T07:00"),
                          QStringLiteral("2026-04-06T07:00")}));
    QCOMPARE(count("SELECT count(*) FROM edit e JOIN resource r ON r.pk = e.resource "
                   "WHERE r.type = 'Appointment'"),
             3);
    const auto document = m_clinic->resources().get("Appointment", series[1].appointment.id.text())->document;
    QCOMPARE(document["identifier"][0]["system"].string(),
             std::string_view("https://yarrow.example/fhir/appointment-series"));
    const std::string text = document.dump();
    QVERIFY(text.find("RRULE:FREQ=WEEKLY;COUNT=3") != std::string::npos);
    QVERIFY(text.find(R"("valueCode":"Europe/Rome")") != std::string::npos);
    QVERIFY(series[0].appointment.series->series == series[2].appointment.series->series);
}

void TestSeriesCommands::oneTakenDate_leavesNothingBooked()
{
    YARROW_VERIFY_OK(m_clinic->appointments().save(visit("2026-03-10T08:15:00Z"), 0));
    const auto recurrence = parseRecurrence("FREQ=DAILY;COUNT=4", m_clinic->zone());
    const auto planned = m_clinic->series().plan(visit("2026-03-09T08:00:00Z"), *recurrence);
    YARROW_VERIFY_OK(planned);
    const int audited = count("SELECT count(*) FROM audit");
    YARROW_COMPARE_ERROR(m_clinic->appointments().saveAll(*planned), ErrorCode::SlotTaken);
    QCOMPARE(count("SELECT count(*) FROM appointment_index"), 1);
    QCOMPARE(count("SELECT count(*) FROM audit"), audited);
}

void TestSeriesCommands::aSeriesMovedOntoItself_isNoClash()
{
    const auto series = book("2026-03-09T08:00:00Z", "FREQ=DAILY;COUNT=4");
    Appointment wished = series[0].appointment;
    wished.start += 24h;
    wished.end += 24h;
    const auto changes =
        m_clinic->series().change(series[0].appointment, series[0].revision, wished, SeriesScope::All);
    YARROW_VERIFY_OK(changes);
    YARROW_VERIFY_OK(m_clinic->appointments().saveAll(changes->visits));
    QCOMPARE(starts(stored(series[0])),
             (QStringList{QStringLiteral("2026-03-10T08:00"), QStringLiteral("2026-03-11T08:00"),
                          QStringLiteral("2026-03-12T08:00"), QStringLiteral("2026-03-13T08:00")}));
}

void TestSeriesCommands::movingTheFollowing_keepsLocalTimeAndWhatWentBefore()
{
    const auto series = book("2026-03-16T08:00:00Z", "FREQ=WEEKLY;COUNT=4");
    Appointment wished = series[1].appointment; // Monday the 23rd at nine, to Tuesday at half past ten
    wished.start = *parseInstant("2026-03-24T09:30:00Z");
    wished.end = wished.start + 30min;
    const auto changes =
        m_clinic->series().change(series[1].appointment, series[1].revision, wished, SeriesScope::Following);
    YARROW_VERIFY_OK(changes);
    QCOMPARE(changes->visits.size(), std::size_t(3));
    YARROW_VERIFY_OK(m_clinic->appointments().saveAll(changes->visits));
    QCOMPARE(starts(stored(series[0])),
             (QStringList{QStringLiteral("2026-03-16T08:00"), QStringLiteral("2026-03-24T09:30"),
                          QStringLiteral("2026-03-31T08:30"), QStringLiteral("2026-04-07T08:30")}));
}

void TestSeriesCommands::movingAll_leavesWhatWasMovedAloneAndWhatIsOver()
{
    auto series = book("2026-03-09T08:00:00Z", "FREQ=DAILY;COUNT=4");
    Appointment alone = series[2].appointment;
    alone.start += 4h;
    alone.end += 4h;
    YARROW_VERIFY_OK(m_clinic->appointments().save(alone, series[2].revision));
    Appointment missed = series[0].appointment;
    missed.status = AppointmentStatus::NoShow;
    YARROW_VERIFY_OK(m_clinic->appointments().save(missed, series[0].revision));
    series = stored(series[0]);
    Appointment wished = series[1].appointment;
    wished.start += 1h;
    wished.end += 75min; // and longer
    wished.description = QStringLiteral("Wound");
    const auto changes =
        m_clinic->series().change(series[1].appointment, series[1].revision, wished, SeriesScope::All);
    YARROW_VERIFY_OK(changes);
    QCOMPARE(changes->keepTheirTime, 1);
    YARROW_VERIFY_OK(m_clinic->appointments().saveAll(changes->visits));
    series = stored(series[0]);
    QCOMPARE(starts(series),
             (QStringList{QStringLiteral("2026-03-09T08:00"), QStringLiteral("2026-03-10T09:00"),
                          QStringLiteral("2026-03-11T12:00"), QStringLiteral("2026-03-12T09:00")}));
    QVERIFY(series[0].appointment.description.isEmpty());
    for (std::size_t i = 1; i < series.size(); ++i) {
        QCOMPARE(series[i].appointment.description, QStringLiteral("Wound"));
        QVERIFY(series[i].appointment.end - series[i].appointment.start == 45min);
    }
}

void TestSeriesCommands::cancellingTheFollowing_leavesTheFirst()
{
    const auto series = book("2026-03-09T08:00:00Z", "FREQ=DAILY;COUNT=4");
    Appointment wished = series[2].appointment;
    wished.status = AppointmentStatus::Cancelled;
    wished.cancelReason = "pat";
    const auto changes =
        m_clinic->series().change(series[2].appointment, series[2].revision, wished, SeriesScope::Following);
    YARROW_VERIFY_OK(changes);
    YARROW_VERIFY_OK(m_clinic->appointments().saveAll(changes->visits));
    const auto now = stored(series[0]);
    for (std::size_t i = 0; i < now.size(); ++i) {
        QCOMPARE(now[i].appointment.status, i < 2 ? AppointmentStatus::Booked : AppointmentStatus::Cancelled);
        QCOMPARE(now[i].appointment.cancelReason, std::string(i < 2 ? "" : "pat"));
    }
}

void TestSeriesCommands::anOccurrenceChangedInBetween_isStaleAndNothingIsWritten()
{
    const auto series = book("2026-03-09T08:00:00Z", "FREQ=DAILY;COUNT=3");
    Appointment wished = series[0].appointment;
    wished.comment = QStringLiteral("bring X-rays");
    const auto changes =
        m_clinic->series().change(series[0].appointment, series[0].revision, wished, SeriesScope::All);
    YARROW_VERIFY_OK(changes);
    Appointment other = series[2].appointment;
    other.comment = QStringLiteral("fasting");
    YARROW_VERIFY_OK(m_clinic->appointments().save(other, series[2].revision));
    YARROW_COMPARE_ERROR(m_clinic->appointments().saveAll(changes->visits), ErrorCode::Stale);
    QVERIFY(stored(series[0])[0].appointment.comment.isEmpty());
}

void TestSeriesCommands::preview_namesWhatIsInTheWayAndTheNextFreeTime()
{
    const auto other = m_clinic->appointments().save(visit("2026-03-10T08:15:00Z"), 0);
    YARROW_VERIFY_OK(other);
    const auto recurrence =
        parseRecurrence("RRULE:FREQ=DAILY;COUNT=2\nRDATE;VALUE=DATE:20260314,20260316", m_clinic->zone());
    const auto planned = m_clinic->series().plan(visit("2026-03-09T08:00:00Z"), *recurrence);
    YARROW_VERIFY_OK(planned);
    const auto previews = m_clinic->series().preview(*planned);
    YARROW_VERIFY_OK(previews);
    QCOMPARE(previews->size(), std::size_t(4));
    QVERIFY((*previews)[0].obstacles.empty());
    QCOMPARE((*previews)[1].obstacles.size(), std::size_t(2)); // practitioner and room
    const VisitObstacle taken{ObstacleKind::Taken, "Practitioner/dr", {}, other->now.appointment.id};
    QVERIFY((*previews)[1].obstacles[0] == taken);
    QVERIFY(isRefused((*previews)[1]));
    QCOMPARE((*previews)[1].nextFree->start, *parseInstant("2026-03-10T08:45:00Z"));
    // A Saturday: closed until Monday, when there is the congress; on Tuesday at eight then.
    QCOMPARE((*previews)[2].obstacles[0].kind, ObstacleKind::Closed);
    QCOMPARE((*previews)[2].nextFree->start, *parseInstant("2026-03-17T07:00:00Z"));
    QCOMPARE((*previews)[3].obstacles[0].kind, ObstacleKind::Blocked);
    QCOMPARE((*previews)[3].obstacles[0].reason, QStringLiteral("Congress"));
    // What was offered before is not offered again.
    QCOMPARE((*previews)[3].nextFree->start, *parseInstant("2026-03-17T07:30:00Z"));
    QVERIFY(!isRefused((*previews)[3]));
}

void TestSeriesCommands::whoIsInTheWay_isReadOnce_andNoted()
{
    Appointment long2 = visit("2026-03-10T07:00:00Z", 180min);
    const auto taken = m_clinic->appointments().save(long2, 0);
    YARROW_VERIFY_OK(taken);
    const auto recurrence = parseRecurrence("FREQ=DAILY;COUNT=2", m_clinic->zone());
    const auto planned = m_clinic->series().plan(visit("2026-03-09T08:00:00Z"), *recurrence);
    const auto previews = m_clinic->series().preview(*planned);
    YARROW_VERIFY_OK(previews);
    const int audited = count("SELECT count(*) FROM audit");
    // Practitioner and room are both taken by it; it is one appointment.
    const auto others = m_clinic->series().inTheWay(*previews);
    YARROW_VERIFY_OK(others);
    QCOMPARE(others->size(), std::size_t{1});
    QCOMPARE(others->front().appointment.id, taken->now.appointment.id);
    QCOMPARE(others->front().patientName, std::string("Rossi, Ada"));
    QCOMPARE(count("SELECT count(*) FROM audit"), audited + 1);
    QVERIFY(m_clinic->series().inTheWay({previews->front()})->empty());
    QCOMPARE(count("SELECT count(*) FROM audit"), audited + 1);
}

void TestSeriesCommands::previewOfAMove_doesNotMeetItself()
{
    const auto series = book("2026-03-09T08:00:00Z", "FREQ=DAILY;COUNT=3");
    Appointment wished = series[0].appointment;
    wished.start += 15min;
    wished.end += 15min;
    const auto changes =
        m_clinic->series().change(series[0].appointment, series[0].revision, wished, SeriesScope::All);
    const auto previews = m_clinic->series().preview(changes->visits);
    YARROW_VERIFY_OK(previews);
    for (const VisitPreview& preview : *previews)
        QVERIFY(preview.obstacles.empty());
}

void TestSeriesCommands::aNoteForAll_isNotRefusedForAClashThatWasThere_butAMoveIs()
{
    const auto series = book("2026-03-09T08:00:00Z", "FREQ=DAILY;COUNT=3");
    // As the other workstation booked it before the two met.
    YARROW_VERIFY_OK(m_clinic->importer().addDocuments(
        {json(
            R"({"resourceType":"Appointment","id":"other","status":"booked","start":"2026-03-10T08:00:00Z","end":"2026-03-10T09:00:00Z","participant":[{"actor":{"reference":"Practitioner/dr"},"status":"accepted"}]})")},
        "test"));
    const auto previewOf = [&](const Appointment& wished) {
        const auto changes =
            m_clinic->series().change(series[0].appointment, series[0].revision, wished, SeriesScope::All);
        YARROW_ASSERT(changes.has_value());
        auto previews = m_clinic->series().preview(changes->visits);
        YARROW_ASSERT(previews.has_value());
        return std::pair(changes->visits, *previews);
    };
    Appointment moved = series[0].appointment;
    moved.start += 15min;
    moved.end += 15min;
    QVERIFY(isRefused(previewOf(moved).second[1]));
    Appointment noted = series[0].appointment;
    noted.comment = QStringLiteral("fasting");
    const auto [changes, previews] = previewOf(noted);
    QCOMPARE(previews.size(), std::size_t(3));
    for (const VisitPreview& preview : previews)
        QVERIFY(preview.obstacles.empty());
    YARROW_VERIFY_OK(m_clinic->appointments().saveAll(changes));
}

void TestSeriesCommands::indexOfSeriesAndVisitTypes_equalsTheRebuiltOne()
{
    book("2026-03-09T08:00:00Z", "FREQ=DAILY;COUNT=3");
    YARROW_VERIFY_OK(m_clinic->verifyProjections());
    QCOMPARE(count("SELECT count(*) FROM appointment_index WHERE series <> ''"), 3);
}

void TestSeriesCommands::theMigration_fillsItForWhatIsStored()
{
    book("2026-03-09T08:00:00Z", "FREQ=DAILY;COUNT=3");
    const char* types[] = {"HealthcareService/check", "https://other.example/fhir/HealthcareService/check",
                           "HealthcareService/check/_history/3", "HealthcareService/"};
    int number = 0;
    for (const char* reference : types)
        YARROW_VERIFY_OK(m_clinic->resources().put(json(
            "{\"resourceType\":\"Appointment\",\"id\":\"s" + std::to_string(++number) +
            "\",\"status\":\"cancelled\",\"identifier\":[{\"system\":"
            "\"https://yarrow.example/fhir/appointment-series\",\"value\":7}],\"participant\":[{\"actor\":"
            "{\"reference\":\"" +
            reference + "\"},\"status\":\"accepted\"}]}")));
    m_clinic.reset();
    {
        auto below = m_test->connectBelow();
        below->exec("DROP INDEX appointment_series");
        below->exec("ALTER TABLE appointment_index DROP COLUMN series");
        below->exec("ALTER TABLE appointment_index DROP COLUMN service");
        QFile step(QStringLiteral(":/yarrow/migrations/0005_series.sql"));
        QVERIFY(step.open(QIODevice::ReadOnly));
        below->exec(step.readAll().constData());
    }
    m_clinic = m_test->open();
    YARROW_VERIFY_OK(m_clinic->verifyProjections());
    QCOMPARE(count("SELECT count(*) FROM appointment_index WHERE service = 'check'"), 3);
    QCOMPARE(count("SELECT count(*) FROM appointment_index WHERE series <> ''"), 3);
}

void TestSeriesCommands::openings_needWhatTheVisitTypeNeeds()
{
    YARROW_VERIFY_OK(m_clinic->importer().addDocuments(
        {
            json(
                R"({"resourceType":"Location","id":"r2","name":"Room 2","partOf":{"reference":"Location/clinic"}})"),
            json(
                R"({"resourceType":"Device","id":"laser","status":"active","deviceName":[{"name":"Laser","type":"user-friendly-name"}]})"),
            json(
                R"({"resourceType":"HealthcareService","id":"skin","name":"Skin","location":[{"reference":"Location/r2"}],"extension":[{"url":"https://yarrow.example/fhir/StructureDefinition/needed-device","valueReference":{"reference":"Device/laser"}},{"url":"https://yarrow.example/fhir/StructureDefinition/buffer-after","valueDuration":{"value":15,"code":"min"}}]})"),
            json(
                R"({"resourceType":"HealthcareService","id":"gone","name":"Gone","extension":[{"url":"https://yarrow.example/fhir/StructureDefinition/needed-device","valueReference":{"reference":"Device/sold"}}]})"),
        },
        "test"));
    Appointment other = visit("2026-03-09T08:00:00Z");
    other.room = LocationId::known("r2");
    other.service = HealthcareServiceId::known("skin");
    YARROW_VERIFY_OK(m_clinic->appointments().save(other, 0));
    ClinicReader::OpeningsRequest request;
    request.duration = 30min;
    request.earliest = *parseInstant("2026-03-09T07:00:00Z");
    request.limit = 2;
    request.service = HealthcareServiceId::known("skin");
    const auto found = m_clinic->appointments().openings(request);
    YARROW_VERIFY_OK(found);
    QCOMPARE(found->front().when.start, *parseInstant("2026-03-09T07:00:00Z"));
    QCOMPARE(found->front().room, LocationId::known("r2"));
    QCOMPARE(found->front().device, DeviceId::known("laser"));
    // The next begins when the room has been cleaned after the visit that is booked.
    QCOMPARE(found->back().when.start, *parseInstant("2026-03-09T08:45:00Z"));
    request.service = HealthcareServiceId::known("gone");
    QVERIFY(m_clinic->appointments().openings(request)->empty());
    request.service = HealthcareServiceId::known("unknown");
    YARROW_COMPARE_ERROR(m_clinic->appointments().openings(request), ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(TestSeriesCommands)
#include "tst_series_commands.moc"
