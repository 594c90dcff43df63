// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ops/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>

namespace yarrow::server::ops {
namespace {

struct Figures
{
    // Merge: the same family may be asked for in several places.
    prometheus::Registry registry{prometheus::Registry::InsertBehavior::Merge};
    std::mutex mutex;
    std::vector<std::function<void()>> updates;
};

Figures& figures()
{
    static Figures instance;
    return instance;
}

} // namespace

Counter::Counter(const std::string& name, const std::string& help, const Labels& labels)
    : m_counter(&prometheus::BuildCounter().Name(name).Help(help).Register(figures().registry).Add(labels))
{}

void Counter::add(double amount)
{
    m_counter->Increment(amount);
}

Gauge::Gauge(const std::string& name, const std::string& help, const Labels& labels)
    : m_gauge(&prometheus::BuildGauge().Name(name).Help(help).Register(figures().registry).Add(labels))
{}

void Gauge::set(double value)
{
    m_gauge->Set(value);
}

void Gauge::add(double amount)
{
    m_gauge->Increment(amount);
}

Histogram::Histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                     const Labels& labels)
    : m_histogram(&prometheus::BuildHistogram()
                       .Name(name)
                       .Help(help)
                       .Register(figures().registry)
                       .Add(labels, bounds))
{}

void Histogram::observe(double value)
{
    m_histogram->Observe(value);
}

void beforeMetricsAreRead(std::function<void()> update)
{
    const std::lock_guard lock(figures().mutex);
    figures().updates.push_back(std::move(update));
}

std::string metricsText()
{
    {
        const std::lock_guard lock(figures().mutex);
        for (const auto& update : figures().updates)
            update();
    }
    return prometheus::TextSerializer().Serialize(figures().registry.Collect());
}

} // namespace yarrow::server::ops
