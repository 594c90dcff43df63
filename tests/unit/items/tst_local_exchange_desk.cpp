// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_clinic_session.h"
#include "tests/support/server_side.h"

#include <QSignalSpy>

using namespace yarrow;
using namespace yarrow::testing;

namespace {

/// Runs nothing; notes what it is asked for.
class NotingRunner final : public ExchangeRunner
{
public:
    ExchangeProgress progress() const override { return now; }
    void exchangeNow() override { ++asked; }
    void changesWait() override { ++changes; }
    void linkChanged() override { ++links; }
    void allowDeletions() override { ++allowed; }

    ExchangeProgress now;
    int asked = 0;
    int changes = 0;
    int links = 0;
    int allowed = 0;
};

} // namespace

class TestLocalExchangeDesk : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void conflict_isListedShownSettledAndUndone();
    void records_wearTheirBadges();
    void runner_isToldOfEveryChange();
    void whatAnExchangeBrings_isAnnounced();
    void pausing_isKeptAndTold();

private:
    template <class T>
    Result<T> wait(const std::function<void(QObject*, std::function<void(Result<T>)>)>& call);
    ExchangeDesk& desk() { return m_session->exchange(); }

    std::unique_ptr<TestClinic> m_test;
    std::unique_ptr<ServerSide> m_server;
    std::shared_ptr<LocalClinicSession> m_session;
    NotingRunner* m_runner = nullptr;
};

void TestLocalExchangeDesk::init()
{
    m_test = std::make_unique<TestClinic>();
    auto clinic = m_test->open();
    m_server = std::make_unique<ServerSide>(*m_test);
    m_server->enrol();
    m_server->deliver(patientDocument("p1", "Rossi", "Ada", "1980-03-12"));
    Conflict conflict;
    conflict.id = "t1";
    conflict.focusType = "Patient";
    conflict.focusId = "p1";
    conflict.patient = "p1";
    conflict.author = clinic->actor().account.text();
    conflict.detectedAt = "2026-03-02T08:40:00.000Z";
    conflict.elements = {{"birthDate", {}, Json("1980-03-21"), Json("1980-03-12")}};
    m_server->open(conflict, clinic->actor(), clinic->identity());
    auto session = LocalClinicSession::open(std::move(clinic), [this](ExchangePlace place) {
        if (!place.connection)
            qFatal("no connection");
        auto runner = std::make_unique<NotingRunner>();
        m_runner = runner.get();
        return runner;
    });
    YARROW_VERIFY_OK(session);
    m_session = *session;
}

void TestLocalExchangeDesk::cleanup()
{
    m_session.reset();
    m_server.reset();
    m_test.reset();
}

