// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/drive.h"
#include "tests/ui/support/memory_session.h"
#include "ui/exchange/conflict_view.h"
#include "ui/exchange/exchange_texts.h"
#include "ui/exchange/inbox_page.h"
#include "ui/exchange/record_texts.h"
#include "ui/exchange/refusal_card.h"
#include "ui/exchange/sync_centre.h"
#include "ui/exchange/value_choice.h"
#include "ui/exchange/value_texts.h"
#include "ui/widgets/texts.h"

#include <QAccessible>
#include <QLabel>
#include <QListView>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

namespace yarrow {
namespace {

Json json(const char* text)
{
    return *Json::parse(text);
}

const ElementPath kBirthDate{{QStringLiteral("birthDate"), {}, {}}};
const ElementPath kMobile{
    {QStringLiteral("telecom"),
     {{QStringLiteral("system"), QStringLiteral("phone")}, {QStringLiteral("use"), QStringLiteral("mobile")}},
     {}},
    {QStringLiteral("value"), {}, {}}};

RecordSubject ada()
{
    return {QStringLiteral("Patient"),    "p1", PatientId::known("p1"), QStringLiteral("Rossi, Ada"),
            QStringLiteral("Rossi, Ada"), {}};
}

ConflictDetails conflict(const QString& id = QStringLiteral("t1"))
{
    ConflictDetails details;
    details.row.id = id;
    details.row.subject = ada();
    details.row.authorName = QStringLiteral("Berta Brand");
    details.theirsName = QStringLiteral("Carla Conti");
    details.row.maySettle = true;
    details.row.elements = {kBirthDate, kMobile};
    details.elements = {{"birthDate", kBirthDate, Json("1971-03-01"), Json("1971-03-21"), Json("1971-03-12"),
                         Json("1971-03-12")},
                        {"telecom[system=phone,use=mobile].value", kMobile, Json("555-0099"),
                         Json("555-0177"), Json("555-0164"), Json("555-0164")}};
    return details;
}

WaitingRow refusedRow(const QString& code, int status)
{
    WaitingRow row;
    row.subject = ada();
    row.authorName = QStringLiteral("Berta Brand");
    row.state = WaitingRow::State::Refused;
    row.mayDiscard = true;
    row.refusal = WaitingRow::Refusal{status, code, {}, QStringLiteral("Patient.birthDate"), 2, {}};
    return row;
}

} // namespace

class TestInbox : public QObject
{
    Q_OBJECT

    std::unique_ptr<MemorySession> m_session;
    std::unique_ptr<InboxPage> m_page;

    MemoryExchangeDesk& desk() { return m_session->desk(); }
    void open()
    {
        m_page = std::make_unique<InboxPage>(*m_session);
        m_page->resize(1300, 800);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->activated();
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::keyClick(QApplication::focusWidget(), key, modifiers);
    }
    QListView* list() { return shown<QListView>(*m_page, "inboxList"); }

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        Theme::current().install();
    }
    void init() { m_session = std::make_unique<MemorySession>(); }
    void cleanup()
    {
        m_page.reset();
        m_session.reset();
    }

    void emptyInbox_saysWhatBelongsHere()
    {
        open();
        QTRY_VERIFY(m_page->findChild<QLabel*>() != nullptr);
        bool found = false;
        QTRY_VERIFY([&] {
            for (const QLabel* label : m_page->findChildren<QLabel*>())
                found = found || (label->isVisible() && label->text() == QStringLiteral("Nothing to decide"));
            return found;
        }());
    }

