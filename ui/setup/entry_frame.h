// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QCheckBox;
class QListView;
class QStackedWidget;
class QStandardItemModel;

namespace yarrow {

class EmptyState;
class SidePanel;

/// A list of entries and the form of the one that is chosen. Arrow keys go through the list, Enter into the
/// form, Insert makes a new entry. Where there is no room for both, the form takes the place of the list.
class EntryFrame : public QWidget
{
    Q_OBJECT
public:
    virtual void refresh() = 0; ///< reads the entries anew
    virtual void saveDraft() = 0;
    virtual void startNew() = 0;
    void focusFirst();
    void open(int row); ///< of those listed

Q_SIGNALS:
    void notice(const QString& sentence);

protected:
    struct Words
    {
        QString id;           ///< of object names: "room"
        QString list;         ///< accessible name of the list
        QString add;          ///< "New room"
        QString nothing;      ///< what to do where none is chosen
        QString showInactive; ///< "Show those not in use"
    };
    struct Line
    {
        QString name;
        QString facts;
        QString state;
    };
    /// Takes the form over.
    EntryFrame(const Words& words, SidePanel* form, QWidget* parent);

    virtual void list() = 0; ///< shows the lines of what was read
    virtual void openRow(int row) = 0;
    virtual void focusForm() = 0;

    void showLines(const std::vector<Line>& lines, int opened); ///< -1: none of them is
    void showForm();
    void sayInPlace(const QString& sentence); ///< where the form would be; empty: what to do
    [[nodiscard]] bool isFormShown() const;
    [[nodiscard]] bool showsInactive() const;

    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void closeForm();
    void arrange();

    Words m_words;
    SidePanel* m_form;
    QWidget* m_side;
    QListView* m_list;
    QStandardItemModel* m_model;
    QCheckBox* m_showInactive;
    QStackedWidget* m_middle;
    EmptyState* m_empty;
    bool m_listing = false;
};

} // namespace yarrow
