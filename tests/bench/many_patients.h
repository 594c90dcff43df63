// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/bench/bench_clinic.h"

#include <fstream>

namespace yarrow::bench {

/// A profile with a million patients, or as many as YARROW_BENCH_PATIENTS says. It is kept in
/// YARROW_BENCH_FOLDER for the next benchmark when that is set; else it goes with this object.
class ManyPatients
{
public:
    ManyPatients()
    {
        const char* wanted = std::getenv("YARROW_BENCH_PATIENTS");
        m_count = wanted ? std::atoi(wanted) : 1'000'000;
        const char* kept = std::getenv("YARROW_BENCH_FOLDER");
        m_folder = kept ? std::filesystem::path(kept) : m_temporary.path();
        std::filesystem::create_directories(m_folder);
        fill();
    }
    [[nodiscard]] int count() const noexcept { return m_count; }
    [[nodiscard]] std::filesystem::path profile() const
    {
        return m_folder / ("patients-" + std::to_string(m_count));
    }

private:
    void fill() const
    {
        BenchClinic bench(profile());
        auto clinic = bench.open();
        if (clinic->unsentRecords().value_or(0) >= m_count)
            return;
        std::fprintf(stderr, "importing %d patients …\n", m_count);
        const auto file = m_folder / "patients.ndjson";
        {
            std::ofstream out(file);
            for (int number = 0; number < m_count; ++number)
                out << patientText(spreadUuid("patient" + std::to_string(number)), number) << '\n';
        }
        std::vector<double> marks; // when each tenth was done
        const Stopwatch watch;
        const auto report = clinic->importer().run({file}, [&](const ImportProgress& progress) {
            while (progress.resources * 10 >= static_cast<std::int64_t>(marks.size() + 1) * m_count)
                marks.push_back(watch.seconds());
            return true;
        });
        std::filesystem::remove(file);
        if (!report || report->created != m_count)
            fatal("import", "not all came in");
        std::printf("import of %d patients: %.0f/s; the last tenth at %.2f of the rate of the first\n",
                    m_count, m_count / watch.seconds(),
                    marks.size() < 10 ? 0.0 : marks[0] / (marks[9] - marks[8]));
    }

    TemporaryFolder m_temporary;
    std::filesystem::path m_folder;
    int m_count = 0;
};

} // namespace yarrow::bench
