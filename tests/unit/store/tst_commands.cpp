// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_clinic.h"

using namespace yarrow;
using namespace yarrow::testing;
using namespace std::chrono_literals;

class TestCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void registering_writesEverythingInOne();
    void editing_leavesTheRestOfTheDocument();
    void editing_anOlderRevision_isStale();
    void invalidPatient_isRefused();
    void viewing_isAudited();
    void booking_refusesWhatIsTaken();
    void overbooking_needsItsReason();
    void moving_freesTheOldTime();
    void cancelling_freesTheTime();
    void illegalStatusMove_isRefused();
    void bookingSomebodyUnknown_isRefused();
    void dayList_isTheLocalDay();
    void openings_avoidWhatIsBooked();
    void roles_areEnforcedAndRefusalsAudited();
    void whatMayNotBeRead_isNotRevealed();
    void record_cannotBeEditedOutOfAnArea();
    void history_tellsEachStep();
    void rebuiltProjections_equalTheKeptOnes();
    void drafts_belongToTheirAuthor();
    void device_isJudgedByItsDocument();
    void longStay_isSeenAndHoldsItsSlot();
    void everyParticipant_holdsTheSlot();

private:
    Appointment visit(const char* from, std::chrono::minutes length = 30min);
    QStringList actions();

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<Clinic> m_clinic;
};

void TestCommands::init()
{
    m_test = std::make_unique<TestClinic>();
    m_clinic = m_test->open();
    YARROW_VERIFY_OK(m_clinic->importer().addDocuments(
        {
            patientDocument("p1", "Rossi", "Ada"),
            json(R"({"resourceType":"Practitioner","id":"dr","name":[{"family":"Neri","given":["Piero"]}]})"),
            json(
                R"({"resourceType":"Location","id":"clinic","name":"Lindenhof","hoursOfOperation":[{"daysOfWeek":["mon","tue"],"openingTime":"08:00:00","closingTime":"12:00:00"}]})"),
            json(
                R"({"resourceType":"Location","id":"r1","name":"Room 1","partOf":{"reference":"Location/clinic"}})"),
            json(R"({"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"}})"),
            json(
                R"({"resourceType":"Observation","id":"o1","status":"final","category":[{"coding":[{"code":"vital-signs"}]}],"subject":{"reference":"Patient/p1"}})"),
        },
        "test"));
}

void TestCommands::cleanup()
{
    m_clinic.reset();
    m_test.reset();
}

Appointment TestCommands::visit(const char* from, std::chrono::minutes length)
{
    Appointment appointment;
    appointment.start = *parseInstant(from);
    appointment.end = appointment.start + length;
    appointment.patient = PatientId::known("p1");
    appointment.practitioner = PractitionerId::known("dr");
    appointment.room = LocationId::known("r1");
    return appointment;
}

QStringList TestCommands::actions()
{
    QStringList all;
    auto below = m_test->connectBelow();
    (void)AuditLog::forEach(*below, {}, [&](const AuditEntry& entry) {
        all << QString::fromStdString(entry.action +
                                      (entry.resourceId.empty() ? "" : " " + entry.resourceType));
        return true;
    });
    return all;
}

void TestCommands::registering_writesEverythingInOne()
{
    Patient patient;
    patient.names.push_back(
        {HumanName::Use::Official, QStringLiteral("Bianchi"), {QStringLiteral("Bruno")}, {}, {}, {}});
    patient.birthDate = *PartialDate::parse("1975-12-31");
    const auto saved = m_clinic->patients().save(patient, 0);
    YARROW_VERIFY_OK(saved);
    QCOMPARE(saved->revision, 1);
    auto below = m_test->connectBelow();
    const auto count = [&](const std::string& sql) { return below->db().execAndGet(sql).getInt(); };
    const std::string id = saved->id.text();
    QCOMPARE(count("SELECT count(*) FROM resource WHERE id = '" + id + "'"), 1);
    QCOMPARE(
        count("SELECT count(*) FROM edit e JOIN resource r ON r.pk = e.resource WHERE r.id = '" + id + "'"),
        1);
    QCOMPARE(count("SELECT count(*) FROM audit WHERE action = 'create' AND resource_id = '" + id + "'"), 1);
    QCOMPARE(count("SELECT count(*) FROM patient_index WHERE id = '" + id + "'"), 1);
    QCOMPARE(count("SELECT count(*) FROM patient_fts WHERE patient_fts MATCH 'bianchi'"), 1);
}