    void conflict_isSettledByKeyboardAlone()
    {
        desk().addConflict(conflict());
        open();
        QTRY_COMPARE(shown<QLabel>(*m_page, "conflictTitle") != nullptr, true);
        QTRY_COMPARE(shown<QLabel>(*m_page, "conflictTitle")->text(), QStringLiteral("Rossi, Ada"));
        QVERIFY(list()->hasFocus());
        const QString introduction = shown<QLabel>(*m_page, "conflictIntroduction")->text();
        QVERIFY2(introduction.contains(QStringLiteral("Carla Conti had changed the same")),
                 qPrintable(introduction));
        QCOMPARE(shown<QPushButton>(*m_page, "takeAllTheirs")->text(),
                 QStringLiteral("All of Carla Conti’s"));
        QVERIFY(!shown<QPushButton>(*m_page, "settleConflict")->isEnabled());
        key(Qt::Key_Return); // into the choices
        QTRY_VERIFY(qobject_cast<ValueChoice*>(QApplication::focusWidget()));
        key(Qt::Key_2); // theirs
        key(Qt::Key_Tab);
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("takeOther"));
        key(Qt::Key_Tab);
        QVERIFY(qobject_cast<ValueChoice*>(QApplication::focusWidget()));
        key(Qt::Key_1); // mine
        auto* preview = shown<QLabel>(*m_page, "conflictPreview");
        QVERIFY2(preview->text().contains(QStringLiteral("Mobile phone: 555-0177")),
                 qPrintable(preview->text()));
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(desk().lastChoices.size(), std::size_t(2));
        QCOMPARE(desk().lastChoices[0].take, ConflictChoice::Take::Theirs);
        QCOMPARE(desk().lastChoices[1].take, ConflictChoice::Take::Mine);
        // It stays on screen, with its undo.
        QTRY_VERIFY(shown<QPushButton>(*m_page, "noteAction"));
        QCOMPARE(desk().status().conflicts, 0);
        QVERIFY(press(*m_page, "noteAction"));
        QTRY_COMPARE(desk().status().conflicts, 1);
    }

    void typedValue_isTaken()
    {
        desk().addConflict(conflict());
        open();
        QTRY_VERIFY(shown<QPushButton>(*m_page, "takeOther"));
        QVERIFY(press(*m_page, "takeOther"));
        QVERIFY(typeInto(*m_page, "otherValue", QStringLiteral("31 February 1971")));
        QVERIFY(!shown<QPushButton>(*m_page, "settleConflict")->isEnabled());
        QVERIFY(typeInto(*m_page, "otherValue", QStringLiteral("22 March 1971")));
        const auto choices = m_page->view().findChildren<ValueChoice*>(QStringLiteral("takeTheirs"));
        QCOMPARE(choices.size(), 2);
        choices[1]->click();
        QVERIFY(press(*m_page, "settleConflict"));
        QTRY_COMPARE(desk().lastChoices.size(), std::size_t(2));
        QCOMPARE(desk().lastChoices[0].take, ConflictChoice::Take::Value);
        QCOMPARE(desk().lastChoices[0].value, std::optional(Json("1971-03-22")));
    }

    void refusal_staysOnScreenAndSaysWhy()
    {
        desk().addConflict(conflict());
        open();
        QTRY_VERIFY(shown<QPushButton>(*m_page, "takeAllTheirs"));
        desk().failNext({ErrorCode::Stale, "settled by Ines Okonjo at 2026-05-12T08:00:00.000Z", {}});
        QVERIFY(press(*m_page, "takeAllTheirs"));
        QVERIFY(press(*m_page, "settleConflict"));
        auto* note = m_page->findChild<NoteBox*>(QStringLiteral("conflictNote"));
        QTRY_VERIFY(note->text().contains(QStringLiteral("Somebody else has settled this")));
    }

    void whoMayOnlyRead_isOfferedNoChoice()
    {
        ConflictDetails details = conflict();
        details.row.maySettle = false;
        desk().addConflict(details);
        open();
        QTRY_VERIFY(shown<QLabel>(*m_page, "conflictTitle"));
        QTRY_VERIFY(m_page->findChild<NoteBox*>(QStringLiteral("conflictNote"))->isVisible());
        QVERIFY(!shown(*m_page, "settleConflict"));
    }

    void takenBooking_isGivenAnOpening()
    {
        BookableActor shift;
        shift.hours.days.fill({{QTime(9, 0), QTime(17, 0)}});
        const auto doctor = m_session->addPractitioner(QStringLiteral("Dr. One"), {}, shift);
        ConflictDetails details;
        details.row.id = QStringLiteral("t1");
        details.row.kind = ConflictKind::Booking;
        details.row.subject = ada();
        details.row.maySettle = true;
        details.row.elements = {{}};
        details.elements = {{"", {}, {}, json(R"({"resourceType":"Appointment"})"), {}, {}}};
        Appointment wished;
        wished.practitioner = doctor;
        wished.start = m_session->clock().now() + std::chrono::hours(1);
        wished.end = wished.start + std::chrono::minutes(15);
        details.wished = wished;
        AppointmentRow holder;
        holder.appointment = wished;
        holder.patientName = QStringLiteral("Verdi, Carla");
        details.holder = holder;
        desk().addConflict(conflict(QStringLiteral("t0")));
        desk().addConflict(details);
        open();
        QTRY_VERIFY(shown(*m_page, "takeMine"));
        key(Qt::Key_Down);
        QTRY_VERIFY(shown<QLabel>(*m_page, "takenBy"));
        QCOMPARE(shown<QLabel>(*m_page, "takenBy")->text(), QStringLiteral("Verdi, Carla"));
        key(Qt::Key_Return);
        auto* openings = shown<QListWidget>(*m_page, "bookingOpenings");
        QTRY_VERIFY(openings->hasFocus());
        QWidget* card = openings->parentWidget();
        QTRY_VERIFY(card->rect().contains(openings->geometry()));
        key(Qt::Key_Down);
        key(Qt::Key_Return);
        QTRY_VERIFY(desk().lastOpening.has_value());
        QCOMPARE(desk().lastOpening->practitioner, doctor);
    }

    void refusedChange_isGivenUpWithAReason()
    {
        desk().addWaiting(refusedRow(QStringLiteral("bad-value"), 422));
        open();
        QTRY_VERIFY(shown<QLabel>(*m_page, "refusalReason"));
        QVERIFY(
            shown<QLabel>(*m_page, "refusalReason")->text().contains(QStringLiteral("A value is not as")));
        QVERIFY(press(*m_page, "giveUpRefused"));
        QVERIFY(press(*m_page, "confirmGiveUp"));
        QVERIFY(desk().lastReason.isEmpty()); // a reason is asked for first
        QVERIFY(typeInto(*m_page, "giveUpReason", QStringLiteral("typed for somebody else")));
        key(Qt::Key_Return);
        QTRY_COMPARE(desk().lastReason, QStringLiteral("typed for somebody else"));
        QTRY_COMPARE(desk().status().refused, 0);
    }

    void restingChange_saysWhenItIsTriedAgain()
    {
        WaitingRow row = refusedRow(QStringLiteral("internal"), 500);
        const Instant now = m_session->clock().now();
        row.refusal->retryAt = now + std::chrono::minutes(20);
        const QString time = QLocale().toString(localTime(*row.refusal->retryAt, m_session->zone()).time(),
                                                QLocale::ShortFormat);
        desk().addWaiting(row);
        open();
        QTRY_VERIFY(shown<QLabel>(*m_page, "refusalRetry"));
        QCOMPARE(shown<QLabel>(*m_page, "refusalRetry")->text(),
                 QStringLiteral("Tries again at %1.").arg(time));
        QCOMPARE(shown<QPushButton>(*m_page, "retryRefused")->text(), QStringLiteral("Retry now"));
    }

    void everyRefusal_hasWordsForIt()
    {
        QVERIFY(refusalText({418, QStringLiteral("teapot"), {}, {}, 1, {}}).contains(QStringLiteral("418")));
        QVERIFY(refusalText({422, QStringLiteral("new-code"), QStringLiteral("Too blue."), {}, 1, {}})
                    .contains(QStringLiteral("Too blue.")));
        QVERIFY(refusalText({403, QStringLiteral("author-disabled"), {}, {}, 1, {}})
                    .contains(QStringLiteral("switched off")));
        WaitingRow row;
        row.subject.type = QStringLiteral("MedicationRequest");
        row.refusal = WaitingRow::Refusal{403, QStringLiteral("role-refused"), {}, {}, 1, {}};
        QVERIFY(whoMayText(row).contains(roleText(Role::Doctor)));
        QVERIFY(!whoMayText(row).contains(roleText(Role::Receptionist)));
        row.refusal->code = QStringLiteral("slot-taken");
        QVERIFY(whoMayText(row).isEmpty());
    }

    void elements_haveWordsPeopleUse()
    {
        const QString patient = QStringLiteral("Patient");
        QCOMPARE(elementText(patient, kMobile), QStringLiteral("Mobile phone"));
        QCOMPARE(elementText(patient, kBirthDate), QStringLiteral("Birth date"));
        QCOMPARE(
            elementText(patient,
                        {{QStringLiteral("name"), {{QStringLiteral("use"), QStringLiteral("official")}}, {}},
                         {QStringLiteral("family"), {}, {}}}),
            QStringLiteral("Family name"));
        QCOMPARE(elementText(patient, {{QStringLiteral("multipleBirthBoolean"), {}, {}}}),
                 QStringLiteral("Multiple birth boolean"));
        QCOMPARE(elementText(QStringLiteral("Appointment"),
                             {{{}, {}, {QStringLiteral("start"), QStringLiteral("end")}}}),
                 QStringLiteral("Time, place and state"));
        QCOMPARE(elementText(patient, {}), QStringLiteral("The whole record"));
    }

    void values_areReadable()
    {
        const ValueTexts texts(QStringLiteral("Appointment"), m_session->zone(),
                               {{QStringLiteral("Practitioner/7"), QStringLiteral("Dr. One")}});
        const auto text = [&](const char* name, const char* value) {
            return texts.text({{QLatin1String(name), {}, {}}}, json(value));
        };
        QCOMPARE(text("birthDate", "\"1971-03-12\""), QStringLiteral("12/03/1971"));
        QCOMPARE(text("start", "\"2026-05-12T08:00:00Z\""), QStringLiteral("12/05/2026, 10:00"));
        QCOMPARE(text("active", "true"), QStringLiteral("Yes"));
        QCOMPARE(text("status", "\"booked\""), QStringLiteral("Booked"));
        QCOMPARE(text("actor", R"({"reference":"Practitioner/7"})"), QStringLiteral("Dr. One"));
        QCOMPARE(text("given", R"(["Ada","Lia"])"), QStringLiteral("Ada Lia"));
        QCOMPARE(texts.text(kBirthDate, std::nullopt), QStringLiteral("–"));
        // Of whole records only the difference is told.
        const QStringList both =
            texts.texts({}, {json(R"({"resourceType":"X","comment":"a","status":"booked"})"),
                             json(R"({"resourceType":"X","comment":"b","status":"booked"})")});
        QCOMPARE(both,
                 (QStringList{QStringLiteral("Note of the desk: a"), QStringLiteral("Note of the desk: b")}));
    }

    void status_isGreenOnlyWhenItIsTrue()
    {
        const Instant now = m_session->clock().now();
        const QTimeZone zone = m_session->zone();
        ExchangeStatus status;
        status.hasServer = true;
        status.progress.completedAt = now - std::chrono::minutes(1);
        status.progress.matchesServer = true;
        QCOMPARE(lookOf(status, now, zone).tone, Tone::Good);
        QCOMPARE(lookOf(status, now, zone).text, QStringLiteral("Synced 10:19"));
        QVERIFY(lookOf(status, now + std::chrono::hours(1), zone).tone != Tone::Good);
        status.progress.matchesServer = false;
        QVERIFY(lookOf(status, now, zone).tone != Tone::Good);
        status.progress.matchesServer = true;
        status.waiting = 3;
        status.progress.isRunning = true;
        QCOMPARE(lookOf(status, now, zone).text, QStringLiteral("Sending 3"));
        status.progress.obstacle = ExchangeObstacle::Offline;
        status.progress.offlineSince = now - std::chrono::minutes(68);
        status.waiting = 14;
        QCOMPARE(lookOf(status, now, zone).text, QStringLiteral("Offline since 09:12, 14 changes kept here"));
        status = {};
        status.hasServer = true;
        status.progress.completedAt = now;
        status.progress.matchesServer = true;
        status.conflicts = 2;
        QCOMPARE(lookOf(status, now, zone).text, QStringLiteral("Synced 10:20 · 2 conflicts"));
        QCOMPARE(lookOf(status, now, zone).tone, Tone::Warn);
        QCOMPARE(lookOf({}, now, zone).text, QStringLiteral("This workstation stands alone"));
    }

    void syncCentre_showsPausesAndConfirms()
    {
        ExchangeStatus status;
        status.hasServer = true;
        status.serverUrl = QStringLiteral("https://clinic.example");
        status.progress.obstacle = ExchangeObstacle::AskDeletions;
        desk().setStatus(status);
        desk().addWaiting(refusedRow(QStringLiteral("role-refused"), 403));
        desk().addExchange({m_session->clock().now(), 0.4, 3, 1, 0, 0, 0, {}, {}});
        SyncCentre centre(*m_session);
        centre.resize(460, 900);
        centre.show();
        centre.open();
        QVERIFY(QTest::qWaitForWindowExposed(&centre));
        QTRY_VERIFY(shown<QLabel>(centre, "refusalReason"));
        QTRY_VERIFY(shown<QListView>(centre, "exchangeList"));
        QCOMPARE(shown<QListView>(centre, "exchangeList")->model()->index(0, 0).data().toString(),
                 QStringLiteral("3 received · 1 sent"));
        QVERIFY(press(centre, "noteAction"));
        QTRY_COMPARE(desk().deletionsAllowed, 1);
        QVERIFY(press(centre, "syncNow"));
        QCOMPARE(desk().exchangesAsked, 1);
        QVERIFY(press(centre, "pauseSync"));
        QTRY_VERIFY(desk().status().isPaused);
        QCOMPARE(shown<QPushButton>(centre, "pauseSync")->text(), QStringLiteral("Resume"));
        QVERIFY(!shown(centre, "exportUnsent")); // for administrators
    }

    void everything_isNamed()
    {
        desk().addConflict(conflict());
        open();
        QTRY_VERIFY(shown<QPushButton>(*m_page, "takeAllMine"));
        for (const QWidget* widget : m_page->findChildren<QWidget*>()) {
            if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus)
                continue;
            QAccessibleInterface* accessible =
                QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
            QVERIFY2(accessible && !accessible->text(QAccessible::Name).isEmpty(),
                     qPrintable(widget->objectName() + QLatin1String(widget->metaObject()->className())));
        }
    }
};

} // namespace yarrow

QTEST_MAIN(yarrow::TestInbox)
#include "tst_inbox.moc"
