// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/family_desk.h"

#include <QFrame>

#include <optional>
#include <vector>

class QLabel;
class QListWidget;
class QPushButton;

namespace yarrow {

class FamilyForm;
class NoteBox;

/// A patient's family on their page: who belongs to it, and adding, changing and taking out. Enter opens the
/// marked member, Alt+Enter changes what they are, Delete takes them out, which can be undone.
class FamilySection final : public QFrame
{
    Q_OBJECT
public:
    explicit FamilySection(ClinicSession& session, QWidget* parent = nullptr);

    void showFamilyOf(const PatientId& patient); ///< a form that is open for another is kept as a draft
    void saveDraft();
    void startAdding();

Q_SIGNALS:
    void patientRequested(const yarrow::PatientId& id);
    void bookingRequested(); ///< the family one after the other
    void notice(const QString& sentence);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void layOut();
    void connectParts();
    void reload(bool again);
    void fill();
    void showDraftNote();
    [[nodiscard]] const FamilyRow* marked() const;
    void openMarked();
    void changeMarked();
    void removeMarked();
    void putBack();
    void closeForm();
    void showMenu(QPoint at);

    ClinicSession& m_session;
    PatientId m_patient;
    std::vector<FamilyRow> m_rows;
    struct Removed
    {
        QString name;
        std::vector<RelatedPersonId> records;
    };
    std::optional<Removed> m_removed; ///< last, and to be put back on demand
    NoteBox* m_note;
    QListWidget* m_list;
    QLabel* m_empty;
    QPushButton* m_add;
    QPushButton* m_change;
    QPushButton* m_remove;
    QPushButton* m_book;
    FamilyForm* m_form;
};

} // namespace yarrow
