// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/patient_desk.h"

#include <QPointer>

#include <algorithm>
#include <utility>

namespace yarrow {

/// PatientDesk over the patients of a MemorySession: every one is compared, with the score of the real one.
class MemoryPatientDesk final : public PatientDesk
{
public:
    using People = std::function<std::vector<std::pair<Patient, PatientRow>>()>;
    explicit MemoryPatientDesk(People people)
        : m_people(std::move(people))
    {}
    [[nodiscard]] int seen() const { return m_seen; }

    [[nodiscard]] Result<PatientRow> listed(const PatientId& id) const override
    {
        for (const auto& [patient, row] : m_people())
            if (patient.id == id)
                return row;
        return fail(ErrorCode::NotFound, "Patient/" + id.text());
    }
    [[nodiscard]] std::optional<PatientRow> mergedInto(const PatientId& /*id*/) const override
    {
        return std::nullopt; // who was merged away is tested on the real store
    }
    void findDuplicates(const Patient& typed, QObject* context, Done<std::vector<DuplicateRow>> done) override
    {
        const int question = ++m_question;
        QMetaObject::invokeMethod(
            this,
            [this, question, typed, context = QPointer<QObject>(context), done = std::move(done)] {
                if (context && question == m_question)
                    done(search(typed));
            },
            Qt::QueuedConnection);
    }
    void noteDuplicatesSeen(int count) override { m_seen = count; }
    void file(const PatientId& registered, const PatientId& other) override
    {
        m_filed.emplace_back(registered, other);
    }
    [[nodiscard]] const auto& filed() const { return m_filed; }

    void worklist(bool, QObject* context, Done<DuplicatePairs> done) override
    {
        m_left = std::max(0, m_left - 1);
        answer<DuplicatePairs>(
            context, std::move(done),
            DuplicatePairs{m_left > 0 ? std::vector<DuplicatePairRow>() : pairs(), m_left});
    }
    /// So many patients have not been compared; one is each time the list is read.
    void setUncompared(int patients) { m_left = patients; }
    void markDifferent(const PatientId& one, const PatientId& other, QObject* context,
                       Done<void> done) override
    {
        decide(one, other);
        answer<void>(context, std::move(done), {});
    }
    void merge(const PatientId& kept, const PatientId& gone, QObject* context, Done<int> done) override
    {
        decide(kept, gone);
        m_merged = gone;
        answer<int>(context, std::move(done), 2);
        Q_EMIT patientsMerged();
    }
    void unmerge(const PatientId& gone, QObject* context, Done<QStringList> done) override
    {
        std::erase_if(m_decided, [&](const auto& pair) { return pair.first == gone || pair.second == gone; });
        m_merged = {};
        answer<QStringList>(context, std::move(done), QStringList());
    }
    [[nodiscard]] const PatientId& merged() const { return m_merged; } ///< away

private:
    using Pair = std::pair<PatientId, PatientId>;
    template <class T>
    void answer(QObject* context, Done<T> done, Result<T> result)
    {
        QMetaObject::invokeMethod(
            context, [done = std::move(done), result = std::move(result)] { done(result); },
            Qt::QueuedConnection);
    }
    static Pair inOrder(const PatientId& one, const PatientId& other)
    {
        return one.text() < other.text() ? Pair(one, other) : Pair(other, one);
    }
    void decide(const PatientId& one, const PatientId& other) { m_decided.push_back(inOrder(one, other)); }
    [[nodiscard]] std::vector<DuplicatePairRow> pairs() const
    {
        std::vector<DuplicatePairRow> rows;
        const auto people = m_people();
        for (std::size_t i = 0; i < people.size(); ++i) {
            for (std::size_t j = i + 1; j < people.size(); ++j) {
                const MatchScore score =
                    compare(matchProfile(people[i].first), matchProfile(people[j].first));
                if (score.weight >= duplicateThreshold(static_cast<std::int64_t>(people.size())) &&
                    std::find(m_decided.begin(), m_decided.end(),
                              inOrder(people[i].first.id, people[j].first.id)) == m_decided.end())
                    rows.push_back({people[i].second, people[j].second, score.reasons});
            }
        }
        return rows;
    }
    [[nodiscard]] std::vector<DuplicateRow> search(const Patient& typed) const
    {
        std::vector<DuplicateRow> rows;
        const auto people = m_people();
        const auto count = static_cast<std::int64_t>(people.size());
        for (const auto& [patient, row] : people) {
            const MatchScore score = compare(matchProfile(typed), matchProfile(patient));
            if (score.weight >= duplicateThreshold(count))
                rows.push_back({row, score.reasons, score.weight >= certainThreshold(count)});
        }
        return rows;
    }

    People m_people;
    std::vector<Pair> m_filed;
    std::vector<Pair> m_decided;
    PatientId m_merged;
    int m_question = 0;
    int m_seen = 0;
    int m_left = 0;
};

} // namespace yarrow
