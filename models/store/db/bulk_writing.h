// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/db/connection.h"

namespace yarrow {

/// While it lives, its connection writes much: a larger page cache, and the log is folded into the database
/// less often. The other connections of this process leave the folding to this one, so that nobody's save
/// does it.
class BulkWriting
{
public:
    explicit BulkWriting(Connection& connection);
    ~BulkWriting();
    BulkWriting(const BulkWriting&) = delete;
    BulkWriting& operator=(const BulkWriting&) = delete;

private:
    Connection& m_connection;
};

} // namespace yarrow
