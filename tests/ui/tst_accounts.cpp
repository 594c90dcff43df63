// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/account_desk.h"
#include "models/items/local_clinic_session.h"
#include "models/store/sync/account_exchange.h"
#include "tests/support/server_side.h"
#include "tests/ui/support/drive.h"
#include "tests/ui/support/memory_session.h"
#include "ui/frame/password_panel.h"
#include "ui/setup/setup_page.h"
#include "ui/theme/theme.h"
#include "ui/widgets/notes.h"

#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>

namespace yarrow {

using namespace testing;

namespace {

const QString kFresh = QStringLiteral("copper lantern moth 88");

} // namespace

/// The accounts of the clinic on a real store, by keyboard: what is on the screen is in the store, and signs
/// in or does not.
class TestAccounts : public QObject
{
    Q_OBJECT

    std::unique_ptr<TestClinic> m_test;
    std::shared_ptr<LocalClinicSession> m_session;
    std::unique_ptr<MemorySession> m_memory; ///< in place of it
    std::unique_ptr<SetupPage> m_page;
    ClinicIdentity m_identity;

    void open(const QString& user = QStringLiteral("admin"))
    {
        m_page.reset();
        m_session.reset();
        auto clinic = m_test->open(user);
        m_identity = clinic->identity();
        auto session = LocalClinicSession::open(std::move(clinic));
        YARROW_VERIFY_OK(session);
        m_session = *session;
        show(*m_session);
    }
    void show(ClinicSession& session)
    {
        m_page = std::make_unique<SetupPage>(session);
        m_page->resize(1200, 900);
        m_page->show();
        m_page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        m_page->showSection(SetupPage::Accounts);
    }
    [[nodiscard]] QWidget* focus() const { return m_page->focusWidget(); }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const
    {
        QTest::keyClick(focus(), key, modifiers);
    }
    /// The list, a line for each account.
    [[nodiscard]] QStringList lines() const
    {
        QStringList all;
        const auto* list = m_page->findChild<QListView*>(QStringLiteral("accountList"));
        for (int row = 0; row < list->model()->rowCount(); ++row) {
            QString line = list->model()->index(row, 0).data(Qt::AccessibleTextRole).toString();
            line.remove(QChar(0x2068)).remove(QChar(0x2069));
            all << line;
        }
        return all;
    }
    [[nodiscard]] QString note(const char* name = "accountNote") const
    {
        const auto* box = shown<NoteBox>(*m_page, name);
        return box == nullptr ? QString() : box->text();
    }
    [[nodiscard]] QString saidBeside(const char* name) const
    {
        const auto* control = shown(*m_page, name);
        return control == nullptr ? QString() : control->accessibleDescription();
    }
    /// Opens the form of somebody with the keyboard alone.
    void choose(const QString& name)
    {
        auto* list = shown<QListView>(*m_page, "accountList");
        list->setFocus();
        QTRY_VERIFY(!lines().filter(name).isEmpty());
        key(Qt::Key_Home);
        while (!list->currentIndex().data(Qt::AccessibleTextRole).toString().contains(name) &&
               list->currentIndex().row() < list->model()->rowCount() - 1)
            key(Qt::Key_Down);
        key(Qt::Key_Return);
        QCOMPARE(focus()->objectName(), QStringLiteral("accountName"));
    }
    void add(const QString& user, const QString& name, Role role = Role::Nurse)
    {
        auto added = m_test->open()->addUser(user, name, role, TestClinic::password());
        YARROW_VERIFY_OK(added);
    }
    [[nodiscard]] Result<std::unique_ptr<Clinic>> signIn(const QString& user,
                                                         const QString& password = TestClinic::password())
    {
        return Clinic::open(m_test->profile, user, password, m_test->environment);
    }
    [[nodiscard]] Account stored(const char* user)
    {
        const auto clinic = m_test->open();
        const auto accounts = clinic->accounts().list();
        if (!accounts)
            qFatal("%s", accounts.error().context.c_str());
        for (const Account& account : *accounts) {
            if (account.userName == user)
                return account;
        }
        return {};
    }

private Q_SLOTS:
    void init()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        Theme::current().install();
        m_test = std::make_unique<TestClinic>();
    }
    void cleanup()
    {
        m_page.reset();
        m_session.reset();
        m_memory.reset();
        m_test.reset();
        Theme::current().setScale(100);
    }

