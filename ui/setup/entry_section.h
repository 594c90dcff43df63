// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/directory.h"
#include "models/items/clinic_session.h"
#include "ui/setup/entry_frame.h"

#include <functional>
#include <vector>

namespace yarrow {

class SetupForm;

/// Entries of one kind of the directory.
class EntrySection final : public EntryFrame
{
    Q_OBJECT
public:
    struct Row
    {
        QString name;
        QString facts;
        bool isActive = true;
        DirectoryChange entry;
    };
    struct Kind
    {
        QString id;      ///< of the form's drafts
        QString list;    ///< accessible name of the list
        QString add;     ///< "New room"
        QString nothing; ///< what to do where there is none yet
        DirectoryChange blank;
        std::function<std::vector<Row>(const DirectoryEntries&)> rows;
    };
    EntrySection(ClinicSession& session, Kind kind, SetupForm* form, QWidget* parent = nullptr);

    void refresh() override;
    void saveDraft() override;
    void startNew() override;
    [[nodiscard]] SetupForm& form() noexcept { return *m_form; }

private:
    void list() override;
    void openRow(int row) override;
    void focusForm() override;
    void openEntry(const DirectoryChange& entry);

    ClinicSession& m_session;
    Kind m_kind;
    SetupForm* m_form;
    std::vector<Row> m_rows; ///< as listed
};

} // namespace yarrow
