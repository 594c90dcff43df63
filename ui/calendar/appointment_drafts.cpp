// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/appointment_drafts.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

namespace yarrow {
namespace {

const QString kForm = QStringLiteral("calendar.appointments");

} // namespace

AppointmentDrafts::AppointmentDrafts(ClinicSession& session, QString page)
    : m_session(session)
    , m_new(QStringLiteral("new/%1/").arg(page)) // no id has a slash
{
    begin({});
}

QJsonObject AppointmentDrafts::all() const
{
    return QJsonDocument::fromJson(m_session.draft(kForm)).object();
}

void AppointmentDrafts::put(const QString& place, const QByteArray& content)
{
    QJsonObject drafts = all();
    if (content.isEmpty())
        drafts.remove(place);
    else
        drafts.insert(place, QString::fromUtf8(content));
    m_session.saveDraft(kForm, drafts.isEmpty() ? QByteArray()
                                                : QJsonDocument(drafts).toJson(QJsonDocument::Compact));
}

QByteArray AppointmentDrafts::in(const QString& place) const
{
    return all().value(place).toString().toUtf8();
}

void AppointmentDrafts::begin(const AppointmentId& id)
{
    m_kept.clear();
    m_place = QString::fromStdString(id.text());
    if (!id.isEmpty())
        return;
    const auto begun = newPlaces();
    if (!begun.empty())
        m_lastNew = std::max(m_lastNew, begun.back().mid(m_new.size()).toInt());
    m_place = m_new + QString::number(++m_lastNew);
}

void AppointmentDrafts::goOn(const QString& place)
{
    m_place = place;
    m_kept = in(place);
}

void AppointmentDrafts::keep(const QByteArray& content)
{
    if (content.isEmpty())
        return remove(m_place, std::exchange(m_kept, {}));
    if (in(m_place) != content)
        put(m_place, content);
    m_kept = content;
    const auto begun = newPlaces();
    for (std::size_t i = 0; i + kMostNew < begun.size(); ++i)
        if (begun[i] != m_place)
            put(begun[i], {});
}

void AppointmentDrafts::remove(const QString& place, const QByteArray& content)
{
    if (!content.isEmpty() && in(place) == content)
        put(place, {});
}

void AppointmentDrafts::discard(const QString& place)
{
    if (place == m_place)
        m_kept.clear();
    put(place, {});
}

std::vector<QString> AppointmentDrafts::places() const
{
    const QJsonObject drafts = all();
    std::vector<QString> places;
    for (auto each = drafts.begin(); each != drafts.end(); ++each)
        if (!each.key().startsWith(QLatin1String("new/")) || each.key().startsWith(m_new))
            places.push_back(each.key());
    std::stable_partition(places.begin(), places.end(),
                          [this](const QString& each) { return each == m_place; });
    return places;
}

std::vector<QString> AppointmentDrafts::newPlaces() const
{
    auto begun = places();
    std::erase_if(begun, [this](const QString& each) { return !each.startsWith(m_new); });
    const auto number = [this](const QString& each) { return each.mid(m_new.size()).toInt(); };
    std::sort(begun.begin(), begun.end(),
              [&](const QString& a, const QString& b) { return number(a) < number(b); });
    return begun;
}

} // namespace yarrow
