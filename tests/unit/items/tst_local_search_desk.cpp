// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_clinic_session.h"
#include "tests/support/test_clinic.h"

using namespace yarrow;
using namespace yarrow::testing;
using namespace std::chrono_literals;

class TestLocalSearchDesk : public QObject
{
    Q_OBJECT

    std::unique_ptr<TestClinic> m_test;
    std::shared_ptr<LocalClinicSession> m_session;

    void open(const QString& user = QStringLiteral("admin"))
    {
        auto session = LocalClinicSession::open(m_test->open(user));
        YARROW_VERIFY_OK(session);
        m_session = *session;
    }
    Result<Findings> find(const QString& text)
    {
        std::optional<Result<Findings>> answer;
        m_session->search().find(text, this, [&](Result<Findings> found) { answer = std::move(found); });
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 10'000))
            return fail(ErrorCode::Cancelled, "no answer");
        return std::move(*answer);
    }

private Q_SLOTS:
    void init()
    {
        m_test = std::make_unique<TestClinic>();
        auto clinic = m_test->open();
        YARROW_VERIFY_OK(clinic->importer().addDocuments(
            {patientDocument("p1", "Rossi", "Ada", "1980-03-12", "1001"),
             patientDocument("p2", "Rossetti", "Bruno", "1990-01-02", "1002"),
             json("{\"resourceType\":\"Practitioner\",\"id\":\"dr\",\"name\":[{\"family\":\"Neri\"}]}")},
            "test"));
        for (const char* start : {"2026-03-01T10:00:00Z", "2026-03-09T10:00:00Z", "2026-03-05T10:00:00Z"}) {
            Appointment visit;
            visit.patient = PatientId::known("p1");
            visit.practitioner = PractitionerId::known("dr");
            visit.start = *parseInstant(start);
            visit.end = visit.start + 30min;
            YARROW_VERIFY_OK(clinic->appointments().save(visit, 0));
        }
        clinic.reset();
        open();
    }
    void cleanup()
    {
        m_session.reset();
        m_test.reset();
    }

    void patientsComeWithTheirNextAppointment()
    {
        const auto found = find(QStringLiteral("ross"));
        YARROW_VERIFY_OK(found);
        QCOMPARE(found->patients.size(), std::size_t(2));
        QCOMPARE(found->appointments.size(), std::size_t(1));
        QCOMPARE(found->appointments.front().appointment.start, *parseInstant("2026-03-05T10:00:00Z"));
        QCOMPARE(found->appointments.front().patientName, QStringLiteral("Rossi, Ada"));
    }

    void nothingTyped_givesThoseThatWereOpenedLast()
    {
        QVERIFY(find({})->patients.empty());
        for (const char* id : {"p1", "p2"}) {
            bool isOpened = false;
            m_session->viewPatient(PatientId::known(id), this, [&](const Result<PatientRecord>& record) {
                isOpened = record.has_value();
            });
            QTRY_VERIFY(isOpened);
        }
        const auto found = find({});
        YARROW_VERIFY_OK(found);
        QCOMPARE(found->patients.size(), std::size_t(2));
        QCOMPARE(found->patients.front().id, PatientId::known("p2"));
        QVERIFY(found->appointments.empty());
    }

    void onlyTheNewestQuestion_isAnswered()
    {
        int first = 0;
        int second = 0;
        m_session->search().find(QStringLiteral("ada"), this, [&](const Result<Findings>&) { ++first; });
        m_session->search().find(QStringLiteral("bru"), this, [&](const Result<Findings>&) { ++second; });
        QTRY_COMPARE(second, 1);
        QCOMPARE(first, 0);
    }

    void anAnswer_isDroppedWithItsContextOrTheSession()
    {
        int answers = 0;
        {
            QObject context;
            m_session->search().find(QStringLiteral("ada"), &context,
                                     [&](const Result<Findings>&) { ++answers; });
        }
        m_session->search().find(QStringLiteral("ada"), this, [&](const Result<Findings>&) { ++answers; });
        m_session.reset();
        QCoreApplication::processEvents();
        QCOMPARE(answers, 0);
    }
};

QTEST_GUILESS_MAIN(TestLocalSearchDesk)
#include "tst_local_search_desk.moc"
