// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/match_texts.h"

#include "ui/exchange/record_texts.h"
#include "ui/widgets/texts.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace yarrow {

namespace {

class MatchTexts
{
    Q_DECLARE_TR_FUNCTIONS(yarrow::MatchTexts)
public:
    static QString textOf(const MatchReason& reason);
    static QString familyName(MatchReason::Agreement agreement);
    static QString givenName(MatchReason::Agreement agreement);
    static QString birthDate(MatchReason::Agreement agreement);
};

using Agreement = MatchReason::Agreement;
using Field = MatchReason::Field;

QString MatchTexts::familyName(Agreement agreement)
{
    switch (agreement) {
    case Agreement::Same:
        return tr("same family name");
    case Agreement::Partly:
        return tr("one of the family names is the same");
    case Agreement::Differs:
        return tr("family name differs");
    case Agreement::Similar:
    case Agreement::Swapped:
        break;
    }
    return tr("similar family name");
}

QString MatchTexts::givenName(Agreement agreement)
{
    switch (agreement) {
    case Agreement::Same:
        return tr("same given name");
    case Agreement::Partly:
        return tr("given names agree in part");
    case Agreement::Differs:
        return tr("given name differs");
    case Agreement::Similar:
    case Agreement::Swapped:
        break;
    }
    return tr("similar given name");
}

QString MatchTexts::birthDate(Agreement agreement)
{
    switch (agreement) {
    case Agreement::Same:
        return tr("same birth date");
    case Agreement::Swapped:
        return tr("day and month of birth swapped");
    case Agreement::Similar:
        return tr("birth date differs in one digit");
    case Agreement::Partly:
        return tr("birth date agrees in part");
    case Agreement::Differs:
        break;
    }
    return tr("birth date differs");
}

QString MatchTexts::textOf(const MatchReason& reason)
{
    const bool isSame = reason.agreement == Agreement::Same;
    switch (reason.field) {
    case Field::FamilyName:
        return familyName(reason.agreement);
    case Field::GivenName:
        return givenName(reason.agreement);
    case Field::Names:
        return tr("family and given name swapped");
    case Field::BirthDate:
        return birthDate(reason.agreement);
    case Field::Sex:
        return isSame ? QString() : tr("sex differs"); // half of all people have the same
    case Field::Phone:
        return isSame                                   ? tr("same phone")
               : reason.agreement == Agreement::Similar ? tr("phone differs in one digit")
                                                        : tr("phone differs");
    case Field::Email:
        return isSame ? tr("same e-mail") : tr("e-mail differs");
    case Field::Address:
        return isSame                                  ? tr("same address")
               : reason.agreement == Agreement::Partly ? tr("same town")
                                                       : tr("address differs");
    case Field::Number:
        return isSame                                   ? tr("same number")
               : reason.agreement == Agreement::Similar ? tr("number differs in one digit")
                                                        : tr("number differs");
    }
    return {};
}

} // namespace

QString reasonsText(const std::vector<MatchReason>& reasons)
{
    QStringList texts;
    // What is the same comes first: that is why somebody is shown at all.
    for (const bool speaksFor : {true, false}) {
        for (const MatchReason& reason : reasons) {
            const QString text = (reason.agreement != Agreement::Differs) == speaksFor
                                     ? MatchTexts::textOf(reason)
                                     : QString();
            if (!text.isEmpty())
                texts << text;
        }
    }
    QString sentence = texts.join(QStringLiteral(", "));
    if (!sentence.isEmpty())
        sentence[0] = sentence[0].toUpper();
    return sentence;
}

UnmergedText unmergedText(const Result<QStringList>& changedSince)
{
    if (!changedSince)
        return {changedSince.error().code == ErrorCode::NotFound
                    ? MatchTexts::tr(
                          "How these records were merged is not known here, so it cannot be taken back.")
                    : sentence(changedSince.error()),
                true, false};
    if (changedSince->isEmpty())
        return {MatchTexts::tr("The merge is taken back; both records are as they were."), false, true};
    // Elements of a patient ("telecom") and records ("Appointment/7"), each kind once.
    QStringList words;
    for (const QString& one : *changedSince)
        words << (one.contains(u'/') ? typeText(one.section(u'/', 0, 0)) : memberText(one));
    words.removeDuplicates();
    return {MatchTexts::tr("The merge is taken back. Changed since, look at it: %1")
                .arg(QLocale().createSeparatedList(words)),
            false, false};
}

} // namespace yarrow
