// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/patient_form.h"

#include "ui/frame/tunables.h"
#include "ui/patients/birth_date_text.h"
#include "ui/patients/contact_editor.h"
#include "ui/patients/duplicate_warning.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {

namespace {

QString draftNameOf(const PatientId& id)
{
    return id.isEmpty() ? QStringLiteral("patient/new")
                        : QLatin1String("patient/") + QString::fromStdString(id.text());
}

} // namespace

PatientForm::PatientForm(ClinicSession& session, QWidget* parent)
    : SidePanel({}, parent)
    , m_session(session)
    , m_note(new NoteBox)
    , m_duplicates(new DuplicateWarning(session))
    , m_given(new QLineEdit)
    , m_family(new QLineEdit)
    , m_birthDate(new QLineEdit)
    , m_sex(new QComboBox)
    , m_phones(new ContactEditor(ContactPoint::System::Phone))
    , m_emails(new ContactEditor(ContactPoint::System::Email))
    , m_street(new QLineEdit)
    , m_postalCode(new QLineEdit)
    , m_city(new QLineEdit)
    , m_country(new QLineEdit)
    , m_givenField(new Field(tr("Given names"), m_given, QStringLiteral("given")))
    , m_familyField(new Field(tr("Family name"), m_family, QStringLiteral("family")))
    , m_birthDateField(new Field(tr("Birth date"), m_birthDate, QStringLiteral("birthDate")))
    , m_postalCodeField(new Field(tr("Postal code"), m_postalCode, QStringLiteral("postalCode")))
    , m_save(makeButton(tr("Save"), ButtonKind::Primary, QStringLiteral("savePatient")))
{
    setObjectName(QStringLiteral("patientForm"));
    for (const Sex sex : {Sex::Unknown, Sex::Female, Sex::Male, Sex::Other})
        m_sex->addItem(sexText(sex), static_cast<int>(sex));
    buildForm();

    for (QLineEdit* edit : {m_given, m_family, m_birthDate, m_street, m_postalCode, m_city, m_country})
        connect(edit, &QLineEdit::textEdited, this, &PatientForm::edited);
    connect(m_sex, &QComboBox::activated, this, &PatientForm::edited);
    connect(m_phones, &ContactEditor::edited, this, &PatientForm::edited);
    connect(m_emails, &ContactEditor::edited, this, &PatientForm::edited);
    connect(m_given, &QLineEdit::textEdited, this, [this] {
        m_givenField->setError({});
        m_familyField->setError({});
    });
    connect(m_family, &QLineEdit::textEdited, this, [this] {
        m_givenField->setError({});
        m_familyField->setError({});
    });
    connect(m_birthDate, &QLineEdit::textChanged, this, &PatientForm::echoBirthDate);
    connect(m_postalCode, &QLineEdit::textEdited, this, [this] { m_postalCodeField->setError({}); });
    connect(m_save, &QPushButton::clicked, this, &PatientForm::submit);
    connect(m_duplicates, &DuplicateWarning::patientRequested, this, &PatientForm::patientRequested);
    connect(m_note, &NoteBox::actionTriggered, this, [this] {
        if (m_noteAction == NoteAction::Reload)
            reload();
        else
            startOver();
    });
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, &PatientForm::submit);
    }
    m_draftPause.setSingleShot(true);
    m_draftPause.setInterval(tunables::kDraftDelay);
    connect(&m_draftPause, &QTimer::timeout, this, &PatientForm::saveDraft);
}

void PatientForm::buildForm()
{
    const Theme& theme = Theme::current();
    const auto beside = [&](QWidget* a, int aShare, QWidget* b, int bShare) {
        auto* row = new QHBoxLayout;
        row->setSpacing(theme.space(3));
        row->addWidget(a, aShare, Qt::AlignTop);
        row->addWidget(b, bShare, Qt::AlignTop);
        body()->addLayout(row);
    };
    m_note->setObjectName(QStringLiteral("formNote"));
    body()->addWidget(m_note);
    beside(m_familyField, 1, m_givenField, 1);
    beside(m_birthDateField, 1, new Field(tr("Sex"), m_sex, QStringLiteral("sex")), 1);
    body()->addWidget(m_duplicates);
    body()->addSpacing(theme.space(2));
    body()->addWidget(makeLabel(tr("Contact"), TextStyle::Strong));
    body()->addWidget(m_phones);
    body()->addWidget(m_emails);
    body()->addSpacing(theme.space(2));
    body()->addWidget(makeLabel(tr("Address"), TextStyle::Strong));
    body()->addWidget(new Field(tr("Street and number"), m_street, QStringLiteral("street")));
    beside(m_postalCodeField, 1, new Field(tr("Town"), m_city, QStringLiteral("city")), 2);
    body()->addWidget(new Field(tr("Country"), m_country, QStringLiteral("country")));
    body()->addStretch(1);

    auto* close = makeButton(tr("Close"), ButtonKind::Normal, QStringLiteral("closeForm"));
    close->setToolTip(tr("What is typed stays as a draft (Esc)"));
    m_save->setToolTip(tr("Ctrl+Enter"));
    foot()->addStretch(1);
    foot()->addWidget(close);
    foot()->addWidget(m_save);
    connect(close, &QPushButton::clicked, this, &SidePanel::closeRequested);
}

