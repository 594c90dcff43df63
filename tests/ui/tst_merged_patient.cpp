// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/stored_patients_page.h"
#include "ui/calendar/patient_picker.h"
#include "ui/widgets/two_line_delegate.h"

#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>

using namespace yarrow;
using namespace yarrow::testing;

/// The record of a patient who was merged into another, on a real store: Ada, of whom there are two.
class TestMergedPatient : public QObject, private StoredPatientsPage
{
    Q_OBJECT
private:
    static constexpr int kWidth = 1300;

    bool merge(const char* kept, const char* gone)
    {
        bool done = false;
        bool isMerged = false;
        m_session->patientDesk().merge(PatientId::known(kept), PatientId::known(gone), this,
                                       [&](const Result<int>& moved) {
                                           done = true;
                                           isMerged = moved.has_value();
                                       });
        return QTest::qWaitFor([&] { return done; }) && isMerged;
    }

private Q_SLOTS:
    void init()
    {
        Json old = patientDocument("old", "Rossi", "Ida", "1980-03-12", "A-3");
        old.set("active", false);
        old.set("link", json("[{\"other\":{\"reference\":\"Patient/ada\"},\"type\":\"replaced-by\"}]"));
        makeClinic({std::move(old), patientDocument("ada", "Rossi", "Ada", "1980-03-12", "A-1", "055 1"),
                    patientDocument("twin", "Rossi", "Adah", "1980-03-12", "A-2", "055 1")});
        openClinic(kWidth);
    }
    void cleanup() { removeClinic(); }

    void saysIntoWhomTheyWereMerged_andLeadsThere()
    {
        QVERIFY(merge("ada", "twin"));
        QVERIFY(open("twin", QStringLiteral("Rossi, Adah")));
        auto* text = shown<QLabel>(*m_page, "mergedText");
        QVERIFY(text);
        QVERIFY2(text->text().contains(QStringLiteral("Rossi, Ada")) &&
                     text->text().contains(QStringLiteral("MRN\u00a0A-1")),
                 qPrintable(text->text()));
        QVERIFY(press(*m_page, "openKept"));
        QTRY_VERIFY(!shown(*m_page, "mergedAway"));
        QCOMPARE(shown<QLabel>(*m_page, "bannerName")->text(), QStringLiteral("Rossi, Ada"));
        QVERIFY(shown(*m_page, "editPatient"));
        QVERIFY(shown(*m_page, "bookPatient"));
    }
    void isNeitherEditedNorBooked()
    {
        QVERIFY(merge("ada", "twin"));
        QVERIFY(open("twin", QStringLiteral("Rossi, Adah")));
        QVERIFY(!shown(*m_page, "editPatient"));
        QVERIFY(!shown(*m_page, "bookPatient"));
        QVERIFY(!shown(*m_page, "familyList"));
        for (const QLabel* label : m_page->findChildren<QLabel*>())
            QVERIFY2(!label->isVisible() || !label->text().contains(QStringLiteral("Book")),
                     qPrintable(label->text()));
        for (const auto& [key, modifiers] : {std::pair(Qt::Key_E, Qt::KeyboardModifiers(Qt::ControlModifier)),
                                             std::pair(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier)})
            QTest::keyClick(m_page->window()->focusWidget(), key, modifiers);
        QVERIFY(!shown(*m_page, "patientForm"));
        QVERIFY(!shown(*m_page, "familyForm"));
    }
    void theMergeIsTakenBackFromThere_afterTheNextStartToo()
    {
        QVERIFY(merge("ada", "twin"));
        closeClinic();
        openClinic(kWidth);
        QVERIFY(open("twin", QStringLiteral("Rossi, Adah")));
        QSignalSpy told(m_page.get(), &Page::notice);
        QVERIFY(press(*m_page, "takeMergeBack"));
        QTRY_VERIFY(!shown(*m_page, "mergedAway"));
        QTRY_COMPARE(told.size(), 1);
        QVERIFY(told.front().front().toString().contains(QStringLiteral("both records are as they were")));
        QVERIFY(shown(*m_page, "editPatient"));
        QVERIFY(m_session->patientDesk().listed(PatientId::known("twin"))->active);
    }
    void whatCannotBeTakenBack_isSaidThere()
    {
        m_page->showPatient(PatientId::known("old"));
        QTRY_VERIFY(shown(*m_page, "mergedAway"));
        QVERIFY(press(*m_page, "takeMergeBack"));
        QTRY_VERIFY(
            shown<QLabel>(*m_page, "mergedText")->text().contains(QStringLiteral("cannot be taken back")));
    }
    void theSearchMarksThem()
    {
        QVERIFY(merge("ada", "twin"));
        PatientPicker picker(*m_session);
        picker.show();
        picker.search(QStringLiteral("adah"));
        auto* list = picker.findChild<QListWidget*>(QStringLiteral("patientMatches"));
        QStringList marked;
        QStringList used;
        for (int row = 0; row < list->count(); ++row) {
            const QListWidgetItem* item = list->item(row);
            const QString facts = item->data(TwoLineDelegate::SecondLineRole).toString();
            (facts.startsWith(QStringLiteral("Record not in use")) ? marked : used) << item->text();
        }
        QVERIFY(marked.contains(QStringLiteral("Rossi, Adah")));
        QCOMPARE(used, QStringList{QStringLiteral("Rossi, Ada")});
    }
};

QTEST_MAIN(TestMergedPatient)
#include "tst_merged_patient.moc"