    void somebodyNew_isAddedFromTheKeyboardAlone()
    {
        open();
        QTRY_COMPARE(lines().size(), 1);
        QCOMPARE(lines().front(), QStringLiteral("Administrator · admin · Administrator · you"));
        key(Qt::Key_Insert);
        QCOMPARE(focus()->objectName(), QStringLiteral("accountUser"));
        key(Qt::Key_Return, Qt::ControlModifier);
        for (const char* name : {"accountUser", "accountName", "newPassword"})
            QVERIFY2(!saidBeside(name).isEmpty(), name);
        QCOMPARE(focus()->objectName(), QStringLiteral("accountUser"));
        typeKeys(focus(), QStringLiteral("admin"));
        key(Qt::Key_Tab);
        typeKeys(focus(), QStringLiteral("Nina Berg"));
        key(Qt::Key_Tab);
        QCOMPARE(focus()->objectName(), QStringLiteral("accountRole"));
        key(Qt::Key_N);
        QVERIFY(saidBeside("accountRole").contains(QLatin1String("vital signs")));
        key(Qt::Key_Tab);
        typeKeys(focus(), kFresh);
        key(Qt::Key_Return);
        typeKeys(focus(), kFresh);
        key(Qt::Key_Return);
        QTRY_VERIFY(saidBeside("accountUser").contains(QLatin1String("already")));
        QCOMPARE(focus()->objectName(), QStringLiteral("accountUser"));
        QVERIFY(typeInto(*m_page, "accountUser", QStringLiteral("nina")));
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(lines().size(), 2);
        YARROW_VERIFY_OK(signIn(QStringLiteral("nina"), kFresh));
        QCOMPARE(stored("nina").role, Role::Nurse);
        // She is open now, and nothing of the password is on the screen or in a draft.
        QVERIFY(!shown(*m_page, "newPassword"));
        QVERIFY(shown(*m_page, "setPassword"));
        QVERIFY(m_session->draft(QStringLiteral("setup/account/new")).isEmpty());
    }

    void aChange_isSavedAndCanBeTakenBack()
    {
        add(QStringLiteral("nina"), QStringLiteral("Nina Berg"));
        open();
        choose(QStringLiteral("Nina"));
        QVERIFY(typeInto(*m_page, "accountName", QStringLiteral("Nina Falk")));
        shown(*m_page, "accountRole")->setFocus();
        key(Qt::Key_D);
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(!lines().filter(QStringLiteral("Nina Falk · nina · Doctor")).isEmpty());
        QCOMPARE(stored("nina").role, Role::Doctor);
        QVERIFY(note().contains(QLatin1String("saved")));
        QVERIFY(press(*m_page, "noteAction"));
        QTRY_VERIFY(!lines().filter(QStringLiteral("Nina Berg · nina · Nurse")).isEmpty());
        QCOMPARE(stored("nina").role, Role::Nurse);
        QCOMPARE(shown<QLineEdit>(*m_page, "accountName")->text(), QStringLiteral("Nina Berg"));
    }

