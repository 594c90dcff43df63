// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/items/clinic_session.h"
#include "models/items/directory_desk.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/side_panel.h"

#include <QJsonObject>
#include <QPointer>
#include <QTimer>

#include <optional>

class QPushButton;

namespace yarrow {

class ImpactBox;

/// The id of an entry; empty for a new one. Of staff: of the practitioner, and of the role behind it.
[[nodiscard]] QString idOf(const DirectoryChange& entry);

/// Edits one entry of the directory. What is typed is kept as a draft until it is saved or put aside; before
/// a change is saved that leaves appointments outside of hours, they are shown.
class SetupForm : public SidePanel
{
    Q_OBJECT
public:
    /// `kind` names the form among drafts and object names: "room".
    SetupForm(ClinicSession& session, const QString& kind, QWidget* parent = nullptr);

    void start(const DirectoryChange& entry);
    [[nodiscard]] const std::optional<DirectoryChange>& entry() const noexcept { return m_entry; }
    [[nodiscard]] bool isDirty() const;
    [[nodiscard]] bool isBusy() const noexcept { return m_busy; }
    void saveDraft(); ///< at once, if there is something unsaved
    void submit();    ///< checks, shows what it would leave outside, and saves
    void startOver(); ///< puts aside what was typed
    virtual void focusFirst() = 0;

    [[nodiscard]] static bool hasDraft(const ClinicSession& session, const QString& kind, const QString& id);

Q_SIGNALS:
    void saved(const yarrow::DirectoryChange& entry);
    void dayRequested(QDate day); ///< of an appointment that would be left outside

protected:
    [[nodiscard]] ClinicSession& session() const noexcept { return m_session; }
    [[nodiscard]] QDate today() const;
    void edited(); ///< to be called with every key
    void setTitleOfNew(const QString& title) { m_titleOfNew = title; }

    /// The fields as they show an entry.
    [[nodiscard]] virtual QJsonObject fieldsOf(const DirectoryChange& entry) const = 0;
    [[nodiscard]] virtual QJsonObject typed() const = 0;
    virtual void showFields(const QJsonObject& fields) = 0;
    /// What the form offers for choice may be other than before; called ahead of showFields().
    virtual void readChoices() {}
    /// The entry with what was typed; nothing, errors beside their fields and the keyboard on the first of
    /// them, when that is not possible.
    [[nodiscard]] virtual std::optional<DirectoryChange> applied(const DirectoryChange& onto) = 0;
    [[nodiscard]] virtual QString titleOf(const DirectoryChange& entry) const = 0;

private:
    enum class NoteAction { None, StartOver, BringBack, Reload };

    void save(const DirectoryChange& change);
    void bringBack();
    void reload();
    void setBusy(bool busy);
    void say(Tone tone, const QString& text, NoteAction action = NoteAction::None,
             const QString& actionText = {});
    [[nodiscard]] QString draftName() const;

    ClinicSession& m_session;
    QString m_kind;
    QString m_titleOfNew;
    std::optional<DirectoryChange> m_entry; ///< as it was read
    QJsonObject m_base;
    QJsonObject m_putAside;
    QTimer m_draftPause;
    NoteAction m_noteAction = NoteAction::None;
    bool m_busy = false;
    int m_started = 0; ///< an answer to what was started before is not for the form as it is now
    QPointer<QWidget> m_focusBefore;
    NoteBox* m_note;
    ImpactBox* m_impact;
    QPushButton* m_save;
    QPushButton* m_revert;
};

} // namespace yarrow
