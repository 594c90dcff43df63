// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/inbox_page.h"

#include "ui/exchange/conflict_view.h"
#include "ui/exchange/exchange_texts.h"
#include "ui/exchange/record_texts.h"
#include "ui/exchange/refusal_card.h"
#include "ui/frame/tunables.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QAction>
#include <QFrame>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListView>
#include <QStackedWidget>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace yarrow {
namespace {

constexpr int kListWidth = 380; ///< at 100 %
constexpr int kKeyRole = TwoLineDelegate::LastRole + 1;
const QString kConflictKey = QStringLiteral("conflict:");
const QString kRefusedKey = QStringLiteral("refused:");

QString kindText(const ConflictRow& row)
{
    switch (row.kind) {
    case ConflictKind::Elements: {
        QStringList elements;
        for (const ElementPath& path : row.elements)
            elements << elementText(row.subject.type, path);
        return elements.join(InboxPage::tr(", ", "between disputed elements"));
    }
    case ConflictKind::EditDeleted:
        return InboxPage::tr("Changed by one, deleted by another");
    case ConflictKind::DeleteEdited:
        return InboxPage::tr("Deleted by one, changed by another");
    case ConflictKind::Booking:
        return InboxPage::tr("The booked time was taken");
    }
    return {};
}

} // namespace

InboxPage::InboxPage(ClinicSession& session, QWidget* parent)
    : Page(parent)
    , m_session(session)
    , m_caption(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
    , m_toggle(makeButton({}, ButtonKind::Quiet, QStringLiteral("inboxToggle")))
    , m_list(new QListView)
    , m_model(new QStandardItemModel(this))
    , m_hidden(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
    , m_stack(new QStackedWidget)
    , m_empty(new EmptyState(QStringLiteral("inbox"), {}, {}))
    , m_view(new ConflictView(session))
    , m_refusalPlace(new QWidget)
    , m_refusalColumn(new QVBoxLayout(m_refusalPlace))
{
    layOut();
    m_settle.setSingleShot(true);
    m_settle.setInterval(tunables::kOpenDelay);
    connect(&m_settle, &QTimer::timeout, this, &InboxPage::showCurrent);

    auto* settle = new QAction(tr("Settle this conflict"), this);
    settle->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return));
    settle->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    bindToPage(*settle);
    addAction(settle);
    connect(settle, &QAction::triggered, m_view, &ConflictView::submit);

    connect(m_toggle, &QPushButton::clicked, this, [this] { showSettled(!m_settledShown); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this] { m_settle.start(); });
    connect(m_list, &QListView::clicked, this, &InboxPage::showCurrent);
    connect(m_list, &QListView::activated, this, &InboxPage::enter);
    connect(m_view, &ConflictView::settled, this, [this] { Q_EMIT notice(tr("The conflict is settled.")); });
    connect(m_view, &ConflictView::undone, this,
            [this] { Q_EMIT notice(tr("The decision is taken back.")); });
    connect(m_view, &ConflictView::patientRequested, this, &Page::patientRequested);
    connect(m_view, &ConflictView::dayRequested, this, &Page::dayRequested);
    connect(m_empty, &EmptyState::actionTriggered, this, [this] { read(true); });
    connect(&session.exchange(), &ExchangeDesk::inboxChanged, this, [this] {
        if (m_wasShown)
            read(true);
    });
}