    void disabling_asksInPlaceAndEnablingIsOffered()
    {
        add(QStringLiteral("nina"), QStringLiteral("Nina Berg"));
        open();
        choose(QStringLiteral("Nina"));
        auto* disable = shown<QPushButton>(*m_page, "disableAccount");
        disable->setFocus();
        key(Qt::Key_Space);
        QCOMPARE(focus()->objectName(), QStringLiteral("questionReason"));
        key(Qt::Key_Escape);
        QVERIFY(!shown(*m_page, "questionBox"));
        QVERIFY(stored("nina").active);
        disable->setFocus();
        key(Qt::Key_Space);
        typeKeys(focus(), QStringLiteral("left the clinic"));
        key(Qt::Key_Return);
        QTRY_VERIFY(!lines().filter(QStringLiteral("Disabled")).isEmpty());
        QVERIFY(!stored("nina").active);
        YARROW_COMPARE_ERROR(signIn(QStringLiteral("nina")), ErrorCode::WrongPassword);
        QVERIFY(note("accountState").contains(QLatin1String("disabled")));
        QVERIFY(!shown(*m_page, "setPassword"));
        std::string reason;
        YARROW_VERIFY_OK(m_test->open()->audit().forEach({}, [&](const AuditEntry& entry) {
            reason = entry.action == "account-changed" ? entry.reason : reason;
            return true;
        }));
        QCOMPARE(reason, std::string("left the clinic"));
        QVERIFY(press(*m_page, "noteAction")); // enables again
        QTRY_VERIFY(note("accountState").contains(QLatin1String("no password")));
        QVERIFY(stored("nina").active);

        // And gives a password, since the key slot went.
        shown(*m_page, "setPassword")->setFocus();
        key(Qt::Key_Space);
        QCOMPARE(focus()->objectName(), QStringLiteral("newPassword"));
        typeKeys(focus(), QStringLiteral("nina nina nina"));
        key(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(!saidBeside("newPassword").isEmpty());
        QVERIFY(typeInto(*m_page, "newPassword", kFresh));
        key(Qt::Key_Return);
        typeKeys(focus(), kFresh);
        key(Qt::Key_Return);
        QTRY_VERIFY(!shown(*m_page, "accountPasswordBox"));
        QTRY_COMPARE(note("accountState"), QString());
        YARROW_VERIFY_OK(signIn(QStringLiteral("nina"), kFresh));
    }

    void theLastAdministrator_isToldWhyInPlace()
    {
        add(QStringLiteral("nina"), QStringLiteral("Nina Berg"));
        open();
        choose(QStringLiteral("Administrator"));
        QVERIFY(!shown(*m_page, "disableAccount")->isEnabled());
        QVERIFY(!shown(*m_page, "accountRole")->isEnabled());
        QVERIFY(saidBeside("accountRole").contains(QLatin1String("last administrator")));
        QVERIFY(!shown(*m_page, "setPassword")); // one's own is changed elsewhere
        // As soon as there is another one, they may go; that takes a question.
        const auto changed = m_test->open()->accounts().change("nina", {{}, Role::Admin, {}, {}}, {});
        YARROW_VERIFY_OK(changed);
        Q_EMIT m_session->accounts().changed();
        QTRY_VERIFY(shown(*m_page, "accountRole")->isEnabled());
        shown(*m_page, "accountRole")->setFocus();
        key(Qt::Key_N);
        key(Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(shown(*m_page, "questionBox"));
        QCOMPARE(stored("admin").role, Role::Admin);
        key(Qt::Key_Escape);
        // Somebody else was quicker: the store's reason is shown.
        YARROW_VERIFY_OK(m_test->open()->accounts().change("nina", {{}, Role::Nurse, {}, {}}, {}));
        QVERIFY(press(*m_page, "disableAccount"));
        key(Qt::Key_Return);
        QTRY_VERIFY(note().contains(QLatin1String("last administrator")));
        QVERIFY(stored("admin").active);
        QTRY_VERIFY(!shown(*m_page, "disableAccount")->isEnabled());
    }

    void whatIsTyped_isKeptAsADraftAndOverNewsFromElsewhere()
    {
        add(QStringLiteral("nina"), QStringLiteral("Nina Berg"));
        open();
        choose(QStringLiteral("Nina"));
        QVERIFY(typeInto(*m_page, "accountName", QStringLiteral("Nina Falk")));
        m_page->saveDrafts();
        open(); // as after a lock
        QTRY_VERIFY(!lines().filter(QStringLiteral("Not saved yet")).isEmpty());
        choose(QStringLiteral("Nina"));
        QCOMPARE(shown<QLineEdit>(*m_page, "accountName")->text(), QStringLiteral("Nina Falk"));
        // Meanwhile somebody gave her another role: saving says so, takes it over, and saves then.
        YARROW_VERIFY_OK(m_test->open()->accounts().change("nina", {{}, Role::Doctor, {}, {}}, {}));
        shown(*m_page, "accountName")->setFocus();
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(shown<QComboBox>(*m_page, "accountRole")->currentText(), QStringLiteral("Doctor"));
        QVERIFY(note().contains(QLatin1String("Somebody changed this account")));
        QCOMPARE(stored("nina").displayName, std::string("Nina Berg"));
        QCOMPARE(shown<QLineEdit>(*m_page, "accountName")->text(), QStringLiteral("Nina Falk"));
        key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(stored("nina").displayName, std::string("Nina Falk"));
        QCOMPARE(stored("nina").role, Role::Doctor);

        QTRY_VERIFY(note().contains(QLatin1String("saved")));
        QVERIFY(typeInto(*m_page, "accountName", QStringLiteral("Somebody")));
        QVERIFY(press(*m_page, "putAside"));
        QCOMPARE(shown<QLineEdit>(*m_page, "accountName")->text(), QStringLiteral("Nina Falk"));
        QVERIFY(press(*m_page, "noteAction"));
        QCOMPARE(shown<QLineEdit>(*m_page, "accountName")->text(), QStringLiteral("Somebody"));
    }

    void whoIsOfTheClinicElsewhere_isLetInHere()
    {
        ServerSide server(*m_test);
        server.enrol();
        open();
        const auto verifier = m_test->open()->addUser(QStringLiteral("petra"), QStringLiteral("Petra Holm"),
                                                      Role::Nurse, TestClinic::password());
        YARROW_VERIFY_OK(verifier);
        const std::string known = accountVerifier(server.connection(), verifier->id);
        QTRY_COMPARE(lines().size(), 1);
        {
            Transaction transaction(server.connection());
            const Account admin = *findAccountByName(server.connection(), "admin");
            static_cast<void>(
                takeAccounts(server.connection(), m_test->clock, m_identity,
                             {{admin.id.text(), "admin", "Administrator", Role::Admin, true, "r1", 0, {}},
                              {"samira-1", "samira", "Samira Haddad", Role::Doctor, true, "r1", 1, known}},
                             "tag"));
            transaction.commit();
        }
        Q_EMIT m_session->accounts().changed(); // as the exchange ends
        QTRY_VERIFY(!lines().filter(QStringLiteral("Not let in")).isEmpty());
        QVERIFY(!lines().filter(QStringLiteral("Petra Holm · petra · Nurse · To be sent")).isEmpty());
        choose(QStringLiteral("Administrator"));
        QVERIFY(note("accountState").contains(QLatin1String("at this workstation alone")));
        choose(QStringLiteral("Samira"));
        YARROW_COMPARE_ERROR(signIn(QStringLiteral("samira")), ErrorCode::WrongPassword);
        shown(*m_page, "letIn")->setFocus();
        key(Qt::Key_Space);
        QCOMPARE(focus()->objectName(), QStringLiteral("theirPassword"));
        typeKeys(focus(), kFresh);
        key(Qt::Key_Return);
        QTRY_VERIFY(saidBeside("theirPassword").contains(QLatin1String("not the password")));
        QCOMPARE(focus()->objectName(), QStringLiteral("theirPassword"));
        typeKeys(focus(), TestClinic::password());
        key(Qt::Key_Return);
        QTRY_VERIFY(lines().filter(QStringLiteral("Not let in")).isEmpty());
        YARROW_VERIFY_OK(signIn(QStringLiteral("samira")));
    }

    void accounts_areForAdministrators_andOnesOwnPasswordForEverybody()
    {
        add(QStringLiteral("nina"), QStringLiteral("Nina Berg"));
        auto session = LocalClinicSession::open(m_test->open(QStringLiteral("nina")));
        YARROW_VERIFY_OK(session);
        m_session = *session;
        const SetupPage page(*m_session);
        QVERIFY(page.findChild<QListView*>(QStringLiteral("accountList")) == nullptr);
        PasswordPanel panel(*m_session);
        panel.open();
        panel.show();
        panel.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&panel));
        panel.focusFirst();
        typeKeys(panel.focusWidget(), TestClinic::password());
        QTest::keyClick(panel.focusWidget(), Qt::Key_Return);
        typeKeys(panel.focusWidget(), kFresh);
        QTest::keyClick(panel.focusWidget(), Qt::Key_Return);
        typeKeys(panel.focusWidget(), kFresh);
        QSignalSpy changed(&panel, &PasswordPanel::passwordChanged);
        QTest::keyClick(panel.focusWidget(), Qt::Key_Return);
        QTRY_COMPARE(changed.count(), 1);
        YARROW_VERIFY_OK(signIn(QStringLiteral("nina"), kFresh));
        YARROW_COMPARE_ERROR(signIn(QStringLiteral("nina")), ErrorCode::WrongPassword);
    }

