// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/command_field.h"

#include "ui/frame/tunables.h"
#include "ui/patients/settled_search.h"
#include "ui/theme/theme.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QAction>
#include <QApplication>
#include <QFrame>
#include <QKeyEvent>
#include <QListView>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {

namespace {

enum Role { PatientRole = TwoLineDelegate::LastRole + 1, ActionRole };

bool matches(const QString& text, const QStringList& words)
{
    return std::all_of(words.begin(), words.end(),
                       [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace

CommandField::CommandField(ClinicSession& session, Commands commands, QWidget* parent)
    : QLineEdit(parent)
    , m_session(session)
    , m_commands(std::move(commands))
    , m_settled(new SettledSearch(session, this))
    , m_list(new QListView)
    , m_model(new QStandardItemModel(this))
{
    setObjectName(QStringLiteral("commandField"));
    setAccessibleName(tr("Search patients and commands"));
    setPlaceholderText(tr("Search patients and commands"));
    setClearButtonEnabled(false);
    addAction(Theme::icon(u"search", ColorToken::TextMuted), QLineEdit::LeadingPosition);
    m_list->setObjectName(QStringLiteral("commandList"));
    m_list->setAccessibleName(tr("Found"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new TwoLineDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMouseTracking(true);
    connect(m_list, &QListView::clicked, this, &CommandField::choose);
    connect(this, &QLineEdit::textEdited, this, &CommandField::search);
}

void CommandField::start()
{
    if (!hasFocus())
        m_focusBefore = QApplication::focusWidget();
    setFocus(Qt::ShortcutFocusReason);
    selectAll();
    search();
}

int CommandField::offered() const
{
    return m_popup != nullptr && m_popup->isVisible() ? m_model->rowCount() : 0;
}

void CommandField::search()
{
    const QString typed = text().simplified();
    m_model->clear();
    if (!typed.isEmpty() && m_session.allows(Operation::Read, Area::PatientIdentity)) {
        const auto found = m_session.searchPatients(typed, tunables::kCommandFieldPatients);
        const QDate today = localTime(m_session.clock().now(), m_session.zone()).date();
        if (found) {
            for (const PatientRow& row : *found) {
                auto* item = new QStandardItem(Theme::icon(u"user", ColorToken::TextMuted), row.name);
                item->setData(patientFacts(row, today), TwoLineDelegate::SecondLineRole);
                item->setData(QString::fromStdString(row.id.text()), PatientRole);
                item->setData(row.name + QLatin1String(", ") + patientFacts(row, today),
                              Qt::AccessibleTextRole);
                m_model->appendRow(item);
            }
            m_settled->typed(typed, static_cast<int>(found->size()));
        }
    }
    addCommands(typed);
    showList();
}

void CommandField::addCommands(const QString& text)
{
    const QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    int offered = 0;
    const QList<QAction*> commands = m_commands();
    for (QAction* command : commands) {
        const QString name = command->text().remove(u'&');
        if (!command->isEnabled() || name.isEmpty() || !matches(name, words))
            continue;
        auto* item = new QStandardItem(Theme::icon(u"arrow-right", ColorToken::TextMuted), name);
        item->setData(command->shortcut().toString(QKeySequence::NativeText), TwoLineDelegate::TrailingRole);
        item->setData(QVariant::fromValue(static_cast<QObject*>(command)), ActionRole);
        m_model->appendRow(item);
        if (++offered == tunables::kCommandFieldCommands)
            break;
    }
}

void CommandField::showList()
{
    if (m_popup == nullptr) {
        // A child of the window, not a window of its own: the keyboard stays here.
        m_popup = new QFrame(window());
        m_popup->setObjectName(QStringLiteral("commandPopup"));
        m_popup->setProperty("look", QStringLiteral("popup"));
        auto* column = new QVBoxLayout(m_popup);
        const int inset = Theme::current().space(1);
        column->setContentsMargins(inset, inset, inset, inset);
        column->addWidget(m_list);
        window()->installEventFilter(this);
    }
    if (m_model->rowCount() == 0) {
        auto* none = new QStandardItem(
            tr("Nothing found. Try part of a name, a birth date, an MRN or a phone number."));
        none->setFlags(Qt::NoItemFlags);
        m_model->appendRow(none);
    }
    m_list->setCurrentIndex(m_model->index(0, 0));
    int height = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        height += m_list->sizeHintForRow(row);
    const QPoint below = mapTo(window(), QPoint(0, this->height() + Theme::current().space(1)));
    const int margins = 2 * Theme::current().space(1) + 4;
    m_popup->setGeometry(
        below.x(), below.y(), width(),
        std::min(height + margins, window()->height() - below.y() - Theme::current().space(4)));
    m_popup->show();
    m_popup->raise();
}

void CommandField::hideList()
{
    if (m_popup != nullptr)
        m_popup->hide();
}

void CommandField::leave()
{
    clear();
    hideList();
    if (m_focusBefore)
        m_focusBefore->setFocus();
    else
        clearFocus();
}

void CommandField::choose(const QModelIndex& index)
{
    const QVariant patient = index.data(PatientRole);
    const QVariant command = index.data(ActionRole);
    if (!patient.isValid() && !command.isValid())
        return;
    if (patient.isValid())
        m_settled->settle();
    leave();
    if (patient.isValid())
        Q_EMIT patientChosen(PatientId::known(patient.toString().toStdString()));
    else if (auto* action = qobject_cast<QAction*>(command.value<QObject*>()))
        action->trigger();
}

void CommandField::move(int by)
{
    const int rows = m_model->rowCount();
    if (rows == 0)
        return;
    const int row = (m_list->currentIndex().row() + by + rows) % rows;
    m_list->setCurrentIndex(m_model->index(row, 0));
}

void CommandField::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Down:
        if (offered() == 0)
            search();
        else
            move(1);
        return;
    case Qt::Key_Up:
        move(-1);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (offered() > 0)
            choose(m_list->currentIndex());
        return;
    case Qt::Key_Escape:
        leave();
        return;
    default:
        QLineEdit::keyPressEvent(event);
    }
}

void CommandField::focusOutEvent(QFocusEvent* event)
{
    QLineEdit::focusOutEvent(event);
    hideList();
}

bool CommandField::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == window() && event->type() == QEvent::Resize)
        hideList();
    return QLineEdit::eventFilter(watched, event);
}

} // namespace yarrow
