// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/transfer/resource_stream.h"

#include <QtTest>

#include <sstream>

using namespace yarrow;

class TestResourceStream : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bundle_givesItsEntries();
    void bundleWithTypeBehindItsEntries_givesThemToo();
    void resourceWithAnEntryArray_isNoBundle();
    void lines_areResources();
    void bracketsInStrings_doNotConfuse();
    void badText_isReportedWithItsPlace_data();
    void badText_isReportedWithItsPlace();
    void visitorsError_getsTheEntrysPlace();
    void hugeEntry_isRefused();
};

namespace {

struct Streamed
{
    Result<StreamSummary> summary;
    std::vector<StreamedEntry> entries;
};

Streamed stream(const std::string& text)
{
    std::istringstream in(text);
    std::vector<StreamedEntry> entries;
    auto summary = streamResources(in, [&](StreamedEntry&& entry) -> Result<void> {
        entries.push_back(std::move(entry));
        return {};
    });
    return {std::move(summary), std::move(entries)};
}

} // namespace

void TestResourceStream::bundle_givesItsEntries()
{
    const auto [summary, entries] = stream(R"({
  "resourceType": "Bundle", "type": "transaction",
  "entry": [
    {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "a"},
     "request": {"method": "POST", "url": "Patient"}},
    {"request": {"method": "DELETE", "url": "Patient/b"}}
  ], "note": {"entry": [1]}
})");
    QVERIFY(summary.has_value());
    QVERIFY(summary->isBundle);
    QCOMPARE(summary->bundleType, std::string("transaction"));
    QCOMPARE(entries.size(), std::size_t(2));
    QCOMPARE(entries[0].fullUrl, std::string("urn:uuid:1"));
    QCOMPARE(entries[0].resource.dump(), std::string(R"({"resourceType":"Patient","id":"a"})"));
    QCOMPARE(entries[0].position.line, std::size_t(4));
    QCOMPARE(entries[0].position.column, std::size_t(5));
    QCOMPARE(entries[1].method, std::string("DELETE"));
    QCOMPARE(entries[1].url, std::string("Patient/b"));
    QVERIFY(entries[1].resource.isNull());
}

void TestResourceStream::bundleWithTypeBehindItsEntries_givesThemToo()
{
    const auto [summary, entries] = stream(
        R"({"entry":[{"resource":{"resourceType":"Patient","id":"a"}}],"resourceType":"Bundle","type":"batch"})");
    QVERIFY(summary.has_value());
    QCOMPARE(summary->bundleType, std::string("batch"));
    QCOMPARE(entries.size(), std::size_t(1));
    QVERIFY(entries[0].inBundle);
}

void TestResourceStream::resourceWithAnEntryArray_isNoBundle()
{
    const std::string list =
        R"({"resourceType":"List","id":"l","entry":[{"item":{"reference":"Patient/a"}}]})";
    const auto [summary, entries] = stream(list);
    QVERIFY(summary.has_value());
    QVERIFY(!summary->isBundle);
    QCOMPARE(entries.size(), std::size_t(1));
    QCOMPARE(entries[0].resource.dump(), list);
}

void TestResourceStream::lines_areResources()
{
    const auto [summary, entries] = stream("{\"resourceType\":\"Patient\",\"id\":\"a\"}\n\n"
                                           "{\"resourceType\":\"Patient\",\"id\":\"b\"}\r\n");
    QVERIFY(summary.has_value());
    QCOMPARE(entries.size(), std::size_t(2));
    QCOMPARE(entries[1].position.line, std::size_t(3));
    QVERIFY(!entries[1].inBundle);
}

void TestResourceStream::bracketsInStrings_doNotConfuse()
{
    const auto [summary, entries] = stream(
        R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Basic","x":"]}\"[{\\"}}]})");
    QVERIFY(summary.has_value());
    QCOMPARE(entries.size(), std::size_t(1));
    QCOMPARE(entries[0].resource["x"].string(), std::string_view(R"(]}"[{\)"));
}

void TestResourceStream::badText_isReportedWithItsPlace_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    const auto row = [](const char* name, const char* text, int line, int column) {
        QTest::newRow(name) << QString::fromLatin1(text) << line << column;
    };
    row("empty", "", 1, 1);
    row("white space", " \n ", 2, 2);
    row("no object", "[]", 1, 1);
    row("text", "hello", 1, 1);
    row("ends in a value", "{\"resourceType\":\"Patient\",\n\"id\":", 2, 6);
    row("ends in an entry", "{\"resourceType\":\"Bundle\",\"entry\":[{\"a\":1", 1, 41);
    row("comma missing", "{\"resourceType\":\"Bundle\",\"entry\":[{}\n{}]}", 2, 1);
    row("comma too many", "{\"resourceType\":\"Bundle\",\"entry\":[{},]}", 1, 38);
    row("comma first", "{\"resourceType\":\"Bundle\",\"entry\":[,{}]}", 1, 35);
    row("entry is a number", "{\"resourceType\":\"Bundle\",\"entry\":[\n 1]}", 2, 2);
    row("bad entry", "{\"resourceType\":\"Bundle\",\"entry\":[\n{\"a\":1},\n {\"b\":tru}]}", 3, 7);
    row("bad frame before", "{\"resourceType\":\"Bundle\",\n\"x\":01,\"entry\":[{}]}", 2, 5);
    row("bad frame after", "{\"resourceType\":\"Bundle\",\"entry\":[\n{}],\n\"x\":01}", 3, 5);
    row("second line", "{\"resourceType\":\"Patient\"}\n{\"resourceType\":nul}", 2, 17);
    row("garbage behind", "{\"resourceType\":\"Patient\"} x", 1, 28);
}

void TestResourceStream::badText_isReportedWithItsPlace()
{
    QFETCH(QString, text);
    QFETCH(int, line);
    QFETCH(int, column);
    const auto [summary, entries] = stream(text.toStdString());
    QVERIFY(!summary.has_value());
    const bool isJson = Json::parse(text.toStdString()).has_value(); // but no resource
    QCOMPARE(QByteArray(errorCodeName(summary.error().code)),
             QByteArray(isJson && !text.startsWith(u'[') ? "InvalidResource" : "InvalidJson"));
    QVERIFY(summary.error().position.has_value());
    QCOMPARE(summary.error().position->line, static_cast<std::size_t>(line));
    QCOMPARE(summary.error().position->column, static_cast<std::size_t>(column));
}

void TestResourceStream::visitorsError_getsTheEntrysPlace()
{
    std::istringstream in("{\"resourceType\":\"Bundle\",\"entry\":[\n  {},\n  {\"resource\":{\"a\":1}}]}");
    const auto summary = streamResources(in, [](StreamedEntry&& entry) -> Result<void> {
        return entry.resource.isNull() ? Result<void>() : fail(ErrorCode::InvalidResource, "x");
    });
    QVERIFY(!summary.has_value());
    QCOMPARE(summary.error().position, (std::optional<TextPosition>({3, 3})));
}

void TestResourceStream::hugeEntry_isRefused()
{
    std::string text = R"({"resourceType":"Bundle","entry":[{"resource":{"x":")";
    text.append(17U * 1024U * 1024U, 'a');
    text += R"("}}]})";
    const auto [summary, entries] = stream(text);
    QVERIFY(!summary.has_value());
    QCOMPARE(QByteArray(errorCodeName(summary.error().code)), QByteArray("LimitExceeded"));
}

QTEST_GUILESS_MAIN(TestResourceStream)
#include "tst_resource_stream.moc"
