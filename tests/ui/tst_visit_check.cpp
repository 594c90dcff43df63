// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/series_case.h"

using namespace yarrow;
using namespace yarrow::testing;

/// What is in the way of a single visit is said beside its form before it is saved: buffers, rooms, closed
/// days. On a real store, by keyboard. It is Monday, 2 March 2026, 10:00.
class TestVisitCheck : public SeriesCase
{
    Q_OBJECT
private:
    LocationId m_small; ///< the room "Small", closed from 14 to 15
    LocationId m_large;
    HealthcareServiceId m_xray; ///< needs a room, and a quarter of an hour after it

    DirectoryChange arrange(const DirectoryChange& change)
    {
        std::optional<DirectoryChange> saved;
        m_session->directory().save(change, this, [&](const Result<DirectoryChange>& done) {
            YARROW_ASSERT(done.has_value());
            saved = *done;
        });
        YARROW_ASSERT(QTest::qWaitFor([&] { return saved.has_value(); }));
        return *saved;
    }
    LocationId addRoom(const QString& name, std::vector<Blockout> closures)
    {
        Location room;
        room.name = name;
        room.closures = std::move(closures);
        return std::get<Revised<Location>>(arrange(Revised<Location>{room, 0})).value.id;
    }
    /// A form for Rossi with the doctor today.
    void begin(int hour, int minute = 0)
    {
        view().selectCell(m_doctor, at(m_monday, hour, minute));
        press(Qt::Key_N, Qt::ControlModifier);
        type("rossi");
        press(Qt::Key_Return);
    }
    void choose(const char* box, const QString& text)
    {
        auto* combo = find<QComboBox>(box);
        const int index = combo->findText(text);
        QVERIFY2(index >= 0, qPrintable(text));
        combo->setFocus();
        combo->setCurrentIndex(index);
    }
    /// All that the form says at this moment.
    QString said()
    {
        QStringList all;
        for (const QLabel* label : find<QWidget>("appointmentPanel")->findChildren<QLabel*>())
            if (label->isVisibleTo(m_page.get()))
                all << label->text();
        return all.join(u'\n');
    }
    bool says(const char* sentence)
    {
        return QTest::qWaitFor([&] { return said().contains(QString::fromUtf8(sentence)); });
    }
    void save()
    {
        press(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(settled());
    }

private Q_SLOTS:
    void init()
    {
        open();
        m_small = addRoom(QStringLiteral("Small"),
                          {{{at(m_monday, 14), at(m_monday, 15)}, QStringLiteral("Painters")}});
        m_large = addRoom(QStringLiteral("Large"), {});
        HealthcareService xray;
        xray.name = QStringLiteral("X-ray");
        xray.defaultDuration = minutes(15);
        xray.bufferAfter = minutes(15);
        xray.needsRoom = true;
        m_xray = std::get<Revised<HealthcareService>>(arrange(Revised<HealthcareService>{xray, 0})).value.id;
        m_page->activated();
        view().setFocus();
    }
    void cleanup() { close(); }

    void aFreeTime_isBookedAtOnce_withoutAWord()
    {
        begin(11);
        save();
        QCOMPARE(starts(), QStringList{QStringLiteral("2026-03-02 11:00")});
    }
    void theTimeKeptFreeAroundAnother_isSaidBeforeItIsSaved_andSavedWhenMeant()
    {
        take(at(m_monday, 11, 15));
        begin(11);
        choose("visitType", QStringLiteral("X-ray (15 min)"));
        QVERIFY2(says("Too close to another visit of Neri."), qPrintable(said()));
        QVERIFY2(says("Next free: Mon, 02/03/2026, 11:45."), qPrintable(said()));
        save(); // it was on screen
        QCOMPARE(starts(), QStringList{QStringLiteral("2026-03-02 11:00")});
    }
    void savedFasterThanItIsSaid_itIsSaidFirst()
    {
        take(at(m_monday, 11, 15));
        begin(11);
        choose("visitType", QStringLiteral("X-ray (15 min)"));
        save();
        QVERIFY(visits().empty());
        QVERIFY(isShown("appointmentPanel"));
        QVERIFY2(said().contains(QStringLiteral("Too close to another visit of Neri.")), qPrintable(said()));
        QVERIFY(find<QTimeEdit>("start")->hasFocus());
        save();
        QCOMPARE(visits().size(), std::size_t{1});
    }
    void aTakenRoom_isNamedWithWhoHasIt()
    {
        take(at(m_monday, 11));
        begin(12);
        find<QTimeEdit>("start")->setTime(QTime(11, 0));
        QVERIFY2(says("Taken 11:00–11:30 for Verdi, Carla (Neri)."), qPrintable(said()));
        choose("practitioner", QStringLiteral("None"));
        choose("room", QStringLiteral("Large"));
        QVERIFY(QTest::qWaitFor([&] { return !said().contains(QStringLiteral("Taken")); }));
    }
    void aClosedRoom_isSaid_andAnotherIsProposed()
    {
        begin(14);
        choose("visitType", QStringLiteral("X-ray (15 min)"));
        QCOMPARE(find<QComboBox>("room")->currentText(), QStringLiteral("Large"));
        choose("room", QStringLiteral("Small"));
        QVERIFY2(says("Small is not available: Painters."), qPrintable(said()));
        choose("room", QStringLiteral("Large"));
        QVERIFY(QTest::qWaitFor([&] { return !said().contains(QStringLiteral("Painters")); }));
    }
    void whereEveryRoomIsClosed_noneIsProposed()
    {
        auto entries = m_session->directory().entries();
        YARROW_VERIFY_OK(entries);
        for (Revised<Location> room : entries->rooms)
            if (room.value.id == m_large) {
                room.value.closures = {{{at(m_monday, 14), at(m_monday, 15)}, QStringLiteral("Painters")}};
                arrange(room);
            }
        begin(14);
        choose("visitType", QStringLiteral("X-ray (15 min)"));
        QCOMPARE(find<QComboBox>("room")->currentText(), QStringLiteral("None"));
    }
    void whatAVisitHeldBefore_isNotInItsOwnWay()
    {
        begin(11);
        save();
        const AppointmentRow booked = visits().front();
        view().select(booked.appointment.id);
        view().setFocus();
        press(Qt::Key_Return);
        typeNote("brings the X-rays");
        save();
        QCOMPARE(visits().front().appointment.comment, QStringLiteral("brings the X-rays"));
    }
    void whoIsInTheWay_isNotedInTheAudit()
    {
        take(at(m_monday, 11));
        begin(12);
        find<QTimeEdit>("start")->setTime(QTime(11, 0));
        QVERIFY(says("Taken 11:00"));
        m_page.reset();
        m_editor.reset();
        m_session.reset();
        const auto clinic = m_test->open();
        bool isNoted = false;
        YARROW_VERIFY_OK(clinic->audit().forEach({}, [&](const AuditEntry& entry) {
            isNoted = isNoted || entry.detail == "in the way of 1 planned visits";
            return true;
        }));
        QVERIFY(isNoted);
    }
};

QTEST_MAIN(TestVisitCheck)
#include "tst_visit_check.moc"
