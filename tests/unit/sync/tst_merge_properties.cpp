// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/merge/merge.h"
#include "sync/merge/same_value.h"
#include "tests/unit/sync/merge_documents.h"

#include <QTest>

#include <map>
#include <set>

using mergetest::anyTriple;
using mergetest::Triple;
using yarrow::Json;
using namespace yarrow::sync;

namespace {

using Leaf = std::pair<std::string, std::string>; ///< the name of the member, the scalar as text

void collect(const Json& value, const std::string& name, std::set<Leaf>& leaves)
{
    for (const Json::Member& member : value.members())
        collect(member.value, member.name, leaves);
    for (const Json& item : value.items())
        collect(item, name, leaves);
    if (!value.isObject() && !value.isArray())
        leaves.emplace(name, value.dump());
}

std::set<Leaf> leavesOf(const Json& document)
{
    std::set<Leaf> leaves;
    collect(document, {}, leaves);
    return leaves;
}

/// The values that can be followed: unique ones, outside of what belongs to the server.
std::set<std::string> followed(const Json& document)
{
    Json content = document;
    content.remove("text");
    if (Json* meta = content.find("meta"); meta && meta->isObject()) {
        meta->remove("versionId");
        meta->remove("source");
    }
    std::set<std::string> values;
    for (const Leaf& leaf : leavesOf(content)) {
        if (leaf.second.starts_with("\"v"))
            values.insert(leaf.second);
    }
    return values;
}

std::set<std::string> disputed(const Merged& merged, std::optional<Json> Dispute::*side)
{
    std::set<std::string> values;
    for (const Dispute& dispute : merged.disputes) {
        if (const auto& value = dispute.*side) {
            // Scalars stand in an object, for followed() to look into.
            Json holder = Json::object();
            holder.set("value", *value);
            values.merge(followed(holder));
        }
    }
    return values;
}

bool has(const std::set<std::string>& values, const std::string& value)
{
    return values.contains(value);
}

bool hasDuplicateNames(const Json& value)
{
    std::set<std::string> names;
    for (const Json::Member& member : value.members()) {
        if (!names.insert(member.name).second || hasDuplicateNames(member.value))
            return true;
    }
    return std::any_of(value.items().begin(), value.items().end(), hasDuplicateNames);
}

/// The text of a document without orders, and without what is the server's.
std::string withoutOrder(const Json& value)
{
    if (value.isArray()) {
        std::multiset<std::string> items;
        for (const Json& item : value.items())
            items.insert(withoutOrder(item));
        std::string text = "[";
        for (const std::string& item : items)
            text += item + ",";
        return text + "]";
    }
    if (value.isObject()) {
        std::map<std::string, std::string> members;
        for (const Json::Member& member : value.members())
            members[member.name] = withoutOrder(member.value);
        std::string text = "{";
        for (const auto& [name, member] : members)
            text += name + ":" + member + ",";
        return text + "}";
    }
    return value.dump();
}

std::string undisputed(const Merged& merged)
{
    Json document = merged.document;
    document.remove("text");
    if (Json* meta = document.find("meta")) {
        for (const char* name : {"versionId", "source"})
            meta->remove(name);
        if (meta->members().empty())
            document.remove("meta");
    }
    for (const Dispute& dispute : merged.disputes) {
        const auto without = withElement(document, dispute.path, std::nullopt);
        RC_ASSERT(without.has_value());
        document = *without;
    }
    return withoutOrder(document);
}

std::map<std::string, std::string> sides(const Merged& merged, bool swapped)
{
    const auto text = [](const std::optional<Json>& value) {
        return value ? value->dump() : std::string("-");
    };
    std::map<std::string, std::string> all;
    for (const Dispute& dispute : merged.disputes) {
        all[dispute.path] = text(dispute.base) + " | " + text(swapped ? dispute.theirs : dispute.mine) +
                            " | " + text(swapped ? dispute.mine : dispute.theirs);
    }
    RC_ASSERT(all.size() == merged.disputes.size()); // no path twice
    return all;
}

Merged merged(const Triple& three)
{
    return merge(three.base, three.mine, three.theirs);
}

void show(const Triple& three)
{
    RC_LOG() << "base   " << three.base.dump() << "\nmine   " << three.mine.dump() << "\ntheirs "
             << three.theirs.dump() << "\nmerged " << merged(three).document.dump() << '\n';
    for (const Dispute& dispute : merged(three).disputes)
        RC_LOG() << "dispute " << dispute.path << '\n';
}

bool holds(const char* property, void (*check)(const Triple&))
{
    return rc::check(property, [check] {
        for (int i = 0; i < 3; ++i) {
            const Triple three = anyTriple();
            show(three);
            check(three);
        }
    });
}

bool isWhole(const Merged& merged)
{
    return !merged.disputes.empty() && merged.disputes.front().path.empty();
}

} // namespace

/// What holds of every merge, over generated documents and edits.
class TestMergeProperties : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingDisputesWithItself();
    void sidesAreEqualBeforeTheMerge();
    void nothingIsInvented();
    void nothingIsLost();
    void resultIsADocument();
    void resultIsStable();
    void pathsLeadToTheirElements();
};

