// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/family_form.h"

#include "ui/calendar/patient_picker.h"
#include "ui/frame/tunables.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/form_draft.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QShortcut>
#include <QVBoxLayout>

namespace yarrow {
namespace {

QString draftNameOf(const RelatedPersonId& record, const PatientId& patient)
{
    const QString what = record.isEmpty() ? QStringLiteral("new") : QString::fromStdString(record.text());
    return QStringLiteral("family-%1/%2").arg(what, QString::fromStdString(patient.text()));
}

} // namespace

FamilyForm::FamilyForm(ClinicSession& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_title(makeLabel({}, TextStyle::Strong))
    , m_note(new NoteBox)
    , m_other(new QCheckBox(tr("Not a patient of the clinic")))
    , m_member(new PatientPicker(session))
    , m_memberField(new Field(tr("Who"), m_member, QStringLiteral("familyMember")))
    , m_relation(new QComboBox)
    , m_family(new QLineEdit)
    , m_given(new QLineEdit)
    , m_phone(new QLineEdit)
    , m_birthDate(new QLineEdit)
    , m_familyField(new Field(tr("Family name"), m_family, QStringLiteral("familyFamily")))
    , m_phoneField(new Field(tr("Phone"), m_phone, QStringLiteral("familyPhone")))
    , m_birthDateField(new Field(tr("Birth date"), m_birthDate, QStringLiteral("familyBirthDate")))
    , m_person(new QWidget)
    , m_relationField(new Field(tr("Relation"), m_relation, QStringLiteral("familyRelation")))
    , m_mayBeTold(new QCheckBox(tr("May be told about this patient's appointments")))
    , m_patientMayBeTold(new QCheckBox(tr("This patient may be told about theirs")))
    , m_save(makeButton(tr("Save"), ButtonKind::Primary, QStringLiteral("saveFamily")))
{
    setObjectName(QStringLiteral("familyForm"));
    m_note->setObjectName(QStringLiteral("familyFormNote"));
    m_other->setObjectName(QStringLiteral("familyOther"));
    m_mayBeTold->setObjectName(QStringLiteral("familyMayBeTold"));
    m_patientMayBeTold->setObjectName(QStringLiteral("familyPatientMayBeTold"));
    m_relation->setPlaceholderText(tr("Choose…"));
    layOut();
    connectEdits();
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, &FamilyForm::submit);
    }
    m_draftPause.setSingleShot(true);
    m_draftPause.setInterval(tunables::kDraftDelay);
    connect(&m_draftPause, &QTimer::timeout, this, &FamilyForm::saveDraft);
}

void FamilyForm::layOut()
{
    const Theme& theme = Theme::current();
    auto* given = new Field(tr("Given names"), m_given, QStringLiteral("familyGiven"));
    auto* names = new QHBoxLayout;
    names->setSpacing(theme.space(3));
    names->addWidget(m_familyField, 1, Qt::AlignTop);
    names->addWidget(given, 1, Qt::AlignTop);
    auto* reach = new QHBoxLayout;
    reach->setSpacing(theme.space(3));
    reach->addWidget(m_phoneField, 1, Qt::AlignTop);
    reach->addWidget(m_birthDateField, 1, Qt::AlignTop);
    auto* person = new QVBoxLayout(m_person);
    person->setContentsMargins(0, 0, 0, 0);
    person->setSpacing(theme.space(2));
    person->addLayout(names);
    person->addLayout(reach);

    auto* close = makeButton(tr("Close"), ButtonKind::Normal, QStringLiteral("closeFamily"));
    close->setToolTip(tr("What is typed stays as a draft (Esc)"));
    m_save->setToolTip(tr("Ctrl+Enter"));
    auto* foot = new QHBoxLayout;
    foot->setSpacing(theme.space(2));
    foot->addStretch(1);
    foot->addWidget(close);
    foot->addWidget(m_save);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, theme.space(2), 0, 0);
    column->setSpacing(theme.space(2));
    column->addWidget(makeLine());
    column->addWidget(m_title);
    column->addWidget(m_note);
    column->addWidget(m_memberField);
    column->addWidget(m_other);
    column->addWidget(m_person);
    column->addWidget(m_relationField);
    column->addWidget(m_mayBeTold);
    column->addWidget(m_patientMayBeTold);
    column->addLayout(foot);
    connect(close, &QPushButton::clicked, this, &FamilyForm::close);
    connect(m_save, &QPushButton::clicked, this, &FamilyForm::submit);
    connect(m_note, &NoteBox::actionTriggered, this, &FamilyForm::startOver);
}

void FamilyForm::connectEdits()
{
    connect(m_other, &QCheckBox::toggled, this, [this] {
        showKind();
        edited();
    });
    connect(m_member, &PatientPicker::changed, this, [this] {
        m_memberField->setError({});
        edited();
    });
    connect(m_member, &PatientPicker::picked, this, [this] { m_relation->setFocus(); });
    connect(m_relation, &QComboBox::currentIndexChanged, this, [this] {
        m_relationField->setError({});
        edited();
    });
    for (QCheckBox* box : {m_mayBeTold, m_patientMayBeTold})
        connect(box, &QCheckBox::toggled, this, &FamilyForm::edited);
    for (QLineEdit* edit : {m_family, m_given, m_phone, m_birthDate})
        connect(edit, &QLineEdit::textChanged, this, [this] {
            for (Field* field : {m_familyField, m_phoneField, m_birthDateField})
                field->setError({});
            edited();
        });
}

