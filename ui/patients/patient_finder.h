// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QStackedWidget;

namespace yarrow {

class EmptyState;
class PatientListModel;
class SettledSearch;

/// Finds a patient as one types, by any part of name, birth date, MRN or phone.
class PatientFinder final : public QFrame
{
    Q_OBJECT
public:
    explicit PatientFinder(ClinicSession& session, QWidget* parent = nullptr);
    void load(); ///< shows the most recent patients, the first time it is called
    void refresh();
    void focusSearch();
    void setQuery(const QString& text);
    void setCurrent(const PatientId& id); ///< marks the patient on screen, if listed
    [[nodiscard]] const PatientListModel& model() const noexcept { return *m_model; }

Q_SIGNALS:
    void patientChosen(const yarrow::PatientId& id);
    void newPatientRequested();
    void duplicatesRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void search();
    void showOutcome();
    void choose(const QModelIndex& index);

    ClinicSession& m_session;
    PatientListModel* m_model;
    SettledSearch* m_settled;
    QLineEdit* m_text;
    QLabel* m_caption;
    QHBoxLayout* m_head;
    QPushButton* m_new;
    QListView* m_list;
    EmptyState* m_empty;
    QStackedWidget* m_stack;
    PatientId m_current;
    bool m_loaded = false;
};

} // namespace yarrow
