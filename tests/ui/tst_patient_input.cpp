// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/birth_date_text.h"
#include "ui/patients/patient_form_values.h"

#include <QTest>

namespace yarrow {

namespace {

const QDate kToday(2026, 5, 12);

Patient ada()
{
    Patient patient;
    patient.id = PatientId::known("p1");
    patient.names.push_back(
        {HumanName::Use::Maiden, QStringLiteral("Lovell"), {QStringLiteral("Ada")}, {}, {}, {}});
    patient.names.push_back({HumanName::Use::Official,
                             QStringLiteral("Brisco"),
                             {QStringLiteral("Ada Maria"), QStringLiteral("Luz")},
                             {QStringLiteral("Dr.")},
                             {},
                             {}});
    patient.telecoms.push_back(
        {ContactPoint::System::Phone, ContactPoint::Use::Home, QStringLiteral("055 01"), 2});
    patient.telecoms.push_back(
        {ContactPoint::System::Url, ContactPoint::Use::Unset, QStringLiteral("x:y"), 0});
    patient.telecoms.push_back(
        {ContactPoint::System::Email, ContactPoint::Use::Work, QStringLiteral("ada@example.org"), 0});
    patient.addresses.push_back({PostalAddress::Use::Home,
                                 {QStringLiteral("Harbour 1"), QStringLiteral("Floor 3")},
                                 QStringLiteral("Florence"),
                                 QStringLiteral("50100"),
                                 QStringLiteral("FI"),
                                 QStringLiteral("IT")});
    patient.sex = Sex::Female;
    return patient;
}

} // namespace

class TestPatientInput : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void birthDateIsReadAsPeopleWriteIt_data()
    {
        QTest::addColumn<QString>("locale");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("date"); // "-" when it cannot be understood
        const auto row = [](const char* locale, const char* text, const char* date) {
            QTest::addRow("%s: %s", locale, text)
                << QString::fromLatin1(locale) << QString::fromUtf8(text) << QString::fromLatin1(date);
        };
        row("de_DE", "24.3.1958", "1958-03-24");
        row("de_DE", "24.03.58", "1958-03-24");
        row("de_DE", "3.4.2019", "2019-04-03");
        row("en_US", "3/4/2019", "2019-03-04");
        row("en_GB", "3/4/2019", "2019-04-03");
        row("en_US", "24/3/1958", "1958-03-24");
        row("de_DE", "03.24.1958", "1958-03-24");
        row("de_DE", "1958-03-24", "1958-03-24");
        row("de_DE", "24. März 1958", "1958-03-24");
        row("de_DE", "24 mar 1958", "1958-03-24");
        row("en_US", "March 24, 1958", "1958-03-24");
        row("en_US", "24th March 1958", "1958-03-24");
        row("de_DE", "24031958", "1958-03-24");
        row("de_DE", "240358", "1958-03-24");
        row("de_DE", "19580324", "1958-03-24");
        row("de_DE", "3.4.26", "2026-04-03");
        row("de_DE", "3.4.27", "1927-04-03");
        row("de_DE", "03/1958", "1958-03");
        row("en_US", "March 1958", "1958-03");
        row("en_US", "1958", "1958");
        row("en_US", "", "");
        row("ar_EG", "٢٤/٣/١٩٥٨", "1958-03-24");
        row("de_DE", "31.02.1990", "-");
        row("de_DE", "yesterday", "-");
        row("de_DE", "24.Foo.1958", "-");
        row("de_DE", "123456789012", "-");
        row("de_DE", "1.2.3.4", "-");
        row("de_DE", "29.2.2023", "-");
        row("de_DE", "29.2.2024", "2024-02-29");
    }
    void birthDateIsReadAsPeopleWriteIt()
    {
        QFETCH(QString, locale);
        QFETCH(QString, text);
        QFETCH(QString, date);
        const auto read = readBirthDate(text, kToday, QLocale(locale));
        QCOMPARE(read ? QString::fromStdString(read->text()) : QStringLiteral("-"), date);
    }

