// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/value_texts.h"

#include "ui/exchange/record_texts.h"
#include "ui/widgets/texts.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace yarrow {
namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(yarrow::Texts)
};

QString textOf(const Json& value)
{
    const auto text = value.string();
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString name(const Json::Member& member)
{
    return QString::fromStdString(member.name);
}

/// What a server keeps for itself, and what stands twice.
bool isShown(const std::string& member)
{
    return member != "meta" && member != "text" && member != "resourceType" && member != "id" &&
           !member.starts_with('_');
}

QString codeable(const Json& value)
{
    if (const QString text = textOf(value["text"]); !text.isEmpty())
        return text;
    for (const Json& coding : value["coding"].items()) {
        if (const QString display = textOf(coding["display"]); !display.isEmpty())
            return display;
    }
    return textOf(value["coding"][0]["code"]);
}

QString personName(const Json& value)
{
    QStringList given;
    for (const Json& one : value["given"].items())
        given << textOf(one);
    const QString family = textOf(value["family"]);
    if (family.isEmpty() && given.isEmpty())
        return textOf(value["text"]);
    return given.isEmpty() ? family
                           : Texts::tr("%1, %2", "family name, given names").arg(family, given.join(u' '));
}

QString address(const Json& value)
{
    QStringList lines;
    for (const Json& line : value["line"].items())
        lines << textOf(line);
    lines << QStringLiteral("%1 %2").arg(textOf(value["postalCode"]), textOf(value["city"])).trimmed()
          << textOf(value["state"]) << textOf(value["country"]);
    lines.removeAll(QString());
    return lines.join(u'\n');
}

std::optional<AppointmentStatus> appointmentStatus(const QString& code)
{
    constexpr std::array<std::pair<const char*, AppointmentStatus>, 10> kCodes{
        {{"proposed", AppointmentStatus::Proposed},
         {"pending", AppointmentStatus::Pending},
         {"booked", AppointmentStatus::Booked},
         {"arrived", AppointmentStatus::Arrived},
         {"fulfilled", AppointmentStatus::Fulfilled},
         {"cancelled", AppointmentStatus::Cancelled},
         {"noshow", AppointmentStatus::NoShow},
         {"entered-in-error", AppointmentStatus::EnteredInError},
         {"checked-in", AppointmentStatus::CheckedIn},
         {"waitlist", AppointmentStatus::Waitlist}}};
    for (const auto& [known, status] : kCodes) {
        if (code == QLatin1String(known))
            return status;
    }
    return std::nullopt;
}

} // namespace

QString ValueTexts::code(const QString& name, const QString& code) const
{
    if (name == QLatin1String("gender")) {
        if (code == QLatin1String("female"))
            return sexText(Sex::Female);
        if (code == QLatin1String("male"))
            return sexText(Sex::Male);
        return sexText(code == QLatin1String("other") ? Sex::Other : Sex::Unknown);
    }
    if (name == QLatin1String("status") && m_type == QLatin1String("Appointment")) {
        if (const auto status = appointmentStatus(code))
            return statusText(*status);
    }
    if (name == QLatin1String("criticality")) {
        if (code == QLatin1String("high"))
            return Texts::tr("High risk");
        return code == QLatin1String("low") ? Texts::tr("Low risk") : Texts::tr("Risk not known");
    }
    const bool isCode = name == QLatin1String("status") || name == QLatin1String("use") ||
                        name == QLatin1String("system") || name == QLatin1String("intent");
    return isCode ? nameInWords(QString(code).replace(u'-', u' ')) : code;
}

QString ValueTexts::scalar(const QString& name, const Json& value) const
{
    if (const auto yes = value.boolean())
        return *yes ? Texts::tr("Yes") : Texts::tr("No");
    if (!value.isString())
        return QString::fromStdString(std::string(value.numberLexeme()));
    const QString text = textOf(value);
    // Dates and times are told by how they look: FHIR names no types in a document.
    const auto startsLikeDate = [&] {
        return text.size() >= 10 && text[4] == u'-' && text[7] == u'-' && text[0].isDigit();
    };
    if (startsLikeDate() && text.size() > 11 && text[10] == u'T') {
        if (const auto instant = parseInstant(text.toStdString())) {
            const QDateTime local = localTime(*instant, m_zone);
            return Texts::tr("%1, %2", "date, time").arg(dateText(local.date()), timeText(local.time()));
        }
    }
    if (startsLikeDate() && text.size() == 10) {
        if (const auto date = PartialDate::parse(text.toStdString()))
            return dateText(*date);
    }
    return code(name, text);
}

