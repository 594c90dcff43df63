// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/patient_list_model.h"

#include "tests/ui/support/memory_session.h"

#include <QSignalSpy>
#include <QTest>

namespace yarrow {

class TestPatientListModel : public QObject
{
    Q_OBJECT

    std::unique_ptr<MemorySession> m_session;

    void addPatients(int count)
    {
        for (int i = 0; i < count; ++i)
            m_session->addPatient(QStringLiteral("Family%1").arg(i), QStringLiteral("Ada"),
                                  QDate(1950, 1, 1));
    }

private Q_SLOTS:
    void init() { m_session = std::make_unique<MemorySession>(); }

    void longLists_areReadAPageAtATime()
    {
        addPatients(250);
        PatientListModel model(*m_session);
        model.setQuery({});
        QCOMPARE(model.rowCount(), PatientListModel::kPageSize);
        QVERIFY(model.canFetchMore({}));
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.fetchMore({});
        model.fetchMore({});
        QCOMPARE(model.rowCount(), 250);
        QVERIFY(!model.canFetchMore({}));
        QCOMPARE(inserted.count(), 2);
        QCOMPARE(reset.count(), 0);
        QCOMPARE(model.at(249)->name, QStringLiteral("Family249, Ada"));
        QVERIFY(model.at(250) == nullptr);
    }

    void query_narrowsAndRefreshKeepsIt()
    {
        addPatients(20);
        PatientListModel model(*m_session);
        model.setQuery(QStringLiteral("family7"));
        QCOMPARE(model.rowCount(), 1);
        const PatientId id = model.at(0)->id;
        QCOMPARE(model.rowOf(id), 0);
        m_session->addPatient(QStringLiteral("Family77"), QStringLiteral("Bo"), QDate(1960, 1, 1));
        model.refresh();
        QCOMPARE(model.rowCount(), 2);
        model.setQuery(QStringLiteral("nobody"));
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.rowOf(id), -1);
    }

    void refresh_keepsHowFarWasRead()
    {
        addPatients(250);
        PatientListModel model(*m_session);
        model.setQuery({});
        model.fetchMore({});
        model.refresh();
        QCOMPARE(model.rowCount(), 2 * PatientListModel::kPageSize);
    }

    void failedSearch_isToldAndForgotten()
    {
        addPatients(3);
        PatientListModel model(*m_session);
        m_session->failReads(Error{ErrorCode::DatabaseDamaged, {}, {}});
        model.setQuery({});
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(model.error().has_value());
        m_session->failReads(std::nullopt);
        model.refresh();
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(!model.error().has_value());
    }

    void rows_readAloudAsDescribed()
    {
        addPatients(1);
        PatientListModel model(*m_session);
        model.setQuery({});
        const QModelIndex first = model.index(0, 0);
        QCOMPARE(first.data(Qt::AccessibleTextRole).toString(), QStringLiteral("Family0, Ada"));
        model.setDescription([](const PatientRow& row) { return QLatin1String("MRN ") + row.mrn; });
        QCOMPARE(first.data(Qt::AccessibleTextRole).toString(), QStringLiteral("MRN 1000"));
        QCOMPARE(first.data(PatientListModel::RowRole).value<PatientRow>(), *model.at(0));
    }
};

} // namespace yarrow

QTEST_GUILESS_MAIN(yarrow::TestPatientListModel)
#include "tst_patient_list_model.moc"
