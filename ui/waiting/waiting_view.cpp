// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/waiting/waiting_view.h"

#include "ui/calendar/calendar_texts.h"
#include "ui/waiting/waiting_texts.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListWidget>
#include <QMenu>

#include <algorithm>

namespace yarrow {
namespace {

constexpr int kIdRole = TwoLineDelegate::LastRole + 1;

/// Asks for little and takes what is left.
class LowList final : public QListWidget
{
public:
    [[nodiscard]] QSize sizeHint() const override
    {
        return {QListWidget::sizeHint().width(), minimumHeight()};
    }
};

} // namespace

WaitingView::WaitingView(WaitingOffers& offers, const ClinicSession& session, const QString& name,
                         QWidget* parent)
    : QWidget(parent)
    , m_offers(offers)
    , m_session(session)
    , m_slot(makeParagraph({}, TextStyle::Small, ColorToken::Accent))
    , m_withdraw(makeIconButton(QStringLiteral("close"), tr("Show everybody who waits"),
                                QStringLiteral("withdrawOffer")))
    , m_head(new QWidget)
    , m_list(new LowList)
    , m_empty(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
    , m_book(makeButton({}, ButtonKind::Primary, QStringLiteral("bookWaiting")))
{
    const Theme& theme = Theme::current();
    auto* head = new QHBoxLayout(m_head);
    head->setContentsMargins(0, 0, 0, 0);
    head->addWidget(m_slot, 1);
    head->addWidget(m_withdraw, 0, Qt::AlignTop);
    m_list->setObjectName(name);
    m_list->setAccessibleName(tr("Waiting list"));
    m_list->setItemDelegate(new TwoLineDelegate(m_list));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setMinimumHeight(theme.px(96));
    m_list->installEventFilter(this);
    auto* add = makeButton(tr("Add…"), ButtonKind::Normal, QStringLiteral("addWaiting"));
    add->setAccessibleName(tr("Put somebody on the waiting list"));
    add->setIcon(Theme::icon(u"plus"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme.space(2));
    buttons->addWidget(add);
    buttons->addWidget(m_book, 1);
    buttons->addStretch();

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.space(1));
    column->addWidget(m_head);
    column->addWidget(m_empty);
    column->addWidget(m_list, 1);
    column->addLayout(buttons);

    connect(&m_offers, &WaitingOffers::changed, this, &WaitingView::refresh);
    connect(m_withdraw, &QToolButton::clicked, &m_offers, &WaitingOffers::withdraw);
    connect(add, &QPushButton::clicked, this, &WaitingView::addRequested);
    connect(m_book, &QPushButton::clicked, this, [this] {
        if (const WaitingCandidate* one = marked())
            Q_EMIT bookRequested(WaitingCandidate(*one));
    });
    connect(m_list, &QListWidget::itemDoubleClicked, this, &WaitingView::take);
    connect(m_list, &QWidget::customContextMenuRequested, this, &WaitingView::showMenu);
    refresh();
}

const WaitingCandidate* WaitingView::marked() const
{
    const int row = std::max(0, m_list->currentRow());
    return row < static_cast<int>(m_offers.candidates().size())
               ? &m_offers.candidates()[static_cast<std::size_t>(row)]
               : nullptr;
}

void WaitingView::focusList()
{
    m_list->setFocus();
    if (m_list->currentRow() < 0)
        m_list->setCurrentRow(0);
}

void WaitingView::refresh()
{
    const QVariant before = m_list->currentItem() ? m_list->currentItem()->data(kIdRole) : QVariant();
    m_list->clear();
    const auto& slot = m_offers.slot();
    for (const WaitingCandidate& each : m_offers.candidates()) {
        auto* item = new QListWidgetItem(whoText(each.entry.row), m_list);
        const WaitingWish& wish = each.entry.row.appointment.wish;
        // Who is offered a time is telephoned.
        const QString why = slot ? joinFacts({phoneText(each.entry), reasonsText(each, m_session)})
                                 : wishText(wish, m_session);
        item->setData(TwoLineDelegate::SecondLineRole, why);
        item->setData(TwoLineDelegate::TrailingRole,
                      slot ? timeText(localTime(each.fit->when.start, m_session.zone()).time())
                           : waitText(wish, m_session));
        const Marks marks = recordMarks(each.entry.row);
        item->setData(TwoLineDelegate::MarksRole, QVariant::fromValue(marks));
        item->setData(Qt::AccessibleTextRole,
                      joinFacts({item->text(), marksText(marks), why, slot ? QString() : each.entry.phone}));
        item->setToolTip(
            joinFacts({item->text(), marksText(marks), each.entry.phone, wishText(wish, m_session),
                       waitText(wish, m_session), each.entry.row.appointment.comment}));
        item->setData(kIdRole, QString::fromStdString(each.entry.row.appointment.id.text()));
        if (item->data(kIdRole) == before && slot == m_shownSlot)
            m_list->setCurrentItem(item);
    }
    // For a new slot the best one is marked; who was chosen for this one stays so.
    if (slot && m_list->count() > 0 && !m_list->currentItem())
        m_list->setCurrentRow(0);
    m_shownSlot = slot;
    m_head->setVisible(slot.has_value());
    m_book->setVisible(slot.has_value() && m_list->count() > 0);
    m_book->setText(tr("Book the marked one (F4)"));
    if (slot)
        m_slot->setText(slotText(*slot, m_session));
    const bool none = m_list->count() == 0;
    m_empty->setVisible(none);
    if (!slot)
        m_empty->setText(tr("Nobody waits for an appointment. Who wants an earlier one can be put here."));
    else
        m_empty->setText(tr("Nobody on the waiting list would take this time and can be booked into it."));
}

void WaitingView::take()
{
    const WaitingCandidate* one = marked();
    if (!one)
        return;
    if (m_offers.slot())
        Q_EMIT bookRequested(WaitingCandidate(*one));
    else
        Q_EMIT openRequested(WaitlistRow(one->entry));
}

bool WaitingView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_list || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Return || key == Qt::Key_Enter) {
        take();
        return true;
    }
    if (key == Qt::Key_Delete) {
        if (const WaitingCandidate* one = marked())
            Q_EMIT removeRequested(WaitlistRow(one->entry));
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void WaitingView::showMenu(QPoint at)
{
    const WaitingCandidate* one = m_list->itemAt(at) ? marked() : nullptr;
    if (!one)
        return;
    const WaitlistRow entry = one->entry;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (m_offers.slot())
        menu->addAction(Theme::icon(u"check"), tr("Book"), this,
                        [this, candidate = *one] { Q_EMIT bookRequested(candidate); });
    menu->addAction(Theme::icon(u"edit"), tr("Open"), this, [this, entry] { Q_EMIT openRequested(entry); });
    menu->addAction(Theme::icon(u"user"), tr("Show the patient"), this,
                    [this, entry] { Q_EMIT patientRequested(entry.row.appointment.patient); });
    menu->addAction(Theme::icon(u"ban", ColorToken::Bad), tr("Take off the waiting list"), this,
                    [this, entry] { Q_EMIT removeRequested(entry); });
    menu->popup(m_list->viewport()->mapToGlobal(at));
}

} // namespace yarrow
