// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/appointment.h"

#include <QTest>

#include <array>

using namespace yarrow;
using Status = AppointmentStatus;

namespace {

constexpr std::array kAll{Status::Proposed,  Status::Pending,   Status::Booked, Status::Arrived,
                          Status::Fulfilled, Status::Cancelled, Status::NoShow, Status::EnteredInError,
                          Status::CheckedIn, Status::Waitlist};

Instant at(int minute)
{
    return Instant(std::chrono::hours(500'000)) + std::chrono::minutes(minute);
}

Appointment visit(int from, int until)
{
    Appointment appointment;
    appointment.start = at(from);
    appointment.end = at(until);
    appointment.patient = PatientId::known("p");
    appointment.practitioner = PractitionerId::known("dr");
    appointment.room = LocationId::known("room");
    return appointment;
}

} // namespace

class TestAppointment : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsSlot_whileSomebodyIsExpectedOrThere()
    {
        for (const Status status : kAll)
            QCOMPARE(holdsSlot(status),
                     status == Status::Booked || status == Status::Arrived || status == Status::CheckedIn);
    }

    /// Each row lists every status that may follow; all others must be refused.
    void legalMoves_data()
    {
        QTest::addColumn<Status>("from");
        QTest::addColumn<QList<Status>>("to");
        using S = Status;
        QTest::newRow("proposed") << S::Proposed
                                  << QList<S>{S::Pending, S::Waitlist, S::Booked, S::Cancelled};
        QTest::newRow("pending") << S::Pending << QList<S>{S::Proposed, S::Waitlist, S::Booked, S::Cancelled};
        QTest::newRow("waitlist") << S::Waitlist
                                  << QList<S>{S::Proposed, S::Pending, S::Booked, S::Cancelled};
        QTest::newRow("booked") << S::Booked << QList<S>{S::Proposed, S::Pending, S::Waitlist,
                                                         S::Arrived,  S::NoShow,  S::Cancelled};
        QTest::newRow("arrived") << S::Arrived << QList<S>{S::Booked, S::CheckedIn, S::Cancelled};
        QTest::newRow("checked in") << S::CheckedIn << QList<S>{S::Arrived, S::Fulfilled, S::Cancelled};
        QTest::newRow("fulfilled") << S::Fulfilled << QList<S>{S::CheckedIn};
        QTest::newRow("no-show") << S::NoShow << QList<S>{S::Booked};
        QTest::newRow("cancelled") << S::Cancelled << QList<S>{S::Proposed, S::Pending, S::Waitlist,
                                                               S::Booked,   S::Arrived, S::CheckedIn};
        QTest::newRow("entered in error") << S::EnteredInError << QList<S>{};
    }
    void legalMoves()
    {
        QFETCH(Status, from);
        QFETCH(QList<Status>, to);
        for (const Status status : kAll) {
            const bool legal = status == from || to.contains(status) || status == Status::EnteredInError;
            QCOMPARE(isLegalMove(from, status), legal);
        }
    }

    void validate_namesTheRule()
    {
        QVERIFY(validate(visit(0, 1)).has_value());
        QVERIFY(validate(visit(0, 24 * 60)).has_value());
        QCOMPARE(validate(visit(0, 24 * 60 + 1)).error().context, std::string("longer-than-a-day"));
        QCOMPARE(validate(visit(0, 0)).error().context, std::string("end-not-after-start"));
        QCOMPARE(validate(visit(5, 0)).error().context, std::string("end-not-after-start"));

        Appointment nobody = visit(0, 10);
        nobody.patient = {};
        nobody.practitioner = {};
        nobody.room = {};
        QCOMPARE(validate(nobody).error().context, std::string("no-participant"));
        nobody.device = DeviceId::known("d");
        QVERIFY(validate(nobody).has_value());
    }

    void validate_letsRequestsLackTimes()
    {
        Appointment request = visit(0, 10);
        request.start = {};
        request.end = {};
        QVERIFY(!hasTimes(request));
        for (const Status status : kAll) {
            request.status = status;
            QCOMPARE(validate(request).has_value(), status == Status::Proposed || status == Status::Pending ||
                                                        status == Status::Waitlist ||
                                                        status == Status::Cancelled);
        }
    }

    void clash_needsAnOverlap()
    {
        QVERIFY(clash(visit(0, 30), visit(29, 60)));
        QVERIFY(clash(visit(29, 60), visit(0, 30)));
        QVERIFY(!clash(visit(0, 30), visit(30, 60)));
        QVERIFY(!clash(visit(30, 60), visit(0, 30)));
        QVERIFY(clash(visit(0, 60), visit(10, 20)));
    }

    void clash_needsSomethingInCommon()
    {
        const Appointment a = visit(0, 30);
        Appointment b = visit(0, 30);
        b.practitioner = PractitionerId::known("other");
        QVERIFY(clash(a, b)); // the room
        b.room = {};
        QVERIFY(!clash(a, b)); // the patient alone may be in two places: that is for people to judge
        b.device = DeviceId::known("d");
        QVERIFY(!clash(a, b));
        b.practitioner = a.practitioner;
        QVERIFY(clash(a, b));

        Appointment nothing = visit(0, 30);
        nothing.practitioner = {};
        nothing.room = {};
        QVERIFY(!clash(nothing, nothing));
    }

    void clash_concernsOnlyThoseThatHoldASlot()
    {
        for (const Status status : kAll) {
            Appointment b = visit(0, 30);
            b.status = status;
            QCOMPARE(clash(visit(0, 30), b), holdsSlot(status));
        }
    }

    void clash_sparesOverbookingsAndItself()
    {
        Appointment a = visit(0, 30);
        Appointment b = visit(0, 30);
        b.overbookReason = "emergency";
        QVERIFY(!clash(a, b));
        QVERIFY(!clash(b, a));

        b = a = visit(0, 30);
        a.id = AppointmentId::known("a");
        b.id = AppointmentId::known("a");
        QVERIFY(!clash(a, b));
        b.id = AppointmentId::known("b");
        QVERIFY(clash(a, b));
    }
};

QTEST_GUILESS_MAIN(TestAppointment)
#include "tst_appointment.moc"
