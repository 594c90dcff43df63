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

AppointmentDrafts::AppointmentDrafts(ClinicSession& session, const QString& page)
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
    for (const QString& kept : places())
        if (kept.startsWith(m_new))
            m_lastNew = std::max(m_lastNew, kept.mid(m_new.size()).toInt());
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

} // namespace yarrow