void TestCommands::editing_leavesTheRestOfTheDocument()
{
    const std::string before =
        R"({"resourceType":"Patient","id":"odd","x":1.10,"name":[{"family":"Old","given":["Eva"],"extension":[{"url":"u","valueDecimal":2.50}]}],"y":{"z":[1e2]}})";
    YARROW_VERIFY_OK(m_clinic->resources().put(json(before)));
    auto viewed = m_clinic->patients().view(PatientId::known("odd"));
    YARROW_VERIFY_OK(viewed);
    viewed->patient.names[0].family = QStringLiteral("New");
    YARROW_VERIFY_OK(m_clinic->patients().save(viewed->patient, viewed->revision, "wedding"));
    const auto after = m_clinic->resources().get("Patient", "odd");
    YARROW_VERIFY_OK(after);
    QCOMPARE(
        after->document.dump(),
        QString::fromStdString(before).replace(QStringLiteral("Old"), QStringLiteral("New")).toStdString());
}

void TestCommands::editing_anOlderRevision_isStale()
{
    auto mine = m_clinic->patients().view(PatientId::known("p1"));
    auto theirs = m_clinic->patients().view(PatientId::known("p1"));
    YARROW_VERIFY_OK(mine);
    mine->patient.names[0].family = QStringLiteral("Mine");
    theirs->patient.names[0].family = QStringLiteral("Theirs");
    YARROW_VERIFY_OK(m_clinic->patients().save(theirs->patient, theirs->revision));
    YARROW_COMPARE_ERROR(m_clinic->patients().save(mine->patient, mine->revision), ErrorCode::Stale);
    QVERIFY(m_clinic->resources().get("Patient", "p1")->document.dump().find("Theirs") != std::string::npos);
}

void TestCommands::invalidPatient_isRefused()
{
    YARROW_COMPARE_ERROR(m_clinic->patients().save(Patient(), 0), ErrorCode::InvalidArgument);
    auto viewed = m_clinic->patients().view(PatientId::known("p1"));
    viewed->patient.birthDate = *PartialDate::parse("2026-03-03"); // tomorrow
    YARROW_COMPARE_ERROR(m_clinic->patients().save(viewed->patient, viewed->revision),
                         ErrorCode::InvalidArgument);
}

void TestCommands::viewing_isAudited()
{
    YARROW_VERIFY_OK(m_clinic->patients().view(PatientId::known("p1")));
    QCOMPARE(actions().last(), QStringLiteral("view Patient"));
    YARROW_COMPARE_ERROR(m_clinic->patients().view(PatientId::known("nobody")), ErrorCode::NotFound);
}

void TestCommands::booking_refusesWhatIsTaken()
{
    const auto first = m_clinic->appointments().save(visit("2026-03-02T09:00:00Z"), 0);
    YARROW_VERIFY_OK(first);
    QCOMPARE(first->now.patientName, std::string("Rossi, Ada"));
    const auto clash = m_clinic->appointments().save(visit("2026-03-02T09:15:00Z"), 0);
    YARROW_COMPARE_ERROR(clash, ErrorCode::SlotTaken);
    QCOMPARE(clash.error().context, first->now.appointment.id.text());
    // One begins where the other ends.
    YARROW_VERIFY_OK(m_clinic->appointments().save(visit("2026-03-02T09:30:00Z"), 0));
    // The room alone is enough for a clash, another patient is none.
    Appointment sameRoom = visit("2026-03-02T09:15:00Z");
    sameRoom.practitioner = {};
    YARROW_COMPARE_ERROR(m_clinic->appointments().save(sameRoom, 0), ErrorCode::SlotTaken);
    sameRoom.room = {};
    YARROW_VERIFY_OK(m_clinic->appointments().save(sameRoom, 0));
}

void TestCommands::overbooking_needsItsReason()
{
    YARROW_VERIFY_OK(m_clinic->appointments().save(visit("2026-03-02T09:00:00Z"), 0));
    Appointment urgent = visit("2026-03-02T09:10:00Z");
    urgent.overbookReason = "acute pain";
    YARROW_VERIFY_OK(m_clinic->appointments().save(urgent, 0));
}

