// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/entry_section.h"

#include "ui/setup/setup_form.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListView>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {

namespace {

constexpr int kListWidth = 300; ///< at 100 %
constexpr int kBothWidth = 720; ///< below it, list or form

} // namespace

EntrySection::EntrySection(ClinicSession& session, Kind kind, SetupForm* form, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_kind(std::move(kind))
    , m_form(form)
    , m_side(new QFrame)
    , m_list(new QListView)
    , m_model(new QStandardItemModel(this))
    , m_showInactive(new QCheckBox(tr("Show those not in use")))
    , m_middle(new QStackedWidget)
{
    const Theme& theme = Theme::current();
    m_list->setObjectName(m_kind.id + QLatin1String("List"));
    m_list->setAccessibleName(m_kind.list);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new TwoLineDelegate(m_list));
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->installEventFilter(this);
    m_showInactive->setObjectName(m_kind.id + QLatin1String("Inactive"));
    auto* add = makeButton(m_kind.add, ButtonKind::Normal, m_kind.id + QLatin1String("New"));
    add->setIcon(Theme::icon(u"plus"));
    add->setToolTip(tr("Insert"));

    m_side->setProperty("look", QStringLiteral("panel"));
    auto* side = new QVBoxLayout(m_side);
    side->setContentsMargins(theme.space(3), theme.space(3), theme.space(3), theme.space(3));
    side->setSpacing(theme.space(2));
    side->addWidget(add, 0, Qt::AlignLeft);
    side->addWidget(m_list, 1);
    side->addWidget(m_showInactive);
    m_middle->addWidget(new EmptyState(QStringLiteral("edit"), m_kind.list, m_kind.nothing));
    m_middle->addWidget(m_form);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_side);
    row->addWidget(makeUpright());
    row->addWidget(m_middle, 1);

    connect(add, &QPushButton::clicked, this, &EntrySection::startNew);
    connect(m_showInactive, &QCheckBox::clicked, this, &EntrySection::refresh);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& current) {
                if (!m_listing && current.isValid())
                    openEntry(m_rows[static_cast<std::size_t>(current.row())].entry);
            });
    connect(m_form, &SidePanel::closeRequested, this, &EntrySection::closeForm);
    connect(m_form, &SetupForm::saved, this, [this] {
        refresh();
        Q_EMIT notice(tr("The changes are saved."));
    });
    connect(&session, &ClinicSession::directoryChanged, this, [this] {
        if (isVisible())
            refresh();
    });
}

void EntrySection::refresh()
{
    const auto entries = m_session.directory().entries();
    m_rows = entries ? m_kind.rows(*entries) : std::vector<Row>();
    if (!entries)
        Q_EMIT notice(sentence(entries.error()));
    // What is open is listed, in use or not.
    const QString opened = m_form->entry() ? idOf(*m_form->entry()) : QString();
    if (!m_showInactive->isChecked())
        std::erase_if(m_rows, [&](const Row& row) { return !row.isActive && idOf(row.entry) != opened; });
    list();
    if (m_form->entry() && !m_form->isDirty() && !m_form->isBusy() && !opened.isEmpty()) {
        for (const Row& row : m_rows) {
            if (idOf(row.entry) == opened && row.entry != *m_form->entry())
                m_form->start(row.entry); // changed elsewhere, and nothing is typed here
        }
    }
}

void EntrySection::list()
{
    const QScopedValueRollback<bool> listing(m_listing, true);
    const QString opened =
        m_form->entry() && m_middle->currentWidget() == m_form ? idOf(*m_form->entry()) : QString();
    m_model->clear();
    for (const Row& row : m_rows) {
        auto* item = new QStandardItem(row.name.isEmpty() ? tr("Without a name") : row.name);
        QString state;
        if (SetupForm::hasDraft(m_session, m_kind.id, idOf(row.entry)))
            state = tr("Not saved yet");
        else if (!row.isActive)
            state = tr("Not in use");
        item->setData(row.facts, TwoLineDelegate::SecondLineRole);
        item->setData(state, TwoLineDelegate::TrailingRole);
        item->setData(joinFacts({row.name, row.facts, state}), Qt::AccessibleTextRole);
        m_model->appendRow(item);
        if (!opened.isEmpty() && idOf(row.entry) == opened)
            m_list->setCurrentIndex(item->index());
    }
}

void EntrySection::openEntry(const DirectoryChange& entry)
{
    saveDraft();
    m_form->start(entry);
    m_middle->setCurrentWidget(m_form);
    arrange();
}

void EntrySection::open(int row)
{
    m_list->setCurrentIndex(m_model->index(row, 0));
}

void EntrySection::startNew()
{
    openEntry(m_kind.blank);
    list();
    m_form->focusFirst();
}

void EntrySection::closeForm()
{
    saveDraft();
    m_middle->setCurrentIndex(0);
    list();
    arrange();
    m_list->setFocus(Qt::OtherFocusReason);
}

void EntrySection::saveDraft()
{
    if (m_middle->currentWidget() == m_form && !m_form->isBusy())
        m_form->saveDraft();
}

void EntrySection::focusFirst()
{
    if (m_middle->currentWidget() == m_form && !m_side->isVisibleTo(this)) {
        m_form->focusFirst();
        return;
    }
    // A list that gets the keyboard without a current row makes one without selecting it.
    if (!m_list->currentIndex().isValid() && m_model->rowCount() > 0)
        m_list->setCurrentIndex(m_model->index(0, 0));
    m_list->setFocus(Qt::TabFocusReason);
}

/// Where there is no room for both, the form takes the place of the list.
void EntrySection::arrange()
{
    const Theme& theme = Theme::current();
    const bool both = width() >= theme.px(kBothWidth);
    const bool formShown = m_middle->currentWidget() == m_form;
    m_side->setVisible(both || !formShown);
    m_side->setMaximumWidth(both ? theme.px(kListWidth) : QWIDGETSIZE_MAX);
    m_side->setMinimumWidth(std::min(width(), theme.px(kListWidth)));
    m_middle->setVisible(both || formShown);
}

void EntrySection::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

bool EntrySection::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Insert) {
            startNew();
            return true;
        }
        if ((key == Qt::Key_Return || key == Qt::Key_Enter) && m_list->currentIndex().isValid()) {
            if (m_middle->currentWidget() != m_form)
                openEntry(m_rows[static_cast<std::size_t>(m_list->currentIndex().row())].entry);
            m_form->focusFirst();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace yarrow