void FamilyForm::startNew(const PatientId& patient)
{
    m_title->setText(tr("Add to the family"));
    start(patient, {});
    (isOther() ? static_cast<QWidget*>(m_family) : m_member)->setFocus();
}

void FamilyForm::startEdit(const PatientId& patient, const FamilyRow& row)
{
    m_title->setText(tr("Change %1", "name of a person").arg(row.name()));
    start(patient, row);
    (isOther() ? static_cast<QWidget*>(m_family) : m_relation)->setFocus();
}

void FamilyForm::start(const PatientId& patient, const FamilyRow& row)
{
    ++m_asked;
    m_patient = patient;
    m_row = row;
    load();
    if (const auto kept = readFormDraft(m_session.draft(draftName()))) {
        m_loading = true;
        showFields(mergedFields(kept->base, kept->typed, m_clean));
        m_loading = false;
        if (isDirty()) {
            m_note->say(Tone::Info, tr("This was typed earlier and is not saved yet."));
            m_note->setAction(tr("Start over"));
        }
    }
}

void FamilyForm::showKind()
{
    // Who it is is settled once the record is there.
    m_other->setVisible(isNew());
    m_memberField->setVisible(isNew() && !isOther());
    m_person->setVisible(isOther());
    m_patientMayBeTold->setVisible(!isOther()); // who is no patient has no appointments
}

bool FamilyForm::isOther() const
{
    return m_other->isChecked();
}

bool FamilyForm::isDirty() const
{
    return fields() != m_clean;
}

void FamilyForm::edited()
{
    if (!m_loading)
        m_draftPause.start();
}

void FamilyForm::saveDraft()
{
    m_draftPause.stop();
    m_session.saveDraft(draftName(),
                        isDirty() ? writeFormDraft({QString::number(m_row.revision), m_clean, fields()})
                                  : QByteArray());
}

void FamilyForm::startOver()
{
    m_session.saveDraft(draftName(), {});
    load();
    (isOther() ? static_cast<QWidget*>(m_family)
     : isNew() ? static_cast<QWidget*>(m_member)
               : m_relation)
        ->setFocus();
}

bool FamilyForm::hasDraft(const ClinicSession& session, const PatientId& patient)
{
    return readFormDraft(session.draft(draftNameOf({}, patient))).has_value();
}

QString FamilyForm::draftName() const
{
    return draftNameOf(m_row.person.id, m_patient);
}

QDate FamilyForm::today() const
{
    return localTime(m_session.clock().now(), m_session.zone()).date();
}

void FamilyForm::setBusy(bool busy)
{
    m_busy = busy;
    m_save->setEnabled(!busy);
}

void FamilyForm::close()
{
    saveDraft();
    Q_EMIT closeRequested();
}

void FamilyForm::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        close();
    else
        QWidget::keyPressEvent(event);
}

void FamilyForm::submit()
{
    if (m_busy)
        return;
    if (isNew() && !isOther())
        savePatient();
    else
        savePerson();
}

void FamilyForm::savePatient()
{
    if (!m_member->patient() && !m_member->takeTyped()) {
        m_memberField->setError(tr("Choose who it is, or tick that they are no patient here."));
        m_member->setFocus();
        return;
    }
    const PatientRow member = *m_member->patient();
    if (member.id == m_patient) {
        m_memberField->setError(tr("This is the patient whose family it is."));
        return;
    }
    if (!relation()) {
        m_relationField->setError(tr("Choose what they are to the patient."));
        m_relation->setFocus();
        return;
    }
    setBusy(true);
    m_session.family().addPatient(m_patient, member.id, *relation(), told(), this, finish(member.name));
}

void FamilyForm::savePerson()
{
    RelatedPerson person = m_row.person;
    if (isNew())
        person.patient = m_patient;
    if (isOther() && !check(person))
        return;
    const Relation chosen = relation().value_or(m_row.relation);
    if (isNew() || chosen != m_row.relation)
        person.relation = m_row.isReciprocal ? inverse(chosen) : chosen;
    person.told = m_row.isReciprocal ? inverse(told()) : told();
    QString name = m_row.name();
    if (isOther())
        name = formatName(*displayName(person.names));
    setBusy(true);
    m_session.family().savePerson(person, m_row.revision, this, finish(name));
}

/// The answer to what is saved now. The form may be about somebody else by then: that one's draft goes, or
/// stays to be opened again, and what is shown now is left alone.
std::function<void(const Result<RelatedPersonId>&)> FamilyForm::finish(const QString& name)
{
    return [this, name, asked = m_asked, draft = draftName()](const Result<RelatedPersonId>& result) {
        if (asked == m_asked)
            return finished(name, result);
        if (!result)
            return;
        if (draft != draftName())
            m_session.saveDraft(draft, {});
        Q_EMIT savedEarlier(name);
    };
}

void FamilyForm::finished(const QString& name, const Result<RelatedPersonId>& result)
{
    setBusy(false);
    if (result) {
        m_draftPause.stop();
        m_session.saveDraft(draftName(), {});
        m_clean = fields();
        Q_EMIT saved(name);
        return;
    }
    saveDraft();
    QString why = sentence(result.error());
    if (result.error().code == ErrorCode::AlreadyExists)
        why = tr("%1 is of this family already.").arg(name);
    else if (result.error().code == ErrorCode::Stale)
        why =
            tr("Somebody else has just changed this. Close the form and open it again: what you typed comes "
               "back over what it is now.");
    m_note->setAction({});
    m_note->say(Tone::Warn, why);
}

} // namespace yarrow
