// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_clinic_gate.h"
#include "models/items/local_clinic_session.h"
#include "tests/support/test_clinic.h"

#include <QSignalSpy>

using namespace yarrow;
using namespace yarrow::testing;
using namespace std::chrono_literals;

class TestLocalClinicSession : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void saving_comesBackAndIsAnnounced();
    void aBooking_isSeenAtOnceByTheReader();
    void aMoveToAnotherDay_announcesBoth();
    void results_areDroppedWithTheirContext();
    void closing_finishesWhatWasGiven();
    void drafts_areReadBackAtOnceAndAfterwards();
    void state_countsUnsentRecords();
    void gate_createsAndSignsIn();
    void onlyTheNewestQuestionAboutDuplicates_isAnswered();
    void attendance_countsMissedAndKeptVisits();
    void aPlan_namesWhoIsInTheWay_andSavedTogetherItIsAnnounced();

private:
    template <class T>
    Result<T> wait(const std::function<void(QObject*, std::function<void(Result<T>)>)>& call);

    std::unique_ptr<TestClinic> m_test;
    std::shared_ptr<LocalClinicSession> m_session;
};

void TestLocalClinicSession::init()
{
    m_test = std::make_unique<TestClinic>();
    auto clinic = m_test->open();
    YARROW_VERIFY_OK(clinic->importer().addDocuments(
        {patientDocument("p1", "Rossi", "Ada"),
         json(R"({"resourceType":"Practitioner","id":"dr","name":[{"family":"Neri","given":["Piero"]}]})"),
         json(
             R"({"resourceType":"PractitionerRole","id":"role","practitioner":{"reference":"Practitioner/dr"},"specialty":[{"text":"General practice"}]})")},
        "test"));
    auto session = LocalClinicSession::open(std::move(clinic));
    YARROW_VERIFY_OK(session);
    m_session = *session;
}

void TestLocalClinicSession::cleanup()
{
    m_session.reset();
    m_test.reset();
}

void TestLocalClinicSession::attendance_countsMissedAndKeptVisits()
{
    const PatientId patient = PatientId::known("p1");
    const auto before = m_session->booking().attendance(patient);
    YARROW_VERIFY_OK(before);
    QCOMPARE(*before, Attendance());
    const auto save = [&](AppointmentStatus status, int hour) {
        Appointment visit;
        visit.patient = patient;
        visit.practitioner = PractitionerId::known("dr");
        visit.start = m_test->clock.now() + std::chrono::hours(hour);
        visit.end = visit.start + 15min;
        visit.status = status;
        YARROW_VERIFY_OK(wait<AppointmentRow>([&](QObject* context, auto done) {
            m_session->saveAppointment(visit, 0, context, std::move(done));
        }));
    };
    save(AppointmentStatus::NoShow, -48);
    save(AppointmentStatus::NoShow, -24);
    save(AppointmentStatus::Fulfilled, -12);
    save(AppointmentStatus::Booked, 24);
    const auto after = m_session->booking().attendance(patient);
    YARROW_VERIFY_OK(after);
    QCOMPARE(*after, (Attendance{2, 1, m_test->clock.now() - std::chrono::hours(24)}));
    QCOMPARE(*m_session->booking().attendance(PatientId()), Attendance());
}

void TestLocalClinicSession::aPlan_namesWhoIsInTheWay_andSavedTogetherItIsAnnounced()
{
    AppointmentRow first;
    first.appointment.patient = PatientId::known("p1");
    first.appointment.practitioner = PractitionerId::known("dr");
    first.appointment.start = *parseInstant("2026-03-09T09:00:00Z");
    first.appointment.end = first.appointment.start + 30min;
    const auto plan = [&] {
        return wait<SeriesPlan>([&](QObject* context, auto done) {
            m_session->booking().planSeries(first, *parseRecurrence("FREQ=DAILY;COUNT=3", m_session->zone()),
                                            context, std::move(done));
        });
    };
    const auto free = plan();
    YARROW_VERIFY_OK(free);
    QCOMPARE(free->visits.size(), std::size_t{3});
    QVERIFY(!free->visits[1].isRefused);
    QSignalSpy announced(m_session.get(), &ClinicSession::appointmentsChanged);
    std::vector<AppointmentRow> rows;
    for (const PlannedVisit& visit : free->visits)
        rows.push_back(visit.row);
    const auto saved = wait<std::vector<BookingDesk::SavedVisit>>(
        [&](QObject* context, auto done) { m_session->booking().saveAll(rows, context, std::move(done)); });
    YARROW_VERIFY_OK(saved);
    QCOMPARE(saved->size(), std::size_t{3});
    QCOMPARE((*saved)[2].now.patientName, QStringLiteral("Rossi, Ada"));
    QVERIFY((*saved)[2].before.appointment.id.isEmpty());
    QCOMPARE(announced.size(), 3);
    const auto taken = plan();
    YARROW_VERIFY_OK(taken);
    QVERIFY(taken->visits[2].isRefused);
    QCOMPARE(taken->inTheWay.size(), std::size_t{3});
    QCOMPARE(taken->inTheWay.at((*saved)[2].now.appointment.id).patientName, QStringLiteral("Rossi, Ada"));
    // None is changed when one of them was changed by somebody else meanwhile.
    AppointmentRow known = (*saved)[0].now;
    known.appointment.comment = QStringLiteral("together");
    AppointmentRow outdated = (*saved)[1].now;
    outdated.revision -= 1;
    const auto refused = wait<std::vector<BookingDesk::SavedVisit>>([&](QObject* context, auto done) {
        m_session->booking().saveAll({known, outdated}, context, std::move(done));
    });
    YARROW_COMPARE_ERROR(refused, ErrorCode::Stale);
    QVERIFY(m_session->appointmentsOn(QDate(2026, 3, 9))->front().appointment.comment.isEmpty());
}