void TestCommands::moving_freesTheOldTime()
{
    auto booked = m_clinic->appointments().save(visit("2026-03-02T09:00:00Z"), 0);
    YARROW_VERIFY_OK(booked);
    Appointment moved = booked->now.appointment;
    moved.start += 15min; // over its own old time
    moved.end += 15min;
    const auto saved = m_clinic->appointments().save(moved, booked->now.revision);
    YARROW_VERIFY_OK(saved);
    QCOMPARE(saved->before->start, *parseInstant("2026-03-02T09:00:00Z"));
    YARROW_VERIFY_OK(m_clinic->appointments().save(visit("2026-03-02T09:00:00Z", 15min), 0));
    YARROW_COMPARE_ERROR(m_clinic->appointments().save(moved, booked->now.revision), ErrorCode::Stale);
}

void TestCommands::cancelling_freesTheTime()
{
    auto booked = m_clinic->appointments().save(visit("2026-03-02T09:00:00Z"), 0);
    Appointment cancelled = booked->now.appointment;
    cancelled.status = AppointmentStatus::Cancelled;
    cancelled.cancelReason = "pat";
    YARROW_VERIFY_OK(m_clinic->appointments().save(cancelled, booked->now.revision));
    YARROW_VERIFY_OK(m_clinic->appointments().save(visit("2026-03-02T09:00:00Z"), 0));
}

void TestCommands::illegalStatusMove_isRefused()
{
    auto booked = m_clinic->appointments().save(visit("2026-03-02T09:00:00Z"), 0);
    Appointment wrong = booked->now.appointment;
    wrong.status = AppointmentStatus::Fulfilled; // nobody has arrived yet
    YARROW_COMPARE_ERROR(m_clinic->appointments().save(wrong, booked->now.revision),
                         ErrorCode::InvalidArgument);
}

void TestCommands::bookingSomebodyUnknown_isRefused()
{
    Appointment unknown = visit("2026-03-02T09:00:00Z");
    unknown.patient = PatientId::known("nobody");
    const auto booked = m_clinic->appointments().save(unknown, 0);
    YARROW_COMPARE_ERROR(booked, ErrorCode::NotFound);
    QCOMPARE(booked.error().context, std::string("Patient/nobody"));
}

void TestCommands::dayList_isTheLocalDay()
{
    // 23:30 UTC on 1 March is already 2 March in Rome.
    YARROW_VERIFY_OK(m_clinic->appointments().save(visit("2026-03-01T23:30:00Z"), 0));
    YARROW_VERIFY_OK(m_clinic->appointments().save(visit("2026-03-02T22:45:00Z"), 0)); // runs past midnight
    YARROW_VERIFY_OK(m_clinic->appointments().save(visit("2026-03-02T23:30:00Z"), 0)); // the next day
    QCOMPARE(m_clinic->appointments().list(QDate(2026, 3, 2), {})->size(), std::size_t(2));
    QCOMPARE(m_clinic->appointments().list(QDate(2026, 3, 3), {})->size(), std::size_t(2));
    QCOMPARE(m_clinic->appointments().list(QDate(2026, 3, 2), PractitionerId::known("other"))->size(),
             std::size_t(0));
}

void TestCommands::openings_avoidWhatIsBooked()
{
    YARROW_VERIFY_OK(m_clinic->appointments().save(visit("2026-03-02T07:00:00Z", 60min), 0)); // 08:00 in Rome
    ClinicReader::OpeningsRequest request;
    request.duration = 30min;
    request.earliest = *parseInstant("2026-03-02T05:00:00Z");
    request.days = 1;
    const auto openings = m_clinic->appointments().openings(request);
    YARROW_VERIFY_OK(openings);
    QCOMPARE(openings->size(), std::size_t(6)); // 09:00 to 12:00
    QCOMPARE(openings->front().when.start, *parseInstant("2026-03-02T08:00:00Z"));
    QCOMPARE(openings->front().room, LocationId::known("r1"));
}

