// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/merge/merge.h"
#include "tests/support/json_text.h"

#include <QTest>

#include <string>
#include <vector>

/// What the tests of the merge share: documents from text, disputes as texts.
namespace mergetest {

using yarrow::Json;

/// A document as tests write it: with ' for ".
inline Json doc(const std::string& text)
{
    auto parsed = Json::parse(json(text));
    if (!parsed)
        qFatal("not JSON: %s", text.c_str());
    return *std::move(parsed);
}

inline std::string side(const std::optional<Json>& value)
{
    return value ? value->dump() : "-";
}

/// `path: base | mine | theirs`, in the order they were found.
inline std::vector<std::string> texts(const std::vector<yarrow::sync::Dispute>& disputes)
{
    std::vector<std::string> all;
    for (const auto& dispute : disputes)
        all.push_back(dispute.path + ": " + side(dispute.base) + " | " + side(dispute.mine) + " | " +
                      side(dispute.theirs));
    return all;
}

inline QByteArray shown(const std::vector<std::string>& lines)
{
    QByteArray all;
    for (const std::string& line : lines)
        all += QByteArray::fromStdString(line) + '\n';
    return all;
}

} // namespace mergetest

/// The merge of three documents is `document`, and `disputes` (as texts(), with ' for ") are what is left.
#define COMPARE_MERGE(base, mine, theirs, expected, ...)                                                     \
    do {                                                                                                     \
        const auto merged =                                                                                  \
            yarrow::sync::merge(mergetest::doc(base), mergetest::doc(mine), mergetest::doc(theirs));         \
        QCOMPARE(QByteArray::fromStdString(merged.document.dump()),                                          \
                 QByteArray::fromStdString(mergetest::doc(expected).dump()));                                \
        std::vector<std::string> left{__VA_ARGS__};                                                          \
        for (std::string & line : left)                                                                      \
            line = json(line);                                                                               \
        QCOMPARE(mergetest::shown(mergetest::texts(merged.disputes)), mergetest::shown(left));               \
    } while (false)
