// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/family_desk.h"

#include <QPointer>

#include <functional>
#include <utility>

namespace yarrow {

/// Families that a test arranges, one list for whoever is asked about. What screens do to families is tested
/// on the real store.
class MemoryFamilyDesk final : public FamilyDesk
{
public:
    using Openings =
        std::function<Result<std::vector<std::vector<Opening>>>(const std::vector<OpeningsRequest>&)>;
    std::vector<FamilyRow> kept;
    Openings find = [](const auto&) { return std::vector<std::vector<Opening>>(); };

    void family(const PatientId& /*patient*/, bool /*again*/, QObject* context,
                Done<std::vector<FamilyRow>> done) override
    {
        QMetaObject::invokeMethod(
            context, [rows = kept, done = std::move(done)] { done(rows); }, Qt::QueuedConnection);
    }
    void addPatient(const PatientId& /*patient*/, const PatientId& /*relative*/, Relation /*relation*/,
                    Told /*told*/, QObject* context, Done<RelatedPersonId> done) override
    {
        refuse(context, std::move(done));
    }
    void savePerson(const RelatedPerson& /*person*/, std::int64_t /*revision*/, QObject* context,
                    Done<RelatedPersonId> done) override
    {
        refuse(context, std::move(done));
    }
    void takeOut(const RelatedPersonId& /*id*/, QObject* context,
                 Done<std::vector<RelatedPersonId>> done) override
    {
        refuse(context, std::move(done));
    }
    void putBack(const std::vector<RelatedPersonId>& /*ids*/, QObject* context,
                 Done<std::vector<RelatedPersonId>> done) override
    {
        refuse(context, std::move(done));
    }
    void openingsInARow(const std::vector<OpeningsRequest>& visits, QObject* context,
                        Done<std::vector<std::vector<Opening>>> done) override
    {
        QMetaObject::invokeMethod(
            context, [rows = find(visits), done = std::move(done)] { done(rows); }, Qt::QueuedConnection);
    }

private:
    template <class T>
    static void refuse(QObject* context, Done<T> done)
    {
        QMetaObject::invokeMethod(
            context, [done = std::move(done)] { done(fail(ErrorCode::Unsupported, "a test's family")); },
            Qt::QueuedConnection);
    }
};

} // namespace yarrow