void TestCommands::roles_areEnforcedAndRefusalsAudited()
{
    m_test->addUser(QStringLiteral("desk"), Role::Receptionist);
    m_test->addUser(QStringLiteral("money"), Role::Billing);
    m_test->addUser(QStringLiteral("doc"), Role::Doctor);
    m_clinic = m_test->open(QStringLiteral("desk"));
    YARROW_COMPARE_ERROR(m_clinic->resources().get("Condition", "c1"), ErrorCode::Forbidden);
    QCOMPARE(actions().last(), QStringLiteral("refused Condition"));
    YARROW_COMPARE_ERROR(
        m_clinic->addUser(QStringLiteral("x"), QStringLiteral("x"), Role::Admin, TestClinic::password()),
        ErrorCode::Forbidden);
    m_clinic = m_test->open(QStringLiteral("money"));
    YARROW_VERIFY_OK(m_clinic->patients().view(PatientId::known("p1")));
    YARROW_COMPARE_ERROR(m_clinic->appointments().save(visit("2026-03-02T09:00:00Z"), 0),
                         ErrorCode::Forbidden);
    m_clinic = m_test->open(QStringLiteral("doc"));
    YARROW_VERIFY_OK(m_clinic->resources().get("Condition", "c1"));
    YARROW_VERIFY_OK(m_clinic->resources().get("Observation", "o1"));
    m_clinic = m_test->open();
    YARROW_COMPARE_ERROR(m_clinic->resources().get("Condition", "c1"), ErrorCode::Forbidden);
    YARROW_COMPARE_ERROR(m_clinic->resources().history("Condition", "c1"), ErrorCode::Forbidden);
}

void TestCommands::whatMayNotBeRead_isNotRevealed()
{
    // The same answer whether the record exists or not.
    const auto there = m_clinic->resources().get("Condition", "c1");
    const auto notThere = m_clinic->resources().get("Condition", "c2");
    YARROW_COMPARE_ERROR(there, ErrorCode::Forbidden);
    YARROW_COMPARE_ERROR(notThere, ErrorCode::Forbidden);
}

void TestCommands::record_cannotBeEditedOutOfAnArea()
{
    m_test->addUser(QStringLiteral("desk"), Role::Receptionist);
    m_clinic = m_test->open(QStringLiteral("desk"));
    YARROW_COMPARE_ERROR(
        m_clinic->resources().put(json(R"({"resourceType":"Observation","id":"o1","status":"final"})")),
        ErrorCode::Forbidden);
    YARROW_COMPARE_ERROR(m_clinic->resources().remove("Condition", "c1", "x"), ErrorCode::Forbidden);
}

void TestCommands::history_tellsEachStep()
{
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("h", "One", "Ada")));
    m_test->clock.advance(1h);
    YARROW_VERIFY_OK(m_clinic->resources().put(patientDocument("h", "Two", "Ada"), "spelling"));
    YARROW_VERIFY_OK(m_clinic->resources().remove("Patient", "h", "twice"));
    const auto steps = m_clinic->resources().history("Patient", "h");
    YARROW_VERIFY_OK(steps);
    QCOMPARE(steps->size(), std::size_t(3));
    QCOMPARE((*steps)[0].action, std::string("create"));
    QCOMPARE((*steps)[1].reason, std::string("spelling"));
    QCOMPARE((*steps)[1].at, std::string("2026-03-02T10:00:00.000Z"));
    QVERIFY((*steps)[1].document->find("Two") != std::string::npos);
    QCOMPARE((*steps)[2].action, std::string("delete"));
    QVERIFY(!(*steps)[2].document.has_value());
    YARROW_COMPARE_ERROR(m_clinic->resources().history("Patient", "never"), ErrorCode::NotFound);
}

void TestCommands::rebuiltProjections_equalTheKeptOnes()
{
    YARROW_VERIFY_OK(m_clinic->appointments().save(visit("2026-03-02T09:00:00Z"), 0));
    YARROW_VERIFY_OK(
        m_clinic->resources().put(patientDocument("p1", "Rossi", "Ada Maria", "1980-03-12", "A-1", "055 1")));
    const auto contents = [&] {
        auto below = m_test->connectBelow();
        std::string all;
        for (const char* sql :
             {"SELECT "
              "json_array(pk,id,mrn,name,sort_name,birth_date,sex,phone,active,deceased,tokens,changed_at) "
              "FROM patient_index ORDER BY pk",
              "SELECT json_array(pk,id,start_at,end_at,status,patient) FROM appointment_index ORDER BY pk",
              "SELECT json_array(actor,start_at,appointment,end_at,overbooked) FROM appointment_actor ORDER "
              "BY actor, start_at",
              "SELECT rowid FROM patient_fts WHERE patient_fts MATCH 'maria'"}) {
            SQLite::Statement row(below->db(), sql);
            while (row.executeStep())
                all += row.getColumn(0).getString() + "\n";
        }
        return all;
    };
    const std::string kept = contents();
    auto below = m_test->connectBelow();
    YARROW_VERIFY_OK(Projection::rebuildAll(*below));
    QCOMPARE(contents(), kept);
    QVERIFY(kept.size() > 200);
}

