// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// SQLCipher's header with the key functions, and SQLiteCpp on top of it. For the store's own files only.
#ifndef SQLITE_HAS_CODEC
#define SQLITE_HAS_CODEC 1
#endif
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlcipher/sqlite3.h>

#include "core/error.h"

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace yarrow {

/// What SQLite reported, as an Error. Its own message is not passed on: it may quote values.
[[nodiscard]] Error toError(const SQLite::Exception& exception);
[[nodiscard]] Error toError(int extendedCode, int systemErrno = 0);

/// Runs store code that may throw SQLite::Exception, and hands back a Result. No exception leaves the store.
template <class F>
[[nodiscard]] auto guarded(F&& work)
{
    using T = std::invoke_result_t<F>;
    if constexpr (std::is_void_v<T>) {
        try {
            std::forward<F>(work)();
            return Result<void>();
        } catch (const SQLite::Exception& exception) {
            return Result<void>(fail(toError(exception)));
        }
    } else {
        try {
            return T(std::forward<F>(work)());
        } catch (const SQLite::Exception& exception) {
            return T(fail(toError(exception)));
        }
    }
}

/// The text of a column without a copy; valid until the statement steps on.
[[nodiscard]] inline std::string_view textOf(const SQLite::Column& column)
{
    const char* text = column.getText();
    return {text, static_cast<std::size_t>(column.getBytes())};
}

} // namespace yarrow
