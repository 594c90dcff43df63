// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fhir/staff_fhir.h"
#include "tests/unit/fhir/golden_documents.h"

#include <QTest>

using namespace yarrow;
using namespace yarrow::fhir;
using std::chrono::minutes;

namespace {

Instant utc(const char* text)
{
    return parseInstant(text).value();
}

const char* const kClinic =
    "{\"resourceType\":\"Location\",\"id\":\"clinic\",\"extension\":["
    "{\"url\":\"urn:x:other\",\"valueString\":\"stays\"},"
    "{\"id\":\"c\",\"url\":\"https://yarrow.example/fhir/StructureDefinition/closed\",\"extension\":["
    "{\"url\":\"description\",\"valueString\":\"Patron\"},"
    "{\"url\":\"during\",\"valuePeriod\":{\"start\":\"2026-06-24\",\"end\":\"2026-06-24\"}},"
    "{\"url\":\"by-decree\",\"valueBoolean\":true}]}],"
    "\"status\":\"active\",\"name\":\"Lindenhof\",\"alias\":[\"LH\"]}";

const char* const kDevice =
    "{\"resourceType\":\"Device\",\"id\":\"us\",\"status\":\"active\",\"deviceName\":["
    "{\"name\":\"SonoMax 3000\",\"type\":\"manufacturer-name\"},"
    "{\"id\":\"n\",\"name\":\"Ultrasound\",\"type\":\"user-friendly-name\"}],"
    "\"serialNumber\":\"007\",\"location\":{\"reference\":\"Location/r1\",\"display\":\"Room 1\"}}";

} // namespace

class TestDirectoryFhir : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void closures_areReadFromTheirExtensions()
    {
        const Location clinic = readLocation(golden::parsed(kClinic)).value();
        QCOMPARE(clinic.closures.size(), std::size_t(1));
        QCOMPARE(clinic.closures.front().reason, QStringLiteral("Patron"));
        QCOMPARE(clinic.closures.front().when.start, utc("2026-06-24T00:00:00Z"));
        QVERIFY(clinic.closures.front().when.end > utc("2026-06-24T23:59:00Z"));
    }

    void aNewClosure_leavesTheOthersAsTheyWere()
    {
        Json document = golden::parsed(kClinic);
        Location clinic = readLocation(document).value();
        clinic.closures.push_back(
            {{utc("2026-12-24T23:00:00Z"), utc("2026-12-26T23:00:00Z")}, QStringLiteral("Christmas")});
        clinic.closures.push_back({{utc("2027-01-01T00:00:00Z"), utc("2027-01-02T00:00:00Z")}, {}});
        const std::string before = document["extension"][1].dump();
        writeLocation(clinic, document);
        QCOMPARE(document["extension"].items().size(), std::size_t(4));
        QCOMPARE(document["extension"][0]["valueString"].string(), std::string_view("stays"));
        QCOMPARE(document["extension"][1].dump(), before);
        QCOMPARE(document["alias"][0].string(), std::string_view("LH"));
        QCOMPARE(readLocation(document).value(), clinic);
    }

    void aClosureOfAnotherReason_keepsWhatYarrowDoesNotKnow()
    {
        Json document = golden::parsed(kClinic);
        Location clinic = readLocation(document).value();
        clinic.closures.front().reason = QStringLiteral("San Giovanni");
        const std::string expected = golden::replaced(document.dump(), "Patron", "San Giovanni");
        writeLocation(clinic, document);
        QCOMPARE(document.dump(), expected);
    }

    void theLastClosure_goesAloneAndForGood()
    {
        Json document = golden::parsed(kClinic);
        Location clinic = readLocation(document).value();
        clinic.closures.clear();
        writeLocation(clinic, document);
        QCOMPARE(document["extension"].items().size(), std::size_t(1));
        QCOMPARE(readLocation(document).value(), clinic);
    }

    void device_isReadAndEditedInItsPlace()
    {
        Json document = golden::parsed(kDevice);
        Device device = readDevice(document).value();
        QCOMPARE(device.name, QStringLiteral("Ultrasound"));
        QCOMPARE(device.room, LocationId::known("r1"));
        QVERIFY(device.active);
        device.name = QStringLiteral("Ultrasound 2");
        const std::string expected = golden::replaced(document.dump(), "\"Ultrasound\"", "\"Ultrasound 2\"");
        writeDevice(device, document);
        QCOMPARE(document.dump(), expected);
        device.active = false;
        device.room = {};
        writeDevice(device, document);
        QCOMPARE(readDevice(document).value(), device);
        QCOMPARE(document["serialNumber"].string(), std::string_view("007"));
    }

    void deviceOfAPatient_isNoEquipment()
    {
        const Json implant = golden::parsed(
            "{\"resourceType\":\"Device\",\"id\":\"p\",\"patient\":{\"reference\":\"Patient/1\"}}");
        QVERIFY(!readDevice(implant).has_value());
    }

    void newDevice_isWrittenWhole()
    {
        Device device;
        device.id = DeviceId::known("d1");
        device.name = QStringLiteral("Laser");
        Json document;
        writeDevice(device, document);
        QCOMPARE(
            document.dump(),
            std::string("{\"resourceType\":\"Device\",\"id\":\"d1\",\"status\":\"active\",\"deviceName\":"
                        "[{\"name\":\"Laser\",\"type\":\"user-friendly-name\"}]}"));
    }

    void visitType_comesBackAsItWasWritten()
    {
        Json document = golden::parsed(golden::kService);
        HealthcareService service = readHealthcareService(document).value();
        QVERIFY(service.needsRoom);
        service.bufferBefore = minutes(5);
        service.bufferAfter = minutes(10);
        service.needsRoom = false;
        service.rooms = {LocationId::known("r1"), LocationId::known("r2")};
        service.devices = {DeviceId::known("us"), DeviceId::known("laser")};
        service.color = QStringLiteral("violet");
        writeHealthcareService(service, document);
        QCOMPARE(readHealthcareService(document).value(), service);

        const std::string kept = document.dump();
        writeHealthcareService(service, document);
        QCOMPARE(document.dump(), kept);

        service.devices.erase(service.devices.begin());
        service.color.clear();
        service.bufferBefore = minutes(0);
        service.needsRoom = true;
        writeHealthcareService(service, document);
        QCOMPARE(readHealthcareService(document).value(), service);
    }
};

QTEST_GUILESS_MAIN(TestDirectoryFhir)
#include "tst_directory_fhir.moc"