    void whatCannotBeRead_isSaidWhereItWouldBe()
    {
        m_memory = std::make_unique<MemorySession>();
        MemorySession* session = m_memory.get();
        session->setUser({QStringLiteral("admin"), Role::Admin});
        show(*session);
        session->accounts().nextFailure = Error{ErrorCode::KeyFileDamaged, {}, {}};
        Q_EMIT session->accounts().changed();
        QTRY_VERIFY(shown(*m_page, "emptyStateAction") != nullptr);
        AccountRow row;
        row.id = AccountId::known("a1");
        row.userName = QStringLiteral("admin");
        row.role = Role::Admin;
        row.hasPasswordHere = true;
        session->accounts().kept.accounts.push_back(row);
        QVERIFY(press(*m_page, "emptyStateAction"));
        QTRY_COMPARE(lines().size(), 1);
        QVERIFY(!shown(*m_page, "emptyStateAction"));
    }

    void controls_haveNamesAtEveryScale_data()
    {
        QTest::addColumn<int>("scale");
        QTest::newRow("100 %") << 100;
        QTest::newRow("200 %") << 200;
    }
    void controls_haveNamesAtEveryScale()
    {
        QFETCH(int, scale);
        Theme::current().setScale(scale);
        add(QStringLiteral("nina"), QStringLiteral("Nina Berg"));
        open();
        m_page->resize(scale == 200 ? 900 : 1200, 800);
        QTRY_COMPARE(lines().size(), 2);
        auto* list = shown<QListView>(*m_page, "accountList");
        list->setCurrentIndex(list->model()->index(1, 0)); // where there is no room, the form takes its place
        QVERIFY(press(*m_page, "setPassword"));
        QVERIFY(press(*m_page, "disableAccount"));
        const auto controls = shown(*m_page, "accountForm")->findChildren<QWidget*>();
        for (const QWidget* control : controls) {
            const bool isControl = control->focusPolicy() != Qt::NoFocus && control->isVisible();
            if (!isControl)
                continue;
            const auto* button = qobject_cast<const QAbstractButton*>(control);
            const bool isNamed =
                !control->accessibleName().isEmpty() || (button != nullptr && !button->text().isEmpty());
            QVERIFY2(isNamed,
                     qPrintable(control->objectName() + QLatin1String(control->metaObject()->className())));
        }
    }
};

} // namespace yarrow

QTEST_MAIN(yarrow::TestAccounts)
#include "tst_accounts.moc"
