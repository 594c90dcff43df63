// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/patients_page.h"

#include "models/items/patient_desk.h"
#include "models/items/patient_list_model.h"
#include "ui/patients/duplicate_worklist.h"
#include "ui/patients/family_section.h"
#include "ui/patients/match_texts.h"
#include "ui/patients/patient_finder.h"
#include "ui/patients/patient_form.h"
#include "ui/patients/patient_view.h"
#include "ui/theme/theme.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QStackedWidget>

#include <algorithm>

namespace yarrow {

namespace {

// At 100 %.
constexpr int kFinderWidth = 380;
constexpr int kNarrowFinderWidth = 280;
constexpr int kFormWidth = 440;
constexpr int kNarrowFormWidth = 340;
constexpr int kLeastHeight = 320;
constexpr int kViewWidth = 460; ///< below it, the view makes room for the form
constexpr int kSearched = 20;   ///< for the tour

} // namespace

PatientsPage::PatientsPage(ClinicSession& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_finder(new PatientFinder(session))
    , m_middle(new QStackedWidget)
    , m_nobody(new EmptyState(
          QStringLiteral("user"), tr("No patient open"),
          tr("Type a part of the name, the birth date, the MRN or the phone number, then press "
             "Enter.")))
    , m_view(new PatientView(session))
    , m_duplicates(new DuplicateWorklist(session))
    , m_form(new PatientForm(session))
    , m_finderLine(makeUpright())
    , m_formLine(makeUpright())
    , m_new(new QAction(tr("New patient"), this))
    , m_edit(new QAction(tr("Edit this patient"), this))
{
    m_middle->addWidget(m_nobody);
    m_middle->addWidget(m_view);
    m_middle->addWidget(m_duplicates);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->setSizeConstraint(QLayout::SetNoConstraint); // arrange() sees to it that all that is shown has room
    row->addWidget(m_finder, 2);
    row->addWidget(m_finderLine);
    row->addWidget(m_middle, 3);
    row->addWidget(m_formLine);
    row->addWidget(m_form, 2);
    m_form->hide();
    m_formLine->hide();

    m_edit->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_E));
    m_edit->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_edit->setEnabled(false);
    m_new->setEnabled(session.allows(Operation::Create, Area::PatientIdentity));
    auto* relative = new QAction(tr("Add somebody to the family"), this);
    relative->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F));
    relative->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    relative->setEnabled(session.allows(Operation::Update, Area::PatientIdentity));
    connect(relative, &QAction::triggered, this, [this] {
        if (m_middle->currentWidget() == m_view && !m_middle->isHidden() && m_record && !m_mergedInto)
            m_view->family().startAdding();
    });
    bindToPage(*relative);
    bindToPage(*m_edit);
    addAction(relative);
    addAction(m_new);
    addAction(m_edit);
    connect(m_new, &QAction::triggered, this, &PatientsPage::startRegistration);
    connect(m_edit, &QAction::triggered, this, &PatientsPage::startEdit);

    connect(m_finder, &PatientFinder::patientChosen, this, &PatientsPage::openPatient);
    connect(m_finder, &PatientFinder::newPatientRequested, this, &PatientsPage::startRegistration);
    connect(m_view, &PatientView::editRequested, this, &PatientsPage::startEdit);
    connect(m_view, &PatientView::appointmentRequested, this, &Page::appointmentRequested);
    connect(m_view, &PatientView::patientRequested, this, &PatientsPage::openPatient);
    connect(m_view, &PatientView::unmergeRequested, this, &PatientsPage::takeMergeBack);
    connect(m_view, &PatientView::bookingRequested, this, [this] {
        if (m_record)
            Q_EMIT bookingRequested(m_record->patient.id);
    });
    connect(&m_view->family(), &FamilySection::patientRequested, this, &PatientsPage::openPatient);
    connect(&m_view->family(), &FamilySection::notice, this, &Page::notice);
    connect(&m_view->family(), &FamilySection::bookingRequested, this, [this] {
        if (m_record)
            Q_EMIT familyBookingRequested(m_record->patient.id);
    });
    connect(m_form, &SidePanel::closeRequested, this, &PatientsPage::closeForm);
    connect(m_form, &PatientForm::saved, this, [this](const PatientId& id, bool isNew) {
        closeForm();
        Q_EMIT notice(isNew ? tr("The patient is registered.") : tr("The changes are saved."));
        openPatient(id);
    });
    connect(m_finder, &PatientFinder::duplicatesRequested, this, &PatientsPage::openDuplicates);
    connect(m_duplicates, &DuplicateWorklist::patientRequested, this, &PatientsPage::openPatient);
    connect(m_duplicates, &DuplicateWorklist::closeRequested, this, [this] {
        m_middle->setCurrentWidget(m_nobody);
        if (m_record)
            openPatient(m_record->patient.id); // as it is now
        m_finder->focusSearch();
    });
    connect(m_form, &PatientForm::patientRequested, this, &PatientsPage::openPatient);
    connect(&session, &ClinicSession::patientSaved, this, &PatientsPage::refreshAfterSave);
    connect(&session, &ClinicSession::recordsArrived, this, [this] {
        m_finder->refresh();
        if (m_record)
            refreshAfterSave(m_record->patient.id);
    });
}

