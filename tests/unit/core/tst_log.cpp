// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"
#include "core/log.h"

#include <QByteArray>
#include <QLoggingCategory>
#include <QString>
#include <QTest>

#include <atomic>
#include <limits>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

using namespace yarrow;

// Text that exists only at run time, and what holds it, is nothing the log takes.
template <class T>
constexpr bool kIsRefused =
    !std::is_constructible_v<log::Value, T> && !std::is_constructible_v<log::Literal, T> &&
    !std::is_convertible_v<T, log::Value> && !std::is_convertible_v<T, log::Literal>;
static_assert(kIsRefused<std::string>);
static_assert(kIsRefused<const std::string&>);
static_assert(kIsRefused<std::string_view>);
static_assert(kIsRefused<const char*>);
static_assert(kIsRefused<char*>);
static_assert(kIsRefused<char>);
static_assert(kIsRefused<char8_t>);
static_assert(kIsRefused<char16_t>);
static_assert(kIsRefused<char32_t>);
static_assert(kIsRefused<wchar_t>);
static_assert(kIsRefused<const void*>);
static_assert(kIsRefused<double>);
static_assert(kIsRefused<QString>);
static_assert(kIsRefused<QStringView>);
static_assert(kIsRefused<QByteArray>);
static_assert(kIsRefused<QChar>);
static_assert(kIsRefused<Json>);
static_assert(kIsRefused<std::vector<char>>);

static_assert(std::is_convertible_v<int, log::Value>);
static_assert(std::is_convertible_v<bool, log::Value>);
static_assert(std::is_convertible_v<const PatientId&, log::Value>);
static_assert(std::is_convertible_v<const Error&, log::Value>);

namespace {

/// Collects lines without their time, as long as it lives.
class Lines
{
public:
    Lines()
    {
        log::setSink([this](log::Level level, std::string_view line) {
            m_levels.push_back(level);
            m_lines.emplace_back(line);
        });
    }
    ~Lines()
    {
        log::setSink({});
        log::setLevel(log::Level::Info);
    }
    Lines(const Lines&) = delete;
    Lines& operator=(const Lines&) = delete;

    std::string last() const { return m_lines.empty() ? std::string() : m_lines.back().substr(25); }
    std::string lastTime() const { return m_lines.back().substr(0, 24); }
    log::Level lastLevel() const { return m_levels.back(); }
    std::size_t count() const { return m_lines.size(); }

private:
    std::vector<log::Level> m_levels;
    std::vector<std::string> m_lines;
};

/// Qt's messages go to the log as long as it lives, and then again to the test framework.
class CapturedQtMessages
{
public:
    CapturedQtMessages()
        : m_before(qInstallMessageHandler(nullptr))
    {
        log::captureQtMessages();
    }
    ~CapturedQtMessages() { qInstallMessageHandler(m_before); }
    CapturedQtMessages(const CapturedQtMessages&) = delete;
    CapturedQtMessages& operator=(const CapturedQtMessages&) = delete;

private:
    QtMessageHandler m_before;
};

} // namespace

class TestLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void line_holdsTimeLevelEventAndFields();
    void value_isWrittenAsItsTypeSays();
    void error_isWrittenWithContextAndPlace();
    void technicalWord_holdsNothingButItsAlphabet();
    void lineBreaks_doNotForgeALine();
    void belowTheLevel_nothingIsWritten();
    void sinkThatLogs_doesNotHang();
    void manyThreads_writeWholeLines();
    void qtMessages_loseWhatIsQuoted_data();
    void qtMessages_loseWhatIsQuoted();
    void qtMessages_keepTheirLevelAndCategory();
};

void TestLog::line_holdsTimeLevelEventAndFields()
{
    const Lines lines;
    const PatientId patient = PatientId::known("p-1");
    log::info("imported", {{"resources", 120}, {"patient", patient}, {"kind", "full"}});
    QCOMPARE(lines.last(), "info imported resources=120 patient=p-1 kind=full");
    QVERIFY(parseInstant(lines.lastTime()));
    QCOMPARE(lines.lastLevel(), log::Level::Info);
    log::error("stopped");
    QCOMPARE(lines.last(), "error stopped");
    QCOMPARE(lines.lastLevel(), log::Level::Error);
    log::warning("slow", {{"note", "two words"}});
    QCOMPARE(lines.last(), "warning slow note=\"two words\"");
}

void TestLog::value_isWrittenAsItsTypeSays()
{
    QCOMPARE(log::Value(true).text(), "true");
    QCOMPARE(log::Value(false).text(), "false");
    QCOMPARE(log::Value(-5).text(), "-5");
    QCOMPARE(log::Value(std::numeric_limits<std::int64_t>::min()).text(), "-9223372036854775808");
    QCOMPARE(log::Value(std::numeric_limits<std::uint64_t>::max()).text(), "18446744073709551615");
    QCOMPARE(log::Value(std::uint8_t{65}).text(), "65");
    QCOMPARE(log::Value(static_cast<signed char>(-1)).text(), "-1");
    QCOMPARE(log::Value(ErrorCode::DiskFull).text(), "DiskFull");
    QCOMPARE(log::Value("literal").text(), "literal");
}

