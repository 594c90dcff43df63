// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/directory.h"
#include "models/items/clinic_session.h"

#include <QWidget>

#include <functional>
#include <vector>

class QCheckBox;
class QListView;
class QStackedWidget;
class QStandardItemModel;

namespace yarrow {

class SetupForm;

/// Entries of one kind: the list, and the form of the one that is chosen. Arrow keys go through the list,
/// Enter into the form, Insert makes a new entry.
class EntrySection final : public QWidget
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

    void refresh(); ///< reads the entries anew
    void focusFirst();
    void saveDraft();
    void startNew();
    void open(int row); ///< of those listed
    [[nodiscard]] SetupForm& form() noexcept { return *m_form; }

Q_SIGNALS:
    void notice(const QString& sentence);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void list();
    void openEntry(const DirectoryChange& entry);
    void closeForm();
    void arrange();

    ClinicSession& m_session;
    Kind m_kind;
    SetupForm* m_form;
    std::vector<Row> m_rows; ///< as listed
    QWidget* m_side;
    QListView* m_list;
    QStandardItemModel* m_model;
    QCheckBox* m_showInactive;
    QStackedWidget* m_middle;
    bool m_listing = false;
};

} // namespace yarrow
