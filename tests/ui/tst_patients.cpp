// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/drive.h"
#include "tests/ui/support/sample_clinic.h"
#include "ui/patients/patient_form.h"
#include "ui/patients/patients_page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/field.h"
#include "ui/widgets/notes.h"

#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

namespace yarrow {

namespace {

QString errorOf(QWidget& root, const QString& control)
{
    for (const Field* field : root.findChildren<Field*>()) {
        if (field->control()->objectName() == control)
            return field->error();
    }
    return QStringLiteral("no such field");
}

/// The line of a phone or e-mail row: rows are numbered as they are made.
QLineEdit* lineOf(QWidget& root, const QString& kind)
{
    for (QLineEdit* edit : root.findChildren<QLineEdit*>()) {
        if (edit->objectName().startsWith(kind) && edit->isVisible())
            return edit;
    }
    return nullptr;
}

} // namespace

class TestPatients : public QObject
{
    Q_OBJECT

    std::unique_ptr<MemorySession> m_session;
    std::unique_ptr<PatientsPage> m_page;

    void open()
    {
        m_page = std::make_unique<PatientsPage>(*m_session);
        m_page->resize(1500, 900);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->activated();
    }
    [[nodiscard]] QAbstractItemModel* list()
    {
        return m_page->findChild<QListView*>(QStringLiteral("patientList"))->model();
    }
    [[nodiscard]] PatientForm* form() { return m_page->findChild<PatientForm*>(); }
    [[nodiscard]] QString bannerName()
    {
        auto* label = shown<QLabel>(*m_page, "bannerName");
        return label == nullptr ? QString() : label->text();
    }
    void openFirst(const QString& text)
    {
        QVERIFY(typeInto(*m_page, "patientSearch", text));
        QTest::keyClick(shown(*m_page, "patientSearch"), Qt::Key_Return);
        QTRY_VERIFY(!bannerName().isEmpty());
    }
    [[nodiscard]] PatientRecord stored(const QString& search)
    {
        const PatientId id = m_session->searchPatients(search, 1).value().front().id;
        PatientRecord record;
        bool done = false;
        m_session->viewPatient(id, this, [&](const Result<PatientRecord>& read) {
            record = read.value();
            done = true;
        });
        if (!QTest::qWaitFor([&] { return done; }))
            qFatal("the record did not come");
        return record;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QStringLiteral("de_DE")));
        Theme::current().install();
    }
    void init()
    {
        m_session = std::make_unique<MemorySession>();
        addSamplePeople(*m_session);
        addSampleDay(*m_session, QDate(2026, 5, 12));
    }
    void cleanup()
    {
        m_page.reset();
        QGuiApplication::setLayoutDirection(Qt::LeftToRight);
    }

    void typing_findsInAnyOrder()
    {
        open();
        QVERIFY(shown(*m_page, "patientSearch")->hasFocus());
        QCOMPARE(list()->rowCount(), 60);
        QVERIFY(typeInto(*m_page, "patientSearch", QStringLiteral("clém castel")));
        QVERIFY(list()->rowCount() > 0);
        for (int row = 0; row < list()->rowCount(); ++row)
            QCOMPARE(list()->index(row, 0).data().toString(), QStringLiteral("Castellane, Clémence"));
    }

    void settledSearch_isNotedOnce()
    {
        open();
        QVERIFY(typeInto(*m_page, "patientSearch", QStringLiteral("brisco")));
        QVERIFY(m_session->searchesNoted().isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(m_session->searchesNoted(), QStringList{QStringLiteral("brisco")}, 3000);
    }

    void openedSearch_isNotedAtOnce()
    {
        open();
        openFirst(QStringLiteral("brisco"));
        QCOMPARE(m_session->searchesNoted(), QStringList{QStringLiteral("brisco")});
    }

    void enter_opensTheFirstFound()
    {
        open();
        openFirst(QStringLiteral("grünwald bruno"));
        QCOMPARE(bannerName(), QStringLiteral("Grünwald, Bruno"));
        const QString facts = shown<QLabel>(*m_page, "bannerFacts")->text();
        QVERIFY2(facts.contains(QLatin1String("1942")), qPrintable(facts));
        QVERIFY(shown(*m_page, "allergies") != nullptr); // never silent about them
    }

    void nobodyFound_saysWhatToDo()
    {
        open();
        QVERIFY(typeInto(*m_page, "patientSearch", QStringLiteral("zzyzx")));
        QVERIFY(!shown(*m_page, "patientList"));
        QVERIFY(press(*m_page, "emptyStateAction"));
        QVERIFY(form()->isVisible());
    }

    void emptyClinic_offersRegistration()
    {
        m_session = std::make_unique<MemorySession>();
        open();
        QVERIFY(shown(*m_page, "emptyStateAction") != nullptr);
    }

    void billing_seesButCannotRegister()
    {
        m_session->setUser({QStringLiteral("bill"), Role::Billing});
        open();
        QVERIFY(!shown(*m_page, "newPatient"));
        openFirst(QStringLiteral("brisco"));
        QVERIFY(!shown(*m_page, "editPatient"));
        QVERIFY(!shown(*m_page, "bookPatient"));
        QVERIFY(typeInto(*m_page, "patientSearch", QStringLiteral("zzyzx")));
        QVERIFY(!shown(*m_page, "emptyStateAction"));
    }

    void registeringSomebodyAgain_saysSoAndWhy()
    {
        open();
        m_session->addPatient(QStringLiteral("Lindqvist"), QStringLiteral("Astrid"), QDate(1974, 5, 6),
                              Sex::Female, QStringLiteral("347 765 4321"));
        QVERIFY(press(*m_page, "newPatient"));
        QVERIFY(typeInto(*m_page, "family", QStringLiteral("Lindkvist")));
        QVERIFY(typeInto(*m_page, "given", QStringLiteral("Astrid")));
        QVERIFY(shown(*m_page, "duplicateWarning") == nullptr); // a name alone is no reason
        QVERIFY(typeInto(*m_page, "birthDate", QStringLiteral("06.05.1974")));
        QTRY_VERIFY(shown(*m_page, "duplicateReasons0") != nullptr);
        QCOMPARE(shown<QLabel>(*m_page, "duplicateName0")->text(), QStringLiteral("Lindqvist, Astrid"));
        const QString why = shown<QLabel>(*m_page, "duplicateReasons0")->text();
        for (const char* word : {"same birth date", "same given name", "imilar family name"})
            QVERIFY2(why.contains(QLatin1String(word)), qPrintable(why));
        QTRY_COMPARE_WITH_TIMEOUT(m_session->patientDesk().seen(), 1, 4000);

        QVERIFY(press(*m_page, "openDuplicate0"));
        QTRY_COMPARE(bannerName(), QStringLiteral("Lindqvist, Astrid"));
        QVERIFY(!form()->isVisible());
        QVERIFY(PatientForm::hasDraft(*m_session, {})); // nothing that was typed is lost
    }

    void registeredInSpiteOfTheWarning_thePairIsOnTheWorklist()
    {
        open();
        const PatientId known = m_session->addPatient(QStringLiteral("Lindqvist"), QStringLiteral("Astrid"),
                                                      QDate(1974, 5, 6), Sex::Female);
        QVERIFY(press(*m_page, "newPatient"));
        QVERIFY(typeInto(*m_page, "family", QStringLiteral("Lindqvist")));
        QVERIFY(typeInto(*m_page, "given", QStringLiteral("Astrid")));
        QVERIFY(typeInto(*m_page, "birthDate", QStringLiteral("06.05.1974")));
        QTRY_VERIFY(shown(*m_page, "duplicateReasons0") != nullptr);
        QTest::keyClick(shown(*m_page, "city"), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(m_session->patientDesk().filed().size(), std::size_t(1));
        QVERIFY(m_session->patientDesk().filed().front().second == known);
    }

    void theWorklist_mergesAndTakesBackByKeyboard()
    {
        const PatientId first = m_session->addPatient(QStringLiteral("Lindqvist"), QStringLiteral("Astrid"),
                                                      QDate(1974, 5, 6), Sex::Female);
        const PatientId second = m_session->addPatient(QStringLiteral("Lindkvist"), QStringLiteral("Astrid"),
                                                       QDate(1974, 5, 6), Sex::Female);
        open();
        shown(*m_page, "possibleDuplicates")->setFocus();
        QTest::keyClick(shown(*m_page, "possibleDuplicates"), Qt::Key_Space);
        QTRY_VERIFY(shown(*m_page, "keepFirst0") != nullptr);
        const QString why = shown<QLabel>(*m_page, "pairReasons0")->text();
        QVERIFY2(why.contains(QLatin1String("same birth date")), qPrintable(why));
        QTRY_VERIFY(shown(*m_page, "keepFirst0")->hasFocus());
        QTest::keyClick(shown(*m_page, "keepFirst0"), Qt::Key_Space);
        QTRY_COMPARE(m_session->patientDesk().merged(), second);
        QTRY_VERIFY(shown(*m_page, "keepFirst0") == nullptr);
        auto* note = m_page->findChild<NoteBox*>(QStringLiteral("duplicatesNote"));
        QVERIFY2(note->text().contains(QLatin1String("Lindqvist, Astrid")), qPrintable(note->text()));

        auto* undo = note->findChild<QPushButton*>();
        undo->setFocus();
        QTest::keyClick(undo, Qt::Key_Space);
        QTRY_VERIFY(shown(*m_page, "keepFirst0") != nullptr);
        QCOMPARE(m_session->patientDesk().merged(), PatientId());

        shown(*m_page, "twoPeople0")->setFocus();
        QTest::keyClick(shown(*m_page, "twoPeople0"), Qt::Key_Space);
        QTRY_VERIFY(shown(*m_page, "twoPeople0") == nullptr);
        QVERIFY(!first.isEmpty());
    }

    void theWorklist_readsOn_untilAllPatientsWereCompared()
    {
        for (const char* family : {"Lindqvist", "Lindkvist"})
            m_session->addPatient(QLatin1String(family), QStringLiteral("Astrid"), QDate(1974, 5, 6),
                                  Sex::Female);
        m_session->patientDesk().setUncompared(4);
        open();
        QTest::keyClick(shown(*m_page, "possibleDuplicates"), Qt::Key_Space);
        auto* progress = m_page->findChild<QLabel*>(QStringLiteral("duplicatesProgress"));
        QTRY_VERIFY(progress->isVisible());
        QVERIFY2(progress->text().contains(QLatin1String("to be compared")), qPrintable(progress->text()));
        auto* empty = m_page->findChild<QWidget*>(QStringLiteral("noDuplicates"));
        QVERIFY(!empty->isVisible()); // nobody has said yet that there is none
        QTRY_VERIFY(shown(*m_page, "keepFirst0") != nullptr);
        QVERIFY(!progress->isVisible());
    }

    void anotherPersonOfTheName_warnsNobody()
    {
        open();
        m_session->addPatient(QStringLiteral("Lindqvist"), QStringLiteral("Astrid"), QDate(1974, 5, 6),
                              Sex::Female);
        QVERIFY(press(*m_page, "newPatient"));
        QVERIFY(typeInto(*m_page, "family", QStringLiteral("Lindqvist")));
        QVERIFY(typeInto(*m_page, "given", QStringLiteral("Astrid")));
        QVERIFY(typeInto(*m_page, "birthDate", QStringLiteral("20.11.2001")));
        QCoreApplication::processEvents(); // the answer comes queued
        QVERIFY(shown(*m_page, "duplicateWarning") == nullptr);
    }

    void registration_tellsMistakesBesideTheFieldsThenSaves()
    {
        open();
        QSignalSpy notices(m_page.get(), &Page::notice);
        QVERIFY(press(*m_page, "newPatient"));
        QVERIFY(shown(*m_page, "family")->hasFocus());
        QVERIFY(typeInto(*m_page, "birthDate", QStringLiteral("31.02.1990")));
        typeKeys(lineOf(*m_page, QStringLiteral("phone")), QStringLiteral("call me"));
        typeKeys(lineOf(*m_page, QStringLiteral("email")), QStringLiteral("ada@"));
        QTest::keyClick(shown(*m_page, "city"), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(!errorOf(*m_page, QStringLiteral("family")).isEmpty());
        QVERIFY(!errorOf(*m_page, QStringLiteral("birthDate")).isEmpty());
        QVERIFY(!errorOf(*m_page, lineOf(*m_page, QStringLiteral("phone"))->objectName()).isEmpty());
        QVERIFY(!errorOf(*m_page, lineOf(*m_page, QStringLiteral("email"))->objectName()).isEmpty());
        QVERIFY(shown(*m_page, "family")->hasFocus());
        QCOMPARE(m_session->writes(), 0);
        QCOMPARE(shown<QLineEdit>(*m_page, "birthDate")->text(), QStringLiteral("31.02.1990"));

        QVERIFY(typeInto(*m_page, "family", QStringLiteral("Okonjo")));
        QVERIFY(typeInto(*m_page, "given", QStringLiteral("Ines")));
        QVERIFY(typeInto(*m_page, "birthDate", QStringLiteral("28.2.90")));
        lineOf(*m_page, QStringLiteral("phone"))->setText(QStringLiteral("+39 055 777"));
        lineOf(*m_page, QStringLiteral("email"))->setText(QStringLiteral("ines@example.org"));
        QTest::keyClick(shown(*m_page, "city"), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(bannerName(), QStringLiteral("Okonjo, Ines"));
        QVERIFY(form()->isHidden());
        QCOMPARE(notices.count(), 1);
        const Patient saved = stored(QStringLiteral("okonjo")).patient;
        QCOMPARE(saved.birthDate, PartialDate(QDate(1990, 2, 28)));
        QCOMPARE(saved.telecoms.size(), std::size_t(2));
        QVERIFY(!medicalRecordNumber(saved).isEmpty());
    }

    void birthDate_isEchoedAsUnderstood()
    {
        open();
        QVERIFY(press(*m_page, "newPatient"));
        QVERIFY(typeInto(*m_page, "birthDate", QStringLiteral("240358")));
        const QString echo = shown(*m_page, "birthDate")->accessibleDescription();
        QVERIFY2(echo.contains(QStringLiteral("24 März 1958")), qPrintable(echo));
        QVERIFY(echo.contains(QLatin1String("68")));
    }

    void edit_changesTheRecordAndTheBanner()
    {
        open();
        openFirst(QStringLiteral("brisco"));
        QTest::keyClick(m_page.get(), Qt::Key_E, Qt::ControlModifier);
        QVERIFY(form()->isVisible());
        QVERIFY(typeInto(*m_page, "family", QStringLiteral("Brisco-Lang")));
        QVERIFY(press(*m_page, "savePatient"));
        QTRY_VERIFY(bannerName().startsWith(QLatin1String("Brisco-Lang")));
        QVERIFY(form()->isHidden());
    }

    void escape_keepsADraftThatComesBack()
    {
        open();
        QVERIFY(press(*m_page, "newPatient"));
        QVERIFY(typeInto(*m_page, "family", QStringLiteral("Unfinished")));
        QTest::keyClick(shown(*m_page, "family"), Qt::Key_Escape);
        QVERIFY(form()->isHidden());
        QCOMPARE(m_session->writes(), 0);

        // As after a lock or a crash: other pages, the same data.
        open();
        QVERIFY(press(*m_page, "newPatient"));
        QCOMPARE(shown<QLineEdit>(*m_page, "family")->text(), QStringLiteral("Unfinished"));
        QVERIFY(shown(*m_page, "formNote") != nullptr);
        QVERIFY(press(*shown(*m_page, "formNote"), "noteAction"));
        QVERIFY(shown<QLineEdit>(*m_page, "family")->text().isEmpty());
        QVERIFY(m_session->draft(QStringLiteral("patient/new")).isEmpty());
    }

    void typing_isKeptWithoutBeingAsked()
    {
        open();
        QVERIFY(press(*m_page, "newPatient"));
        QVERIFY(typeInto(*m_page, "family", QStringLiteral("Crash")));
        QTRY_VERIFY_WITH_TIMEOUT(!m_session->draft(QStringLiteral("patient/new")).isEmpty(), 3000);
    }

    void lock_savesTheDraftAtOnce()
    {
        open();
        QVERIFY(press(*m_page, "newPatient"));
        QVERIFY(typeInto(*m_page, "family", QStringLiteral("Locked")));
        m_page->saveDrafts();
        QVERIFY(PatientForm::hasDraft(*m_session, {}));
    }

    void anotherPatient_leavesNoFormOfTheFirst()
    {
        open();
        openFirst(QStringLiteral("brisco"));
        QVERIFY(press(*m_page, "editPatient"));
        QVERIFY(typeInto(*m_page, "city", QStringLiteral("Half done")));
        const PatientId first = form()->patient();
        QVERIFY(typeInto(*m_page, "patientSearch", QStringLiteral("hartigan")));
        QTest::keyClick(shown(*m_page, "patientSearch"), Qt::Key_Return);
        QTRY_VERIFY(bannerName().startsWith(QLatin1String("Hartigan")));
        QVERIFY(form()->isHidden());
        QVERIFY(PatientForm::hasDraft(*m_session, first));
        QVERIFY(press(*m_page, "editPatient"));
        QVERIFY(shown<QLineEdit>(*m_page, "city")->text().isEmpty());

        m_page->showPatient(first);
        QTRY_VERIFY(bannerName().startsWith(QLatin1String("Brisco")));
        QVERIFY(shown(*m_page, "draftNote") != nullptr);
        QVERIFY(press(*shown(*m_page, "draftNote"), "noteAction"));
        QCOMPARE(shown<QLineEdit>(*m_page, "city")->text(), QStringLiteral("Half done"));
    }

    void changedElsewhere_keepsWhatWasTypedAndTakesTheRest()
    {
        open();
        openFirst(QStringLiteral("brisco"));
        QVERIFY(press(*m_page, "editPatient"));
        QVERIFY(typeInto(*m_page, "city", QStringLiteral("Fiesole")));

        PatientRecord other = stored(QStringLiteral("brisco"));
        other.patient.names[0].family = QStringLiteral("Brisco-Married");
        bool saved = false;
        m_session->savePatient(
            other.patient, other.revision, this,
            [&](const Result<ClinicSession::Saved>& result) { saved = result.has_value(); });
        QTRY_VERIFY(saved);

        QVERIFY(press(*m_page, "savePatient"));
        QTRY_VERIFY(shown(*m_page, "formNote") != nullptr);
        QCOMPARE(shown<QLineEdit>(*m_page, "city")->text(), QStringLiteral("Fiesole"));
        QVERIFY(press(*shown(*m_page, "formNote"), "noteAction"));
        QTRY_COMPARE(shown<QLineEdit>(*m_page, "family")->text(), QStringLiteral("Brisco-Married"));
        QCOMPARE(shown<QLineEdit>(*m_page, "city")->text(), QStringLiteral("Fiesole"));
        QVERIFY(press(*m_page, "savePatient"));
        QTRY_VERIFY(form()->isHidden());
        const Patient now = stored(QStringLiteral("brisco-married")).patient;
        QCOMPARE(now.addresses.front().city, QStringLiteral("Fiesole"));
    }

    void failedSave_keepsTheForm()
    {
        open();
        QVERIFY(press(*m_page, "newPatient"));
        QVERIFY(typeInto(*m_page, "family", QStringLiteral("Okonjo")));
        m_session->failNextWrite({ErrorCode::DiskFull, {}, {}});
        QVERIFY(press(*m_page, "savePatient"));
        QTRY_VERIFY(shown(*m_page, "formNote") != nullptr);
        QCOMPARE(shown<QLineEdit>(*m_page, "family")->text(), QStringLiteral("Okonjo"));
        QVERIFY(PatientForm::hasDraft(*m_session, {}));
    }

    void phonesCanBeAddedAndRemoved()
    {
        open();
        openFirst(QStringLiteral("brisco"));
        QVERIFY(press(*m_page, "editPatient"));
        QVERIFY(press(*m_page, "addPhone"));
        auto* added = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY(added != nullptr);
        typeKeys(added, QStringLiteral("333 12345"));
        QVERIFY(press(*m_page, "savePatient"));
        QTRY_VERIFY(form()->isHidden());
        QCOMPARE(stored(QStringLiteral("brisco")).patient.telecoms.size(), std::size_t(2));
    }

    void buttons_askTheFrameForBookingAndDays()
    {
        open();
        openFirst(QStringLiteral("brisco"));
        QSignalSpy booking(m_page.get(), &Page::bookingRequested);
        QVERIFY(press(*m_page, "bookPatient"));
        QCOMPARE(booking.count(), 1);
    }

    void narrowWindow_givesTheFormRoom()
    {
        open();
        openFirst(QStringLiteral("brisco"));
        m_page->resize(700, 700);
        QVERIFY(press(*m_page, "editPatient"));
        QVERIFY(form()->isVisible());
        QTRY_VERIFY(form()->geometry().right() <= m_page->width());
        QVERIFY(m_page->minimumSizeHint().width() <= 800);
    }

    void tab_reachesEveryControlOfTheForm()
    {
        open();
        QVERIFY(press(*m_page, "newPatient"));
        QStringList reached;
        for (int i = 0; i < 40; ++i) {
            reached << QApplication::focusWidget()->objectName();
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        for (const char* name :
             {"family", "given", "birthDate", "sex", "addPhone", "addEmail", "street", "postalCode", "city",
              "country", "closeForm", "savePatient", "patientSearch"})
            QVERIFY2(reached.contains(QLatin1String(name)), name);
        QVERIFY(reached.indexOf(QLatin1String("family")) < reached.indexOf(QLatin1String("given")));
        QVERIFY(reached.indexOf(QLatin1String("birthDate")) < reached.indexOf(QLatin1String("street")));
    }

    void rightToLeft_mirrorsThePage()
    {
        QGuiApplication::setLayoutDirection(Qt::RightToLeft);
        open();
        const int finder = shown(*m_page, "patientFinder")->geometry().center().x();
        QVERIFY(finder > m_page->width() / 2);
    }
};

} // namespace yarrow

QTEST_MAIN(yarrow::TestPatients)
#include "tst_patients.moc"
