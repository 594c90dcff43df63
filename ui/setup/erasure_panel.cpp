// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/erasure_panel.h"

#include "ui/calendar/patient_picker.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace yarrow {

namespace {

constexpr int kWidest = 640; ///< at 100 %

QString failureText(const Error& error)
{
    if (error.code == ErrorCode::Unsupported)
        return ErasurePanel::tr("This workstation exchanges with a server that has to erase its own copy "
                                "first. Ask who runs it, then come back.");
    return sentence(error);
}

QString doneText(const ErasureOutcome& outcome)
{
    if (outcome.isRequested)
        return ErasurePanel::tr("The server is asked with the next exchange. It erases the patient at all "
                                "workstations; until then nothing has happened.");
    QStringList said{ErasurePanel::tr("%n record(s) are erased.", nullptr, outcome.erased)};
    if (outcome.keptByLaw > 0)
        said << ErasurePanel::tr("%n record(s) of payments stay, as the law demands.", nullptr,
                                 outcome.keptByLaw);
    if (outcome.keptForOthers > 0)
        said << ErasurePanel::tr("%n record(s) stay because they are about other patients as well.", nullptr,
                                 outcome.keptForOthers);
    if (outcome.tracesRemain)
        said << ErasurePanel::tr("Another program reads the database: the last traces go when it is next "
                                 "opened.");
    return said.join(u' ');
}

} // namespace

ErasurePanel::ErasurePanel(ClinicSession& session, QWidget* parent)
    : SidePanel(tr("Erase a patient"), parent)
    , m_session(session)
    , m_note(new NoteBox)
    , m_patient(new PatientPicker(session))
    , m_ground(new QLineEdit)
    , m_reason(new QLineEdit)
    , m_confirmation(new QLineEdit)
    , m_patientField(new Field(tr("Patient"), m_patient, QStringLiteral("erasurePatient")))
    , m_groundField(new Field(tr("Legal ground"), m_ground, QStringLiteral("erasureGround")))
    , m_reasonField(new Field(tr("Reason"), m_reason, QStringLiteral("erasureReason")))
    , m_confirmationField(
          new Field(tr("Confirmation"), m_confirmation, QStringLiteral("erasureConfirmation")))
    , m_requests(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
    , m_erase(makeButton(tr("Erase for good"), ButtonKind::Danger, QStringLiteral("erasePatient")))
{
    setObjectName(QStringLiteral("erasurePanel"));
    setClosable(false);
    m_note->setObjectName(QStringLiteral("erasureNote"));
    m_requests->setObjectName(QStringLiteral("erasureRequests"));
    body()->parentWidget()->setMaximumWidth(Theme::current().px(kWidest));
    body()->addWidget(m_note);
    body()->addWidget(makeParagraph(
        tr("All records about this patient alone are erased, here and wherever this clinic keeps them. They "
           "cannot be brought back, not from an import either. Payments stay as long as the law demands."),
        TextStyle::Body));
    body()->addWidget(m_patientField);
    body()->addWidget(m_groundField);
    body()->addWidget(m_reasonField);
    body()->addWidget(m_confirmationField);
    body()->addWidget(m_requests);
    body()->addStretch(1);
    m_groundField->setHint(tr("For the audit, like GDPR article 17. No names."));
    m_reasonField->setHint(tr("For the audit. No names."));
    foot()->addStretch(1);
    foot()->addWidget(m_erase);
    connect(m_patient, &PatientPicker::changed, this, &ErasurePanel::showWanted);
    connect(m_patient, &PatientPicker::picked, m_ground, [this] { m_ground->setFocus(Qt::TabFocusReason); });
    connect(m_erase, &QPushButton::clicked, this, &ErasurePanel::submit);
    for (Field* field : {m_groundField, m_reasonField, m_confirmationField})
        connect(static_cast<QLineEdit*>(field->control()), &QLineEdit::textEdited, field,
                [field] { field->setError({}); });
    showWanted();
}

void ErasurePanel::focusFirst()
{
    m_patient->setFocus(Qt::TabFocusReason);
}

QString ErasurePanel::wanted() const
{
    const auto& patient = m_patient->patient();
    if (!patient)
        return {};
    return patient->mrn.isEmpty() ? patient->name : patient->mrn;
}

void ErasurePanel::showWanted()
{
    m_patientField->setError({});
    m_confirmationField->setError({});
    m_confirmation->clear();
    m_confirmationField->setHint(wanted().isEmpty()
                                     ? tr("Choose the patient first.")
                                     : tr("Type “%1”, so that it is surely this patient.").arg(wanted()));
}

void ErasurePanel::submit()
{
    QWidget* wrong = nullptr;
    const auto refuse = [&wrong](Field* field, const QString& text) {
        field->setError(text);
        wrong = wrong == nullptr ? field->control() : wrong;
    };
    if (wanted().isEmpty())
        refuse(m_patientField, tr("Choose the patient who is to be erased."));
    if (m_ground->text().trimmed().isEmpty())
        refuse(m_groundField, tr("An erasure needs its legal ground."));
    if (m_reason->text().trimmed().isEmpty())
        refuse(m_reasonField, tr("An erasure needs a reason."));
    if (!wanted().isEmpty() && m_confirmation->text().trimmed() != wanted())
        refuse(m_confirmationField, tr("Type “%1” to confirm.").arg(wanted()));
    if (wrong != nullptr) {
        wrong->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_erase->setEnabled(false);
    m_session.erasures().erase(m_patient->patient()->id, m_ground->text().trimmed(),
                               m_reason->text().trimmed(), this,
                               [this](const Result<ErasureOutcome>& outcome) { finish(outcome); });
}

void ErasurePanel::finish(const Result<ErasureOutcome>& outcome)
{
    m_erase->setEnabled(true);
    if (!outcome) {
        m_note->say(Tone::Bad, failureText(outcome.error()));
        return;
    }
    clear();
    m_note->say(outcome->isRequested ? Tone::Info : Tone::Good, doneText(*outcome));
    refresh();
}

void ErasurePanel::clear()
{
    m_patient->setPatient({});
    m_ground->clear();
    m_reason->clear();
    showWanted();
}

void ErasurePanel::refresh()
{
    m_session.erasures().requests(this, [this](const Result<std::vector<ErasureRow>>& rows) {
        QStringList lines;
        for (const ErasureRow& row : rows ? *rows : std::vector<ErasureRow>()) {
            const QString asked = row.at ? dateText(localTime(*row.at, m_session.zone()).date()) : QString();
            lines << joinFacts({row.refusal.isEmpty()
                                    ? tr("The server is still to erase a patient.")
                                    : tr("The server refused to erase a patient (%1).").arg(row.refusal),
                                row.legalGround, asked});
        }
        m_requests->setText(rows ? lines.join(u'\n') : sentence(rows.error()));
        m_requests->setVisible(!m_requests->text().isEmpty());
    });
}

} // namespace yarrow