void PatientForm::startNew()
{
    setTitle(tr("New patient"));
    start({}, 0);
}

void PatientForm::startEdit(const PatientRecord& record)
{
    setTitle(tr("Edit patient"));
    start(record.patient, record.revision);
}

void PatientForm::start(const Patient& patient, std::int64_t revision)
{
    m_patient = patient;
    m_revision = revision;
    m_base = valuesOf(patient, dateText(patient.birthDate));
    setBusy(false);
    const auto draft = readDraft(m_session.draft(draftName()));
    if (!draft) {
        setValues(m_base);
        say(Tone::Plain, {}, NoteAction::None, {});
        return;
    }
    if (draft->revision == revision) {
        setValues(draft->typed);
        say(Tone::Info, tr("This was typed earlier and is not saved yet."), NoteAction::StartOver,
            tr("Start over"));
    } else {
        setValues(merged(draft->base, draft->typed, m_base));
        say(Tone::Warn,
            tr("This was typed earlier and is not saved yet. The record has changed since: check before you "
               "save."),
            NoteAction::StartOver, tr("Start over"));
    }
}

void PatientForm::setValues(const PatientFormValues& values)
{
    m_family->setText(values.family);
    m_given->setText(values.given);
    m_birthDate->setText(values.birthDate);
    m_sex->setCurrentIndex(std::max(0, m_sex->findData(static_cast<int>(values.sex))));
    m_phones->setLines(values.phones);
    m_emails->setLines(values.emails);
    m_street->setText(values.street);
    m_postalCode->setText(values.postalCode);
    m_city->setText(values.city);
    m_country->setText(values.country);
    for (Field* field : {m_familyField, m_givenField, m_postalCodeField})
        field->setError({});
    echoBirthDate();
    checkDuplicates();
}

PatientFormValues PatientForm::values() const
{
    PatientFormValues values;
    values.family = m_family->text();
    values.given = m_given->text();
    values.birthDate = m_birthDate->text();
    values.sex = static_cast<Sex>(m_sex->currentData().toInt());
    values.phones = m_phones->lines();
    values.emails = m_emails->lines();
    values.street = m_street->text();
    values.postalCode = m_postalCode->text();
    values.city = m_city->text();
    values.country = m_country->text();
    return values;
}

bool PatientForm::isDirty() const
{
    return values() != m_base;
}

void PatientForm::edited()
{
    m_draftPause.start();
    checkDuplicates();
}

void PatientForm::checkDuplicates()
{
    const PatientFormValues typed = values();
    if (!m_patient.id.isEmpty() || typed == m_base) {
        m_duplicates->clear();
        return;
    }
    Patient patient = applied(m_base, typed, m_patient);
    if (const auto date = readBirthDate(typed.birthDate, today(), QLocale()))
        patient.birthDate = *date;
    m_duplicates->check(patient);
}

void PatientForm::saveDraft()
{
    m_draftPause.stop();
    const PatientFormValues typed = values();
    m_session.saveDraft(draftName(),
                        typed == m_base ? QByteArray() : writeDraft({m_revision, m_base, typed}));
}

bool PatientForm::hasDraft(const ClinicSession& session, const PatientId& id)
{
    return readDraft(session.draft(draftNameOf(id))).has_value();
}

QString PatientForm::draftName() const
{
    return draftNameOf(m_patient.id);
}

QDate PatientForm::today() const
{
    return localTime(m_session.clock().now(), m_session.zone()).date();
}

void PatientForm::focusFirst()
{
    m_family->setFocus();
}

void PatientForm::echoBirthDate()
{
    m_birthDateField->setError({});
    const auto date = readBirthDate(m_birthDate->text(), today(), QLocale());
    if (!date) {
        m_birthDateField->setHint({});
    } else if (date->isEmpty()) {
        m_birthDateField->setHint(tr("Like %1; may stay empty.").arg(dateText(QDate(1958, 3, 24))));
    } else {
        const QString age = ageText(*date, today());
        m_birthDateField->setHint(joinFacts({longDateText(*date), age}));
    }
}

