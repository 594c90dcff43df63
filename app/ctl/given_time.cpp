// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/given_time.h"

#include "models/domain/opening_hours.h"

#include <QDateTime>

namespace yarrow::ctl {

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

QDateTime local(Instant instant, const QTimeZone& zone)
{
    return QDateTime::fromMSecsSinceEpoch(instant.time_since_epoch().count(), zone);
}

std::string offset(const QDateTime& time)
{
    const int minutes = time.offsetFromUtc() / 60;
    const QChar zero = u'0';
    return QStringLiteral("%1%2:%3")
        .arg(minutes < 0 ? QStringLiteral("-") : QStringLiteral("+"))
        .arg(std::abs(minutes) / 60, 2, 10, zero)
        .arg(std::abs(minutes) % 60, 2, 10, zero)
        .toStdString();
}

} // namespace

Result<GivenTime> GivenTime::parse(std::string_view typed)
{
    GivenTime given;
    if (const auto instant = parseInstant(typed)) {
        given.m_instant = *instant;
        return given;
    }
    constexpr std::size_t kDayLength = 10;
    given.m_day = QDate::fromString(text(typed.substr(0, kDayLength)), QStringLiteral("yyyy-MM-dd"));
    given.m_time = QTime(0, 0);
    if (typed.size() > kDayLength) {
        const bool isParted = typed[kDayLength] == 'T' || typed[kDayLength] == ' ';
        const QString clock = isParted ? text(typed.substr(kDayLength + 1)) : QString();
        given.m_time = QTime::fromString(clock, QStringLiteral("HH:mm"));
        if (!given.m_time.isValid())
            given.m_time = QTime::fromString(clock, QStringLiteral("HH:mm:ss"));
    }
    if (!given.m_day.isValid() || !given.m_time.isValid())
        return fail(ErrorCode::InvalidArgument, "time");
    return given;
}

Instant GivenTime::in(const QTimeZone& zone) const
{
    return m_instant ? *m_instant : toInstant(m_day, m_time, zone);
}

std::optional<QDate> parseDay(std::string_view typed, QDate today)
{
    if (typed == "today")
        return today;
    if (typed == "tomorrow")
        return today.addDays(1);
    if (typed == "yesterday")
        return today.addDays(-1);
    const QDate day = QDate::fromString(text(typed), QStringLiteral("yyyy-MM-dd"));
    return day.isValid() ? std::optional(day) : std::nullopt;
}

std::string localText(Instant instant, const QTimeZone& zone)
{
    const QDateTime time = local(instant, zone);
    return time.toString(QStringLiteral("yyyy-MM-dd'T'HH:mm:ss")).toStdString() + offset(time);
}

std::string localTextForPeople(Instant instant, const QTimeZone& zone)
{
    const QDateTime time = local(instant, zone);
    return time.toString(QStringLiteral("yyyy-MM-dd HH:mm")).toStdString() + offset(time);
}

} // namespace yarrow::ctl
