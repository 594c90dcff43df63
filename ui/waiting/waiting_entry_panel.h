// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/front_desk.h"
#include "ui/widgets/side_panel.h"

#include <QJsonObject>
#include <QSet>

#include <array>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QListWidget;
class QSpinBox;

namespace yarrow {

class ClinicSession;
class Field;
class NoteBox;
class PatientPicker;

/// Puts somebody on the waiting list, or changes what they would take. It asks for what is to be done and
/// writes nothing itself but drafts: what is typed and not saved, one for each entry and one for a new one.
class WaitingEntryPanel final : public SidePanel
{
    Q_OBJECT
public:
    explicit WaitingEntryPanel(ClinicSession& session, QWidget* parent = nullptr);

    /// Either comes with what was typed before and not saved.
    void startNew();
    void open(const WaitlistRow& entry);
    /// After `wished`, typed onto `seen`, was refused: what was typed is in the form again, over the entry as
    /// it is `now`, so that it can be saved. Without `now` it waits no more, and is to be put there anew.
    void reopen(const AppointmentRow& seen, const AppointmentRow& wished, const WaitlistRow* now,
                const QString& why);
    [[nodiscard]] AppointmentRow wished() const;
    [[nodiscard]] bool isDirty() const;

    void saveDraft();    ///< at once; none is kept when nothing is unsaved
    void discardDraft(); ///< of the entry that is in the form
    /// An answer has come: `entry` (empty: a new one) was saved, or was not.
    void answered(const AppointmentId& entry, bool saved);
    [[nodiscard]] static bool hasDraft(const ClinicSession& session, const AppointmentId& entry);
    static void discardDraft(ClinicSession& session, const AppointmentId& entry);

Q_SIGNALS:
    /// `seen` has an empty id for a new entry.
    void saveRequested(const yarrow::AppointmentRow& seen, const yarrow::AppointmentRow& wished);
    void edited(); ///< with every key

private:
    void load(const AppointmentRow& row);
    void loadEntry(const AppointmentRow& row);
    void loadNew(const PatientId& patient, const QString& name);
    void bringBack();
    void save();
    /// The form's fields by name, as drafts have them.
    [[nodiscard]] QJsonObject fields() const;
    void showFields(const QJsonObject& fields);
    void connectEdits();
    [[nodiscard]] QWidget* makeDays();

    ClinicSession& m_session;
    AppointmentRow m_seen;
    QJsonObject m_clean; ///< the form's content before anything was typed
    bool m_loading = false;
    QSet<QString> m_beingSaved; ///< drafts of entries that are on their way to the store
    NoteBox* m_note;
    PatientPicker* m_patient;
    Field* m_patientField;
    QComboBox* m_service;
    QSpinBox* m_duration;
    QListWidget* m_practitioners;
    std::array<QCheckBox*, 7> m_days{}; ///< 0 is Monday
    QComboBox* m_times;
    QComboBox* m_notice;
    QComboBox* m_priority;
    QLineEdit* m_comment;
};

} // namespace yarrow
