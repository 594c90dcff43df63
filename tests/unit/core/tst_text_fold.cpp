// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text_fold.h"

#include <QString>
#include <QTest>

#include <rapidcheck.h>

#include <string>
#include <vector>

using namespace yarrow;

class TestTextFold : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("RC_PARAMS", "seed=20260114"); }
    void texts_areFolded_data();
    void texts_areFolded();
    void composedAndDecomposed_foldAlike();
    void folding_isIdempotent();
    void anyBytes_foldToWordsOneSpaceApart();
};

void TestTextFold::texts_areFolded_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("folded");
    const auto row = [](const char* text, const char* folded) {
        QTest::newRow(qPrintable(QString::fromUtf8(text).simplified()))
            << QByteArray(text) << QByteArray(folded);
    };

    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("space") << QByteArray("  \t\n ") << QByteArray();
    row("Maria", "maria");
    row("  Anna-Maria   de  la Cruz ", "anna maria de la cruz");
    row("O'Brien", "obrien");
    row("O’Brien", "obrien");
    row("O´Brien", "obrien");
    row("OʼBrien", "obrien");
    row("O`Brien", "obrien");
    row("D'Àngelo", "dangelo");
    row("a@b.example", "a b example");
    row("+39 055/123-456", "39 055 123 456");
    row("MRN_0042", "mrn 0042");

    row("Özgür Müller", "ozgur muller");
    row("ÉÈÊË éèêë", "eeee eeee");
    row("Łukasz Żółć", "lukasz zolc");
    row("Straße STRASSE", "strasse strasse");
    row("GROẞ", "gross");
    row("Ærø Œuvre", "aero oeuvre");
    row("Søren Sørensen", "soren sorensen");
    row("Þórður Guðmundsson", "thordur gudmundsson");
    row("Đorđe Ðuro", "dorde duro");
    row("Iı İi", "ii ii");
    row("Ħamrun Ŋa", "hamrun na");
    row("Nguyễn Thị Ái", "nguyen thi ai");
    row("Čapek Dvořák ŘŠŽ", "capek dvorak rsz");
    row("Šťastný", "stastny");
    row("ﬁn", "fin");
    row("Ｆｕｌｌ　１２", "full 12");
    row("x²", "x2");
    row("Ⅳ", "iv");

    row("Παπαδόπουλος", "παπαδοπουλοσ");
    row("ΠΑΠΑΔΟΠΟΥΛΟΣ", "παπαδοπουλοσ");
    row("ᾼ", "α");
    row("Ёлкин Йод", "елкин иод");
    row("محمّد", "محمد");
    row("٠١٢ ۳۴ १२", "012 34 12");
    row("गुरु", "गुरु");
    row("Ra\u00ADmon Ra\u200Dmon", "ramon ramon");
    row("«Zoë» — “Ana”", "zoe ana");
    row("A\u00A0B", "a b");
    row("😀 Ana", "ana");
    row("Ana \xFF\xC3", "ana");
}

void TestTextFold::texts_areFolded()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, folded);
    QCOMPARE(QByteArray::fromStdString(foldForSearch(text.toStdString())), folded);
    QCOMPARE(QByteArray::fromStdString(foldForSearch(folded.toStdString())), folded);
}

void TestTextFold::composedAndDecomposed_foldAlike()
{
    const QString name = QStringLiteral("Nguyễn Özgür Łódź Ångström");
    for (const auto form : {QString::NormalizationForm_C, QString::NormalizationForm_D,
                            QString::NormalizationForm_KC, QString::NormalizationForm_KD})
        QCOMPARE(foldForSearch(name.normalized(form).toStdString()), "nguyen ozgur lodz angstrom");
}

void TestTextFold::folding_isIdempotent()
{
    // Every character on its own: their tables hold the exceptions.
    for (char32_t c = 1; c < 0x30000; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        const std::string folded = foldForSearch(QString::fromUcs4(&c, 1).toStdString());
        QVERIFY2(foldForSearch(folded) == folded, qPrintable(QString::number(c, 16)));
    }
}

void TestTextFold::anyBytes_foldToWordsOneSpaceApart()
{
    QVERIFY(rc::check("words", [](const std::string& bytes) {
        const std::string folded = foldForSearch(bytes);
        RC_ASSERT(folded.find("  ") == std::string::npos);
        RC_ASSERT(!folded.starts_with(' ') && !folded.ends_with(' '));
        RC_ASSERT(foldForSearch(bytes + " " + bytes) == (folded.empty() ? "" : folded + " " + folded));
    }));
}

QTEST_GUILESS_MAIN(TestTextFold)

#include "tst_text_fold.moc"
