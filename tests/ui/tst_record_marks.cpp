// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/calendar_fixture.h"
#include "tests/ui/support/drive.h"
#include "ui/calendar/patient_picker.h"
#include "ui/frame/command_field.h"
#include "ui/patients/family_section.h"
#include "ui/patients/patients_page.h"
#include "ui/today/board_view.h"
#include "ui/today/today_page.h"
#include "ui/today/visit_list.h"

#include <QAccessible>
#include <QAction>
#include <QLabel>
#include <QListView>
#include <QListWidget>
#include <QVBoxLayout>

#include <set>

using namespace yarrow;
using std::chrono::minutes;

namespace {

const QString kConflict = QStringLiteral("Conflict to decide");
const QString kUnsent = QStringLiteral("Not at the server yet");

struct Standing
{
    bool conflicted = false;
    bool unconfirmed = false;
};

/// Everything a line says without being looked at.
QString spoken(const QAbstractItemView& list, int row)
{
    const QModelIndex index = list.model()->index(row, 0);
    return index.data(Qt::AccessibleTextRole).toString() +
           index.data(Qt::AccessibleDescriptionRole).toString();
}

QImage painted(QAbstractItemView& list, int row)
{
    return list.viewport()->grab(list.visualRect(list.model()->index(row, 0))).toImage();
}

/// Whether something of the image has exactly that colour; text and icons have it where they are solid.
bool has(const QImage& image, ColorToken ink)
{
    const QRgb wanted = Theme::current().color(ink).rgb();
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if ((image.pixel(x, y) & RGB_MASK) == (wanted & RGB_MASK))
                return true;
    return false;
}

/// A list as it is with nothing to tell, with a record that waits for the server, with a conflict, with both:
/// what is painted differs each time, what is said is what stands there.
template <class Arrange>
void looksAtMarks(Arrange arrange)
{
    std::vector<QImage> images;
    for (const Standing standing :
         {Standing{false, false}, Standing{false, true}, Standing{true, false}, Standing{true, true}}) {
        QAbstractItemView* list = nullptr;
        int row = 0;
        const auto keep = arrange(standing, list, row);
        QVERIFY(list && row < list->model()->rowCount());
        QCOMPARE(spoken(*list, row).contains(kConflict), standing.conflicted);
        QCOMPARE(spoken(*list, row).contains(kUnsent), standing.unconfirmed);
        images.push_back(painted(*list, row));
        QVERIFY(!images.back().isNull());
        QCOMPARE(has(images.back(), ColorToken::Warn), standing.conflicted);
        for (std::size_t i = 0; i + 1 < images.size(); ++i)
            QVERIFY2(images[i] != images.back(), "the mark is not painted");
    }
}

} // namespace