void TestLocalClinicSession::onlyTheNewestQuestionAboutDuplicates_isAnswered()
{
    Patient typed;
    typed.names.push_back(
        {HumanName::Use::Unset, QStringLiteral("Rosi"), {QStringLiteral("Ada")}, {}, {}, {}});
    using Found = std::vector<DuplicateRow>;
    int overtaken = 0;
    m_session->patientDesk().findDuplicates(typed, this, [&](const Result<Found>&) { ++overtaken; });
    typed.birthDate = PartialDate(QDate(1980, 3, 12));
    const auto found = wait<Found>([&](QObject* context, std::function<void(Result<Found>)> done) {
        m_session->patientDesk().findDuplicates(typed, context, std::move(done));
    });
    YARROW_VERIFY_OK(found);
    QCOMPARE(found->size(), std::size_t(1));
    QCOMPARE(found->front().patient.id.text(), std::string("p1"));
    QVERIFY(!found->front().reasons.empty());
    QCOMPARE(overtaken, 0);
}

template <class T>
Result<T>
TestLocalClinicSession::wait(const std::function<void(QObject*, std::function<void(Result<T>)>)>& call)
{
    std::optional<Result<T>> answer;
    call(this, [&](Result<T> result) { answer = std::move(result); });
    if (!QTest::qWaitFor([&] { return answer.has_value(); }, 10'000))
        return fail(ErrorCode::Cancelled, "no answer");
    return std::move(*answer);
}

namespace {

Appointment visit(const char* from)
{
    Appointment appointment;
    appointment.start = *parseInstant(from);
    appointment.end = appointment.start + 30min;
    appointment.patient = PatientId::known("p1");
    appointment.practitioner = PractitionerId::known("dr");
    return appointment;
}

} // namespace

void TestLocalClinicSession::saving_comesBackAndIsAnnounced()
{
    QSignalSpy saved(m_session.get(), &ClinicSession::patientSaved);
    auto viewed = wait<PatientRecord>([&](QObject* context, auto done) {
        m_session->viewPatient(PatientId::known("p1"), context, std::move(done));
    });
    YARROW_VERIFY_OK(viewed);
    viewed->patient.names[0].given = {QStringLiteral("Ada"), QStringLiteral("Maria")};
    const auto result = wait<ClinicSession::Saved>([&](QObject* context, auto done) {
        m_session->savePatient(viewed->patient, viewed->revision, context, std::move(done));
    });
    YARROW_VERIFY_OK(result);
    QCOMPARE(result->revision, viewed->revision + 1);
    QCOMPARE(saved.size(), 1);
    const auto rows = m_session->searchPatients(QStringLiteral("maria"), 10);
    YARROW_VERIFY_OK(rows);
    QCOMPARE(rows->size(), std::size_t(1));
    QCOMPARE(rows->front().name, QStringLiteral("Rossi, Ada Maria"));
}

void TestLocalClinicSession::aBooking_isSeenAtOnceByTheReader()
{
    QSignalSpy changed(m_session.get(), &ClinicSession::appointmentsChanged);
    const auto booked = wait<AppointmentRow>([&](QObject* context, auto done) {
        m_session->saveAppointment(visit("2026-03-02T10:00:00Z"), 0, context, std::move(done));
    });
    YARROW_VERIFY_OK(booked);
    QCOMPARE(booked->patientName, QStringLiteral("Rossi, Ada"));
    QVERIFY(!booked->provisional); // there is no server that could confirm it
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].toDate(), QDate(2026, 3, 2));
    const auto rows = m_session->appointmentsOn(QDate(2026, 3, 2));
    YARROW_VERIFY_OK(rows);
    QCOMPARE(rows->size(), std::size_t(1));
    QCOMPARE(rows->front(), *booked);
    const auto clash = wait<AppointmentRow>([&](QObject* context, auto done) {
        m_session->saveAppointment(visit("2026-03-02T10:15:00Z"), 0, context, std::move(done));
    });
    YARROW_COMPARE_ERROR(clash, ErrorCode::SlotTaken);
    QCOMPARE(clash.error().context, booked->appointment.id.text());
}