void InboxPage::layOut()
{
    const Theme& theme = Theme::current();
    m_list->setObjectName(QStringLiteral("inboxList"));
    m_list->setAccessibleName(tr("Waiting for a decision"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new TwoLineDelegate(m_list));
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setMouseTracking(true);
    m_list->installEventFilter(this);
    m_hidden->setObjectName(QStringLiteral("inboxHidden"));
    m_caption->setObjectName(QStringLiteral("inboxCaption"));

    auto* side = new QFrame;
    side->setProperty("look", QStringLiteral("list"));
    side->setFixedWidth(theme.px(kListWidth));
    auto* head = new QHBoxLayout;
    head->addWidget(makeLabel(tr("Inbox"), TextStyle::Heading), 1);
    head->addWidget(m_toggle);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(theme.space(4), theme.space(4), theme.space(4), theme.space(2));
    column->setSpacing(theme.space(2));
    column->addLayout(head);
    column->addWidget(m_caption);
    column->addWidget(m_list, 1);
    column->addWidget(m_hidden);

    m_refusalColumn->setContentsMargins(theme.space(6), theme.space(5), theme.space(6), theme.space(5));
    m_refusalColumn->addStretch(1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_refusalPlace);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(side);
    row->addWidget(makeUpright());
    row->addWidget(m_stack, 1);
}

QString InboxPage::title() const
{
    return tr("Inbox");
}

QList<KeyHint> InboxPage::keyHints() const
{
    return {{tr("↑ ↓"), tr("Move through the list")},
            {tr("Enter"), tr("Go to the choices")},
            {tr("1 / 2"), tr("Take the first or the second value")},
            {tr("Ctrl+Enter"), tr("Settle")},
            {tr("Esc"), tr("Back to the list")}};
}

void InboxPage::activated()
{
    const bool again = m_wasShown;
    m_wasShown = true;
    if (!again) {
        m_empty->set(QStringLiteral("inbox"), tr("One moment"), tr("The inbox is being read."));
        m_stack->setCurrentWidget(m_empty);
    }
    read(false);
    m_list->setFocus(Qt::OtherFocusReason);
}

void InboxPage::read(bool again)
{
    ExchangeDesk& desk = m_session.exchange();
    m_error.reset();
    const auto take = [this, settled = m_settledShown](const Result<std::vector<ConflictRow>>& rows) {
        if (settled == m_settledShown)
            takeConflicts(rows);
    };
    if (m_settledShown)
        desk.settledConflicts(again, this, take);
    else
        desk.openConflicts(again, this, take);
    desk.waiting(ExchangeDesk::Which::Refused, this,
                 [this](const Result<WaitingRows>& rows) { takeRefused(rows); });
}

void InboxPage::takeConflicts(const Result<std::vector<ConflictRow>>& rows)
{
    if (rows)
        m_conflicts = *rows;
    else
        m_error = rows.error();
}

void InboxPage::takeRefused(const Result<WaitingRows>& rows)
{
    if (rows)
        m_refused = *rows;
    else
        m_error = rows.error();
    fill(); // asked for last, answered last
}

QString InboxPage::keyOf(const QModelIndex& index) const
{
    return index.data(kKeyRole).toString();
}

void InboxPage::addHeading(const QString& text)
{
    auto* item = new QStandardItem(text);
    item->setFlags(Qt::NoItemFlags);
    m_model->appendRow(item);
}

void InboxPage::addConflict(const ConflictRow& row)
{
    const bool isBooking = row.kind == ConflictKind::Booking;
    const ColorToken ink = row.isSettled ? ColorToken::TextMuted : ColorToken::Warn;
    auto* item =
        new QStandardItem(Theme::icon(isBooking ? u"calendar" : QStringView(typeIcon(row.subject.type)), ink),
                          subjectText(row.subject));
    const Instant now = m_session.clock().now();
    const auto when = row.isSettled ? row.settledAt : row.editedAt;
    const QString second = row.isSettled
                               ? joinFacts({kindText(row), tr("settled by %1").arg(row.settledBy)})
                               : joinFacts({kindText(row), row.isMine ? tr("yours") : row.authorName});
    item->setData(second, TwoLineDelegate::SecondLineRole);
    item->setData(when ? momentText(*when, now, m_session.zone()) : QString(), TwoLineDelegate::TrailingRole);
    item->setData(kConflictKey + row.id, kKeyRole);
    item->setData(QStringLiteral("%1, %2").arg(subjectText(row.subject), second), Qt::AccessibleTextRole);
    m_model->appendRow(item);
}

void InboxPage::addRefused(int index, const WaitingRow& row)
{
    auto* item =
        new QStandardItem(Theme::icon(typeIcon(row.subject.type), ColorToken::Bad), subjectText(row.subject));
    const QString second =
        joinFacts({changeText(row.change), subjectFacts(row.subject, m_session.zone()), row.authorName});
    item->setData(second, TwoLineDelegate::SecondLineRole);
    item->setData(row.since ? momentText(*row.since, m_session.clock().now(), m_session.zone()) : QString(),
                  TwoLineDelegate::TrailingRole);
    item->setData(QStringLiteral("%1%2").arg(kRefusedKey).arg(index), kKeyRole);
    item->setData(
        QStringLiteral("%1, %2, %3").arg(subjectText(row.subject), tr("refused by the server"), second),
        Qt::AccessibleTextRole);
    m_model->appendRow(item);
}

void InboxPage::fill()
{
    const QString before = m_current;
    m_model->clear();
    const auto conflicts = m_conflicts.value_or(std::vector<ConflictRow>());
    const auto refused = m_settledShown ? WaitingRows() : m_refused.value_or(WaitingRows());
    const bool both = !conflicts.empty() && !refused.rows.empty();
    if (both)
        addHeading(tr("To decide"));
    for (const ConflictRow& row : conflicts)
        addConflict(row);
    if (!refused.rows.empty())
        addHeading(tr("Not taken by the server"));
    for (std::size_t i = 0; i < refused.rows.size(); ++i)
        addRefused(static_cast<int>(i), refused.rows[i]);
    m_hidden->setVisible(refused.hidden > 0);
    m_hidden->setText(tr("%n more concern records that your role may not see.", nullptr, refused.hidden));
    m_toggle->setText(m_settledShown ? tr("Show open ones") : tr("Show settled ones"));
    const int count = static_cast<int>(conflicts.size() + refused.rows.size());
    m_caption->setVisible(count > 0);
    m_caption->setText(m_settledShown ? tr("Settled last") : tr("%n wait for a decision", nullptr, count));

    int place = -1;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QString key = keyOf(m_model->index(row, 0));
        if (!key.isEmpty() && (place < 0 || key == before))
            place = row;
    }
    if (count == 0) {
        // What was just settled stays on screen, with its undo, although the list is empty now.
        if (!(m_stack->currentWidget() == m_view && before.startsWith(kConflictKey)) || m_error)
            showNothing();
        return;
    }
    const bool isListed = place >= 0 && keyOf(m_model->index(place, 0)) == before;
    const bool keepsShown =
        !isListed && before.startsWith(kConflictKey) && m_stack->currentWidget() == m_view;
    if (isListed || !keepsShown) {
        m_list->setCurrentIndex(m_model->index(place, 0));
        showCurrent();
    }
    m_settle.stop();
}