template <class T>
Result<T>
TestLocalExchangeDesk::wait(const std::function<void(QObject*, std::function<void(Result<T>)>)>& call)
{
    std::optional<Result<T>> answer;
    call(this, [&](Result<T> result) { answer = std::move(result); });
    if (!QTest::qWaitFor([&] { return answer.has_value(); }, 10'000))
        return fail(ErrorCode::Cancelled, "no answer");
    return std::move(*answer);
}

void TestLocalExchangeDesk::conflict_isListedShownSettledAndUndone()
{
    QCOMPARE(desk().status().conflicts, 1);
    const auto rows = wait<std::vector<ConflictRow>>(
        [&](QObject* context, auto done) { desk().openConflicts(false, context, std::move(done)); });
    YARROW_VERIFY_OK(rows);
    QCOMPARE(rows->size(), std::size_t(1));
    QVERIFY(rows->front().isMine);
    QCOMPARE(rows->front().elements.front().front().name, QStringLiteral("birthDate"));
    const QString id = rows->front().id;
    const auto details = wait<ConflictDetails>(
        [&](QObject* context, auto done) { desk().conflict(id, context, std::move(done)); });
    YARROW_VERIFY_OK(details);
    QCOMPARE(details->elements.front().now, std::optional(Json("1980-03-12")));
    const auto settled = wait<SettlementOutcome>([&](QObject* context, auto done) {
        desk().settle(id, {{"birthDate", ConflictChoice::Take::Mine, {}}}, details->revision, context,
                      std::move(done));
    });
    YARROW_VERIFY_OK(settled);
    QCOMPARE(*settled, SettlementOutcome::Changed);
    QVERIFY(desk().canUndo(id));
    QTRY_COMPARE(desk().status().conflicts, 0);
    const auto undone = wait<SettlementOutcome>(
        [&](QObject* context, auto done) { desk().undo(id, context, std::move(done)); });
    YARROW_VERIFY_OK(undone);
    QCOMPARE(*undone, SettlementOutcome::Reopened);
    QVERIFY(!desk().canUndo(id));
    QTRY_COMPARE(desk().status().conflicts, 1);
}

void TestLocalExchangeDesk::records_wearTheirBadges()
{
    auto rows = m_session->searchPatients(QStringLiteral("rossi"), 5);
    YARROW_VERIFY_OK(rows);
    QVERIFY(rows->front().conflicted);
    QVERIFY(!rows->front().unsent);
    auto viewed = wait<PatientRecord>([&](QObject* context, auto done) {
        m_session->viewPatient(PatientId::known("p1"), context, std::move(done));
    });
    QVERIFY(viewed->conflicted);
    viewed->patient.active = false;
    YARROW_VERIFY_OK(wait<ClinicSession::Saved>([&](QObject* context, auto done) {
        m_session->savePatient(viewed->patient, viewed->revision, context, std::move(done));
    }));
    QVERIFY(m_session->searchPatients(QStringLiteral("rossi"), 5)->front().unsent);
}

void TestLocalExchangeDesk::runner_isToldOfEveryChange()
{
    auto viewed = wait<PatientRecord>([&](QObject* context, auto done) {
        m_session->viewPatient(PatientId::known("p1"), context, std::move(done));
    });
    viewed->patient.active = false;
    YARROW_VERIFY_OK(wait<ClinicSession::Saved>([&](QObject* context, auto done) {
        m_session->savePatient(viewed->patient, viewed->revision, context, std::move(done));
    }));
    QTRY_COMPARE(m_runner->changes, 1);
    desk().exchangeNow();
    QCOMPARE(m_runner->asked, 1);
    YARROW_VERIFY_OK(
        wait<void>([&](QObject* context, auto done) { desk().allowDeletions(context, std::move(done)); }));
    QCOMPARE(m_runner->allowed, 1);
}

void TestLocalExchangeDesk::whatAnExchangeBrings_isAnnounced()
{
    QSignalSpy arrived(m_session.get(), &ClinicSession::recordsArrived);
    QSignalSpy status(&desk(), &ExchangeDesk::statusChanged);
    m_server->deliver(patientDocument("p2", "Verdi", "Carla"));
    m_runner->now.completedAt = m_test->clock.now();
    Q_EMIT m_runner->progressChanged();
    Q_EMIT m_runner->recordsChanged();
    QCOMPARE(arrived.size(), 1);
    QVERIFY(!status.isEmpty());
    QCOMPARE(desk().status().progress.completedAt, std::optional(m_test->clock.now()));
    QCOMPARE(m_session->searchPatients(QStringLiteral("verdi"), 5)->size(), std::size_t(1));
}

void TestLocalExchangeDesk::pausing_isKeptAndTold()
{
    YARROW_VERIFY_OK(
        wait<void>([&](QObject* context, auto done) { desk().setPaused(true, context, std::move(done)); }));
    QTRY_VERIFY(desk().status().isPaused);
    QCOMPARE(m_runner->links, 1);
}

QTEST_GUILESS_MAIN(TestLocalExchangeDesk)
#include "tst_local_exchange_desk.moc"