/// Where a record stands is shown wherever it is listed: a conflict about it that waits for a decision, or
/// that no server has confirmed it yet. By an icon in its colour and in words, never by the colour alone.
class TestRecordMarks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void boardOfToday_marksVisits()
    {
        looksAtMarks([](Standing standing, QAbstractItemView*& list, int& /*row*/) {
            auto f = std::make_shared<CalendarFixture>();
            const auto id = f->add(f->first, f->at(11));
            f->session->setStanding(id.text(), standing.conflicted, standing.unconfirmed);
            f->editor = std::make_unique<ScheduleEditor>(*f->session);
            auto page = std::make_shared<TodayPage>(*f->session, *f->editor);
            page->resize(1300, 860);
            page->show();
            page->activated();
            list = &page->boardView().list(VisitStage::Expected);
            const QString tip = list->model()->index(0, 0).data(Qt::ToolTipRole).toString();
            YARROW_ASSERT(tip.contains(kConflict) == standing.conflicted);
            YARROW_ASSERT(tip.contains(kUnsent) == standing.unconfirmed);
            return std::pair(f, page);
        });
    }
    void topSearch_marksPatients()
    {
        looksAtMarks([this](Standing standing, QAbstractItemView*& list, int& row) {
            row = 1; // behind its group's name
            return inTopSearch(standing, Standing(), list);
        });
    }
    void topSearch_marksAppointments()
    {
        looksAtMarks([this](Standing standing, QAbstractItemView*& list, int& row) {
            row = 3;
            return inTopSearch(Standing(), standing, list);
        });
    }
    void family_marksItsPatients()
    {
        looksAtMarks([](Standing standing, QAbstractItemView*& list, int& /*row*/) {
            auto f = std::make_shared<CalendarFixture>();
            f->session->setStanding("pat-2", standing.conflicted, standing.unconfirmed);
            FamilyRow row;
            row.member = f->session->patientDesk().listed(PatientId::known("pat-2")).value();
            row.relation = Relation::Sibling;
            f->session->family().kept = {row};
            auto section = std::make_shared<FamilySection>(*f->session);
            section->resize(700, 400);
            section->show();
            section->showFamilyOf(f->rossi);
            auto* members = section->findChild<QListWidget*>(QStringLiteral("familyList"));
            YARROW_ASSERT(QTest::qWaitFor([&] { return members->count() == 1; }));
            list = members;
            return std::pair(f, section);
        });
    }
    void waitingList_marksEntries()
    {
        looksAtMarks([](Standing standing, QAbstractItemView*& list, int& /*row*/) {
            auto f = std::make_shared<CalendarFixture>();
            Appointment entry;
            entry.status = AppointmentStatus::Waitlist;
            entry.patient = f->rossi;
            const auto id = f->session->add(entry);
            f->session->setStanding(id.text(), standing.conflicted, standing.unconfirmed);
            f->show();
            f->page->findChild<QAction*>(QStringLiteral("actionWaiting"))->trigger();
            list = f->find<QListWidget>("waitingList");
            const QString tip = list->model()->index(0, 0).data(Qt::ToolTipRole).toString();
            YARROW_ASSERT(tip.contains(kConflict) == standing.conflicted);
            return f;
        });
    }
    void patientsFound_areMarked()
    {
        looksAtMarks([this](Standing standing, QAbstractItemView*& list, int& /*row*/) {
            const auto shownPage = onPatientsPage(standing, Standing());
            list = shownPage.second->findChild<QListView*>(QStringLiteral("patientList"));
            YARROW_ASSERT(typeInto(*shownPage.second, "patientSearch", QStringLiteral("rossi")));
            YARROW_ASSERT(QTest::qWaitFor([&] { return list->model()->rowCount() == 1; }));
            return shownPage;
        });
    }
    void appointmentsOfAPatient_areMarked()
    {
        looksAtMarks([this](Standing standing, QAbstractItemView*& list, int& /*row*/) {
            const auto shownPage = onPatientsPage(Standing(), standing);
            shownPage.second->showPatient(shownPage.first->rossi);
            YARROW_ASSERT(QTest::qWaitFor(
                [&] { return (list = shown<QListView>(*shownPage.second, "upcoming")) != nullptr; }));
            return shownPage;
        });
    }
    void picker_marksMatches_andWhoIsChosen()
    {
        looksAtMarks([](Standing standing, QAbstractItemView*& list, int& /*row*/) {
            auto f = std::make_shared<CalendarFixture>();
            f->session->setStanding(f->rossi.text(), standing.conflicted, standing.unconfirmed);
            auto picker = std::make_shared<PatientPicker>(*f->session);
            picker->resize(520, 300);
            picker->show();
            picker->search(QStringLiteral("rossi"));
            list = picker->findChild<QListWidget*>(QStringLiteral("patientMatches"));
            return std::pair(f, picker);
        });
        CalendarFixture f;
        f.session->setStanding(f.rossi.text(), true, true);
        PatientPicker picker(*f.session);
        picker.show();
        picker.setPatient(f.session->patientDesk().listed(f.rossi).value());
        auto* chip = picker.findChild<QWidget*>(QStringLiteral("recordState"));
        QVERIFY(chip && chip->isVisible());
        const auto* words = chip->findChild<QLabel*>();
        QVERIFY(words);
        QVERIFY2(words->text().contains(kConflict) && words->text().contains(kUnsent),
                 qPrintable(words->text()));
        picker.setPatient(f.session->patientDesk().listed(PatientId::known("pat-2")).value());
        QVERIFY(!chip->isVisible());
    }
    void openAppointment_tellsWhereItStands()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11));
        const auto other = f.add(f.first, f.at(12));
        f.session->setStanding(id.text(), true, true);
        f.show();
        f.open(id);
        const auto chipOf = [&]() -> QWidget* {
            const auto chips = f.page->findChildren<QWidget*>(QStringLiteral("recordState"));
            for (QWidget* chip : chips)
                if (chip->isVisible())
                    return chip;
            return nullptr;
        };
        QVERIFY(chipOf());
        QVERIFY(chipOf()->findChild<QLabel*>()->text().contains(kConflict));
        QVERIFY(chipOf()->findChild<QLabel*>()->text().contains(kUnsent));
        f.view().setFocus();
        f.open(other);
        QVERIFY(!chipOf());
    }
    void marks_haveTheirWordsWhereThereIsRoom_andGiveWayToTheName()
    {
        CalendarFixture f;
        f.session->setStanding(f.rossi.text(), true, false);
        PatientPicker picker(*f.session);
        picker.search(QStringLiteral("rossi"));
        auto* list = picker.findChild<QListWidget*>(QStringLiteral("patientMatches"));
        const auto muted = [&](int width) {
            picker.resize(width, 300);
            picker.show();
            QCoreApplication::processEvents();
            QImage first = painted(*list, 0);
            first = first.copy(0, 0, first.width(), first.height() / 2); // the line of the name
            return has(first, ColorToken::TextMuted);
        };
        QVERIFY(muted(600));
        QVERIFY(!muted(160));
    }

    void provisionalBooking_isHatchedInTheCalendar_andReadOutAsOne()
    {
        CalendarFixture f;
        const auto id = f.add(f.first, f.at(11), 45);
        f.show();
        const QRect place = f.view().rectOf(id);
        // Where nothing is written, at the foot of the card: one colour, or strokes over it.
        const QRect foot = place.adjusted(place.width() / 2, place.height() * 2 / 3, -4, -4);
        const auto colours = [&] {
            const QImage image = f.view().viewport()->grab(foot).toImage();
            std::set<QRgb> all;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    all.insert(image.pixel(x, y));
            return all.size();
        };
        const auto name = [&] {
            return QAccessible::queryAccessibleInterface(&f.view())->child(0)->text(QAccessible::Name);
        };
        QCOMPARE(colours(), std::size_t{1});
        const QImage plain = f.view().viewport()->grab(place).toImage();
        QVERIFY(!name().contains(QStringLiteral("not yet confirmed by the server")));
        f.session->setStanding(id.text(), false, true);
        Q_EMIT f.session->recordsArrived();
        QTRY_VERIFY(colours() > 1);
        QVERIFY2(name().contains(QStringLiteral("not yet confirmed by the server")), qPrintable(name()));
        f.session->setStanding(id.text(), true, false);
        Q_EMIT f.session->recordsArrived();
        QTRY_COMPARE(colours(), std::size_t{1});
        QVERIFY2(name().contains(QStringLiteral("a conflict about it is to be decided")), qPrintable(name()));
        QVERIFY2(f.view().viewport()->grab(place).toImage() != plain, "the mark is not painted");
    }