void TestLog::error_isWrittenWithContextAndPlace()
{
    const Lines lines;
    const Error plain{ErrorCode::Cancelled, {}, std::nullopt};
    const Error placed{ErrorCode::InvalidJson, "malformed number", TextPosition{3, 14}};
    log::warning("import", {{"error", plain}});
    QCOMPARE(lines.last(), "warning import error=Cancelled");
    log::warning("import", {{"error", placed}});
    QCOMPARE(lines.last(), "warning import error=\"InvalidJson malformed number at 3:14\"");
}

void TestLog::technicalWord_holdsNothingButItsAlphabet()
{
    QCOMPARE(log::Value::technical("/var/lib/a-b_c.db:1@x=Y9").text(), "/var/lib/a-b_c.db:1@x=Y9");
    QCOMPARE(log::Value::technical("UNIQUE failed; 'Zoë'\n").text(), "UNIQUE?failed???Zo????");
    const std::string word(201, 'w');
    QCOMPARE(log::Value::technical(word).text(), word.substr(1));
}

void TestLog::lineBreaks_doNotForgeALine()
{
    const Lines lines;
    const Error error{ErrorCode::Io, "/tmp/a\n2026 error \"forged\"", std::nullopt};
    log::error("read", {{"error", error}});
    QCOMPARE(lines.last(), "error read error=\"Io /tmp/a 2026 error 'forged'\"");
}

void TestLog::belowTheLevel_nothingIsWritten()
{
    const Lines lines;
    log::debug("detail");
    QCOMPARE(lines.count(), 0U);
    log::setLevel(log::Level::Debug);
    log::debug("detail");
    QCOMPARE(lines.last(), "debug detail");
    log::setLevel(log::Level::Error);
    log::warning("odd");
    QCOMPARE(lines.count(), 1U);
}

void TestLog::sinkThatLogs_doesNotHang()
{
    int calls = 0;
    log::setSink([&calls](log::Level, std::string_view) {
        ++calls;
        log::error("from the sink");
    });
    log::info("one");
    log::info("two");
    log::setSink({});
    QCOMPARE(calls, 2);
}

void TestLog::manyThreads_writeWholeLines()
{
    const Lines lines;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([] {
            for (int n = 0; n < 500; ++n)
                log::info("tick", {{"n", 7}});
        });
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(lines.count(), 2000U);
    QCOMPARE(lines.last(), "info tick n=7");
}

void TestLog::qtMessages_loseWhatIsQuoted_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("text");

    QTest::newRow("none") << QStringLiteral("QTimer: no thread") << QStringLiteral("\"QTimer: no thread\"");
    QTest::newRow("double") << QStringLiteral("value \"Zoe\" is bad") << QStringLiteral("\"value … is bad\"");
    QTest::newRow("single") << QStringLiteral("can't open 'Zoe' twice")
                            << QStringLiteral("\"can't open … twice\"");
    QTest::newRow("typographic") << QStringLiteral("value “Zoe” bad") << QStringLiteral("\"value … bad\"");
    QTest::newRow("angular") << QStringLiteral("value «Zoe» bad") << QStringLiteral("\"value … bad\"");
    QTest::newRow("several") << QStringLiteral("\"Zoe\" and Zoe and 'Zoe'") << QStringLiteral("…");
    QTest::newRow("quote in the value")
        << QStringLiteral("set \"a\"Zoe\"b\" now") << QStringLiteral("\"set … now\"");
    QTest::newRow("escaped quote") << QStringLiteral("set \"a\\\"Zoe\" now")
                                   << QStringLiteral("\"set … now\"");
    QTest::newRow("cut off") << QStringLiteral("set \"Zoe") << QStringLiteral("\"set …\"");
    QTest::newRow("apostrophe in the value")
        << QStringLiteral("set 'Zoe O'Zoe' now") << QStringLiteral("\"set … now\"");
    QTest::newRow("line break in the value")
        << QStringLiteral("set \"Zoe\nZoe\"") << QStringLiteral("\"set …\"");
}

void TestLog::qtMessages_loseWhatIsQuoted()
{
    QFETCH(QString, message);
    QFETCH(QString, text);
    const Lines lines;
    const CapturedQtMessages captured;
    qWarning().noquote() << message;
    QCOMPARE(lines.last(), "warning qt category=default text=" + text.toStdString());
}

void TestLog::qtMessages_keepTheirLevelAndCategory()
{
    const Lines lines;
    const CapturedQtMessages captured;
    const QLoggingCategory category("yarrow.test");
    qCCritical(category) << "broken:" << QStringLiteral("Zoe");
    QCOMPARE(lines.last(), "error qt category=yarrow.test text=\"broken: …\"");
    QCOMPARE(lines.lastLevel(), log::Level::Error);
    qDebug("detail");
    QCOMPARE(lines.count(), 1U);
}

QTEST_GUILESS_MAIN(TestLog)

#include "tst_log.moc"
