// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/local_patient_desk.h"

#include "core/log.h"
#include "models/store/read/merged_patients.h"

#include <QPointer>

namespace yarrow {

namespace {

constexpr int kDuplicatesShown = 4;
/// Each is compared in milliseconds: a save waits for no more than these.
constexpr int kScannedAtOnce = 100;

} // namespace

LocalPatientDesk::LocalPatientDesk(StoreThread& store, bool mayRead, Connection& here,
                                   std::unique_ptr<Connection> reading, ToRow toRow)
    : m_store(store)
    , m_mayRead(mayRead)
    , m_here(here)
    , m_toRow(std::move(toRow))
    , m_searcher(new QObject)
    , m_reading(std::move(reading))
{
    m_searcher->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_searcher, &QObject::deleteLater);
    m_thread.setObjectName(QStringLiteral("duplicates"));
    m_thread.start();
}

LocalPatientDesk::~LocalPatientDesk()
{
    ++m_newest; // what waits is not looked for any more
    m_thread.quit();
    m_thread.wait();
}

Result<PatientRow> LocalPatientDesk::listed(const PatientId& id) const
{
    if (!m_mayRead)
        return fail(ErrorCode::Forbidden, "Patient");
    return guarded([&]() -> Result<PatientRow> {
        auto hit = listedPatient(m_here, id);
        if (!hit)
            return fail(ErrorCode::NotFound, "Patient/" + id.text());
        return m_toRow(std::move(*hit));
    });
}

std::optional<PatientRow> LocalPatientDesk::mergedInto(const PatientId& id) const
{
    if (!m_mayRead)
        return std::nullopt;
    auto kept = guarded([&]() -> Result<std::optional<PatientRow>> {
        auto hit = yarrow::mergedInto(m_here, id);
        return hit ? std::optional(m_toRow(std::move(*hit))) : std::optional<PatientRow>();
    });
    if (!kept) {
        log::error("whether a patient was merged away is not known", {{"error", kept.error()}});
        return std::nullopt;
    }
    return std::move(*kept);
}

void LocalPatientDesk::findDuplicates(const Patient& typed, QObject* context,
                                      Done<std::vector<DuplicateRow>> done)
{
    const std::uint64_t question = ++m_newest;
    if (!m_mayRead)
        return;
    QMetaObject::invokeMethod(
        m_searcher,
        [this, question, typed, context = QPointer<QObject>(context), done = std::move(done)]() mutable {
            if (question != m_newest)
                return;
            auto found = search(typed);
            QMetaObject::invokeMethod(
                this,
                [this, question, context = std::move(context), done = std::move(done),
                 found = std::move(found)]() mutable {
                    if (!context || question != m_newest)
                        return;
                    if (!found) {
                        done(fail(found.error()));
                        return;
                    }
                    std::vector<DuplicateRow> rows;
                    for (DuplicateHit& hit : *found)
                        rows.push_back(
                            {m_toRow(std::move(hit.patient)), std::move(hit.score.reasons), hit.isCertain});
                    done(std::move(rows));
                },
                Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

Result<std::vector<DuplicateHit>> LocalPatientDesk::search(const Patient& typed)
{
    return guarded([&]() -> Result<std::vector<DuplicateHit>> {
        if (!m_isCounted.exchange(true))
            m_patients = countPatients(*m_reading);
        return yarrow::findDuplicates(*m_reading, typed, m_patients, kDuplicatesShown);
    });
}

void LocalPatientDesk::noteDuplicatesSeen(int count)
{
    m_store.run<void>(
        this, [count](Clinic& clinic) { return clinic.patients().noteSearch("possible duplicates", count); },
        [](const Result<void>& noted) {
            if (!noted)
                log::error("a warning seen was not noted", {{"error", noted.error()}});
        });
}

template <class T>
void LocalPatientDesk::change(QObject* context, std::function<Result<T>(Clinic&)> work,
                              std::function<void(Result<T>)> done)
{
    m_store.run<T>(this, std::move(work),
                   [this, context = QPointer<QObject>(context), done = std::move(done)](Result<T> result) {
                       if (result) {
                           patientsChanged();
                           Q_EMIT changeMade();
                           Q_EMIT patientsMerged();
                       }
                       if (context)
                           done(std::move(result));
                   });
}

void LocalPatientDesk::file(const PatientId& registered, const PatientId& other)
{
    m_store.run<void>(
        this, [registered, other](Clinic& clinic) { return clinic.merges().file(registered, other); },
        [this](const Result<void>& filed) {
            if (!filed)
                log::error("a possible duplicate was not filed", {{"error", filed.error()}});
            else
                Q_EMIT changeMade();
        });
}

void LocalPatientDesk::worklist(bool again, QObject* context, Done<DuplicatePairs> done)
{
    using Listed = std::pair<std::vector<ListedDuplicate>, std::int64_t>;
    m_store.run<Listed>(
        context,
        [again](Clinic& clinic) -> Result<Listed> {
            // Who may not file pairs sees those that others have found.
            const auto scanned = clinic.merges().scan(kScannedAtOnce);
            if (!scanned && scanned.error().code != ErrorCode::Forbidden)
                return fail(scanned.error());
            auto pairs = clinic.merges().list(MergeCommands::Which::Open, again);
            if (!pairs)
                return fail(pairs.error());
            return Listed(std::move(*pairs), scanned ? scanned->left : 0);
        },
        [this, done = std::move(done)](Result<Listed> listed) {
            if (!listed) {
                done(fail(listed.error()));
                return;
            }
            DuplicatePairs rows;
            rows.left = listed->second;
            for (ListedDuplicate& one : listed->first) {
                if (one.first && one.second)
                    rows.pairs.push_back({m_toRow(std::move(*one.first)), m_toRow(std::move(*one.second)),
                                          std::move(one.score.reasons)});
            }
            done(std::move(rows));
        });
}

void LocalPatientDesk::markDifferent(const PatientId& one, const PatientId& other, QObject* context,
                                     Done<void> done)
{
    change<void>(
        context, [one, other](Clinic& clinic) { return clinic.merges().markDifferent(one, other); },
        std::move(done));
}

void LocalPatientDesk::merge(const PatientId& kept, const PatientId& gone, QObject* context, Done<int> done)
{
    change<MergeCommands::Merged>(
        context, [kept, gone](Clinic& clinic) { return clinic.merges().merge(kept, gone, {}); },
        [done = std::move(done)](const Result<MergeCommands::Merged>& merged) {
            done(merged ? Result<int>(static_cast<int>(merged->moved)) : fail(merged.error()));
        });
}

void LocalPatientDesk::unmerge(const PatientId& gone, QObject* context, Done<QStringList> done)
{
    change<MergeCommands::Unmerged>(
        context, [gone](Clinic& clinic) { return clinic.merges().unmerge(gone, {}); },
        [done = std::move(done)](const Result<MergeCommands::Unmerged>& unmerged) {
            if (!unmerged) {
                done(fail(unmerged.error()));
                return;
            }
            QStringList changed;
            for (const std::string& what : unmerged->changedSince)
                changed << QString::fromStdString(what);
            done(std::move(changed));
        });
}

void LocalPatientDesk::patientsChanged()
{
    m_isCounted = false;
}

} // namespace yarrow