void TestMergeProperties::nothingDisputesWithItself()
{
    QVERIFY(holds("a side that changed nothing has no say", [](const Triple& three) {
        const auto& [editsKeys, base, mine, theirs] = three;
        const Merged same = merge(base, mine, mine);
        RC_ASSERT(same.disputes.empty() && same.document == mine);
        const Merged onlyTheirs = merge(base, base, theirs);
        RC_ASSERT(onlyTheirs.disputes.empty() && onlyTheirs.document == theirs);
        const Merged onlyMine = merge(base, mine, base);
        RC_ASSERT(onlyMine.disputes.empty() && saysTheSame(onlyMine.document, mine));
        RC_ASSERT(merged(three).document == merged(three).document);
    }));
}

void TestMergeProperties::sidesAreEqualBeforeTheMerge()
{
    QVERIFY(holds("swapping the sides swaps the disputes and nothing else", [](const Triple& three) {
        const Merged here = merged(three);
        const Merged there = merge(three.base, three.theirs, three.mine);
        RC_ASSERT(sides(here, false) == sides(there, true));
        if (!isWhole(here))
            RC_ASSERT(undisputed(here) == undisputed(there));
    }));
}

void TestMergeProperties::nothingIsInvented()
{
    QVERIFY(holds("each leaf comes from mine or theirs", [](const Triple& three) {
        const auto mine = leavesOf(three.mine);
        const auto theirs = leavesOf(three.theirs);
        for (const Leaf& leaf : leavesOf(merged(three).document))
            RC_ASSERT(mine.contains(leaf) || theirs.contains(leaf));
    }));
}

void TestMergeProperties::nothingIsLost()
{
    QVERIFY(holds("each change is in the result or in a dispute", [](const Triple& three) {
        const Merged result = merged(three);
        const auto base = followed(three.base);
        const auto mine = followed(three.mine);
        const auto theirs = followed(three.theirs);
        const auto left = followed(result.document);
        const auto mineDisputed = disputed(result, &Dispute::mine);
        const auto theirsDisputed = disputed(result, &Dispute::theirs);
        for (const std::string& value : mine)
            RC_ASSERT(has(base, value) || has(left, value) || has(mineDisputed, value));
        for (const std::string& value : theirs)
            RC_ASSERT(has(base, value) || has(left, value));
        for (const std::string& value : base) {
            // An item whose key was changed is another one, with values of the old.
            RC_ASSERT(three.editsKeys || has(mine, value) || !has(left, value) || has(theirsDisputed, value));
            RC_ASSERT(three.editsKeys || has(theirs, value) || !has(left, value));
            // What both kept, nobody takes away; but a disputed element is as a whole theirs'.
            RC_ASSERT(!has(mine, value) || !has(theirs, value) || has(left, value) ||
                      has(mineDisputed, value));
        }
    }));
}

void TestMergeProperties::resultIsADocument()
{
    QVERIFY(holds("the result is a document with the type and id", [](const Triple& three) {
        const Json document = merged(three).document;
        RC_ASSERT(!hasDuplicateNames(document));
        const auto parsed = Json::parse(document.dump());
        RC_ASSERT(parsed.has_value());
        RC_ASSERT(*parsed == document);
        RC_ASSERT(document["resourceType"] == three.base["resourceType"]);
        RC_ASSERT(document["id"] == three.base["id"]);
    }));
}

void TestMergeProperties::resultIsStable()
{
    QVERIFY(holds("on theirs as its base, the result disputes nothing more", [](const Triple& three) {
        const Merged first = merged(three);
        const Merged again = merge(three.theirs, first.document, three.theirs);
        RC_ASSERT(again.disputes.empty());
        RC_ASSERT(saysTheSame(again.document, first.document));
        // Nor once everything is settled my way, and the server took it.
        Json settled = first.document;
        for (const Dispute& dispute : first.disputes)
            settled = *withElement(settled, dispute.path, dispute.mine);
        const Merged last = merge(three.theirs, settled, settled);
        RC_ASSERT(last.disputes.empty() && last.document == settled);
        const auto left = followed(settled);
        for (const std::string& value : followed(three.mine))
            RC_ASSERT(has(left, value) || has(followed(three.base), value));
    }));
}

void TestMergeProperties::pathsLeadToTheirElements()
{
    QVERIFY(holds("a dispute's path leads to its element", [](const Triple& three) {
        const Merged result = merged(three);
        for (const Dispute& dispute : result.disputes) {
            RC_ASSERT(dispute.mine != dispute.theirs);
            const auto at = elementAt(result.document, dispute.path);
            RC_ASSERT(at.has_value());
            RC_ASSERT(*at == dispute.theirs);
            if (isWhole(result))
                continue;
            const auto same = withElement(result.document, dispute.path, *at);
            RC_ASSERT(same.has_value());
            RC_ASSERT(!dispute.theirs || *same == result.document); // what is left empty may go
            for (const auto& value : {dispute.base, dispute.mine, dispute.theirs}) {
                const auto with = withElement(result.document, dispute.path, value);
                RC_ASSERT(with.has_value());
                const auto back = elementAt(*with, dispute.path);
                RC_ASSERT(back.has_value());
                RC_ASSERT(back->has_value() == value.has_value());
                // RC_ASSERT evaluates both sides of a disjunction.
                const bool isSame = !value || sameValue(**back, *value);
                RC_ASSERT(isSame);
            }
        }
    }));
}

QTEST_GUILESS_MAIN(TestMergeProperties)
#include "tst_merge_properties.moc"
