// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/drive.h"
#include "tests/ui/support/memory_gate.h"
#include "tests/ui/support/memory_session.h"
#include "ui/frame/desktop_settings.h"
#include "ui/gate/gate_page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/field.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/password_edit.h"
#include "ui/widgets/strength_bar.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

namespace yarrow {

namespace {

const QString kPassword = QStringLiteral("seven quiet herons wade");

QString errorOf(QWidget& root, const char* control)
{
    for (const Field* field : root.findChildren<Field*>()) {
        if (field->control()->objectName() == QLatin1String(control))
            return field->error();
    }
    return QStringLiteral("no such field");
}

} // namespace

class TestGate : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_profile;
    std::unique_ptr<MemoryGate> m_gate;
    std::unique_ptr<DesktopSettings> m_settings;
    std::unique_ptr<GatePage> m_page;

    void open()
    {
        m_page = std::make_unique<GatePage>(*m_gate, *m_settings);
        m_page->resize(900, 900);
        m_page->show();
        m_page->start();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }

private Q_SLOTS:
    void initTestCase() { Theme::current().install(); }
    void init()
    {
        m_profile = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<DesktopSettings>(m_profile->path());
        m_gate = std::make_unique<MemoryGate>(m_profile->path(), [](const QString& user) {
            auto session = std::make_shared<MemorySession>();
            session->setUser({user, Role::Receptionist});
            return session;
        });
    }
    void cleanup()
    {
        m_page.reset();
        Theme::current().setScale(100);
    }

    void whyItLocked_standsAboveEverything_data()
    {
        QTest::addColumn<bool>("hasClinic");
        QTest::addColumn<QByteArray>("note");
        QTest::newRow("signing in") << true << QByteArray("gateNotice");
        QTest::newRow("nothing is left") << false << QByteArray("firstRunNotice");
    }
    void whyItLocked_standsAboveEverything()
    {
        QFETCH(bool, hasClinic);
        QFETCH(QByteArray, note);
        if (hasClinic)
            m_gate->addUser(QStringLiteral("ines"), kPassword);
        open();
        QVERIFY(shown<NoteBox>(*m_page, note.constData()) == nullptr);
        m_page->setNotice(QStringLiteral("The workstation was removed."));
        QTRY_VERIFY(shown<NoteBox>(*m_page, note.constData()) != nullptr);
        QCOMPARE(shown<NoteBox>(*m_page, note.constData())->text(),
                 QStringLiteral("The workstation was removed."));
    }

    void rightPassword_signsIn()
    {
        m_gate->addUser(QStringLiteral("ines"), kPassword);
        open();
        QSignalSpy signedIn(m_page.get(), &GatePage::signedIn);
        QVERIFY(shown<PasswordEdit>(*m_page, "password")->hasFocus()); // the only user is chosen already
        QVERIFY(typeInto(*m_page, "password", kPassword));
        QTest::keyClick(shown(*m_page, "password"), Qt::Key_Return);
        QTRY_COMPARE(signedIn.count(), 1);
        QCOMPARE(m_settings->lastUser(), QStringLiteral("ines"));
        QVERIFY(shown<QLineEdit>(*m_page, "password")->text().isEmpty());
    }

    void wrongPassword_keepsTheNameAndSaysSoBesideTheField()
    {
        m_gate->addUser(QStringLiteral("ines"), kPassword);
        m_gate->addUser(QStringLiteral("bram"), kPassword);
        open();
        QVERIFY(typeInto(*m_page, "userNameText", QStringLiteral("ines")));
        QVERIFY(typeInto(*m_page, "password", QStringLiteral("wrong")));
        QVERIFY(press(*m_page, "signIn"));
        QTRY_VERIFY(!errorOf(*m_page, "password").isEmpty());
        QCOMPARE(shown<QLineEdit>(*m_page, "userNameText")->text(), QStringLiteral("ines"));
        QVERIFY(shown<QLineEdit>(*m_page, "password")->text().isEmpty());
        QVERIFY(shown<QLineEdit>(*m_page, "password")->hasFocus());
        QVERIFY(!shown(*m_page, "password")->accessibleDescription().isEmpty());
    }