QString ValueTexts::reference(const Json& value) const
{
    const QString target = textOf(value["reference"]);
    if (const QString known = m_names.value(target); !known.isEmpty())
        return known;
    if (const QString display = textOf(value["display"]); !display.isEmpty())
        return display;
    return typeText(target.section(u'/', 0, 0));
}

QString ValueTexts::participants(const Json& value) const
{
    QStringList names;
    for (const Json& one : value.items())
        names << reference(one["actor"]);
    return names.join(u'\n');
}

QString ValueTexts::object(const Json& value) const
{
    if (value.contains("reference"))
        return reference(value);
    if (value.contains("coding") || (value.contains("text") && value.members().size() == 1))
        return codeable(value);
    if (value.contains("family") || value.contains("given"))
        return personName(value);
    if (value.contains("city") || value.contains("line") || value.contains("postalCode"))
        return address(value);
    if (value.contains("value") && value.contains("unit"))
        return QStringLiteral("%1 %2").arg(scalar(QString(), value["value"]), textOf(value["unit"]));
    if (value.contains("value") && value.contains("system"))
        return scalar(QString(), value["value"]);
    QStringList lines;
    for (const Json::Member& one : value.members()) {
        if (isShown(one.name))
            lines << member(name(one), one.value);
    }
    return lines.join(u'\n');
}

QString ValueTexts::list(const QString& name, const Json& value) const
{
    if (name == QLatin1String("participant"))
        return participants(value);
    QStringList items;
    for (const Json& one : value.items())
        items << (one.isObject() ? object(one) : scalar(name, one));
    items.removeAll(QString());
    const bool isShort = std::none_of(items.begin(), items.end(), [](const QString& item) {
        return item.contains(u'\n') || item.contains(u' ');
    });
    return items.join(isShort ? u' ' : u'\n');
}

/// "State: Booked", also over several lines.
QString ValueTexts::member(const QString& name, const Json& value) const
{
    const QString shown = value.isObject()  ? object(value)
                          : value.isArray() ? list(name, value)
                                            : scalar(name, value);
    return Texts::tr("%1: %2", "element: value")
        .arg(memberText(name), QString(shown).replace(u'\n', QLatin1String(", ")));
}

QString ValueTexts::text(const ElementPath& path, const std::optional<Json>& value) const
{
    return texts(path, {value}).front();
}

QStringList ValueTexts::texts(const ElementPath& path, const std::vector<std::optional<Json>>& versions) const
{
    const bool isGroup = path.empty() || !path.back().members.isEmpty();
    const QString last = path.empty() ? QString() : path.back().name;
    const auto differs = [&](const std::string& member) {
        const Json* first = nullptr;
        bool seen = false;
        for (const auto& version : versions) {
            if (!version)
                continue;
            const Json* value = version->find(member);
            if (seen && ((value == nullptr) != (first == nullptr) || (value && *value != *first)))
                return true;
            first = value;
            seen = true;
        }
        return versions.size() == 1;
    };
    QStringList all;
    for (const auto& version : versions) {
        if (!version || version->isNull()) {
            all << (path.empty() ? Texts::tr("Deleted") : Texts::tr("–", "there is no value"));
        } else if (isGroup) {
            QStringList lines;
            for (const Json::Member& one : version->members()) {
                if (isShown(one.name) && differs(one.name))
                    lines << member(name(one), one.value);
            }
            const bool single = !path.empty() && path.back().members.size() == 1 && lines.size() == 1;
            if (single) {
                const Json& value = version->members().front().value;
                lines = {value.isObject()  ? object(value)
                         : value.isArray() ? list(path.back().members.front(), value)
                                           : scalar(path.back().members.front(), value)};
            }
            all << (lines.isEmpty() ? Texts::tr("As it is") : lines.join(u'\n'));
        } else if (version->isObject()) {
            all << object(*version);
        } else if (version->isArray()) {
            all << list(last, *version);
        } else {
            all << scalar(last, *version);
        }
    }
    return all;
}

} // namespace yarrow
