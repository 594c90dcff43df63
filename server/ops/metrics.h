// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
} // namespace prometheus

namespace yarrow::server::ops {

/// Figures for Prometheus. A figure is one name and one set of labels in the whole process: two objects of
/// the same name and labels are the same figure. Labels are few and bounded (a route's pattern, a status
/// class), never ids. From any thread.
using Labels = std::map<std::string, std::string>;

/// Only rises. By convention its name ends in _total.
class Counter
{
public:
    Counter(const std::string& name, const std::string& help, const Labels& labels = {});
    void add(double amount = 1);

private:
    prometheus::Counter* m_counter; // the registry's, for the life of the process
};

class Gauge
{
public:
    Gauge(const std::string& name, const std::string& help, const Labels& labels = {});
    void set(double value);
    void add(double amount);

private:
    prometheus::Gauge* m_gauge;
};

/// Counts by size, for durations in seconds and the like.
class Histogram
{
public:
    Histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
              const Labels& labels = {});
    void observe(double value);

private:
    prometheus::Histogram* m_histogram;
};

/// Called before the figures are written, to set those that are only looked up then. Must not wait.
void beforeMetricsAreRead(std::function<void()> update);

/// All figures in Prometheus' text format.
[[nodiscard]] std::string metricsText();

} // namespace yarrow::server::ops
