// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/entry_frame.h"

#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/side_panel.h"
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

EntryFrame::EntryFrame(const Words& words, SidePanel* form, QWidget* parent)
    : QWidget(parent)
    , m_words(words)
    , m_form(form)
    , m_side(new QFrame)
    , m_list(new QListView)
    , m_model(new QStandardItemModel(this))
    , m_showInactive(new QCheckBox(m_words.showInactive))
    , m_middle(new QStackedWidget)
    , m_empty(new EmptyState(QStringLiteral("edit"), m_words.list, m_words.nothing))
{
    const Theme& theme = Theme::current();
    m_list->setObjectName(m_words.id + QLatin1String("List"));
    m_list->setAccessibleName(m_words.list);
    m_list->setModel(m_model);
    m_list->setItemDelegate(new TwoLineDelegate(m_list));
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->installEventFilter(this);
    m_showInactive->setObjectName(m_words.id + QLatin1String("Inactive"));
    auto* add = makeButton(m_words.add, ButtonKind::Normal, m_words.id + QLatin1String("New"));
    add->setIcon(Theme::icon(u"plus"));
    add->setToolTip(tr("Insert"));

    m_side->setProperty("look", QStringLiteral("panel"));
    auto* side = new QVBoxLayout(m_side);
    side->setContentsMargins(theme.space(3), theme.space(3), theme.space(3), theme.space(3));
    side->setSpacing(theme.space(2));
    side->addWidget(add, 0, Qt::AlignLeft);
    side->addWidget(m_list, 1);
    side->addWidget(m_showInactive);
    m_middle->addWidget(m_empty);
    m_middle->addWidget(m_form);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_side);
    row->addWidget(makeUpright());
    row->addWidget(m_middle, 1);

    connect(add, &QPushButton::clicked, this, [this] { startNew(); });
    connect(m_showInactive, &QCheckBox::clicked, this, [this] { refresh(); });
    connect(m_empty, &EmptyState::actionTriggered, this, [this] { refresh(); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& current) {
                if (!m_listing && current.isValid())
                    openRow(current.row());
            });
    connect(m_form, &SidePanel::closeRequested, this, &EntryFrame::closeForm);
}

void EntryFrame::showLines(const std::vector<Line>& lines, int opened)
{
    const QScopedValueRollback<bool> listing(m_listing, true);
    m_model->clear();
    for (const Line& line : lines) {
        auto* item = new QStandardItem(line.name.isEmpty() ? tr("Without a name") : line.name);
        item->setData(line.facts, TwoLineDelegate::SecondLineRole);
        item->setData(line.state, TwoLineDelegate::TrailingRole);
        item->setData(joinFacts({line.name, line.facts, line.state}), Qt::AccessibleTextRole);
        m_model->appendRow(item);
    }
    if (opened >= 0)
        m_list->setCurrentIndex(m_model->index(opened, 0));
}

void EntryFrame::showForm()
{
    m_middle->setCurrentWidget(m_form);
    arrange();
}

void EntryFrame::sayInPlace(const QString& sentence)
{
    m_empty->set(sentence.isEmpty() ? QStringLiteral("edit") : QStringLiteral("warning"), m_words.list,
                 sentence.isEmpty() ? m_words.nothing : sentence);
    m_empty->setAction(sentence.isEmpty() ? QString() : tr("Try again"));
}

bool EntryFrame::isFormShown() const
{
    return m_middle->currentWidget() == m_form;
}

bool EntryFrame::showsInactive() const
{
    return m_showInactive->isChecked();
}

void EntryFrame::open(int row)
{
    m_list->setCurrentIndex(m_model->index(row, 0));
}

void EntryFrame::closeForm()
{
    saveDraft();
    m_middle->setCurrentIndex(0);
    list();
    arrange();
    m_list->setFocus(Qt::OtherFocusReason);
}

void EntryFrame::focusFirst()
{
    if (isFormShown() && !m_side->isVisibleTo(this)) {
        focusForm();
        return;
    }
    // A list that gets the keyboard without a current row makes one without selecting it.
    if (!m_list->currentIndex().isValid() && m_model->rowCount() > 0)
        m_list->setCurrentIndex(m_model->index(0, 0));
    m_list->setFocus(Qt::TabFocusReason);
}

void EntryFrame::arrange()
{
    const Theme& theme = Theme::current();
    const bool both = width() >= theme.px(kBothWidth);
    m_side->setVisible(both || !isFormShown());
    m_side->setMaximumWidth(both ? theme.px(kListWidth) : QWIDGETSIZE_MAX);
    m_side->setMinimumWidth(std::min(width(), theme.px(kListWidth)));
    m_middle->setVisible(both || isFormShown());
}

void EntryFrame::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

bool EntryFrame::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Insert) {
            startNew();
            return true;
        }
        if ((key == Qt::Key_Return || key == Qt::Key_Enter) && m_list->currentIndex().isValid()) {
            if (!isFormShown())
                openRow(m_list->currentIndex().row());
            focusForm();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace yarrow
