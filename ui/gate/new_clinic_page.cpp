// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gate/new_clinic_page.h"

#include "ui/gate/gate_card.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/new_password.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"

#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace yarrow {

NewClinicPage::NewClinicPage(ClinicGate& gate, QWidget* parent)
    : QWidget(parent)
    , m_gate(gate)
    , m_clinicName(new QLineEdit)
    , m_zone(new QComboBox)
    , m_displayName(new QLineEdit)
    , m_userName(new QLineEdit)
    , m_password(new NewPassword(tr("Password"),
                                 [&gate](const QString& password) { return gate.checkPassword(password); }))
    , m_clinicNameField(new Field(tr("Name of the clinic"), m_clinicName, QStringLiteral("clinicName")))
    , m_zoneField(new Field(tr("Time zone"), m_zone, QStringLiteral("timeZone")))
    , m_displayNameField(new Field(tr("Your name"), m_displayName, QStringLiteral("displayName")))
    , m_userNameField(new Field(tr("User name for signing in"), m_userName, QStringLiteral("newUserName")))
    , m_note(new NoteBox)
    , m_submit(makeButton(tr("Create the clinic"), ButtonKind::Primary, QStringLiteral("createClinic")))
{
    const QList<QByteArray> zones = QTimeZone::availableTimeZoneIds();
    for (const QByteArray& id : zones) {
        if (id.contains('/') && !id.startsWith("Etc/"))
            m_zone->addItem(QString::fromLatin1(id));
    }
    m_zone->setEditable(true);
    m_zone->setInsertPolicy(QComboBox::NoInsert);
    m_zone->completer()->setFilterMode(Qt::MatchContains);
    m_zone->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_zone->lineEdit()->setObjectName(QStringLiteral("timeZoneText"));
    m_zone->lineEdit()->setAccessibleName(tr("Time zone"));
    m_zone->setCurrentText(QString::fromLatin1(QTimeZone::systemTimeZoneId()));
    buildForm();

    connect(m_submit, &QPushButton::clicked, this, &NewClinicPage::submit);
    connect(m_password, &NewPassword::submitted, this, &NewClinicPage::submit);
    connect(m_clinicName, &QLineEdit::textChanged, this, [this] { m_clinicNameField->setError({}); });
    connect(m_displayName, &QLineEdit::textChanged, this, [this] { m_displayNameField->setError({}); });
    connect(m_userName, &QLineEdit::textChanged, this, [this] { m_userNameField->setError({}); });
    connect(m_zone, &QComboBox::editTextChanged, this, [this] { m_zoneField->setError({}); });
}

void NewClinicPage::buildForm()
{
    const Theme& theme = Theme::current();
    QVBoxLayout* column = makeGateCard(this, 560);
    column->addWidget(makeLabel(tr("A new clinic"), TextStyle::Heading));
    column->addWidget(m_clinicNameField);
    m_zoneField->setHint(tr("All times on screen are in this zone. Type a city to search."));
    column->addWidget(m_zoneField);
    column->addSpacing(theme.space(1));
    column->addWidget(makeLine());
    column->addWidget(makeLabel(tr("You, its administrator"), TextStyle::Heading));
    auto* names = new QHBoxLayout;
    names->setSpacing(theme.space(3));
    names->addWidget(m_displayNameField, 1, Qt::AlignTop);
    names->addWidget(m_userNameField, 1, Qt::AlignTop);
    m_displayNameField->setHint(tr("As colleagues know you."));
    m_userNameField->setHint(tr("Letters, digits and . - _ @"));
    column->addLayout(names);
    column->addWidget(m_password);

    auto* keys = new NoteBox;
    keys->setObjectName(QStringLiteral("keyStoreNote"));
    column->addWidget(keys);
    keys->say(Tone::Plain, m_gate.hasKeyStore() ? tr("The data will be encrypted. Your password together "
                                                     "with the key store of this computer opens "
                                                     "it: a copied disk alone does not.")
                                                : tr("The data will be encrypted. This computer has no key "
                                                     "store, so your password alone opens it: "
                                                     "choose a long one."));
    m_note->setObjectName(QStringLiteral("newClinicNote"));
    column->addWidget(m_note);

    auto* buttons = new QHBoxLayout;
    auto* back = makeButton(tr("Back"), ButtonKind::Normal, QStringLiteral("backToFirstRun"));
    buttons->addWidget(back);
    buttons->addStretch(1);
    buttons->addWidget(m_submit);
    column->addLayout(buttons);
    connect(back, &QPushButton::clicked, this, &NewClinicPage::backRequested);
}

void NewClinicPage::focusFirst()
{
    m_clinicName->setFocus();
}

QTimeZone NewClinicPage::zone() const
{
    const QByteArray id = m_zone->currentText().trimmed().toLatin1();
    // The list has the zones of countries; a machine may stand in another one, like Etc/UTC.
    const bool isKnown = QTimeZone::isTimeZoneIdAvailable(id) || id == QTimeZone::systemTimeZoneId();
    return isKnown ? QTimeZone(id) : QTimeZone();
}

bool NewClinicPage::checkAll()
{
    static const QRegularExpression kUserName(QStringLiteral("^[\\p{L}\\p{Nd}._@-]{1,64}$"));
    m_clinicNameField->setError(m_clinicName->text().trimmed().isEmpty() ? tr("Type the name of the clinic.")
                                                                         : QString());
    m_zoneField->setError(zone().isValid() ? QString() : tr("Choose a zone of the list, like Europe/Rome."));
    m_displayNameField->setError(m_displayName->text().trimmed().isEmpty() ? tr("Type your name.")
                                                                           : QString());
    m_userNameField->setError(kUserName.match(m_userName->text().trimmed()).hasMatch()
                                  ? QString()
                                  : tr("Use 1 to 64 letters, digits and . - _ @, without spaces."));
    QWidget* wrong = m_password->wrong();
    for (Field* field : {m_userNameField, m_displayNameField, m_zoneField, m_clinicNameField})
        wrong = field->hasError() ? field->control() : wrong;
    if (wrong != nullptr)
        wrong->setFocus();
    return wrong == nullptr;
}

void NewClinicPage::submit()
{
    m_note->say(Tone::Plain, {});
    if (!checkAll())
        return;
    ClinicGate::NewClinic clinic;
    clinic.clinicName = m_clinicName->text().trimmed();
    clinic.zone = zone();
    clinic.displayName = m_displayName->text().trimmed();
    clinic.userName = m_userName->text().trimmed();
    clinic.password = m_password->password();
    Q_EMIT submitted(clinic);
}

void NewClinicPage::showFailure(const Error& error)
{
    if (error.code == ErrorCode::WeakPassword) {
        m_password->refuse(sentence(error));
        return;
    }
    m_note->say(Tone::Bad, sentence(error));
}

} // namespace yarrow
