// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/request_runner.h"
#include "server/http/router.h"

#include <chrono>
#include <cstddef>
#include <memory>

namespace yarrow::server {

/// One log line and the figures of each request. The path is told as the route's pattern, so that no id of a
/// record gets into the log. From any thread.
class RequestLog
{
public:
    explicit RequestLog(const Router& router);
    ~RequestLog();
    RequestLog(const RequestLog&) = delete;
    RequestLog& operator=(const RequestLog&) = delete;

    struct Sizes
    {
        std::size_t received = 0; ///< body as it came
        std::size_t sent = 0;     ///< body as it went
    };
    /// `route` is null when there was none.
    void done(const Request& request, const Route* route, const Answer& answer, Sizes sizes,
              std::chrono::steady_clock::duration took);

private:
    struct Figures;
    std::unique_ptr<Figures> m_figures;
};

} // namespace yarrow::server