void InboxPage::showNothing()
{
    m_current.clear();
    m_stack->setCurrentWidget(m_empty);
    if (m_error) {
        m_empty->set(QStringLiteral("warning"), tr("The inbox could not be read"), sentence(*m_error));
        m_empty->setAction(tr("Try again"));
        return;
    }
    m_empty->setAction({});
    if (m_settledShown)
        m_empty->set(QStringLiteral("inbox"), tr("Nothing was settled yet"),
                     tr("Conflicts that somebody decided are listed here."));
    else
        m_empty->set(
            QStringLiteral("check-circle"), tr("Nothing to decide"),
            tr("When two people change the same thing, or a booked time was taken, it is decided here."));
}

void InboxPage::showCurrent()
{
    m_settle.stop();
    const QString key = keyOf(m_list->currentIndex());
    if (key.isEmpty())
        return;
    if (key.startsWith(kConflictKey)) {
        showConflict(key.mid(kConflictKey.size()));
    } else if (m_refused) {
        const auto index = static_cast<std::size_t>(key.mid(kRefusedKey.size()).toInt());
        if (index < m_refused->rows.size())
            showRefused(m_refused->rows[index]);
    }
    m_current = key;
}

void InboxPage::showConflict(const QString& id)
{
    if (m_current != kConflictKey + id || m_stack->currentWidget() != m_view)
        m_view->open(id);
    m_stack->setCurrentWidget(m_view);
}

void InboxPage::showRefused(const WaitingRow& row)
{
    if (m_refusal)
        m_refusal->deleteLater();
    m_refusal = new RefusalCard(m_session, row);
    m_refusalColumn->insertWidget(0, m_refusal);
    connect(m_refusal, &RefusalCard::done, this, &Page::notice);
    connect(m_refusal, &RefusalCard::patientRequested, this, &Page::patientRequested);
    connect(m_refusal, &RefusalCard::dayRequested, this, &Page::dayRequested);
    m_stack->setCurrentWidget(m_refusalPlace);
}

void InboxPage::enter()
{
    showCurrent();
    if (m_stack->currentWidget() == m_view)
        m_view->focusFirst();
    else if (m_refusal)
        m_refusal->focusFirst();
}

void InboxPage::showSettled(bool settled)
{
    m_settledShown = settled;
    m_conflicts.reset();
    m_current.clear();
    read(false);
}

void InboxPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && !m_list->hasFocus()) {
        m_list->setFocus(Qt::OtherFocusReason);
        return;
    }
    Page::keyPressEvent(event);
}

bool InboxPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) &&
            key->modifiers() == Qt::NoModifier) {
            enter();
            return true;
        }
    }
    return Page::eventFilter(watched, event);
}

QStringList InboxPage::tourStops() const
{
    return {QStringLiteral("inbox-conflict"), QStringLiteral("inbox-chosen"), QStringLiteral("inbox-booking"),
            QStringLiteral("inbox-refused"), QStringLiteral("inbox-settled")};
}

void InboxPage::showTourStop(const QString& stop)
{
    const auto bring = [this](const QString& prefix, int nth) {
        for (int row = 0; row < m_model->rowCount(); ++row) {
            const QModelIndex index = m_model->index(row, 0);
            if (keyOf(index).startsWith(prefix) && nth-- == 0) {
                m_list->setCurrentIndex(index);
                showCurrent();
                return;
            }
        }
    };
    if (stop == QLatin1String("inbox-conflict")) {
        showSettled(false);
    } else if (stop == QLatin1String("inbox-chosen")) {
        bring(kConflictKey, 0);
        m_view->takeAll(ConflictChoice::Take::Mine);
    } else if (stop == QLatin1String("inbox-booking")) {
        bring(kConflictKey, 2);
    } else if (stop == QLatin1String("inbox-refused")) {
        bring(kRefusedKey, 0);
    } else if (stop == QLatin1String("inbox-settled")) {
        showSettled(true);
    }
}

} // namespace yarrow