QString PatientsPage::title() const
{
    return tr("Patients");
}

QList<KeyHint> PatientsPage::keyHints() const
{
    return {{tr("↑ ↓"), tr("Move through the list")},
            {tr("Enter"), tr("Open the patient")},
            {tr("Ctrl+E"), tr("Edit the patient")},
            {tr("Ctrl+Shift+F"), tr("Add somebody to the family")},
            {tr("Alt+Enter"), tr("In the family: change what somebody is")},
            {tr("Delete"), tr("In the family: take somebody out")},
            {tr("Ctrl+Enter"), tr("Save the form")},
            {tr("Esc"), tr("Close the form; what is typed is kept")}};
}

void PatientsPage::activated()
{
    m_finder->load();
    if (m_form->isVisible())
        m_form->focusFirst();
    else
        m_finder->focusSearch();
}

void PatientsPage::saveDrafts()
{
    if (!m_form->isHidden())
        m_form->saveDraft();
    m_view->family().saveDraft();
}

void PatientsPage::focusFinder()
{
    m_finder->load();
    arrange();
    m_finder->focusSearch();
}

void PatientsPage::openPatient(const PatientId& id)
{
    if (!m_form->isHidden() && m_form->patient() != id)
        closeForm();
    m_opening = id;
    offerEdit();
    m_finder->setCurrent(id);
    m_session.viewPatient(id, this, [this, id](const Result<PatientRecord>& record) {
        if (id == m_opening)
            showRecord(record);
    });
}

void PatientsPage::showRecord(const Result<PatientRecord>& record)
{
    if (!record) {
        m_record.reset();
        m_nobody->set(QStringLiteral("warning"), tr("This patient cannot be shown"),
                      sentence(record.error()));
        m_middle->setCurrentWidget(m_nobody);
    } else {
        m_record = *record;
        m_mergedInto = m_session.patientDesk().mergedInto(record->patient.id);
        m_view->setRecord(*record, m_mergedInto);
        m_view->setDraftWaiting(m_form->isHidden() && !m_mergedInto &&
                                PatientForm::hasDraft(m_session, record->patient.id));
        m_middle->setCurrentWidget(m_view);
    }
    arrange();
}

void PatientsPage::offerEdit()
{
    // Not of one who is covered by the worklist, gives way to another, or has no room beside a new patient.
    const bool isOnScreen = m_record && !m_mergedInto && m_record->patient.id == m_opening &&
                            m_middle->currentWidget() == m_view &&
                            (!m_middle->isHidden() || m_form->patient() == m_record->patient.id);
    m_edit->setEnabled(isOnScreen && m_session.allows(Operation::Update, Area::PatientIdentity));
}

void PatientsPage::takeMergeBack()
{
    if (!m_record || !m_mergedInto)
        return;
    const PatientId id = m_record->patient.id;
    m_session.patientDesk().unmerge(id, this, [this, id](const Result<QStringList>& changedSince) {
        const UnmergedText told = unmergedText(changedSince);
        if (!told.isRefused)
            Q_EMIT notice(told.sentence); // the record is read anew, as whatever has changed is
        else if (m_record && m_record->patient.id == id)
            m_view->sayNotUnmerged(told.sentence);
    });
}

void PatientsPage::openDuplicates()
{
    closeForm();
    m_opening = {}; // what is still being read does not cover the list
    m_middle->setCurrentWidget(m_duplicates);
    m_duplicates->load();
    arrange();
}

void PatientsPage::startRegistration()
{
    closeForm();
    m_form->startNew();
    m_form->show();
    arrange();
    m_form->focusFirst();
}

void PatientsPage::startEdit()
{
    if (!m_edit->isEnabled())
        return;
    closeForm();
    m_view->setDraftWaiting(false);
    m_form->startEdit(*m_record);
    m_form->show();
    arrange();
    m_form->focusFirst();
}

void PatientsPage::closeForm()
{
    if (m_form->isHidden())
        return;
    m_form->saveDraft();
    m_form->hide();
    if (m_record)
        m_view->setDraftWaiting(!m_mergedInto && PatientForm::hasDraft(m_session, m_record->patient.id));
    arrange();
    m_finder->focusSearch();
}

void PatientsPage::refreshAfterSave(const PatientId& id)
{
    m_finder->refresh();
    // A form that is open keeps its own revision: saving it will tell that the record moved on.
    if (m_record && m_record->patient.id == id && m_form->isHidden() &&
        m_middle->currentWidget() != m_duplicates)
        openPatient(id);
}

