// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/demo/demo_data.h"

#include "core/crypto.h"
#include "models/fhir/datatypes_fhir.h"

#include <QFile>

/// A static library's resources are left out unless something asks for them; the macro works outside
/// namespaces only.
static void registerDemoResources()
{
    Q_INIT_RESOURCE(demo);
}

namespace yarrow::demo {

int Dice::roll(int sides)
{
    YARROW_ASSERT(sides > 0);
    m_state += 0x9E3779B97F4A7C15U;
    std::uint64_t z = m_state;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    z ^= z >> 31U;
    return static_cast<int>(z % static_cast<std::uint64_t>(sides));
}

Json load(const char* name)
{
    registerDemoResources();
    QFile file(QStringLiteral(":/demo/%1.json").arg(QLatin1String(name)));
    const bool opened = file.open(QIODevice::ReadOnly);
    YARROW_ASSERT(opened);
    auto data = Json::parse(file.readAll().toStdString());
    YARROW_ASSERT(data.has_value());
    return *std::move(data);
}

std::string idFor(std::string_view type, std::string_view name)
{
    const std::string text = std::string("yarrow-demo/").append(type).append("/").append(name);
    crypto::Digest digest = crypto::sha256(crypto::bytesOf(text));
    // RFC 9562: version 8 (made in a way of one's own), variant 10.
    digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0FU) | 0x80U);
    digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3FU) | 0x80U);
    std::string id = crypto::toHex(crypto::ByteView(digest).first(16));
    for (const std::size_t dash : {8U, 13U, 18U, 23U})
        id.insert(dash, 1, '-');
    return id;
}

QString toText(const Json& value)
{
    return QString::fromUtf8(value.string().data(), static_cast<qsizetype>(value.string().size()));
}

Json makeObject(std::initializer_list<std::pair<std::string_view, Json>> members)
{
    Json object = Json::object();
    for (const auto& [name, value] : members)
        object.set(name, value);
    return object;
}

Json makeConcept(std::string_view system, std::string_view code, std::string_view text)
{
    return makeObject({{"coding", Json(Json::Array{fhir::makeCoding(system, code)})}, {"text", Json(text)}});
}

} // namespace yarrow::demo
