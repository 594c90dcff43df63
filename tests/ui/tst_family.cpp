// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/stored_patients_page.h"
#include "ui/calendar/patient_picker.h"
#include "ui/patients/family_form.h"
#include "ui/widgets/notes.h"

#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>

using namespace yarrow;
using namespace yarrow::testing;

/// Families on the patients page, on a real store, by keyboard: Ada, her children Kid and Kit, Ben.
class TestFamily : public QObject, private StoredPatientsPage
{
    Q_OBJECT
private:
    static constexpr int kWidth = 1100;

    QListWidget* list() { return m_page->findChild<QListWidget*>(QStringLiteral("familyList")); }
    bool lists(int count)
    {
        return QTest::qWaitFor([&] { return list()->count() == count; });
    }
    QString facts(int row) { return list()->item(row)->data(Qt::UserRole + 100).toString(); }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(m_page->window()->focusWidget(), key, modifiers);
    }
    void type(const QString& text) { typeKeys(m_page->window()->focusWidget(), text); }
    /// From the keys of the page alone.
    bool addRelative(const QString& search, Relation relation)
    {
        press(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        type(search);
        press(Qt::Key_Return);
        auto* box = shown<QComboBox>(*m_page, "familyRelation");
        if (!box || !box->hasFocus())
            return false;
        if (box->currentIndex() < 0) // it is not settled before somebody says so
            press(Qt::Key_Down);
        for (int i = 0; i < box->count() && box->currentData().toInt() != static_cast<int>(relation); ++i)
            press(static_cast<int>(relation) < box->currentData().toInt() ? Qt::Key_Up : Qt::Key_Down);
        press(Qt::Key_Return, Qt::ControlModifier);
        return QTest::qWaitFor([&] { return shown(*m_page, "familyForm") == nullptr; });
    }

private Q_SLOTS:
    void init()
    {
        makeClinic({patientDocument("ada", "Rossi", "Ada", "1980-03-12", "A-1", "055 1"),
                    patientDocument("kid", "Rossi", "Kid", "2015-01-02", "K-1"),
                    patientDocument("kit", "Rossi", "Kit", "2018-05-06", "K-2"),
                    patientDocument("ben", "Bianchi", "Ben", "1979-01-01", "B-1")});
        openClinic(kWidth);
    }
    void cleanup() { removeClinic(); }

    void relativeIsAddedByKeyboard_standsOnBothPages_andEnterOpensThem()
    {
        QVERIFY(open("kid", QStringLiteral("Rossi, Kid")));
        QVERIFY(addRelative(QStringLiteral("ada"), Relation::Parent));
        QVERIFY(lists(1));
        QCOMPARE(list()->item(0)->text(), QStringLiteral("Rossi, Ada"));
        QVERIFY2(facts(0).startsWith(QStringLiteral("Parent")), qPrintable(facts(0)));
        QVERIFY2(facts(0).contains(QStringLiteral("055 1")), qPrintable(facts(0)));
        QVERIFY2(facts(0).contains(QStringLiteral("12/03/1980")), qPrintable(facts(0)));
        QVERIFY(list()->hasFocus());
        press(Qt::Key_Return);
        QTRY_COMPARE(shown<QLabel>(*m_page, "bannerName")->text(), QStringLiteral("Rossi, Ada"));
        QVERIFY(lists(1));
        QCOMPARE(list()->item(0)->text(), QStringLiteral("Rossi, Kid"));
        QVERIFY2(facts(0).startsWith(QStringLiteral("Child")), qPrintable(facts(0)));
    }
    void whoIsInTheFamilyAlready_isToldBesideTheForm()
    {
        QVERIFY(open("kid", QStringLiteral("Rossi, Kid")));
        QVERIFY(addRelative(QStringLiteral("ada"), Relation::Parent));
        press(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        type(QStringLiteral("ada"));
        press(Qt::Key_Return);
        press(Qt::Key_Down);
        press(Qt::Key_Return, Qt::ControlModifier);
        auto* note = static_cast<NoteBox*>(m_page->findChild<QFrame*>(QStringLiteral("familyFormNote")));
        QTRY_VERIFY(note->text().contains(QStringLiteral("of this family already")));
        QVERIFY(shown(*m_page, "familyForm"));
    }
    void whatSomebodyIs_hasToBeSaid()
    {
        QVERIFY(open("kid", QStringLiteral("Rossi, Kid")));
        press(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        type(QStringLiteral("ada"));
        press(Qt::Key_Return);
        auto* box = shown<QComboBox>(*m_page, "familyRelation");
        QCOMPARE(box->currentIndex(), -1);
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(shown(*m_page, "familyForm"));
        QVERIFY(box->accessibleDescription().contains(QStringLiteral("Choose what they are")));
        QCOMPARE(list()->count(), 0);
    }
    void whoMayBeTold_isSaidOfEitherFromEitherPage()
    {
        const auto tick = [&](const char* name) {
            auto* box = shown<QAbstractButton>(*m_page, name);
            box->setFocus();
            press(Qt::Key_Space);
        };
        const auto theOther = QStringLiteral("this patient may be told");
        // On the mother's page: she may be told of the kid's, not the kid of hers.
        QVERIFY(open("ada", QStringLiteral("Rossi, Ada")));
        QVERIFY(addRelative(QStringLiteral("kid"), Relation::Child));
        QVERIFY(lists(1));
        QVERIFY(!facts(0).contains(QStringLiteral("may be told")));
        press(Qt::Key_Return, Qt::AltModifier);
        tick("familyPatientMayBeTold");
        press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(facts(0).contains(theOther));
        QCOMPARE(facts(0).count(QStringLiteral("may be told")), 1);
        // On the kid's page the same stands from the other side.
        QVERIFY(open("kid", QStringLiteral("Rossi, Kid")));
        QTRY_VERIFY(list()->count() == 1 && facts(0).contains(QStringLiteral("may be told")));
        QVERIFY2(!facts(0).contains(theOther), qPrintable(facts(0)));
        list()->setFocus();
        press(Qt::Key_Return, Qt::AltModifier);
        QVERIFY(shown<QAbstractButton>(*m_page, "familyMayBeTold")->isChecked());
        tick("familyMayBeTold");
        tick("familyPatientMayBeTold");
        press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(facts(0).contains(theOther));
        QCOMPARE(facts(0).count(QStringLiteral("may be told")), 1);
        QVERIFY(open("ada", QStringLiteral("Rossi, Ada")));
        QTRY_VERIFY(list()->count() == 1 && facts(0).contains(QStringLiteral("may be told")));
        QVERIFY2(!facts(0).contains(theOther), qPrintable(facts(0)));
    }
    void patientWhoseLinkWasWritten_isReadAgain()
    {
        QVERIFY(open("ben", QStringLiteral("Bianchi, Ben")));
        QSignalSpy saved(m_session.get(), &ClinicSession::patientSaved);
        QVERIFY(addRelative(QStringLiteral("kid"), Relation::Ward)); // Ben's document names the kid's record
        QTRY_COMPARE(saved.count(), 1);
        QCOMPARE(saved.front().front().value<PatientId>(), PatientId::known("ben"));
    }
    void answerOfAFormerPatient_leavesTheFormThatIsOpenNow()
    {
        FamilyForm form(*m_session);
        form.startNew(PatientId::known("kid"));
        const auto ada = m_session->searchPatients(QStringLiteral("ada"), 1).value().front();
        form.findChild<PatientPicker*>()->setPatient(ada);
        form.findChild<QComboBox*>(QStringLiteral("familyRelation"))->setCurrentIndex(0);
        form.saveDraft();
        form.findChild<QPushButton*>(QStringLiteral("saveFamily"))->click();
        form.startNew(PatientId::known("ben"));
        form.findChild<QAbstractButton*>(QStringLiteral("familyOther"))->setChecked(true);
        form.findChild<QLineEdit*>(QStringLiteral("familyFamily"))->setText(QStringLiteral("Verdi"));
        form.saveDraft();
        QSignalSpy saved(&form, &FamilyForm::saved);
        QSignalSpy earlier(&form, &FamilyForm::savedEarlier);
        QTRY_COMPARE(earlier.count(), 1);
        QCOMPARE(saved.count(), 0);
        QVERIFY(form.isDirty());
        QVERIFY(FamilyForm::hasDraft(*m_session, PatientId::known("ben")));
        QVERIFY(!FamilyForm::hasDraft(*m_session, PatientId::known("kid")));
    }
    void guardianWhoIsNoPatient_isAdded_changed_andToldAbout()
    {
        QVERIFY(open("kid", QStringLiteral("Rossi, Kid")));
        press(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        auto* other = shown<QAbstractButton>(*m_page, "familyOther");
        other->setFocus();
        press(Qt::Key_Space);
        press(Qt::Key_Return, Qt::ControlModifier); // nothing typed yet
        auto* family = shown<QLineEdit>(*m_page, "familyFamily");
        QVERIFY(family && family->hasFocus());
        type(QStringLiteral("Verdi"));
        press(Qt::Key_Tab);
        type(QStringLiteral("Ugo"));
        press(Qt::Key_Tab);
        type(QStringLiteral("333 77 88"));
        auto* told = shown<QAbstractButton>(*m_page, "familyMayBeTold");
        told->setFocus();
        press(Qt::Key_Space);
        auto* box = shown<QComboBox>(*m_page, "familyRelation");
        box->setCurrentIndex(box->findData(static_cast<int>(Relation::Guardian)));
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(lists(1));
        QCOMPARE(list()->item(0)->text(), QStringLiteral("Verdi, Ugo"));
        QVERIFY2(facts(0).contains(QStringLiteral("Guardian")) &&
                     facts(0).contains(QStringLiteral("333 77 88")) &&
                     facts(0).contains(QStringLiteral("may be told")),
                 qPrintable(facts(0)));
        press(Qt::Key_Return, Qt::AltModifier);
        QVERIFY(shown<QLineEdit>(*m_page, "familyPhone"));
        QVERIFY(typeInto(*m_page, "familyPhone", QStringLiteral("12")));
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(shown(*m_page, "familyForm")); // too short for a number
        QVERIFY(typeInto(*m_page, "familyPhone", QStringLiteral("333 99")));
        press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(facts(0).contains(QStringLiteral("333 99")));
    }
    void takenOut_isPutBackByUndo()
    {
        QVERIFY(open("kid", QStringLiteral("Rossi, Kid")));
        QVERIFY(addRelative(QStringLiteral("kit"), Relation::Sibling));
        QVERIFY(lists(1));
        press(Qt::Key_Delete);
        QVERIFY(lists(0));
        auto* note = m_page->findChild<QWidget*>(QStringLiteral("familyNote"));
        QTRY_VERIFY(note->isVisible());
        auto* undo = note->findChild<QPushButton*>();
        QVERIFY(undo && undo->isVisible());
        undo->setFocus();
        press(Qt::Key_Space);
        QVERIFY(lists(1));
        QVERIFY(!note->isVisible());
    }
    void halfAForm_staysWithItsPatient_andSurvivesTheProgram()
    {
        QVERIFY(open("kid", QStringLiteral("Rossi, Kid")));
        press(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
        type(QStringLiteral("bia"));
        QVERIFY(open("ben", QStringLiteral("Bianchi, Ben")));
        QVERIFY(!shown(*m_page, "familyForm"));
        QVERIFY(!m_page->findChild<QWidget*>(QStringLiteral("familyNote"))->isVisible());
        closeClinic();
        openClinic(kWidth);
        QVERIFY(open("kid", QStringLiteral("Rossi, Kid")));
        auto* note = m_page->findChild<QWidget*>(QStringLiteral("familyNote"));
        QVERIFY(note->isVisible());
        note->findChild<QPushButton*>()->click();
        QVERIFY(shown(*m_page, "familyForm"));
        auto* search = m_page->findChild<QWidget*>(QStringLiteral("familyForm"))
                           ->findChild<QLineEdit*>(QStringLiteral("patientSearch"));
        QCOMPARE(search->text(), QStringLiteral("bia"));
    }
    void whoWasOpenedLast_isFirstAmongRecentPatients_ofThisPersonAlone()
    {
        const auto first = [&] {
            const auto rows = m_session->searchPatients({}, 10);
            return rows && !rows->empty() ? rows->front().name : QString();
        };
        QVERIFY(open("ada", QStringLiteral("Rossi, Ada")));
        QVERIFY(open("ben", QStringLiteral("Bianchi, Ben")));
        QCOMPARE(m_session->searchPatients({}, 10)->size(), std::size_t(2));
        QCOMPARE(first(), QStringLiteral("Bianchi, Ben"));
        QVERIFY(open("ada", QStringLiteral("Rossi, Ada")));
        QCOMPARE(first(), QStringLiteral("Rossi, Ada"));
        // Leaving the search empty lists them.
        m_page->activated();
        auto* finder = m_page->findChild<QListView*>(QStringLiteral("patientList"));
        QCOMPARE(finder->model()->rowCount(), 2);
        closeClinic();
        m_test->addUser(QStringLiteral("other"), Role::Receptionist);
        auto session = LocalClinicSession::open(m_test->open(QStringLiteral("other")));
        YARROW_VERIFY_OK(session);
        QCOMPARE((*session)->searchPatients({}, 10)->size(), std::size_t(4)); // nobody opened yet: all
    }
};

QTEST_MAIN(TestFamily)
#include "tst_family.moc"