bool PatientForm::check(Patient& patient)
{
    const PatientFormValues typed = values();
    patient = applied(m_base, typed, m_patient);
    std::vector<QWidget*> wrong;

    for (Field* field : {m_familyField, m_givenField, m_birthDateField, m_postalCodeField})
        field->setError({});
    const auto date = readBirthDate(typed.birthDate, today(), QLocale());
    if (date && typed.birthDate != m_base.birthDate)
        patient.birthDate = *date;

    for (const PatientProblem& problem : validate(patient, today())) {
        switch (problem.field) {
        case PatientProblem::Field::Family:
        case PatientProblem::Field::Given:
            m_familyField->setError(tr("A family name or a given name is needed."));
            wrong.push_back(m_family);
            break;
        case PatientProblem::Field::BirthDate:
            m_birthDateField->setError(problem.rule == PatientProblem::Rule::InFuture
                                           ? tr("This date is still to come.")
                                           : tr("This date is more than 130 years back."));
            wrong.push_back(m_birthDate);
            break;
        case PatientProblem::Field::PostalCode:
            m_postalCodeField->setError(tr("This is not a postal code."));
            wrong.push_back(m_postalCode);
            break;
        case PatientProblem::Field::Phone:
        case PatientProblem::Field::Email:
            break; // the editors say it beside the line that is meant
        }
    }
    if (!date) {
        m_birthDateField->setError(
            tr("Write the date like %1, or only the year.").arg(dateText(QDate(1958, 3, 24))));
        wrong.push_back(m_birthDate);
    }
    if (QWidget* phone = m_phones->check(today()))
        wrong.push_back(phone);
    if (QWidget* email = m_emails->check(today()))
        wrong.push_back(email);
    if (wrong.empty())
        return true;
    wrong.front()->setFocus();
    return false;
}

void PatientForm::submit()
{
    if (m_busy)
        return;
    Patient patient;
    if (!check(patient))
        return;
    setBusy(true);
    m_session.savePatient(patient, m_revision, this,
                          [this](const Result<ClinicSession::Saved>& result) { finish(result); });
}

void PatientForm::finish(const Result<ClinicSession::Saved>& result)
{
    setBusy(false);
    if (result) {
        m_draftPause.stop();
        m_session.saveDraft(draftName(), {});
        const bool isNew = m_patient.id.isEmpty();
        m_base = values();
        for (const DuplicateRow& row : m_duplicates->shown())
            m_session.patientDesk().file(result->id, row.patient.id); // somebody looks at the two in quiet
        m_duplicates->clear();
        Q_EMIT saved(result->id, isNew);
        return;
    }
    saveDraft();
    if (result.error().code == ErrorCode::Stale)
        say(Tone::Warn,
            tr("Somebody changed this record while you were typing. Nothing is lost: take the changes over, "
               "then look "
               "and save again."),
            NoteAction::Reload, tr("Take over"));
    else
        say(Tone::Bad, sentence(result.error()), NoteAction::None, {});
    m_save->setFocus();
}

void PatientForm::reload()
{
    setBusy(true);
    m_session.viewPatient(m_patient.id, this, [this](const Result<PatientRecord>& record) {
        setBusy(false);
        if (record)
            takeOver(*record);
        else
            say(Tone::Bad, sentence(record.error()), NoteAction::None, {});
    });
}

void PatientForm::takeOver(const PatientRecord& record)
{
    const PatientFormValues theirs = valuesOf(record.patient, dateText(record.patient.birthDate));
    const PatientFormValues both = merged(m_base, values(), theirs);
    m_patient = record.patient;
    m_revision = record.revision;
    m_base = theirs;
    setValues(both);
    saveDraft();
    say(Tone::Info, tr("The changes were taken over. What you typed is still here: look and save."),
        NoteAction::None, {});
    focusFirst();
}

void PatientForm::startOver()
{
    setValues(m_base);
    saveDraft();
    say(Tone::Plain, {}, NoteAction::None, {});
    focusFirst();
}

void PatientForm::setBusy(bool busy)
{
    m_busy = busy;
    body()->parentWidget()->setEnabled(!busy);
    m_save->setEnabled(!busy);
    m_save->setText(busy ? tr("Saving…") : tr("Save"));
}

void PatientForm::say(Tone tone, const QString& text, NoteAction action, const QString& actionText)
{
    m_noteAction = action;
    m_note->setAction(actionText);
    m_note->say(tone, text);
}

} // namespace yarrow
