// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/db/bulk_writing.h"
#include "models/store/tunables.h"
#include "tests/support/fault_vfs.h"
#include "tests/support/test_clinic.h"

#include <algorithm>
#include <atomic>
#include <thread>

using namespace yarrow;
using namespace yarrow::testing;

/// The connection of the exchange beside those of people.
class TestExchangeConnection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void commitsOfTheExchange_reachTheDiskTogether();
    void whatCannotReachTheDisk_isTold();
    void whoeverWaits_comesNext();
    void whileMuchIsWritten_nobodyElseFoldsTheLog();
};

namespace {

struct Desks
{
    FaultVfs disk; ///< before every connection
    TestClinic test;
    std::unique_ptr<Clinic> clinic = test.open();
    std::unique_ptr<Connection> exchange = exchangeOf(*clinic);
    std::unique_ptr<Connection> person = test.connectBelow();

    static std::unique_ptr<Connection> exchangeOf(const Clinic& clinic)
    {
        auto connection = clinic.openSyncConnection();
        if (!connection)
            qFatal("exchange: %s", errorCodeName(connection.error().code));
        return std::move(*connection);
    }
};

void write(Connection& connection, int rows = 1)
{
    Transaction transaction(connection);
    for (int i = 0; i < rows; ++i)
        connection.exec("INSERT INTO refetch (type, id) VALUES ('Patient', hex(randomblob(1000)))");
    transaction.commit();
}

} // namespace

void TestExchangeConnection::commitsOfTheExchange_reachTheDiskTogether()
{
    Desks desks;
    write(*desks.exchange);
    const int before = desks.disk.syncs();
    write(*desks.exchange);
    write(*desks.exchange);
    QCOMPARE(desks.disk.syncs(), before);
    desks.exchange->makeDurable();
    QCOMPARE(desks.disk.syncs(), before + 1);
    write(*desks.person); // what a person saves is there at once, and all before it
    QCOMPARE(desks.disk.syncs(), before + 2);
}

void TestExchangeConnection::whatCannotReachTheDisk_isTold()
{
    Desks desks;
    write(*desks.exchange);
    desks.disk.failFrom(1, SQLITE_IOERR_FSYNC);
    QVERIFY_THROWS_EXCEPTION(SQLite::Exception, desks.exchange->makeDurable());
    desks.disk.heal();
    desks.exchange->makeDurable();
}

void TestExchangeConnection::whoeverWaits_comesNext()
{
    Desks desks;
    std::atomic_bool done = false;
    std::atomic_int transactions = 0;
    std::thread exchange([&] {
        while (!done) {
            write(*desks.exchange, 100);
            ++transactions;
            Connection::giveWay();
        }
    });
    std::vector<int> waited;
    for (int i = 0; i < 15; ++i) {
        while (transactions == 0)
            std::this_thread::yield();
        const int before = transactions;
        write(*desks.person);
        waited.push_back(transactions - before);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    done = true;
    exchange.join();
    std::sort(waited.begin(), waited.end());
    QVERIFY2(waited[waited.size() / 2] <= 3, qPrintable(QString::number(waited[waited.size() / 2])));
}

void TestExchangeConnection::whileMuchIsWritten_nobodyElseFoldsTheLog()
{
    Desks desks;
    int before = 0;
    {
        const BulkWriting bulk(*desks.exchange);
        write(*desks.exchange, 3 * tunables::kAutoCheckpointPages); // most take a page of their own
        before = desks.disk.syncs();
        write(*desks.person);
        QCOMPARE(desks.disk.syncs(), before + 1); // of the log alone
    }
    before = desks.disk.syncs();
    write(*desks.person);
    QVERIFY(desks.disk.syncs() > before + 1); // of the database, too
}

QTEST_GUILESS_MAIN(TestExchangeConnection)
#include "tst_exchange_connection.moc"
