// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/datatypes_fhir.h"

#include "models/fhir/list_items.h"

#include <algorithm>

namespace yarrow::fhir {
namespace {

constexpr std::string_view kIdentifierTypes = "http://terminology.hl7.org/CodeSystem/v2-0203";

constexpr CodeName<Sex> kSexes[] = {
    {Sex::Male, "male"}, {Sex::Female, "female"}, {Sex::Other, "other"}, {Sex::Unknown, "unknown"}};

constexpr CodeName<HumanName::Use> kNameUses[] = {
    {HumanName::Use::Usual, "usual"},         {HumanName::Use::Official, "official"},
    {HumanName::Use::Temp, "temp"},           {HumanName::Use::Nickname, "nickname"},
    {HumanName::Use::Anonymous, "anonymous"}, {HumanName::Use::Old, "old"},
    {HumanName::Use::Maiden, "maiden"}};

constexpr CodeName<ContactPoint::System> kContactSystems[] = {
    {ContactPoint::System::Phone, "phone"}, {ContactPoint::System::Fax, "fax"},
    {ContactPoint::System::Email, "email"}, {ContactPoint::System::Pager, "pager"},
    {ContactPoint::System::Url, "url"},     {ContactPoint::System::Sms, "sms"},
    {ContactPoint::System::Other, "other"}};

constexpr CodeName<ContactPoint::Use> kContactUses[] = {{ContactPoint::Use::Home, "home"},
                                                        {ContactPoint::Use::Work, "work"},
                                                        {ContactPoint::Use::Temp, "temp"},
                                                        {ContactPoint::Use::Old, "old"},
                                                        {ContactPoint::Use::Mobile, "mobile"}};

constexpr CodeName<PostalAddress::Use> kAddressUses[] = {{PostalAddress::Use::Home, "home"},
                                                         {PostalAddress::Use::Work, "work"},
                                                         {PostalAddress::Use::Temp, "temp"},
                                                         {PostalAddress::Use::Old, "old"},
                                                         {PostalAddress::Use::Billing, "billing"}};

constexpr CodeName<Identifier::Use> kIdentifierUses[] = {{Identifier::Use::Usual, "usual"},
                                                         {Identifier::Use::Official, "official"},
                                                         {Identifier::Use::Temp, "temp"},
                                                         {Identifier::Use::Secondary, "secondary"},
                                                         {Identifier::Use::Old, "old"}};

constexpr ElementOrder kNameOrder = "id extension use text family given prefix suffix period";
constexpr ElementOrder kContactOrder = "id extension system value use rank period";
constexpr ElementOrder kAddressOrder =
    "id extension use type text line city district state postalCode country period";
constexpr ElementOrder kIdentifierOrder = "id extension use type system value period assigner";

/// Writes a code of a value set if it changed, or if the element is new and it says something.
template <class Code, std::size_t N>
void writeEnum(Json& object, std::string_view name, const CodeName<Code> (&table)[N],
               std::optional<Code> before, Code after, ElementOrder order)
{
    if (before == after)
        return;
    const std::string_view code = codeName(table, after);
    if (code.empty())
        drop(object, name);
    else
        put(object, name, Json(code), order);
}

template <class T, class Code>
std::optional<Code> valueOf(const T* item, Code T::*member)
{
    return item ? std::optional(item->*member) : std::nullopt;
}

bool sameParts(const HumanName& a, const HumanName& b)
{
    return a.family == b.family && a.given == b.given && a.prefix == b.prefix && a.suffix == b.suffix;
}

bool sameParts(const PostalAddress& a, const PostalAddress& b)
{
    return a.lines == b.lines && a.city == b.city && a.postalCode == b.postalCode && a.state == b.state &&
           a.country == b.country;
}

const Json* typeCoding(const Json& identifier)
{
    for (const Json& coding : identifier["type"]["coding"].items()) {
        if (coding["system"].string() == kIdentifierTypes)
            return &coding;
    }
    return nullptr;
}

void writeTypeCode(Json& identifier, std::string_view before, std::string_view after)
{
    if (before == after)
        return;
    if (after.empty()) {
        drop(identifier, "type");
        return;
    }
    Json* type = identifier.find("type");
    if (type == nullptr || !type->isObject())
        type = &put(identifier, "type", Json::object(), kIdentifierOrder);
    type->remove("text"); // it named the other type
    Json& codings = type->arrayAt("coding");
    for (Json& coding : codings.mutableItems()) {
        if (coding["system"].string() == kIdentifierTypes) {
            coding = makeCoding(kIdentifierTypes, after);
            return;
        }
    }
    codings.append(makeCoding(kIdentifierTypes, after));
}

} // namespace

HumanName readHumanName(const ElementView& element)
{
    HumanName name;
    name.use = codeNamed(kNameUses, element.string("use"), HumanName::Use::Unset);
    name.text = element.text("text");
    name.family = element.text("family");
    name.given = element.texts("given");
    name.prefix = element.texts("prefix");
    name.suffix = element.texts("suffix");
    return name;
}

ContactPoint readContactPoint(const ElementView& element)
{
    ContactPoint contact;
    contact.system = codeNamed(kContactSystems, element.string("system"), ContactPoint::System::Other);
    contact.use = codeNamed(kContactUses, element.string("use"), ContactPoint::Use::Unset);
    contact.value = element.text("value");
    const std::int64_t rank = element.integer("rank").value_or(0);
    if (rank < 0 || rank > 1'000'000)
        element.refuse("rank", "must be a small positive number");
    else
        contact.rank = static_cast<int>(rank);
    return contact;
}

PostalAddress readAddress(const ElementView& element)
{
    PostalAddress address;
    address.use = codeNamed(kAddressUses, element.string("use"), PostalAddress::Use::Unset);
    address.lines = element.texts("line");
    address.city = element.text("city");
    address.state = element.text("state");
    address.postalCode = element.text("postalCode");
    address.country = element.text("country");
    return address;
}

Identifier readIdentifier(const ElementView& element)
{
    Identifier identifier;
    identifier.use = codeNamed(kIdentifierUses, element.string("use"), Identifier::Use::Unset);
    identifier.system = element.string("system");
    identifier.value = element.text("value");
    if (const Json* coding = typeCoding(element.json()))
        identifier.typeCode = (*coding)["code"].string();
    return identifier;
}

Sex readSex(const ElementView& element)
{
    return codeNamed(kSexes, element.string("gender"), Sex::Unknown);
}

void writeHumanNames(Json& object, const std::vector<HumanName>& before, const std::vector<HumanName>& after,
                     ElementOrder order)
{
    const auto sameUse = [](const HumanName& a, const HumanName& b) { return a.use == b.use; };
    const auto matches = matchItems(
        before, after, [](const HumanName& a, const HumanName& b) { return sameParts(a, b); }, sameUse);
    writeItems(object, "name", order, before, after, matches,
               [](const HumanName* old, const HumanName& name, Json& element) {
                   const HumanName was = old ? *old : HumanName();
                   writeEnum(element, "use", kNameUses, valueOf(old, &HumanName::use), name.use, kNameOrder);
                   writeText(element, "text", was.text, name.text, kNameOrder);
                   if (old && was.text == name.text && !sameParts(was, name))
                       drop(element, "text"); // it spelt out the parts as they were
                   writeText(element, "family", was.family, name.family, kNameOrder);
                   writeTexts(element, "given", was.given, name.given, kNameOrder);
                   writeTexts(element, "prefix", was.prefix, name.prefix, kNameOrder);
                   writeTexts(element, "suffix", was.suffix, name.suffix, kNameOrder);
               });
}

void writeContactPoints(Json& object, const std::vector<ContactPoint>& before,
                        const std::vector<ContactPoint>& after, ElementOrder order)
{
    const auto sameValue = [](const ContactPoint& a, const ContactPoint& b) {
        return a.system == b.system && a.value == b.value;
    };
    const auto sameUse = [](const ContactPoint& a, const ContactPoint& b) {
        return a.system == b.system && a.use == b.use;
    };
    writeItems(object, "telecom", order, before, after, matchItems(before, after, sameValue, sameUse),
               [](const ContactPoint* old, const ContactPoint& contact, Json& element) {
                   const ContactPoint was = old ? *old : ContactPoint();
                   writeEnum(element, "system", kContactSystems, valueOf(old, &ContactPoint::system),
                             contact.system, kContactOrder);
                   writeText(element, "value", was.value, contact.value, kContactOrder);
                   writeEnum(element, "use", kContactUses, valueOf(old, &ContactPoint::use), contact.use,
                             kContactOrder);
                   if (contact.rank != was.rank && contact.rank > 0)
                       put(element, "rank", Json(contact.rank), kContactOrder);
                   else if (contact.rank != was.rank)
                       drop(element, "rank");
               });
}

void writeAddresses(Json& object, const std::vector<PostalAddress>& before,
                    const std::vector<PostalAddress>& after, ElementOrder order)
{
    const auto sameUse = [](const PostalAddress& a, const PostalAddress& b) { return a.use == b.use; };
    const auto matches = matchItems(
        before, after, [](const PostalAddress& a, const PostalAddress& b) { return sameParts(a, b); },
        sameUse);
    writeItems(object, "address", order, before, after, matches,
               [](const PostalAddress* old, const PostalAddress& address, Json& element) {
                   const PostalAddress was = old ? *old : PostalAddress();
                   writeEnum(element, "use", kAddressUses, valueOf(old, &PostalAddress::use), address.use,
                             kAddressOrder);
                   if (old && !sameParts(was, address))
                       drop(element, "text"); // it spelt out the parts as they were
                   writeTexts(element, "line", was.lines, address.lines, kAddressOrder);
                   writeText(element, "city", was.city, address.city, kAddressOrder);
                   writeText(element, "state", was.state, address.state, kAddressOrder);
                   writeText(element, "postalCode", was.postalCode, address.postalCode, kAddressOrder);
                   writeText(element, "country", was.country, address.country, kAddressOrder);
               });
}

void writeIdentifiers(Json& object, const std::vector<Identifier>& before,
                      const std::vector<Identifier>& after, ElementOrder order)
{
    const auto sameValue = [](const Identifier& a, const Identifier& b) {
        return a.system == b.system && a.value == b.value;
    };
    const auto sameKind = [](const Identifier& a, const Identifier& b) {
        return a.system == b.system && a.typeCode == b.typeCode && a.use == b.use;
    };
    writeItems(object, "identifier", order, before, after, matchItems(before, after, sameValue, sameKind),
               [](const Identifier* old, const Identifier& identifier, Json& element) {
                   const Identifier was = old ? *old : Identifier();
                   writeEnum(element, "use", kIdentifierUses, valueOf(old, &Identifier::use), identifier.use,
                             kIdentifierOrder);
                   writeTypeCode(element, was.typeCode, identifier.typeCode);
                   writeCode(element, "system", was.system, identifier.system, kIdentifierOrder);
                   writeText(element, "value", was.value, identifier.value, kIdentifierOrder);
               });
}

void writeSex(Json& object, Sex before, Sex after, ElementOrder order)
{
    if (before != after)
        put(object, "gender", Json(codeName(kSexes, after)), order);
}

} // namespace yarrow::fhir
