// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/token_buckets.h"

#include <QTest>

using namespace yarrow::server;
using namespace std::chrono_literals;

class TestTokenBuckets : public QObject
{
    Q_OBJECT

private:
    std::chrono::steady_clock::time_point m_now{};
    TokenBuckets::Clock clock()
    {
        return [this] { return m_now; };
    }
    static int taken(TokenBuckets& buckets, std::string_view key, int tries)
    {
        int count = 0;
        for (int i = 0; i < tries; ++i)
            count += buckets.take(key).allowed ? 1 : 0;
        return count;
    }

private Q_SLOTS:
    void aMinutesWorth_atOnce_thenEvenly()
    {
        TokenBuckets buckets(60, 100, clock());
        QCOMPARE(taken(buckets, "a", 100), 60);
        QCOMPARE(taken(buckets, "b", 1), 1);
        m_now += 1s;
        QCOMPARE(taken(buckets, "a", 10), 1);
        m_now += 30s;
        QCOMPARE(taken(buckets, "a", 100), 30);
        m_now += 1h;
        QCOMPARE(taken(buckets, "a", 100), 60);
    }

    void theState_saysWhatIsLeft_andHowLongToWait()
    {
        TokenBuckets buckets(6, 100, clock());
        BucketState state = buckets.take("a");
        QCOMPARE(state.limit, 6);
        QCOMPARE(state.remaining, 5);
        QCOMPARE(state.resetSeconds, 10);
        taken(buckets, "a", 5);
        state = buckets.take("a");
        QVERIFY(!state.allowed);
        QCOMPARE(state.remaining, 0);
        QCOMPARE(state.retrySeconds, 10);
        m_now += std::chrono::seconds(state.retrySeconds);
        QVERIFY(buckets.take("a").allowed);
    }

    void looking_takesNothing()
    {
        TokenBuckets buckets(2, 100, clock());
        for (int i = 0; i < 10; ++i)
            QVERIFY(buckets.look("a").allowed);
        QCOMPARE(taken(buckets, "a", 10), 2);
        QVERIFY(!buckets.look("a").allowed);
    }

    void zero_isNoLimit_andRemembersNobody()
    {
        TokenBuckets buckets(0, 100, clock());
        QCOMPARE(taken(buckets, "a", 10'000), 10'000);
        QCOMPARE(buckets.take("a").limit, 0);
        QCOMPARE(buckets.size(), std::size_t{0});
    }

    void memory_isBounded_andWhoAsksOftenIsNotForgotten()
    {
        TokenBuckets buckets(1, 100, clock());
        QCOMPARE(taken(buckets, "often", 1), 1);
        for (int i = 0; i < 10'000; ++i) {
            buckets.take("guest " + std::to_string(i));
            QVERIFY(!buckets.take("often").allowed);
        }
        QCOMPARE(buckets.size(), std::size_t{100});
    }

    void addresses_ofOneSubscriber_areOneKey()
    {
        QCOMPARE(addressKey("192.0.2.7"), std::string("192.0.2.7"));
        QCOMPARE(addressKey("2001:db8:1:2:3:4:5:6"), addressKey("2001:db8:1:2::9"));
        QVERIFY(addressKey("2001:db8:1:3::9") != addressKey("2001:db8:1:2::9"));
    }
};

QTEST_APPLESS_MAIN(TestTokenBuckets)
#include "tst_token_buckets.moc"
