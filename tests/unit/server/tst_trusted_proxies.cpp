// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/trusted_proxies.h"

#include <QTest>

using namespace yarrow::server;

class TestTrustedProxies : public QObject
{
    Q_OBJECT

private:
    static Headers fields(std::initializer_list<std::pair<const char*, const char*>> list)
    {
        Headers headers;
        for (const auto& [name, value] : list)
            headers.add(name, value);
        return headers;
    }
    static TrustedProxies trusting(const std::vector<std::string>& networks)
    {
        return TrustedProxies::parse(networks).value();
    }

private Q_SLOTS:
    void networks_areMatchedByTheirBits()
    {
        const TrustedProxies proxies = trusting({"10.1.0.0/16", "192.0.2.7", "2001:db8::/33", "0.0.0.0/32"});
        for (const char* address :
             {"10.1.0.1", "10.1.255.255", "::ffff:10.1.2.3", "192.0.2.7", "2001:db8:7fff::1"})
            QVERIFY2(proxies.contains(address), address);
        for (const char* address :
             {"10.2.0.0", "192.0.2.8", "2001:db8:8000::", "::1", "", "nonsense", "10.1"})
            QVERIFY2(!proxies.contains(address), address);
        QVERIFY(trusting({"0.0.0.0/0"}).contains("203.0.113.1"));
        QVERIFY(!trusting({"0.0.0.0/0"}).contains("2001:db8::1"));
    }

    void whatIsNoNetwork_isRefused()
    {
        for (const char* text :
             {"", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "name", "::1/8x"})
            QVERIFY2(!TrustedProxies::parse({text}), text);
    }

    void aStranger_isNotBelieved()
    {
        const Caller caller = callerOf(trusting({"10.0.0.1"}), "203.0.113.5", true,
                                       fields({{"Host", "inner"},
                                               {"X-Forwarded-For", "192.0.2.1"},
                                               {"X-Forwarded-Proto", "http"},
                                               {"X-Forwarded-Host", "evil"}}));
        QCOMPARE(caller.address, std::string("203.0.113.5"));
        QVERIFY(caller.direct && caller.secure);
        QCOMPARE(caller.host, std::string("inner"));
    }

    void theLastStrangerOfTheChain_isTheCaller()
    {
        const TrustedProxies proxies = trusting({"10.0.0.0/8"});
        const auto address = [&](std::initializer_list<std::pair<const char*, const char*>> list) {
            return callerOf(proxies, "::ffff:10.0.0.1", false, fields(list)).address;
        };
        QCOMPARE(address({{"X-Forwarded-For", "198.51.100.1, 192.0.2.1, 10.2.2.2"}}),
                 std::string("192.0.2.1"));
        QCOMPARE(address({{"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-For", "10.2.2.2"}}),
                 std::string("192.0.2.1"));
        QCOMPARE(address({{"X-Forwarded-For", "10.3.3.3, 10.2.2.2"}}), std::string("10.3.3.3"));
        QCOMPARE(address({{"X-Forwarded-For", "192.0.2.1, unknown, 10.2.2.2"}}), std::string("10.2.2.2"));
        QCOMPARE(address({}), std::string("10.0.0.1"));
    }

    void hosts_areNamesOrAddresses_withAPort()
    {
        for (const char* host :
             {"a", "clinic.example", "clinic.example:8443", "127.0.0.1:1", "[::1]", "[::1]:443"})
            QVERIFY2(isHost(host), host);
        for (const char* host :
             {"", ":80", "a/b", "a b", "a:b", "a:123456", "[::1", "[x]", "[::1]x", "a@b", "a\r\n", "ä"})
            QVERIFY2(!isHost(host), host);
    }
};

QTEST_APPLESS_MAIN(TestTrustedProxies)
#include "tst_trusted_proxies.moc"
