// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QAbstractListModel>

#include <functional>
#include <optional>
#include <vector>

namespace yarrow {

/// The patients a text finds, read a page at a time as a view scrolls. One column; a row is a PatientRow
/// (RowRole). Lives on the GUI thread; the session must outlive it.
class PatientListModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role { RowRole = Qt::UserRole };
    static constexpr int kPageSize = 100;

    explicit PatientListModel(const ClinicSession& session, QObject* parent = nullptr);

    /// Searches at once. An empty text gives those opened last; see
    /// ClinicSession::searchPatients().
    void setQuery(const QString& text);
    [[nodiscard]] const QString& query() const noexcept { return m_query; }
    void refresh(); ///< the same search again, with as many rows as were read so far

    [[nodiscard]] const PatientRow* at(int row) const noexcept;  ///< nullptr outside
    [[nodiscard]] int rowOf(const PatientId& id) const noexcept; ///< -1 when not among those read
    [[nodiscard]] const std::optional<Error>& error() const noexcept
    {
        return m_error;
    } ///< of the last search

    /// How a row reads aloud (Qt::AccessibleTextRole); the name alone when not set.
    void setDescription(std::function<QString(const PatientRow&)> describe);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

private:
    void search(int limit);

    const ClinicSession& m_session;
    QString m_query;
    std::vector<PatientRow> m_rows;
    std::optional<Error> m_error;
    std::function<QString(const PatientRow&)> m_describe;
    bool m_more = false;
};

} // namespace yarrow
