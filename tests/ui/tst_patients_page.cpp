// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/drive.h"
#include "tests/ui/support/memory_session.h"
#include "ui/patients/patient_form.h"
#include "ui/patients/patients_page.h"
#include "ui/theme/theme.h"

#include <QLabel>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

using namespace yarrow;

/// Which patient the patients page acts on.
class TestPatientsPage : public QObject
{
    Q_OBJECT

    std::unique_ptr<MemorySession> m_session;
    std::unique_ptr<PatientsPage> m_page;
    PatientId m_ada;
    PatientId m_bruno;

    [[nodiscard]] QString bannerName()
    {
        auto* label = shown<QLabel>(*m_page, "bannerName");
        return label ? label->text() : QString();
    }
    bool open(const PatientId& id, const char* name)
    {
        m_page->showPatient(id);
        return QTest::qWaitFor([&] { return bannerName() == QLatin1String(name); });
    }
    [[nodiscard]] const PatientForm& form() { return *m_page->findChild<PatientForm*>(); }
    void edit() { QTest::keyClick(m_page->window()->focusWidget(), Qt::Key_E, Qt::ControlModifier); }

private Q_SLOTS:
    void init()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        Theme::current().install();
        m_session = std::make_unique<MemorySession>();
        m_ada = m_session->addPatient(QStringLiteral("Rossi"), QStringLiteral("Ada"), QDate(1980, 3, 4));
        m_bruno = m_session->addPatient(QStringLiteral("Rossi"), QStringLiteral("Bruno"), QDate(1990, 1, 2));
        m_page = std::make_unique<PatientsPage>(*m_session);
        m_page->resize(1500, 900);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->activated();
    }
    void cleanup() { m_page.reset(); }

    void whileAnotherIsBeingOpened_theOneBeforeIsNotEdited()
    {
        QVERIFY(open(m_ada, "Rossi, Ada"));
        m_session->holdAnswers();
        m_page->showPatient(m_bruno);
        edit();
        QVERIFY(!form().isVisible());
        m_session->releaseAnswers();
        QCOMPARE(bannerName(), QStringLiteral("Rossi, Bruno"));
        edit();
        QVERIFY(form().isVisible());
        QCOMPARE(form().patient(), m_bruno);
    }
    void whoIsCoveredByTheWorklist_isNotEdited()
    {
        QVERIFY(open(m_ada, "Rossi, Ada"));
        QVERIFY(press(*m_page, "possibleDuplicates"));
        QVERIFY(shown(*m_page, "closeDuplicates"));
        edit();
        QVERIFY(!form().isVisible());
        QVERIFY(press(*m_page, "closeDuplicates"));
        QTRY_COMPARE(bannerName(), QStringLiteral("Rossi, Ada"));
        edit();
        QVERIFY(form().isVisible());
    }
    void whoIsStillBeingRead_doesNotCoverTheWorklist()
    {
        m_session->holdAnswers();
        m_page->showPatient(m_ada);
        QVERIFY(press(*m_page, "possibleDuplicates"));
        m_session->releaseAnswers();
        QVERIFY(shown(*m_page, "closeDuplicates"));
        QVERIFY(bannerName().isEmpty());
    }
    void anAppointmentInTheRecord_isShownInTheCalendar()
    {
        Appointment a;
        a.patient = m_ada;
        a.start = toInstant(QDate(2026, 5, 20), QTime(9, 0), m_session->zone());
        a.end = a.start + std::chrono::minutes(15);
        const auto id = m_session->add(a);
        QVERIFY(open(m_ada, "Rossi, Ada"));
        QSignalSpy asked(m_page.get(), &Page::appointmentRequested);
        auto* list = shown<QListView>(*m_page, "upcoming");
        QVERIFY(list);
        Q_EMIT list->activated(list->model()->index(0, 0));
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.front().at(0).value<AppointmentId>(), id);
        QCOMPARE(asked.front().at(1).toDate(), QDate(2026, 5, 20));
    }
    void besideANewPatient_whoHasNoRoom_isNotEdited()
    {
        QVERIFY(open(m_ada, "Rossi, Ada"));
        m_page->resize(800, 900);
        m_page->startRegistration();
        QVERIFY(bannerName().isEmpty());
        edit();
        QVERIFY(form().isVisible());
        QVERIFY(form().patient().isEmpty());
    }
};

QTEST_MAIN(TestPatientsPage)
#include "tst_patients_page.moc"
