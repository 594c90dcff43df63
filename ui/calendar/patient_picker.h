// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"

#include <QWidget>

#include <optional>

class QLabel;
class QLineEdit;
class QListWidget;

namespace yarrow {

class Chip;
class SettledSearch;

/// Chooses a patient: search as you type, the matches below with MRN and birth date, Enter takes the marked
/// one. Once chosen the patient stands there by name, until changed.
class PatientPicker final : public QWidget
{
    Q_OBJECT
public:
    explicit PatientPicker(ClinicSession& session, QWidget* parent = nullptr);

    [[nodiscard]] const std::optional<PatientRow>& patient() const noexcept { return m_patient; }
    [[nodiscard]] QString searchText() const;
    void setPatient(std::optional<PatientRow> patient);
    /// Begins a search with these letters; the cursor stands behind them.
    void search(const QString& text);
    /// Takes the marked match, if there is one and the keyboard is in the search: who looks elsewhere by now
    /// has not chosen anybody.
    bool takeTyped();

Q_SIGNALS:
    void changed(); ///< the patient, or what is typed
    void picked();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool takeCurrent();
    void refresh();
    void showChoice();
    void sizeList();

    ClinicSession& m_session;
    std::optional<PatientRow> m_patient;
    QLineEdit* m_edit;
    QListWidget* m_list;
    QLabel* m_nothing;
    QWidget* m_chosen;
    QLabel* m_name;
    QLabel* m_facts;
    Chip* m_state;
    SettledSearch* m_settled;
};

} // namespace yarrow