    void throttled_countsDownAndWaits()
    {
        m_gate->addUser(QStringLiteral("ines"), kPassword);
        m_gate->failNext({ErrorCode::Throttled, "2", {}});
        open();
        QVERIFY(typeInto(*m_page, "password", kPassword));
        QVERIFY(press(*m_page, "signIn"));
        QTRY_VERIFY(errorOf(*m_page, "password").contains(u'2'));
        QVERIFY(!shown(*m_page, "signIn")->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(errorOf(*m_page, "password").contains(u'1'), 3000);
        QTRY_VERIFY_WITH_TIMEOUT(shown(*m_page, "signIn")->isEnabled(), 3000);
        QCOMPARE(errorOf(*m_page, "password"), QString());
    }

    void passwordCanBeShown()
    {
        m_gate->addUser(QStringLiteral("ines"), kPassword);
        open();
        auto* password = shown<PasswordEdit>(*m_page, "password");
        QVERIFY(!password->isRevealed());
        QTest::keyClick(password, Qt::Key_R, Qt::AltModifier);
        QVERIFY(password->isRevealed());
    }

    void capitalWithoutShift_hintsAtCapsLock()
    {
        PasswordEdit edit;
        QSignalSpy changed(&edit, &PasswordEdit::capsLockChanged);
        QKeyEvent capital(QEvent::KeyPress, Qt::Key_A, Qt::NoModifier, QStringLiteral("A"));
        QCoreApplication::sendEvent(&edit, &capital);
        QVERIFY(edit.capsLock());
        QKeyEvent shifted(QEvent::KeyPress, Qt::Key_A, Qt::ShiftModifier, QStringLiteral("A"));
        QCoreApplication::sendEvent(&edit, &shifted);
        QVERIFY(!edit.capsLock());
        QCOMPARE(changed.count(), 2);
    }

    void newClinic_tellsEveryMistakeThenCreates()
    {
        open();
        QVERIFY(press(*m_page, "newClinic"));
        QVERIFY(press(*m_page, "createClinic"));
        for (const char* control : {"clinicName", "displayName", "newUserName", "newPassword"})
            QVERIFY2(!errorOf(*m_page, control).isEmpty(), control);
        QVERIFY(shown(*m_page, "clinicName")->hasFocus());

        QVERIFY(typeInto(*m_page, "clinicName", QStringLiteral("Harbour Street")));
        shown<QComboBox>(*m_page, "timeZone")->setCurrentText(QStringLiteral("Atlantis"));
        QVERIFY(typeInto(*m_page, "displayName", QStringLiteral("Ines Okonjo")));
        QVERIFY(typeInto(*m_page, "newUserName", QStringLiteral("front desk")));
        QVERIFY(typeInto(*m_page, "newPassword", kPassword));
        QVERIFY(typeInto(*m_page, "passwordAgain", QStringLiteral("another")));
        QVERIFY(press(*m_page, "createClinic"));
        for (const char* control : {"timeZone", "newUserName", "passwordAgain"})
            QVERIFY2(!errorOf(*m_page, control).isEmpty(), control);
        QCOMPARE(errorOf(*m_page, "clinicName"), QString());

        shown<QComboBox>(*m_page, "timeZone")->setCurrentText(QStringLiteral("Europe/Lisbon"));
        QVERIFY(typeInto(*m_page, "newUserName", QStringLiteral("ines")));
        QVERIFY(typeInto(*m_page, "passwordAgain", kPassword));
        QVERIFY(press(*m_page, "createClinic"));
        QTRY_VERIFY(shown(*m_page, "recoveryCode") != nullptr);
        QCOMPARE(m_gate->lastCreated().clinicName, QStringLiteral("Harbour Street"));
        QCOMPARE(m_gate->lastCreated().zone.id(), QByteArray("Europe/Lisbon"));
        QCOMPARE(m_gate->lastCreated().userName, QStringLiteral("ines"));
        QCOMPARE(m_gate->lastCreated().password, kPassword);
        QVERIFY(!m_gate->lastCreated().demo);
    }

    void recoveryCode_mustBeConfirmedAndIsForgotten()
    {
        open();
        newClinic_tellsEveryMistakeThenCreates();
        QVERIFY(shown<QLabel>(*m_page, "recoveryCode")->text().contains(QLatin1String("K7QF2")));
        QVERIFY(!shown(*m_page, "codeKept")->isEnabled());
        QVERIFY(press(*m_page, "copyCode"));
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(QLatin1String("K7QF2")));
        QTest::keyClick(shown(*m_page, "codeWritten"), Qt::Key_Space);
        QVERIFY(press(*m_page, "codeKept"));
        QVERIFY(shown(*m_page, "signIn") != nullptr);
        QCOMPARE(shown<QLineEdit>(*m_page, "userNameText")->text(), QStringLiteral("ines"));
        QVERIFY(QGuiApplication::clipboard()->text().isEmpty());
        QVERIFY(m_page->findChild<QLabel*>(QStringLiteral("recoveryCode"))->text().isEmpty());
    }

