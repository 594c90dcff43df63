// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/items/patient_list_model.h"

#include <algorithm>

namespace yarrow {

PatientListModel::PatientListModel(const ClinicSession& session, QObject* parent)
    : QAbstractListModel(parent)
    , m_session(session)
{}

void PatientListModel::setQuery(const QString& text)
{
    m_query = text;
    search(kPageSize);
}

void PatientListModel::refresh()
{
    search(std::max(kPageSize, static_cast<int>(m_rows.size())));
}

void PatientListModel::search(int limit)
{
    auto found = m_session.searchPatients(m_query, limit);
    beginResetModel();
    m_rows.clear();
    m_error.reset();
    if (found)
        m_rows = std::move(*found);
    else
        m_error = found.error();
    m_more = static_cast<int>(m_rows.size()) >= limit;
    endResetModel();
}

const PatientRow* PatientListModel::at(int row) const noexcept
{
    return row >= 0 && row < rowCount() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

int PatientListModel::rowOf(const PatientId& id) const noexcept
{
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const PatientRow& row) { return row.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

void PatientListModel::setDescription(std::function<QString(const PatientRow&)> describe)
{
    m_describe = std::move(describe);
}

int PatientListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PatientListModel::data(const QModelIndex& index, int role) const
{
    const PatientRow* row = index.isValid() ? at(index.row()) : nullptr;
    if (row == nullptr)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return row->name;
    case Qt::AccessibleTextRole:
        return m_describe ? m_describe(*row) : row->name;
    case RowRole:
        return QVariant::fromValue(*row);
    default:
        return {};
    }
}

bool PatientListModel::canFetchMore(const QModelIndex& parent) const
{
    return !parent.isValid() && m_more;
}

void PatientListModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent))
        return;
    const auto known = m_rows.size();
    const int limit = static_cast<int>(known) + kPageSize;
    auto found = m_session.searchPatients(m_query, limit);
    if (!found) {
        m_more = false;
        return;
    }
    m_more = static_cast<int>(found->size()) >= limit;
    const auto samePatient = [](const PatientRow& a, const PatientRow& b) { return a.id == b.id; };
    if (found->size() < known || !std::equal(m_rows.begin(), m_rows.end(), found->begin(), samePatient)) {
        // Somebody changed the order in between: show it anew rather than twice the same person.
        beginResetModel();
        m_rows = std::move(*found);
        endResetModel();
        return;
    }
    if (found->size() == known)
        return;
    beginInsertRows({}, static_cast<int>(known), static_cast<int>(found->size()) - 1);
    m_rows = std::move(*found);
    endInsertRows();
}

} // namespace yarrow
