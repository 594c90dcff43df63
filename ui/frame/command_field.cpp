// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/command_field.h"

#include "ui/frame/tunables.h"
#include "ui/patients/settled_search.h"
#include "ui/setup/when_text.h"
#include "ui/theme/theme.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QAction>
#include <QApplication>
#include <QFrame>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QKeyEvent>
#include <QListView>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace yarrow {

namespace {

enum Role { PatientRole = TwoLineDelegate::LastRole + 1, ActionRole, DayRole, AppointmentRole };

const QString kDraft = QStringLiteral("palette"); ///< what was chosen lately is kept like a draft
const QString kCommands = QStringLiteral("commands");

QString nameOf(const QAction* command)
{
    return command->text().remove(u'&');
}

/// 0 when the name begins as typed, 1 when words of it do, 2 when it has them somewhere; nothing otherwise.
std::optional<int> rank(const QString& name, const QString& typed)
{
    if (name.startsWith(typed, Qt::CaseInsensitive))
        return 0;
    const QStringList words = typed.split(u' ', Qt::SkipEmptyParts);
    const QStringList has = name.split(u' ', Qt::SkipEmptyParts);
    const auto begins = [&](const QString& word) {
        return std::any_of(has.begin(), has.end(),
                           [&](const QString& one) { return one.startsWith(word, Qt::CaseInsensitive); });
    };
    if (std::all_of(words.begin(), words.end(), begins))
        return 1;
    const bool contains = std::all_of(words.begin(), words.end(), [&](const QString& word) {
        return name.contains(word, Qt::CaseInsensitive);
    });
    if (contains)
        return 2;
    return std::nullopt;
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
    setAccessibleName(tr("Search patients, appointments and commands"));
    setPlaceholderText(tr("Search patients, appointments and commands"));
    setClearButtonEnabled(false);
    addSearchIcon(*this);
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
    readRecent();
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
    if (m_popup == nullptr || !m_popup->isVisible())
        return 0;
    int lines = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        lines += m_model->item(row)->isEnabled() ? 1 : 0;
    return lines == 0 ? m_model->rowCount() : lines;
}

void CommandField::search()
{
    const QString before = std::exchange(m_typed, text().simplified());
    m_chooseFirst = false;
    m_moved = false;
    if (m_typed.isEmpty() || before.isEmpty())
        m_findings = {}; // otherwise they stay until the next ones come, so that nothing flickers
    m_looking = m_session.allows(Operation::Read, Area::PatientIdentity);
    fill();
    if (!m_looking)
        return;
    m_session.search().find(m_typed, this, [this, asked = m_typed](const Result<Findings>& found) {
        if (asked != m_typed || m_popup == nullptr || !m_popup->isVisible())
            return;
        m_looking = false;
        if (found) {
            m_findings = *found;
            m_settled->typed(m_typed, static_cast<int>(found->patients.size()));
        }
        fill();
        if (m_chooseFirst)
            choose(m_list->currentIndex());
    });
}

/// Groups in a fixed order: what a hand has learnt stays where it is.
void CommandField::fill()
{
    const auto identity = [](const QModelIndex& index) {
        return QVariantList{index.data(), index.data(PatientRole), index.data(ActionRole),
                            index.data(DayRole), index.data(AppointmentRole)};
    };
    const QVariantList chosen = identity(m_list->currentIndex());
    m_model->clear();
    addPatients();
    addAppointments();
    addDay();
    addCommands();
    showList();
    // What somebody has moved to meanwhile stays chosen.
    for (int row = 0; row < m_model->rowCount() && !m_looking && m_moved; ++row) {
        if (identity(m_model->index(row, 0)) != chosen || !m_model->item(row)->isEnabled())
            continue;
        m_list->setCurrentIndex(m_model->index(row, 0));
        break;
    }
}

void CommandField::addHead(const QString& text)
{
    auto* head = new QStandardItem(text);
    head->setFlags(Qt::NoItemFlags);
    m_model->appendRow(head);
}

void CommandField::addPatients()
{
    if (m_findings.patients.empty())
        return;
    addHead(m_typed.isEmpty() ? tr("Recent patients") : tr("Patients"));
    const QDate today = localTime(m_session.clock().now(), m_session.zone()).date();
    for (const PatientRow& row : m_findings.patients) {
        auto* item = new QStandardItem(Theme::icon(u"user", ColorToken::TextMuted), row.name);
        item->setData(patientFacts(row, today), TwoLineDelegate::SecondLineRole);
        item->setData(QString::fromStdString(row.id.text()), PatientRole);
        const Marks marks = recordMarks(row);
        item->setData(QVariant::fromValue(marks), TwoLineDelegate::MarksRole);
        item->setData(joinFacts({row.name, marksText(marks), patientFacts(row, today)}),
                      Qt::AccessibleTextRole);
        m_model->appendRow(item);
    }
}

void CommandField::addAppointments()
{
    if (m_findings.appointments.empty())
        return;
    addHead(tr("Appointments"));
    for (const AppointmentRow& row : m_findings.appointments) {
        const QDateTime start = localTime(row.appointment.start, m_session.zone());
        QString with;
        for (const CalendarResource& practitioner : m_session.practitioners()) {
            if (practitioner.id == row.appointment.practitioner)
                with = practitioner.name;
        }
        const QString when = joinFacts({whenText(start), row.patientName});
        auto* item = new QStandardItem(Theme::icon(u"calendar", ColorToken::TextMuted), when);
        const QString facts =
            joinFacts({row.serviceName, with, row.roomName, statusText(row.appointment.status)});
        item->setData(facts, TwoLineDelegate::SecondLineRole);
        item->setData(start.date(), DayRole);
        item->setData(QString::fromStdString(row.appointment.id.text()), AppointmentRole);
        const Marks marks = recordMarks(row);
        item->setData(QVariant::fromValue(marks), TwoLineDelegate::MarksRole);
        item->setData(joinFacts({when, marksText(marks), facts}), Qt::AccessibleTextRole);
        m_model->appendRow(item);
    }
}

/// A date that is typed is a day of the calendar.
void CommandField::addDay()
{
    if (m_typed.isEmpty() || !m_session.allows(Operation::Read, Area::Appointments))
        return;
    const QTimeZone zone = m_session.zone();
    const TypedWhen typed =
        readWhen(m_typed, localTime(m_session.clock().now(), zone).date(), zone, QLocale());
    if (!typed.when || *typed.when != localDay(toLocalDate(typed.when->start, zone), zone))
        return;
    addHead(tr("Day"));
    const QDate day = toLocalDate(typed.when->start, zone);
    auto* item = new QStandardItem(Theme::icon(u"today", ColorToken::TextMuted),
                                   tr("Show %1").arg(QLocale().toString(day, QLocale::LongFormat)));
    item->setData(day, DayRole);
    m_model->appendRow(item);
}

void CommandField::addCommand(const Command& command)
{
    const QString name = nameOf(command.action);
    auto* item = new QStandardItem(Theme::icon(u"arrow-right", ColorToken::TextMuted), name);
    const QString keys = command.action->shortcut().toString(QKeySequence::NativeText);
    // A page's keys work while it is shown; from elsewhere, where one is led says more.
    item->setData(command.page.isEmpty() ? keys : command.page, TwoLineDelegate::TrailingRole);
    item->setData(joinFacts({name, command.page}), Qt::AccessibleTextRole);
    item->setData(QVariant::fromValue(static_cast<QObject*>(command.action)), ActionRole);
    m_model->appendRow(item);
}

void CommandField::addCommands()
{
    QList<Command> commands = m_commands();
    commands.removeIf([](const Command& command) {
        return !command.action->isEnabled() || nameOf(command.action).isEmpty();
    });
    std::vector<std::pair<int, Command>> ranked;
    for (const Command& command : std::as_const(commands)) {
        const QString name = nameOf(command.action);
        // With nothing typed, those used lately come first.
        const auto recent = m_recentCommands.indexOf(name);
        const auto place = m_typed.isEmpty() ? std::optional(recent < 0 ? tunables::kRecentCommands
                                                                        : static_cast<int>(recent))
                                             : rank(name, m_typed);
        if (place)
            ranked.emplace_back(*place, command);
    }
    if (ranked.empty())
        return;
    std::stable_sort(ranked.begin(), ranked.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    addHead(tr("Commands"));
    for (std::size_t i = 0; i < std::min<std::size_t>(ranked.size(), tunables::kCommandFieldCommands); ++i)
        addCommand(ranked[i].second);
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
    if (m_model->rowCount() == 0 && !m_looking) {
        auto* none = new QStandardItem(
            tr("Nothing found. Try part of a name, a birth date, an MRN or a phone number."));
        none->setFlags(Qt::NoItemFlags);
        m_model->appendRow(none);
    }
    m_list->setCurrentIndex({});
    move(1);
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
    m_looking = false;
    m_typed.clear();
    hideList();
    if (m_focusBefore)
        m_focusBefore->setFocus();
    else
        clearFocus();
}

void CommandField::choose(const QModelIndex& index)
{
    const QVariant patient = index.data(PatientRole);
    const QVariant day = index.data(DayRole);
    const QPointer<QAction> command = qobject_cast<QAction*>(index.data(ActionRole).value<QObject*>());
    if (!patient.isValid() && !day.isValid() && !command)
        return;
    if (patient.isValid()) {
        const auto id = PatientId::known(patient.toString().toStdString());
        m_settled->settle();
        leave();
        Q_EMIT patientChosen(id);
        return;
    }
    if (day.isValid()) {
        const QVariant appointment = index.data(AppointmentRole);
        m_settled->settle();
        leave(); // the list may be filled anew: what was chosen is kept above
        if (appointment.isValid())
            Q_EMIT appointmentChosen(AppointmentId::known(appointment.toString().toStdString()),
                                     day.toDate());
        else
            Q_EMIT dayChosen(day.toDate());
        return;
    }
    m_recentCommands.removeAll(nameOf(command));
    m_recentCommands.prepend(nameOf(command));
    m_recentCommands.resize(std::min<qsizetype>(m_recentCommands.size(), tunables::kRecentCommands));
    keepRecent();
    leave();
    if (command)
        Q_EMIT commandChosen(command);
}

/// To the next line in that direction that can be chosen; round at the ends.
void CommandField::move(int by)
{
    const int rows = m_model->rowCount();
    int row = m_list->currentIndex().row();
    for (int step = 0; step < rows; ++step) {
        row = row < 0 && by < 0 ? rows - 1 : (row + by + rows) % rows;
        if (m_model->item(row)->isEnabled()) {
            m_list->setCurrentIndex(m_model->index(row, 0));
            // The head of a group is seen with its first line.
            m_list->scrollTo(
                m_model->index(row > 0 && !m_model->item(row - 1)->isEnabled() ? row - 1 : row, 0));
            return;
        }
    }
}

void CommandField::readRecent()
{
    const QJsonObject kept = QJsonDocument::fromJson(m_session.draft(kDraft)).object();
    for (const auto& one : kept[kCommands].toArray())
        m_recentCommands << one.toString();
}

void CommandField::keepRecent() const
{
    const QJsonObject kept{{kCommands, QJsonArray::fromStringList(m_recentCommands)}};
    m_session.saveDraft(kDraft, QJsonDocument(kept).toJson(QJsonDocument::Compact));
}

void CommandField::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Down:
        if (offered() == 0)
            search();
        else
            move(1);
        m_moved = true;
        return;
    case Qt::Key_Up:
        move(-1);
        m_moved = true;
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        // Patients come first: while they are looked for, nobody knows yet what is.
        if (m_looking && !m_moved)
            m_chooseFirst = true;
        else if (offered() > 0)
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
