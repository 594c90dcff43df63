// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"
#include "models/fhir/patient_fhir.h"
#include "models/fhir/references.h"
#include "models/fhir/resource_types.h"
#include "models/fhir/staff_fhir.h"

#include <QDir>
#include <QTest>

using namespace yarrow;

/// Over a folder of synthetic FHIR bundles: `YARROW_SAMPLE_DATA`, or ../shared/data/synthea beside the
/// repository.
class TestSampleData : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void documents_areReadAndWrittenBackToTheLetter()
    {
        const QString folder = qEnvironmentVariable("YARROW_SAMPLE_DATA");
        const QStringList files = QDir(folder).entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name);
        if (folder.isEmpty() || files.isEmpty())
            QSKIP("no sample bundles; YARROW_SAMPLE_DATA names their folder");

        int people = 0;
        int withPatient = 0;
        for (const QString& name : files) {
            QFile file(folder + u'/' + name);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto bundle = Json::parse(file.readAll().toStdString());
            QVERIFY2(bundle.has_value(), qUtf8Printable(name));
            for (const Json& entry : (*bundle)["entry"].items()) {
                Json resource = entry["resource"];
                QVERIFY(fhir::isResourceType(resource["resourceType"].string()));
                people += expectIdentity(resource);
                fhir::forEachReference(resource, [](std::string& reference) {
                    if (reference.starts_with("urn:uuid:"))
                        reference.replace(0, 9, "Patient/");
                });
                withPatient += !fhir::patientOf(resource).empty();
            }
        }
        qInfo("%lld files, %d people", static_cast<long long>(files.size()), people);
        QVERIFY(people >= files.size());
        QVERIFY(withPatient > people);
    }

private:
    /// Whether it was somebody.
    static bool expectIdentity(Json& resource)
    {
        const std::string before = resource.dump();
        const std::string_view type = resource["resourceType"].string();
        if (type == "Patient")
            fhir::writePatient(fhir::readPatient(resource).value(), resource);
        else if (type == "Practitioner")
            fhir::writePractitioner(fhir::readPractitioner(resource).value(), resource);
        else if (type == "Location")
            fhir::writeLocation(fhir::readLocation(resource).value(), resource);
        else
            return false;
        if (resource.dump() != before)
            QTest::qFail("written back with a difference", __FILE__, __LINE__);
        return true;
    }
};

QTEST_GUILESS_MAIN(TestSampleData)
#include "tst_sample_data.moc"