    void recoveryCode_isShownWhole_data()
    {
        QTest::addColumn<int>("scale");
        QTest::newRow("100 %") << 100;
        QTest::newRow("200 %") << 200;
    }
    void recoveryCode_isShownWhole()
    {
        QFETCH(int, scale);
        Theme::current().setScale(scale);
        open();
        newClinic_tellsEveryMistakeThenCreates();
        const auto* code = shown<QLabel>(*m_page, "recoveryCode");
        QTRY_VERIFY(code->width() >= code->sizeHint().width());
        QTRY_VERIFY(code->height() >= code->sizeHint().height());
    }

    void failedCreation_keepsTheForm()
    {
        m_gate->failNext({ErrorCode::DiskFull, {}, {}});
        open();
        QVERIFY(press(*m_page, "newClinic"));
        QVERIFY(typeInto(*m_page, "clinicName", QStringLiteral("Harbour Street")));
        QVERIFY(typeInto(*m_page, "displayName", QStringLiteral("Ines")));
        QVERIFY(typeInto(*m_page, "newUserName", QStringLiteral("ines")));
        shown<QComboBox>(*m_page, "timeZone")->setCurrentText(QStringLiteral("Europe/Lisbon"));
        QVERIFY(typeInto(*m_page, "newPassword", kPassword));
        QVERIFY(typeInto(*m_page, "passwordAgain", kPassword));
        QVERIFY(press(*m_page, "createClinic"));
        QTRY_VERIFY(shown<NoteBox>(*m_page, "newClinicNote") != nullptr);
        QCOMPARE(shown<QLineEdit>(*m_page, "clinicName")->text(), QStringLiteral("Harbour Street"));
        QCOMPARE(shown<QLineEdit>(*m_page, "newPassword")->text(), kPassword);
    }

    void passwordStrength_followsTheRulesAndTheLength_data()
    {
        QTest::addColumn<QString>("password");
        QTest::addColumn<int>("steps");
        QTest::newRow("empty") << QString() << 0;
        QTest::newRow("short") << QStringLiteral("elevenchars") << 1;
        QTest::newRow("common") << QStringLiteral("password12345") << 1;
        QTest::newRow("accepted") << QStringLiteral("twelve chars") << 2;
        QTest::newRow("good") << QStringLiteral("sixteen letters!") << 3;
        QTest::newRow("strong") << kPassword << 4;
    }
    void passwordStrength_followsTheRulesAndTheLength()
    {
        QFETCH(QString, password);
        QFETCH(int, steps);
        open();
        QVERIFY(press(*m_page, "newClinic"));
        QVERIFY(typeInto(*m_page, "newPassword", password));
        QCOMPARE(m_page->findChild<StrengthBar*>()->steps(), steps);
    }

    void missingKeyStore_isSaid()
    {
        open();
        QVERIFY(press(*m_page, "newClinic"));
        const QString with = shown<NoteBox>(*m_page, "keyStoreNote")->text();
        m_page.reset();
        m_gate->setKeyStore(false);
        open();
        QVERIFY(press(*m_page, "newClinic"));
        const QString without = shown<NoteBox>(*m_page, "keyStoreNote")->text();
        QVERIFY(with != without);
        QVERIFY(without.contains(QLatin1String("no key store")));
    }

    void demo_isOneClickAndOffersItselfAgain()
    {
        open();
        QSignalSpy signedIn(m_page.get(), &GatePage::signedIn);
        QVERIFY(press(*m_page, "demoClinic"));
        QTRY_COMPARE(signedIn.count(), 1);
        QVERIFY(m_gate->lastCreated().demo);
        QVERIFY(m_gate->checkPassword(m_gate->lastCreated().password).has_value());

        m_page.reset();
        open();
        QSignalSpy again(m_page.get(), &GatePage::signedIn);
        QVERIFY(shown<NoteBox>(*m_page, "demoNote") != nullptr);
        QVERIFY(press(*m_page, "noteAction"));
        QTRY_COMPARE(again.count(), 1);
    }

    void tab_reachesEveryControlOfTheForm()
    {
        open();
        QVERIFY(press(*m_page, "newClinic"));
        QStringList reached;
        for (int i = 0; i < 20; ++i) {
            reached << QGuiApplication::focusObject()->objectName();
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        for (const char* name : {"clinicName", "timeZone", "displayName", "newUserName", "newPassword",
                                 "passwordAgain", "backToFirstRun", "createClinic"})
            QVERIFY2(reached.contains(QLatin1String(name)), name);
        QVERIFY(reached.indexOf(QLatin1String("clinicName")) < reached.indexOf(QLatin1String("newPassword")));
    }
};

} // namespace yarrow

QTEST_MAIN(yarrow::TestGate)
#include "tst_gate.moc"
