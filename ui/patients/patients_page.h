// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "ui/frame/page.h"

#include <optional>

class QAction;
class QStackedWidget;

namespace yarrow {

class EmptyState;
class NoteBox;
class PatientFinder;
class DuplicateWorklist;
class PatientForm;
class PatientView;

/// Finding, seeing, registering and editing patients.
class PatientsPage final : public Page
{
    Q_OBJECT
public:
    explicit PatientsPage(ClinicSession& session, QWidget* parent = nullptr);

    void startRegistration();
    void focusFinder();

    QString title() const override;
    QString iconName() const override { return QStringLiteral("patients"); }
    QList<KeyHint> keyHints() const override;
    void activated() override;
    void saveDrafts() override;
    void showPatient(const PatientId& id) override { openPatient(id); }
    QStringList tourStops() const override;
    void showTourStop(const QString& stop) override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void openPatient(const PatientId& id);
    void showRecord(const Result<PatientRecord>& record);
    void startEdit();
    void offerEdit();     ///< of the patient on screen, and of nobody else
    void takeMergeBack(); ///< by which the patient on screen went
    void openDuplicates();
    void closeForm(); ///< what was typed stays as a draft
    void arrange();
    void showDuplicate(); ///< for the tour
    void showFamily();
    void showMerged(); ///< for the tour
    void refreshAfterSave(const PatientId& id);

    ClinicSession& m_session;
    PatientFinder* m_finder;
    QStackedWidget* m_middle;
    EmptyState* m_nobody;
    PatientView* m_view;
    DuplicateWorklist* m_duplicates;
    PatientForm* m_form;
    QWidget* m_finderLine;
    QWidget* m_formLine;
    QAction* m_new;
    QAction* m_edit;
    std::optional<PatientRecord> m_record;  ///< on screen
    std::optional<PatientRow> m_mergedInto; ///< whose record is used in place of that one
    PatientId m_opening;                    ///< asked for last
    bool m_isFamilyShown = false;           ///< in the tour
};

} // namespace yarrow
