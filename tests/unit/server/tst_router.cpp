// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef Q_MOC_RUN // moc cannot read libpqxx
#include "server/http/router.h"
#endif

#include <QTest>

#include <stdexcept>

using namespace yarrow::server;

namespace {

Result<Response> nothing(Call&)
{
    return Response();
}

/// The pattern found, and what stood in its braces; or the code of the refusal.
std::string found(const Router& router, const char* method, const char* path)
{
    const auto match = router.find(method, path);
    if (!match)
        return match.error().code;
    std::string text = match->route->method + " " + match->route->pattern;
    for (const auto& [name, value] : match->path)
        text.append(" ").append(name).append("=").append(value);
    return text;
}

} // namespace

class TestRouter : public QObject
{
    Q_OBJECT

private:
    static void fill(Router& router)
    {
        for (const char* pattern : {"/fhir", "/fhir/{type}", "/fhir/{type}/{id}", "/fhir/{type}/_history",
                                    "/fhir/{type}/{id}/_history/{version}", "/fhir/ws", "/fhir/ws/deeper"})
            router.add({"GET", pattern, nothing});
        router.add({"POST", "/fhir/{type}", nothing});
        router.add({"*", "/any", nothing});
        router.add({"GET", "/any", nothing});
        router.add({"PUT", "/fhir/Subscription/{id}", nothing});
    }

private Q_SLOTS:
    void textWinsOverBraces_andBracesAreRemembered()
    {
        Router router;
        fill(router);
        QCOMPARE(found(router, "GET", "/fhir"), std::string("GET /fhir"));
        QCOMPARE(found(router, "GET", "/fhir/ws"), std::string("GET /fhir/ws"));
        QCOMPARE(found(router, "GET", "/fhir/Patient"), std::string("GET /fhir/{type} type=Patient"));
        QCOMPARE(found(router, "GET", "/fhir/Patient/_history"),
                 std::string("GET /fhir/{type}/_history type=Patient"));
        QCOMPARE(found(router, "GET", "/fhir/Patient/p/_history/a.7"),
                 std::string("GET /fhir/{type}/{id}/_history/{version} id=p type=Patient version=a.7"));
    }

    void aDeadEnd_isLeftAgain()
    {
        Router router;
        fill(router);
        QCOMPARE(found(router, "GET", "/fhir/ws/_history"), std::string("GET /fhir/{type}/_history type=ws"));
    }

    void theMostExactPattern_decidesTheMethods()
    {
        Router router;
        fill(router);
        QCOMPARE(found(router, "GET", "/fhir/Subscription/7"), std::string("method-not-allowed"));
        QCOMPARE(router.methodsOf("/fhir/Subscription/7"), std::string("PUT"));
        QCOMPARE(router.methodsOf("/fhir/Patient"), std::string("GET, HEAD, POST"));
        QCOMPARE(router.methodsOf("/nowhere"), std::string());
    }

    void head_isGet_andAStarTakesTheRest()
    {
        Router router;
        fill(router);
        QCOMPARE(found(router, "HEAD", "/fhir/ws"), std::string("GET /fhir/ws"));
        QCOMPARE(found(router, "DELETE", "/any"), std::string("* /any"));
        QCOMPARE(found(router, "GET", "/any"), std::string("GET /any"));
    }

    void oneSlashAtTheEnd_isPassedOver_emptySegmentsAreNot()
    {
        Router router;
        fill(router);
        QCOMPARE(found(router, "GET", "/fhir/"), std::string("GET /fhir"));
        for (const char* path : {"/", "", "//fhir", "/fhir//", "/fhir//p",
                                 "/fhir/Patient/p/"
                                 "_history/",
                                 "/fhir/Patient/p/_history//"})
            QCOMPARE(found(router, "GET", path), std::string("no-such-path"));
    }

    void theSameRouteTwice_isABug()
    {
        Router router;
        fill(router);
        Route again{"GET", "/fhir/{other}", nothing};
        QVERIFY_THROWS_EXCEPTION(std::logic_error, router.add(std::move(again)));
    }
};

QTEST_APPLESS_MAIN(TestRouter)
#include "tst_router.moc"
