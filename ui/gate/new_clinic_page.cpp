// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gate/new_clinic_page.h"

#include "ui/gate/gate_card.h"
#include "ui/gate/strength_bar.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/password_edit.h"
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
    , m_password(new PasswordEdit)
    , m_again(new PasswordEdit)
    , m_strength(new StrengthBar)
    , m_clinicNameField(new Field(tr("Name of the clinic"), m_clinicName, QStringLiteral("clinicName")))
    , m_zoneField(new Field(tr("Time zone"), m_zone, QStringLiteral("timeZone")))
    , m_displayNameField(new Field(tr("Your name"), m_displayName, QStringLiteral("displayName")))
    , m_userNameField(new Field(tr("User name for signing in"), m_userName, QStringLiteral("newUserName")))
    , m_passwordField(new Field(tr("Password"), m_password, QStringLiteral("newPassword")))
    , m_againField(new Field(tr("Password again"), m_again, QStringLiteral("passwordAgain")))
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
    connect(m_again, &QLineEdit::returnPressed, this, &NewClinicPage::submit);
    connect(m_password, &QLineEdit::textChanged, this, [this] { checkPassword(false); });
    connect(m_password, &QLineEdit::editingFinished, this, [this] { checkPassword(true); });
    connect(m_again, &QLineEdit::textChanged, this, [this] { m_againField->setError({}); });
    connect(m_clinicName, &QLineEdit::textChanged, this, [this] { m_clinicNameField->setError({}); });
    connect(m_displayName, &QLineEdit::textChanged, this, [this] { m_displayNameField->setError({}); });
    connect(m_userName, &QLineEdit::textChanged, this, [this] { m_userNameField->setError({}); });
    connect(m_zone, &QComboBox::editTextChanged, this, [this] { m_zoneField->setError({}); });
    for (auto [edit, field] : {std::pair(m_password, m_passwordField), std::pair(m_again, m_againField)}) {
        connect(edit, &PasswordEdit::capsLockChanged, field, [field = field](bool on) {
            field->setWarning(on ? tr("Caps Lock seems to be on.") : QString());
        });
    }
    checkPassword(false);
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
    column->addWidget(m_passwordField);
    column->addWidget(m_strength);
    column->addWidget(m_againField);

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
    return QTimeZone::isTimeZoneIdAvailable(id) ? QTimeZone(id) : QTimeZone();
}

void NewClinicPage::checkPassword(bool finished)
{
    const QString password = m_password->text();
    const auto accepted = m_gate.checkPassword(password);
    m_strength->setPassword(password.size(), accepted.has_value());
    if (accepted || password.isEmpty()) {
        m_passwordField->setError({});
        m_passwordField->setHint(password.isEmpty()
                                     ? tr("At least 12 characters; a few words you remember are best.")
                                     : m_strength->words());
        return;
    }
    // While it is being typed, too short is no mistake yet.
    if (finished || accepted.error().context == "common") {
        m_passwordField->setError(sentence(accepted.error()));
    } else {
        m_passwordField->setError({});
        m_passwordField->setHint(
            tr("At least 12 characters: %n so far.", nullptr, static_cast<int>(password.size())));
    }
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
    checkPassword(true);
    if (m_password->text().isEmpty())
        m_passwordField->setError(tr("Choose a password of at least 12 characters."));
    m_againField->setError(m_again->text() == m_password->text() ? QString()
                                                                 : tr("The two passwords are not the same."));
    for (Field* field : {m_clinicNameField, m_zoneField, m_displayNameField, m_userNameField, m_passwordField,
                         m_againField}) {
        if (field->hasError()) {
            field->control()->setFocus();
            return false;
        }
    }
    return true;
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
    clinic.password = m_password->text();
    Q_EMIT submitted(clinic);
}

void NewClinicPage::showFailure(const Error& error)
{
    if (error.code == ErrorCode::WeakPassword) {
        m_passwordField->setError(sentence(error));
        m_password->setFocus();
        return;
    }
    m_note->say(Tone::Bad, sentence(error));
}

} // namespace yarrow