    void untouchedFormChangesNothing()
    {
        const PatientFormValues values = valuesOf(ada(), {});
        QCOMPARE(values.family, QStringLiteral("Brisco"));
        QCOMPARE(values.given, QStringLiteral("Ada Maria Luz"));
        QVERIFY(applied(values, values, ada()) == ada());
    }

    void editTouchesOnlyWhatWasTyped()
    {
        const PatientFormValues base = valuesOf(ada(), {});
        PatientFormValues typed = base;
        typed.family = QStringLiteral("Brisco-Lang");
        typed.phones[0].value = QStringLiteral("055 02");
        typed.phones.push_back({ContactPoint::Use::Mobile, QStringLiteral("333 1"), std::nullopt});
        typed.city = QStringLiteral("Fiesole");
        Patient expected = ada();
        expected.names[1].family = QStringLiteral("Brisco-Lang");
        expected.telecoms[0].value = QStringLiteral("055 02");
        expected.telecoms.push_back(
            {ContactPoint::System::Phone, ContactPoint::Use::Mobile, QStringLiteral("333 1"), 0});
        expected.addresses[0].city = QStringLiteral("Fiesole");
        QVERIFY(applied(base, typed, ada()) == expected);
    }

    void removedLinesLeaveTheOthers()
    {
        const PatientFormValues base = valuesOf(ada(), {});
        PatientFormValues typed = base;
        typed.phones.clear();
        typed.emails[0].value.clear();
        Patient expected = ada();
        expected.telecoms = {ada().telecoms[1]};
        QVERIFY(applied(base, typed, ada()) == expected);
    }

    void newPatientGetsAnOfficialName()
    {
        PatientFormValues typed;
        typed.family = QStringLiteral(" Okonjo ");
        typed.given = QStringLiteral("Ines  Maria");
        const Patient patient = applied({}, typed, {});
        QCOMPARE(patient.names.size(), std::size_t(1));
        QVERIFY(patient.names[0].use == HumanName::Use::Official);
        QCOMPARE(patient.names[0].family, QStringLiteral("Okonjo"));
        QCOMPARE(patient.names[0].given, QStringList({QStringLiteral("Ines"), QStringLiteral("Maria")}));
        QVERIFY(patient.addresses.empty());
    }

    void mergeKeepsTypedFieldsAndTakesTheOthers()
    {
        const PatientFormValues base = valuesOf(ada(), {});
        PatientFormValues typed = base;
        typed.city = QStringLiteral("Fiesole");
        PatientFormValues theirs = base;
        theirs.family = QStringLiteral("Married");
        theirs.city = QStringLiteral("Pisa");
        const PatientFormValues both = merged(base, typed, theirs);
        QCOMPARE(both.family, QStringLiteral("Married"));
        QCOMPARE(both.city, QStringLiteral("Fiesole"));
    }

    void draftComesBackAsItWas()
    {
        PatientDraft draft{7, valuesOf(ada(), QStringLiteral("1.1.1950")), {}};
        draft.typed = draft.base;
        draft.typed.family = QStringLiteral("Größer");
        draft.typed.phones.push_back({ContactPoint::Use::Work, QStringLiteral("12"), std::nullopt});
        const auto read = readDraft(writeDraft(draft));
        QVERIFY(read.has_value());
        QVERIFY(*read == draft);
    }

    void damagedDraftIsNone()
    {
        const QByteArray whole = writeDraft({7, valuesOf(ada(), {}), valuesOf(ada(), {})});
        for (qsizetype length = 0; length < whole.size(); ++length)
            QVERIFY(!readDraft(whole.left(length)));
        QVERIFY(!readDraft(whole + 'x'));
    }
};

} // namespace yarrow

QTEST_GUILESS_MAIN(yarrow::TestPatientInput)
#include "tst_patient_input.moc"
