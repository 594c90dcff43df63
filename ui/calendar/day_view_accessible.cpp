// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/day_view_accessible.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/calendar/day_view.h"

#include <QAccessibleWidget>
#include <QPointer>

#include <map>

namespace yarrow {
namespace {

const std::vector<ScheduleColumn>& columnsOf(const DayView& view)
{
    return view.model().columns();
}

int appointmentCount(const DayView& view)
{
    int count = 0;
    for (const ScheduleColumn& column : columnsOf(view))
        count += static_cast<int>(column.entries.size());
    return count;
}

bool hasCell(const DayView& view)
{
    return !view.selected() && !columnsOf(view).empty();
}

struct Item
{
    const ScheduleColumn* column = nullptr;
    const ScheduleEntry* entry = nullptr; ///< nullptr: the free cell
};

Item itemAt(const DayView& view, int index)
{
    for (const ScheduleColumn& column : columnsOf(view)) {
        const int here = static_cast<int>(column.entries.size());
        if (index < here)
            return {&column, &column.entries[static_cast<std::size_t>(index)]};
        index -= here;
    }
    if (const int cursor = view.cursorColumn(); cursor >= 0)
        return {&columnsOf(view)[static_cast<std::size_t>(cursor)], nullptr};
    return {};
}

/// One appointment, or the free cell. Known by its index, because the order is what is stable while something
/// is read.
class ItemInterface final : public QAccessibleInterface, public QAccessibleActionInterface
{
public:
    ItemInterface(DayView* view, int index)
        : m_view(view)
        , m_index(index)
    {}

    bool isValid() const override
    {
        return m_view && m_index < appointmentCount(*m_view) + (hasCell(*m_view) ? 1 : 0);
    }
    QObject* object() const override { return nullptr; }
    QWindow* window() const override { return m_view ? m_view->window()->windowHandle() : nullptr; }
    QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(m_view); }
    QAccessibleInterface* child(int /*index*/) const override { return nullptr; }
    QAccessibleInterface* childAt(int /*x*/, int /*y*/) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface* /*child*/) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    void setText(QAccessible::Text /*type*/, const QString& /*text*/) override {}

    QString text(QAccessible::Text type) const override
    {
        if (!isValid())
            return {};
        const Item item = itemAt(*m_view, m_index);
        if (!item.column)
            return {};
        const DayAxis& axis = item.column->axis;
        if (type == QAccessible::Name) {
            if (item.entry)
                return spokenText(axis, item.entry->row);
            const TimeRange when = m_view->cell().when;
            return DayView::tr("%1–%2, free", "from–until")
                .arg(timeText(axis, when.start), timeText(axis, when.end));
        }
        if (type == QAccessible::Description)
            return columnText(m_view->model(), *item.column);
        if (type == QAccessible::Help)
            return item.entry ? toolTipText(axis, item.entry->row)
                              : DayView::tr("Enter books an appointment here.");
        return {};
    }
    QRect rect() const override
    {
        if (!isValid())
            return {};
        const Item item = itemAt(*m_view, m_index);
        const QRect inView =
            item.entry ? m_view->rectOf(item.entry->row.appointment.id) : m_view->rectOfCell();
        return {m_view->viewport()->mapToGlobal(inView.topLeft()), inView.size()};
    }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        if (!isValid()) {
            state.invalid = true;
            return state;
        }
        state.focusable = state.selectable = true;
        const bool current = focusedChildOf(*m_view) == m_index;
        state.selected = current;
        state.focused = current && m_view->hasFocus();
        state.offscreen = !m_view->viewport()->rect().intersects(
            QRect(m_view->viewport()->mapFromGlobal(rect().topLeft()), rect().size()));
        return state;
    }
    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this)
                                                    : nullptr;
    }

    QStringList actionNames() const override { return {pressAction(), setFocusAction()}; }
    void doAction(const QString& name) override
    {
        if (!isValid())
            return;
        const Item item = itemAt(*m_view, m_index);
        if (name == setFocusAction()) {
            m_view->setFocus();
            if (item.entry)
                m_view->select(item.entry->row.appointment.id);
        } else if (name == pressAction()) {
            if (item.entry)
                Q_EMIT m_view->openRequested(item.entry->row.appointment.id);
            else
                Q_EMIT m_view->bookRequested(m_view->cell(), {}, false);
        }
    }
    QStringList keyBindingsForAction(const QString& /*name*/) const override { return {}; }

private:
    QPointer<DayView> m_view;
    int m_index;
};

class DayViewInterface final : public QAccessibleWidget
{
public:
    explicit DayViewInterface(DayView* view)
        : QAccessibleWidget(view, QAccessible::List)
    {}
    ~DayViewInterface() override
    {
        for (const auto& [index, id] : m_items)
            QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override { return appointmentCount(view()) + (hasCell(view()) ? 1 : 0); }
    QAccessibleInterface* child(int index) const override
    {
        if (index < 0 || index >= childCount())
            return nullptr;
        auto known = m_items.find(index);
        if (known == m_items.end()) {
            const QAccessible::Id id =
                QAccessible::registerAccessibleInterface(new ItemInterface(&view(), index));
            known = m_items.emplace(index, id).first;
        }
        return QAccessible::accessibleInterface(known->second);
    }
    int indexOfChild(const QAccessibleInterface* child) const override
    {
        for (const auto& [index, id] : m_items)
            if (QAccessible::accessibleInterface(id) == child)
                return index;
        return -1;
    }
    QAccessibleInterface* childAt(int x, int y) const override
    {
        for (int i = 0; i < childCount(); ++i)
            if (QAccessibleInterface* each = child(i); each->rect().contains(x, y))
                return each;
        return nullptr;
    }
    QAccessibleInterface* focusChild() const override { return child(focusedChildOf(view())); }

private:
    DayView& view() const { return *static_cast<DayView*>(widget()); }
    mutable std::map<int, QAccessible::Id> m_items;
};

QAccessibleInterface* makeInterface(const QString& /*className*/, QObject* object)
{
    auto* view = qobject_cast<DayView*>(object);
    return view ? new DayViewInterface(view) : nullptr;
}

} // namespace

void installDayViewAccessibility()
{
    static const bool installed = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    Q_UNUSED(installed)
}

int focusedChildOf(const DayView& view)
{
    const ScheduleEntry* selected = view.selected();
    if (!selected)
        return hasCell(view) ? appointmentCount(view) : -1;
    int index = 0;
    for (const ScheduleColumn& column : columnsOf(view))
        for (const ScheduleEntry& entry : column.entries) {
            if (&entry == selected)
                return index;
            ++index;
        }
    return -1;
}

} // namespace yarrow
