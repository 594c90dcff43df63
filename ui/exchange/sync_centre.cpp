// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/sync_centre.h"

#include "ui/exchange/exchange_texts.h"
#include "ui/exchange/record_texts.h"
#include "ui/exchange/refusal_card.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QListView>
#include <QPushButton>
#include <QStandardItemModel>
#include <QStandardPaths>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {
namespace {

constexpr int kWidth = 460; ///< at 100 %
constexpr int kExchangesShown = 12;
constexpr std::size_t kRefusedShown = 3; ///< the inbox has all of them
constexpr int kRowsBeforeScrolling = 8;

QListView* makeList(const QString& name, const QString& title, QStandardItemModel* model)
{
    auto* list = new QListView;
    list->setObjectName(name);
    list->setAccessibleName(title);
    list->setModel(model);
    list->setItemDelegate(new TwoLineDelegate(list));
    list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    return list;
}

void fitHeight(QListView* list)
{
    const int rows = std::min(list->model()->rowCount(), kRowsBeforeScrolling);
    list->setFixedHeight(rows == 0 ? 0 : rows * list->sizeHintForRow(0) + 2);
    list->setVisible(rows > 0);
}

} // namespace

SyncCentre::SyncCentre(ClinicSession& session, QWidget* parent)
    : SidePanel(tr("Sync Centre"), parent)
    , m_session(session)
    , m_icon(new IconLabel(QStringLiteral("workstation"), ColorToken::TextMuted, 28))
    , m_state(makeParagraph({}, TextStyle::Heading))
    , m_explanation(makeParagraph({}))
    , m_server(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
    , m_limits(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
    , m_sync(makeButton(tr("Sync now"), ButtonKind::Primary, QStringLiteral("syncNow")))
    , m_pause(makeButton({}, ButtonKind::Normal, QStringLiteral("pauseSync")))
    , m_deletions(new NoteBox)
    , m_note(new NoteBox)
    , m_waitingHead(makeLabel(tr("Waiting here"), TextStyle::Strong))
    , m_refusedPlace(new QWidget)
    , m_refused(new QVBoxLayout(m_refusedPlace))
    , m_retryAll(makeButton(tr("Send all again"), ButtonKind::Quiet, QStringLiteral("retryAll")))
    , m_waitingModel(new QStandardItemModel(this))
    , m_waitingNote(makeParagraph({}, TextStyle::Body, ColorToken::TextMuted))
    , m_exchangesHead(makeLabel(tr("Last exchanges"), TextStyle::Strong))
    , m_exchangesModel(new QStandardItemModel(this))
    , m_export(makeButton(tr("Save unsent changes…"), ButtonKind::Normal, QStringLiteral("exportUnsent")))
    , m_close(makeButton(tr("Close"), ButtonKind::Normal, QStringLiteral("closeSyncCentre")))
{
    const Theme& theme = Theme::current();
    setObjectName(QStringLiteral("syncCentre"));
    setMinimumWidth(theme.px(kWidth));
    setMaximumWidth(theme.px(kWidth));
    buildState();
    buildLists();
    buildFoot();
    ExchangeDesk& desk = session.exchange();
    connect(&desk, &ExchangeDesk::statusChanged, this, [this] {
        showStatus();
        if (isVisible())
            read();
    });
    connect(&desk, &ExchangeDesk::inboxChanged, this, [this] {
        if (isVisible())
            read();
    });
    showStatus();
}

void SyncCentre::buildState()
{
    const Theme& theme = Theme::current();
    m_state->setObjectName(QStringLiteral("syncState"));
    m_explanation->setObjectName(QStringLiteral("syncExplanation"));
    m_server->setObjectName(QStringLiteral("syncServer"));
    auto* head = new QHBoxLayout;
    head->setSpacing(theme.space(3));
    head->addWidget(m_icon, 0, Qt::AlignTop);
    head->addWidget(m_state, 1);
    body()->addLayout(head);
    body()->addWidget(m_explanation);
    body()->addWidget(m_server);
    m_limits->setObjectName(QStringLiteral("syncLimits"));
    body()->addWidget(m_limits);

    m_sync->setIcon(Theme::icon(u"refresh", ColorToken::OnAccent));
    m_sync->setToolTip(tr("F5"));
    connect(m_sync, &QPushButton::clicked, this, [this] { m_session.exchange().exchangeNow(); });
    connect(m_pause, &QPushButton::clicked, this, &SyncCentre::pause);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme.space(2));
    buttons->addWidget(m_sync);
    buttons->addWidget(m_pause);
    buttons->addStretch(1);
    body()->addLayout(buttons);

    m_deletions->setObjectName(QStringLiteral("deletionsNote"));
    connect(m_deletions, &NoteBox::actionTriggered, this, &SyncCentre::allowDeletions);
    body()->addWidget(m_deletions);
    m_note->setObjectName(QStringLiteral("syncNote"));
    body()->addWidget(m_note);
}

void SyncCentre::buildLists()
{
    const Theme& theme = Theme::current();
    m_waiting = makeList(QStringLiteral("waitingList"), tr("Waiting here"), m_waitingModel);
    m_exchanges = makeList(QStringLiteral("exchangeList"), tr("Last exchanges"), m_exchangesModel);
    m_refused->setContentsMargins(0, 0, 0, 0);
    m_refused->setSpacing(theme.space(2));
    m_waitingNote->setObjectName(QStringLiteral("waitingNote"));
    connect(m_retryAll, &QPushButton::clicked, this, [this] {
        m_session.exchange().retryAll(this, [this](const Result<int>& retried) {
            if (!retried)
                failed(retried.error());
            else
                Q_EMIT notice(tr("%n are sent again with the next exchange.", nullptr, *retried));
        });
    });
    auto* head = new QHBoxLayout;
    head->addWidget(m_waitingHead, 1);
    head->addWidget(m_retryAll);
    body()->addSpacing(theme.space(2));
    body()->addWidget(makeLine());
    body()->addLayout(head);
    body()->addWidget(m_refusedPlace);
    body()->addWidget(m_waiting);
    body()->addWidget(m_waitingNote);
    body()->addSpacing(theme.space(2));
    body()->addWidget(makeLine());
    body()->addWidget(m_exchangesHead);
    body()->addWidget(m_exchanges);
    body()->addStretch(1);
}

void SyncCentre::buildFoot()
{
    m_export->setIcon(Theme::icon(u"save"));
    connect(m_export, &QPushButton::clicked, this, &SyncCentre::exportUnsent);
    foot()->addWidget(m_export);
    m_export->setVisible(m_session.allows(Operation::Update, Area::Administration));
    foot()->addStretch(1);
    connect(m_close, &QPushButton::clicked, this, &SidePanel::closeRequested);
    foot()->addWidget(m_close);
}

void SyncCentre::open()
{
    m_note->say(Tone::Info, {});
    showStatus();
    read();
}

void SyncCentre::focusFirst()
{
    // Escape must find its way here from whatever has the keyboard.
    for (QPushButton* button : {m_sync, m_pause, m_close}) {
        if (button->isVisibleTo(this) && button->isEnabled()) {
            button->setFocus(Qt::OtherFocusReason);
            return;
        }
    }
}

void SyncCentre::showStatus()
{
    const ExchangeStatus status = m_session.exchange().status();
    const Instant now = m_session.clock().now();
    const ExchangeLook look = lookOf(status, now, m_session.zone());
    m_icon->setIcon(look.icon, toneInk(look.tone));
    m_state->setText(look.text);
    m_explanation->setText(explanationOf(status, now, m_session.zone()));
    m_limits->setText(limitTexts(status.progress.limits).join(u'\n'));
    m_limits->setVisible(!m_limits->text().isEmpty());
    m_server->setVisible(status.hasServer);
    m_server->setText(tr("Server: %1").arg(status.serverUrl));
    m_sync->setVisible(status.hasServer);
    m_sync->setEnabled(!status.progress.isRunning && !status.isPaused);
    m_pause->setVisible(status.hasServer);
    m_pause->setText(status.isPaused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(Theme::icon(status.isPaused ? u"refresh" : u"sync-off"));
    if (status.progress.obstacle == ExchangeObstacle::AskDeletions) {
        m_deletions->say(Tone::Warn, tr("Deletions wait for a confirmation."));
        m_deletions->setAction(tr("Let the server delete them"));
    } else {
        m_deletions->say(Tone::Info, {});
    }
    m_exchangesHead->setVisible(status.hasServer);
}

void SyncCentre::read()
{
    ExchangeDesk& desk = m_session.exchange();
    desk.waiting(ExchangeDesk::Which::All, this,
                 [this](const Result<WaitingRows>& rows) { showWaiting(rows); });
    desk.lastExchanges(this, [this](const Result<std::vector<ExchangeRow>>& rows) { showExchanges(rows); });
}

void SyncCentre::showWaiting(const Result<WaitingRows>& rows)
{
    m_waitingModel->clear();
    const ExchangeStatus status = m_session.exchange().status();
    if (!rows) {
        m_waitingNote->setText(sentence(rows.error()));
        m_waitingNote->show();
        fitHeight(m_waiting);
        return;
    }
    showRefused(*rows);
    const Instant now = m_session.clock().now();
    for (const WaitingRow& row : rows->rows) {
        // Without a server everything is here only; a list of all records says nothing.
        if (row.state == WaitingRow::State::Refused || !status.hasServer)
            continue;
        auto* item = new QStandardItem(Theme::icon(typeIcon(row.subject.type), ColorToken::TextMuted),
                                       subjectText(row.subject));
        const QString second =
            joinFacts({changeText(row.change), subjectFacts(row.subject, m_session.zone()), row.authorName});
        item->setData(second, TwoLineDelegate::SecondLineRole);
        item->setData(row.state == WaitingRow::State::UnderWay ? tr("being sent")
                      : row.since                              ? momentText(*row.since, now, m_session.zone())
                                                               : QString(),
                      TwoLineDelegate::TrailingRole);
        item->setData(QStringLiteral("%1, %2").arg(subjectText(row.subject), second), Qt::AccessibleTextRole);
        m_waitingModel->appendRow(item);
    }
    fitHeight(m_waiting);
    QStringList notes;
    if (!status.hasServer)
        notes << tr("%n changes, on this workstation only.", nullptr, status.waiting);
    else if (status.waiting == 0)
        notes << tr("Nothing waits: the server has every change that was made here.");
    if (status.hasServer && rows->more > 0)
        notes << tr("And %n more.", nullptr, rows->more);
    if (status.hasServer && rows->hidden > 0)
        notes << tr("%n more concern records that your role may not see.", nullptr, rows->hidden);
    m_waitingNote->setText(notes.join(u' '));
    m_waitingNote->setVisible(!notes.isEmpty());
}

void SyncCentre::showRefused(const WaitingRows& rows)
{
    while (QLayoutItem* item = m_refused->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    std::size_t refused = 0;
    for (const WaitingRow& row : rows.rows) {
        if (row.state != WaitingRow::State::Refused || ++refused > kRefusedShown)
            continue;
        auto* card = new RefusalCard(m_session, row);
        connect(card, &RefusalCard::done, this, &SyncCentre::notice);
        connect(card, &RefusalCard::patientRequested, this, &SyncCentre::patientRequested);
        connect(card, &RefusalCard::dayRequested, this, &SyncCentre::dayRequested);
        m_refused->addWidget(card);
    }
    if (refused > kRefusedShown)
        m_refused->addWidget(
            makeParagraph(tr("%n more are in the inbox.", nullptr, static_cast<int>(refused - kRefusedShown)),
                          TextStyle::Body, ColorToken::TextMuted));
    m_refusedPlace->setVisible(refused > 0);
    m_retryAll->setVisible(refused > 1);
}

void SyncCentre::showExchanges(const Result<std::vector<ExchangeRow>>& rows)
{
    m_exchangesModel->clear();
    const Instant now = m_session.clock().now();
    int shown = 0;
    for (const ExchangeRow& row : rows ? *rows : std::vector<ExchangeRow>()) {
        if (++shown > kExchangesShown)
            break;
        const bool wentWell = row.outcome.isEmpty() && row.note.isEmpty();
        auto* item = new QStandardItem(Theme::icon(wentWell ? u"check" : u"warning",
                                                   wentWell ? ColorToken::TextMuted : ColorToken::Warn),
                                       exchangeText(row));
        item->setData(row.at ? momentText(*row.at, now, m_session.zone()) : QString(),
                      TwoLineDelegate::TrailingRole);
        item->setToolTip(exchangeText(row));
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        m_exchangesModel->appendRow(item);
    }
    fitHeight(m_exchanges);
    m_exchangesHead->setVisible(m_exchangesModel->rowCount() > 0);
}

void SyncCentre::pause()
{
    const bool paused = !m_session.exchange().status().isPaused;
    m_session.exchange().setPaused(paused, this, [this, paused](const Result<void>& result) {
        if (!result)
            failed(result.error());
        else
            Q_EMIT notice(paused ? tr("Sync is paused.") : tr("Sync goes on."));
    });
}

void SyncCentre::allowDeletions()
{
    m_session.exchange().allowDeletions(this, [this](const Result<void>& result) {
        if (!result)
            failed(result.error());
    });
}

void SyncCentre::exportUnsent()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    const QString file = QFileDialog::getSaveFileName(this, tr("Save unsent changes"),
                                                      folder + tr("/unsent-changes.yarrow-edits"),
                                                      tr("Unsent changes, sealed (*.yarrow-edits)"));
    if (file.isEmpty())
        return;
    m_session.exchange().exportUnsent(file, this, [this](const Result<int>& written) {
        if (written)
            m_note->say(Tone::Info, tr("%n changes are in the file. The clinic's recovery code opens it, and "
                                       "no password does.",
                                       nullptr, *written));
        else
            failed(written.error());
    });
}

void SyncCentre::failed(const Error& error)
{
    m_note->say(Tone::Bad, deskRefusal(error));
}

} // namespace yarrow