void TestLocalClinicSession::aMoveToAnotherDay_announcesBoth()
{
    auto booked = wait<AppointmentRow>([&](QObject* context, auto done) {
        m_session->saveAppointment(visit("2026-03-02T10:00:00Z"), 0, context, std::move(done));
    });
    QSignalSpy changed(m_session.get(), &ClinicSession::appointmentsChanged);
    booked->appointment.start += 24h;
    booked->appointment.end += 24h;
    YARROW_VERIFY_OK(wait<AppointmentRow>([&](QObject* context, auto done) {
        m_session->saveAppointment(booked->appointment, booked->revision, context, std::move(done));
    }));
    QCOMPARE(changed.size(), 2);
    QCOMPARE(changed[0][0].toDate(), QDate(2026, 3, 3));
    QCOMPARE(changed[1][0].toDate(), QDate(2026, 3, 2));
}

void TestLocalClinicSession::results_areDroppedWithTheirContext()
{
    bool called = false;
    auto context = std::make_unique<QObject>();
    m_session->viewPatient(PatientId::known("p1"), context.get(),
                           [&](Result<PatientRecord>) { called = true; });
    context.reset();
    // What is asked afterwards is answered afterwards: by then the first answer has come and gone.
    YARROW_VERIFY_OK(wait<PatientRecord>([&](QObject* alive, auto done) {
        m_session->viewPatient(PatientId::known("p1"), alive, std::move(done));
    }));
    QVERIFY(!called);
}

void TestLocalClinicSession::closing_finishesWhatWasGiven()
{
    for (int i = 0; i < 20; ++i)
        m_session->saveDraft(QStringLiteral("form"), QByteArray::number(i));
    m_session.reset();
    auto clinic = m_test->open();
    auto reading = clinic->openReadConnection();
    QCOMPARE(*DraftCommands::read(**reading, clinic->actor().account, "form"), std::string("19"));
}

void TestLocalClinicSession::drafts_areReadBackAtOnceAndAfterwards()
{
    m_session->saveDraft(QStringLiteral("form"), "typed");
    QCOMPARE(m_session->draft(QStringLiteral("form")), QByteArray("typed"));
    m_session.reset();
    auto session = LocalClinicSession::open(m_test->open());
    YARROW_VERIFY_OK(session);
    QCOMPARE((*session)->draft(QStringLiteral("form")), QByteArray("typed"));
    (*session)->saveDraft(QStringLiteral("form"), {});
    QCOMPARE((*session)->draft(QStringLiteral("form")), QByteArray());
}

void TestLocalClinicSession::state_countsUnsentRecords()
{
    const ExchangeDesk& desk = m_session->exchange();
    QCOMPARE(desk.status().waiting, 3);
    QVERIFY(!desk.status().hasServer);
    QSignalSpy changed(&desk, &ExchangeDesk::statusChanged);
    YARROW_VERIFY_OK(wait<AppointmentRow>([&](QObject* context, auto done) {
        m_session->saveAppointment(visit("2026-03-02T10:00:00Z"), 0, context, std::move(done));
    }));
    QTRY_COMPARE(desk.status().waiting, 4);
    QCOMPARE(changed.size(), 1);
}

void TestLocalClinicSession::gate_createsAndSignsIn()
{
    const Profile fresh(m_test->profile.folder().parent_path() / "fresh");
    LocalClinicGate gate(fresh, m_test->environment);
    QVERIFY(!gate.clinicExists());
    QVERIFY(gate.hasKeyStore());
    QSignalSpy created(&gate, &ClinicGate::created);
    QSignalSpy failed(&gate, &ClinicGate::createFailed);
    ClinicGate::NewClinic wanted{QStringLiteral("Demo"), QTimeZone("Europe/Rome"), QStringLiteral("demo"),
                                 QStringLiteral("Demo"), TestClinic::password(),   true};
    gate.create(wanted);
    QTRY_COMPARE_WITH_TIMEOUT(created.size() + failed.size(), 1, 60'000);
    QCOMPARE(created.size(), 1);
    QVERIFY(RecoveryCode::parse(created[0][0].toString()).has_value());
    QCOMPARE(gate.userNames(), QStringList{QStringLiteral("demo")});

    QSignalSpy refused(&gate, &ClinicGate::signInFailed);
    gate.signIn(QStringLiteral("demo"), QStringLiteral("wrong password"));
    QTRY_COMPARE_WITH_TIMEOUT(refused.size(), 1, 10'000);

    std::shared_ptr<ClinicSession> session;
    connect(&gate, &ClinicGate::signedIn, this,
            [&](std::shared_ptr<ClinicSession> opened) { session = std::move(opened); });
    gate.signIn(QStringLiteral("demo"), TestClinic::password());
    QVERIFY(QTest::qWaitFor([&] { return session != nullptr; }, 10'000));
    QCOMPARE(session->practitioners().size(), std::size_t(5));
    QVERIFY(!session->appointmentsOn(QDate(2026, 3, 2))->empty());
    QCOMPARE(session->searchPatients({}, 10)->size(), std::size_t(10));
}

QTEST_GUILESS_MAIN(TestLocalClinicSession)
#include "tst_local_clinic_session.moc"
