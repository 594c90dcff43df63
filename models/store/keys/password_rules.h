// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/error.h"

#include <QString>
#include <QStringList>

#include <span>
#include <string_view>

namespace yarrow {

/// What a password must be: 12 code points or more, and not one of those that are guessed first. There are no
/// rules about kinds of characters.
///
/// "Common" is judged on the case-folded text:
/// - a known common password of that length;
/// - a short piece written again and again ("abcabcabcabc");
/// - made of fewer than five parts. A part is one character, a run of the same character, a walk along the
///   keyboard, the alphabet or the digits, a number of up to four digits, a common word (also spelt with
///   digits: "p4ssw0rd"), or one of `ownWords`. So "Welcome2025!!" is common and "correct horse battery"
///   is not.
///
/// `ownWords` are the words everybody would try here: the user's name, the clinic's name. WeakPassword,
/// context "length" or "common".
[[nodiscard]] Result<void> checkPassword(const QString& password, const QStringList& ownWords = {});

namespace common_passwords {

/// Whole passwords of 12 characters or more, folded.
[[nodiscard]] std::span<const std::u16string_view> passwords();
/// Words that common passwords are made of, folded, three letters or more.
[[nodiscard]] std::span<const std::u16string_view> words();

} // namespace common_passwords
} // namespace yarrow
