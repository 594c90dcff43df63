// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/records/patient_keys.h"

#include <algorithm>
#include <span>

namespace yarrow {

const PatientKeys::Key& PatientKeys::of(const std::string& patient)
{
    if (const auto known = m_known.find(patient); known != m_known.end())
        return known->second;
    constexpr std::size_t kRemembered = 20'000; // an import of many patients must not grow without bound
    if (m_known.size() >= kRemembered)
        m_known.clear();
    Key key{};
    Query query(m_connection, "SELECT pk, hmac_key FROM patient_key WHERE patient = ?");
    query.bind(patient);
    if (query.step()) {
        key.pk = query.integer(0);
        const std::string_view stored = query.blob(1);
        std::copy(stored.begin(), stored.end(), key.key.begin());
    } else {
        crypto::fillRandom(key.key);
        Query insert(m_connection, "INSERT INTO patient_key (patient, hmac_key) VALUES (?, ?)");
        insert.bind(patient, std::span<const std::uint8_t>(key.key)).run();
        key.pk = m_connection.db().getLastInsertRowid();
    }
    return m_known.emplace(patient, key).first->second;
}

} // namespace yarrow