void PatientsPage::arrange()
{
    const Theme& theme = Theme::current();
    const bool form = !m_form->isHidden();
    const int finder = theme.px(kFinderWidth);
    const int narrow = theme.px(kNarrowFinderWidth);
    const int view = theme.px(kViewWidth);
    const int wanted = theme.px(kFormWidth);
    // Where there is no room for all three, a new patient is written beside the list, an edit beside the
    // patient.
    const bool all = !form || width() >= finder + view + wanted;
    const bool isNew = m_form->patient().isEmpty();
    const bool finderShown = all || (isNew && width() >= narrow + wanted);
    const bool viewShown = all || (!isNew && width() >= view + wanted);
    m_finder->setVisible(finderShown);
    m_finder->setMinimumWidth(narrow);
    m_finder->setMaximumWidth(viewShown ? finder : QWIDGETSIZE_MAX);
    m_middle->setVisible(viewShown);
    m_finderLine->setVisible(finderShown);
    m_formLine->setVisible(form && (finderShown || viewShown));
    offerEdit();
    m_form->setMinimumWidth(viewShown ? wanted : theme.px(kNarrowFormWidth));
    m_form->setMaximumWidth(viewShown ? wanted : QWIDGETSIZE_MAX);
}

QSize PatientsPage::minimumSizeHint() const
{
    const Theme& theme = Theme::current();
    return {theme.px(kNarrowFinderWidth) + theme.px(kNarrowFormWidth), theme.px(kLeastHeight)};
}

void PatientsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    arrange();
}

QStringList PatientsPage::tourStops() const
{
    return {QStringLiteral("patients-list"),     QStringLiteral("patients-search"),
            QStringLiteral("patients-nobody"),   QStringLiteral("patient-details"),
            QStringLiteral("patient-merged"),    QStringLiteral("patient-family"),
            QStringLiteral("patient-edit"),      QStringLiteral("patient-new"),
            QStringLiteral("patient-errors"),    QStringLiteral("patient-duplicate"),
            QStringLiteral("patient-duplicates")};
}

void PatientsPage::showTourStop(const QString& stop)
{
    const PatientRow* first = m_finder->model().at(0);
    if (stop == QLatin1String("patients-list")) {
        closeForm();
        m_finder->setQuery({});
    } else if (stop == QLatin1String("patients-search")) {
        m_finder->setQuery(first == nullptr ? QStringLiteral("a") : first->name.left(2));
    } else if (stop == QLatin1String("patients-nobody")) {
        m_finder->setQuery(QStringLiteral("zzyzx"));
    } else if (stop == QLatin1String("patient-details")) {
        m_finder->setQuery({});
        if (const PatientRow* row = m_finder->model().at(0))
            openPatient(row->id);
    } else if (stop == QLatin1String("patient-merged")) {
        showMerged();
    } else if (stop == QLatin1String("patient-family")) {
        showFamily();
    } else if (stop == QLatin1String("patient-edit")) {
        startEdit();
    } else if (stop == QLatin1String("patient-new")) {
        startRegistration();
    } else if (stop == QLatin1String("patient-duplicates")) {
        openDuplicates();
    } else if (stop == QLatin1String("patient-duplicate")) {
        showDuplicate();
    } else if (stop == QLatin1String("patient-errors")) {
        for (const auto& [name, text] : {std::pair("birthDate", "31.02.1990"), std::pair("phone", "call me"),
                                         std::pair("email", "ada@"), std::pair("city", "Florence")}) {
            for (QLineEdit* edit : m_form->findChildren<QLineEdit*>()) {
                if (edit->objectName().startsWith(QLatin1String(name)))
                    edit->setText(QLatin1String(text));
            }
        }
        m_form->submit();
    }
}

/// Opens a record that is not used any more since it was merged into another: it has the name of that one.
void PatientsPage::showMerged()
{
    const auto found = [this](const QString& text) {
        return m_session.searchPatients(text, kSearched).value_or(std::vector<PatientRow>());
    };
    for (const PatientRow& kept : found(QStringLiteral("a")))
        for (const PatientRow& row : found(kept.name))
            if (!row.active && m_session.patientDesk().mergedInto(row.id))
                return openPatient(row.id);
}

/// Opens the first patient of the clinic who has a family.
void PatientsPage::showFamily()
{
    m_finder->setQuery(QStringLiteral("a"));
    for (int row = 0; const PatientRow* one = m_finder->model().at(row); ++row) {
        m_session.family().family(one->id, false, this,
                                  [this, id = one->id](const Result<std::vector<FamilyRow>>& rows) {
                                      if (rows && rows->size() > 1 && m_opening != id && !m_isFamilyShown) {
                                          m_isFamilyShown = true;
                                          openPatient(id);
                                      }
                                  });
    }
}

/// Types in, once more, the patient on screen: names in each other's place.
void PatientsPage::showDuplicate()
{
    if (!m_record || m_record->patient.names.empty())
        return;
    const Patient known = m_record->patient;
    startRegistration();
    const HumanName& name = known.names.front();
    for (QLineEdit* edit : m_form->findChildren<QLineEdit*>()) {
        const QString what = edit->objectName();
        const QString typed = what == QLatin1String("family")      ? name.given.value(0)
                              : what == QLatin1String("given")     ? name.family
                              : what == QLatin1String("birthDate") ? dateText(known.birthDate)
                                                                   : QString();
        edit->setText(typed);
        Q_EMIT edit->textEdited(typed);
    }
}

} // namespace yarrow