void TestCommands::drafts_belongToTheirAuthor()
{
    m_test->addUser(QStringLiteral("desk"), Role::Receptionist);
    YARROW_VERIFY_OK(m_clinic->drafts().save("patient/new", R"({"family":"Ro"})"));
    auto reading = m_clinic->openReadConnection();
    QCOMPARE(*DraftCommands::read(**reading, m_clinic->actor().account, "patient/new"),
             std::string(R"({"family":"Ro"})"));
    auto desk = m_test->open(QStringLiteral("desk"));
    QCOMPARE(*DraftCommands::read(**reading, desk->actor().account, "patient/new"), std::string());
    YARROW_VERIFY_OK(m_clinic->drafts().save("patient/new", ""));
    QCOMPARE(*DraftCommands::read(**reading, m_clinic->actor().account, "patient/new"), std::string());
}

void TestCommands::device_isJudgedByItsDocument()
{
    // By its type alone a Device could be an implant; this one is clinic equipment, which only an
    // administrator writes.
    YARROW_VERIFY_OK(
        m_clinic->importer().addDocuments({json(R"({"resourceType":"Device","id":"ultrasound"})")}, "test"));
    m_test->addUser(QStringLiteral("nurse"), Role::Nurse);
    YARROW_VERIFY_OK(m_clinic->resources().history("Device", "ultrasound"));
    m_clinic = m_test->open(QStringLiteral("nurse"));
    YARROW_COMPARE_ERROR(m_clinic->resources().remove("Device", "ultrasound", "x"), ErrorCode::Forbidden);
    const auto moved = m_clinic->importer().addDocuments(
        {json(R"({"resourceType":"Device","id":"ultrasound","patient":{"reference":"Patient/p1"}})")},
        "test");
    YARROW_VERIFY_OK(moved);
    QCOMPARE(moved->failed.size(), std::size_t(1));
    QVERIFY(actions().contains(QStringLiteral("refused")));
    m_clinic = m_test->open();
    YARROW_VERIFY_OK(m_clinic->resources().remove("Device", "ultrasound", "sold"));
}

void TestCommands::longStay_isSeenAndHoldsItsSlot()
{
    YARROW_VERIFY_OK(m_clinic->importer().addDocuments(
        {json(
            R"({"resourceType":"Appointment","id":"stay","status":"booked","start":"2026-02-27T08:00:00Z","end":"2026-03-04T18:00:00Z","participant":[{"actor":{"reference":"Practitioner/dr"},"status":"accepted"}]})")},
        "test"));
    QCOMPARE(m_clinic->appointments().list(QDate(2026, 3, 3), {})->size(), std::size_t(1));
    QCOMPARE(m_clinic->appointments().list(QDate(2026, 3, 5), {})->size(), std::size_t(0));
    const auto clash = m_clinic->appointments().save(visit("2026-03-03T09:00:00Z"), 0);
    YARROW_COMPARE_ERROR(clash, ErrorCode::SlotTaken);
    QCOMPARE(clash.error().context, std::string("stay"));
    ClinicReader::OpeningsRequest request;
    request.earliest = *parseInstant("2026-03-02T05:00:00Z");
    request.days = 2;
    QVERIFY(m_clinic->appointments().openings(request)->empty());
}

void TestCommands::everyParticipant_holdsTheSlot()
{
    YARROW_VERIFY_OK(m_clinic->importer().addDocuments(
        {json(R"({"resourceType":"Practitioner","id":"dr2","name":[{"family":"Bruni"}]})"),
         json(
             R"({"resourceType":"Appointment","id":"two","status":"booked","start":"2026-03-02T09:00:00Z","end":"2026-03-02T09:30:00Z","participant":[{"actor":{"reference":"Practitioner/dr"},"status":"accepted"},{"actor":{"reference":"Practitioner/dr2"},"status":"accepted"}]})")},
        "test"));
    Appointment second = visit("2026-03-02T09:15:00Z");
    second.practitioner = PractitionerId::known("dr2");
    second.room = {};
    YARROW_COMPARE_ERROR(m_clinic->appointments().save(second, 0), ErrorCode::SlotTaken);
}

QTEST_GUILESS_MAIN(TestCommands)
#include "tst_commands.moc"
