// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/patient_form_values.h"

#include <QDataStream>
#include <QIODevice>

#include <algorithm>

namespace yarrow {

namespace {

constexpr quint32 kDraftMagic = 0x59440001; ///< "YD" and the version

using System = ContactPoint::System;

bool isPhone(const ContactPoint& contact)
{
    return contact.system == System::Phone || contact.system == System::Sms;
}

bool isEmail(const ContactPoint& contact)
{
    return contact.system == System::Email;
}

std::size_t nameIndex(const Patient& patient)
{
    const HumanName* name = displayName(patient);
    return name == nullptr ? patient.names.size() : static_cast<std::size_t>(name - patient.names.data());
}

std::size_t addressIndex(const Patient& patient)
{
    const auto found =
        std::find_if(patient.addresses.begin(), patient.addresses.end(), [](const PostalAddress& a) {
            return a.use != PostalAddress::Use::Old && a.use != PostalAddress::Use::Billing;
        });
    return static_cast<std::size_t>(found - patient.addresses.begin());
}

QStringList words(const QString& text)
{
    return text.simplified().split(u' ', Qt::SkipEmptyParts);
}

/// The contacts of one kind as typed, the rest where they were.
void applyContacts(std::vector<ContactPoint>& contacts, const std::vector<ContactLine>& base,
                   const std::vector<ContactLine>& typed, System system)
{
    const auto keeps = [&](const ContactPoint& contact) {
        return std::any_of(typed.begin(), typed.end(), [&](const ContactLine& line) {
            return line.origin == contact && !line.value.trimmed().isEmpty();
        });
    };
    for (const ContactLine& line : base) {
        if (line.origin && !keeps(*line.origin))
            contacts.erase(std::remove(contacts.begin(), contacts.end(), *line.origin), contacts.end());
    }
    for (const ContactLine& line : typed) {
        const QString value = line.value.trimmed();
        if (value.isEmpty())
            continue;
        ContactPoint contact = line.origin.value_or(ContactPoint{system, line.use, {}, 0});
        contact.use = line.use;
        contact.value = value;
        const auto place =
            line.origin ? std::find(contacts.begin(), contacts.end(), *line.origin) : contacts.end();
        if (place == contacts.end())
            contacts.push_back(contact);
        else
            *place = contact;
    }
}

template <class T>
T mergedField(const T& base, const T& typed, const T& theirs)
{
    return typed == base ? theirs : typed;
}

QDataStream& operator<<(QDataStream& out, const std::vector<ContactLine>& lines)
{
    out << static_cast<quint32>(lines.size());
    for (const ContactLine& line : lines) {
        out << static_cast<qint32>(line.use) << line.value << line.origin.has_value();
        if (line.origin)
            out << static_cast<qint32>(line.origin->system) << static_cast<qint32>(line.origin->use)
                << line.origin->value << static_cast<qint32>(line.origin->rank);
    }
    return out;
}

QDataStream& operator>>(QDataStream& in, std::vector<ContactLine>& lines)
{
    quint32 size = 0;
    in >> size;
    for (quint32 i = 0; i < size && in.status() == QDataStream::Ok; ++i) {
        ContactLine line;
        qint32 use = 0;
        bool hasOrigin = false;
        in >> use >> line.value >> hasOrigin;
        line.use = static_cast<ContactPoint::Use>(use);
        if (hasOrigin) {
            ContactPoint origin;
            qint32 system = 0;
            qint32 rank = 0;
            in >> system >> use >> origin.value >> rank;
            origin.system = static_cast<System>(system);
            origin.use = static_cast<ContactPoint::Use>(use);
            origin.rank = rank;
            line.origin = origin;
        }
        lines.push_back(line);
    }
    return in;
}

QDataStream& operator<<(QDataStream& out, const PatientFormValues& v)
{
    return out << v.family << v.given << v.birthDate << static_cast<qint32>(v.sex) << v.phones << v.emails
               << v.street << v.postalCode << v.city << v.country;
}

QDataStream& operator>>(QDataStream& in, PatientFormValues& v)
{
    qint32 sex = 0;
    in >> v.family >> v.given >> v.birthDate >> sex >> v.phones >> v.emails >> v.street >> v.postalCode >>
        v.city >> v.country;
    v.sex = static_cast<Sex>(sex);
    return in;
}

} // namespace

PatientFormValues valuesOf(const Patient& patient, const QString& birthDate)
{
    PatientFormValues values;
    if (const HumanName* name = displayName(patient)) {
        values.family = name->family;
        values.given = name->given.join(u' ');
        if (values.family.isEmpty() && values.given.isEmpty())
            values.family = name->text;
    }
    values.birthDate = birthDate;
    values.sex = patient.sex;
    for (const ContactPoint& contact : patient.telecoms) {
        if (isPhone(contact))
            values.phones.push_back({contact.use, contact.value, contact});
        else if (isEmail(contact))
            values.emails.push_back({contact.use, contact.value, contact});
    }
    if (const std::size_t index = addressIndex(patient); index < patient.addresses.size()) {
        const PostalAddress& address = patient.addresses[index];
        values.street = address.lines.join(QStringLiteral(", "));
        values.postalCode = address.postalCode;
        values.city = address.city;
        values.country = address.country;
    }
    return values;
}

Patient applied(const PatientFormValues& base, const PatientFormValues& typed, Patient onto)
{
    if (typed.family != base.family || typed.given != base.given) {
        const std::size_t index = nameIndex(onto);
        if (index == onto.names.size())
            onto.names.push_back({HumanName::Use::Official, {}, {}, {}, {}, {}});
        HumanName& name = onto.names[index];
        name.family = typed.family.simplified();
        if (typed.given != base.given)
            name.given = words(typed.given);
        name.text.clear();
    }
    onto.sex = typed.sex;
    applyContacts(onto.telecoms, base.phones, typed.phones, System::Phone);
    applyContacts(onto.telecoms, base.emails, typed.emails, System::Email);

    const bool addressEdited = typed.street != base.street || typed.postalCode != base.postalCode ||
                               typed.city != base.city || typed.country != base.country;
    if (addressEdited) {
        const std::size_t index = addressIndex(onto);
        if (index == onto.addresses.size())
            onto.addresses.push_back({PostalAddress::Use::Home, {}, {}, {}, {}, {}});
        PostalAddress& address = onto.addresses[index];
        if (typed.street != base.street)
            address.lines =
                typed.street.trimmed().isEmpty() ? QStringList() : QStringList(typed.street.trimmed());
        address.postalCode = typed.postalCode.trimmed();
        address.city = typed.city.trimmed();
        address.country = typed.country.trimmed();
        if (address.lines.isEmpty() && address.postalCode.isEmpty() && address.city.isEmpty() &&
            address.state.isEmpty() && address.country.isEmpty())
            onto.addresses.erase(onto.addresses.begin() + static_cast<std::ptrdiff_t>(index));
    }
    return onto;
}

PatientFormValues merged(const PatientFormValues& base, const PatientFormValues& typed,
                         const PatientFormValues& theirs)
{
    PatientFormValues result;
    result.family = mergedField(base.family, typed.family, theirs.family);
    result.given = mergedField(base.given, typed.given, theirs.given);
    result.birthDate = mergedField(base.birthDate, typed.birthDate, theirs.birthDate);
    result.sex = mergedField(base.sex, typed.sex, theirs.sex);
    result.phones = mergedField(base.phones, typed.phones, theirs.phones);
    result.emails = mergedField(base.emails, typed.emails, theirs.emails);
    result.street = mergedField(base.street, typed.street, theirs.street);
    result.postalCode = mergedField(base.postalCode, typed.postalCode, theirs.postalCode);
    result.city = mergedField(base.city, typed.city, theirs.city);
    result.country = mergedField(base.country, typed.country, theirs.country);
    return result;
}

QByteArray writeDraft(const PatientDraft& draft)
{
    QByteArray content;
    QDataStream out(&content, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_4);
    out << kDraftMagic << static_cast<qint64>(draft.revision) << draft.base << draft.typed;
    return content;
}

std::optional<PatientDraft> readDraft(const QByteArray& content)
{
    QDataStream in(content);
    in.setVersion(QDataStream::Qt_6_4);
    quint32 magic = 0;
    in >> magic;
    if (magic != kDraftMagic)
        return std::nullopt;
    PatientDraft draft;
    qint64 revision = 0;
    in >> revision >> draft.base >> draft.typed;
    draft.revision = revision;
    if (in.status() != QDataStream::Ok || !in.atEnd())
        return std::nullopt;
    return draft;
}

} // namespace yarrow