private:
    using Page = std::pair<std::shared_ptr<CalendarFixture>, std::shared_ptr<PatientsPage>>;
    static Page onPatientsPage(Standing patient, Standing visit)
    {
        auto f = std::make_shared<CalendarFixture>();
        const auto id = f->add(f->first, f->at(15));
        f->session->setStanding(f->rossi.text(), patient.conflicted, patient.unconfirmed);
        f->session->setStanding(id.text(), visit.conflicted, visit.unconfirmed);
        auto page = std::make_shared<PatientsPage>(*f->session);
        page->resize(1200, 800);
        page->show();
        page->activated();
        return {f, page};
    }
    struct Searching
    {
        std::shared_ptr<CalendarFixture> clinic;
        std::shared_ptr<QWidget> window;
    };
    static Searching inTopSearch(Standing patient, Standing visit, QAbstractItemView*& list)
    {
        Searching all{std::make_shared<CalendarFixture>(), std::make_shared<QWidget>()};
        const auto id = all.clinic->add(all.clinic->first, all.clinic->at(15));
        all.clinic->session->setStanding(all.clinic->rossi.text(), patient.conflicted, patient.unconfirmed);
        all.clinic->session->setStanding(id.text(), visit.conflicted, visit.unconfirmed);
        all.window->resize(900, 500);
        auto* field = new CommandField(*all.clinic->session, [] { return QList<CommandField::Command>(); });
        auto* column = new QVBoxLayout(all.window.get());
        column->addWidget(field);
        column->addStretch();
        all.window->show();
        all.window->activateWindow();
        YARROW_ASSERT(QTest::qWaitForWindowActive(all.window.get()));
        field->start();
        typeKeys(field, QStringLiteral("rossi"));
        YARROW_ASSERT(QTest::qWaitFor([&] { return field->offered() == 2; }));
        list = all.window->findChild<QListView*>(QStringLiteral("commandList"));
        return all;
    }
};

QTEST_MAIN(TestRecordMarks)
#include "tst_record_marks.moc"
