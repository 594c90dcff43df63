// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/refusal_card.h"

#include "models/items/exchange_desk.h"
#include "ui/exchange/exchange_texts.h"
#include "ui/exchange/record_texts.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"

#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace yarrow {

RefusalCard::RefusalCard(ClinicSession& session, WaitingRow row, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_row(std::move(row))
    , m_note(new NoteBox)
    , m_buttons(new QWidget)
    , m_givingUp(new QWidget)
    , m_reason(new QLineEdit)
{
    const Theme& theme = Theme::current();
    setProperty("look", QStringLiteral("card"));
    setObjectName(QStringLiteral("refusalCard"));
    QString why = m_row.refusal ? refusalText(*m_row.refusal) : QString();
    if (const QString whoMay = whoMayText(m_row); !whoMay.isEmpty())
        why += QLatin1Char(' ') + whoMay;
    setAccessibleName(QStringLiteral("%1. %2").arg(subjectText(m_row.subject), why));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(4));
    column->setSpacing(theme.space(2));
    buildText(why);
    column->addWidget(m_note);
    buildButtons();
    buildGivingUp();
    askReason(false);
}

void RefusalCard::buildText(const QString& why)
{
    const Theme& theme = Theme::current();
    auto* column = static_cast<QVBoxLayout*>(layout());
    auto* head = new QHBoxLayout;
    head->setSpacing(theme.space(2));
    head->addWidget(new IconLabel(typeIcon(m_row.subject.type), ColorToken::TextMuted, 20), 0, Qt::AlignTop);
    auto* words = new QVBoxLayout;
    words->setSpacing(theme.px(2));
    words->addWidget(makeParagraph(subjectText(m_row.subject), TextStyle::Strong));
    words->addWidget(
        makeParagraph(joinFacts({changeText(m_row.change), subjectFacts(m_row.subject, m_session.zone())}),
                      TextStyle::Small, ColorToken::TextMuted));
    head->addLayout(words, 1);
    column->addLayout(head);
    auto* reason = makeParagraph(why);
    reason->setObjectName(QStringLiteral("refusalReason"));
    column->addWidget(reason);
    column->addWidget(makeParagraph(details(), TextStyle::Small, ColorToken::TextMuted));
    if (m_row.refusal && m_row.refusal->retryAt) {
        auto* next = makeParagraph(retryText(*m_row.refusal->retryAt), TextStyle::Small);
        next->setObjectName(QStringLiteral("refusalRetry"));
        column->addWidget(next);
    }
}

QString RefusalCard::retryText(Instant at) const
{
    const Instant now = m_session.clock().now();
    if (at <= now)
        return tr("It is sent again with the next exchange.");
    const QDateTime then = localTime(at, m_session.zone());
    const bool isToday = then.date() == localTime(now, m_session.zone()).date();
    const QString time = QLocale().toString(then.time(), QLocale::ShortFormat);
    return isToday ? tr("Tries again at %1.").arg(time)
                   : tr("Tries again on %1 at %2.")
                         .arg(QLocale().toString(then.date(), QLocale::ShortFormat), time);
}

QString RefusalCard::details() const
{
    const Instant now = m_session.clock().now();
    QStringList facts;
    if (!m_row.authorName.isEmpty())
        facts << (m_row.since ? tr("%1, %2", "who, when")
                                    .arg(m_row.authorName, momentText(*m_row.since, now, m_session.zone()))
                              : m_row.authorName);
    if (m_row.refusal) {
        if (m_row.refusal->attempts > 1)
            facts << tr("sent %n times", nullptr, m_row.refusal->attempts);
        if (!m_row.refusal->element.isEmpty())
            facts << tr("about %1").arg(memberText(m_row.refusal->element.section(u'.', -1)));
        facts << tr("answer %1 %2", "HTTP status and code of the server's answer")
                     .arg(m_row.refusal->status)
                     .arg(m_row.refusal->code)
                     .trimmed();
    }
    return joinFacts(facts);
}

void RefusalCard::buildButtons()
{
    const Theme& theme = Theme::current();
    auto* row = new QHBoxLayout(m_buttons);
    row->setContentsMargins(0, theme.space(1), 0, 0);
    row->setSpacing(theme.space(2));
    const bool triesAgain = m_row.refusal && m_row.refusal->retryAt;
    m_retry = makeButton(triesAgain ? tr("Retry now") : tr("Send again"), ButtonKind::Normal,
                         QStringLiteral("retryRefused"));
    m_retry->setAccessibleDescription(subjectText(m_row.subject));
    connect(m_retry, &QPushButton::clicked, this, &RefusalCard::retry);
    row->addWidget(m_retry);
    if (m_row.subject.start || !m_row.subject.patient.isEmpty()) {
        auto* open = makeButton(m_row.subject.start ? tr("Show in the calendar") : tr("Open the patient"),
                                ButtonKind::Normal, QStringLiteral("openRefused"));
        connect(open, &QPushButton::clicked, this, [this] {
            if (m_row.subject.start)
                Q_EMIT dayRequested(localTime(*m_row.subject.start, m_session.zone()).date());
            else
                Q_EMIT patientRequested(m_row.subject.patient);
        });
        row->addWidget(open);
    }
    row->addStretch(1);
    m_giveUp = makeButton(tr("Give up…"), ButtonKind::Quiet, QStringLiteral("giveUpRefused"));
    m_giveUp->setAccessibleName(tr("Give up this change"));
    connect(m_giveUp, &QPushButton::clicked, this, [this] { askReason(true); });
    row->addWidget(m_giveUp);
    m_retry->setVisible(m_row.mayDiscard);
    m_giveUp->setVisible(m_row.mayDiscard);
    layout()->addWidget(m_buttons);
}

void RefusalCard::buildGivingUp()
{
    const Theme& theme = Theme::current();
    auto* column = new QVBoxLayout(m_givingUp);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.space(2));
    column->addWidget(makeParagraph(
        m_row.change == WaitingRow::Change::Made
            ? tr("The server never had this record: it will be deleted here. Who gave it up and why is kept.")
            : tr("The record will be as the server has it. Who gave the change up and why is kept.")));
    m_reasonField = new Field(tr("Why it is given up"), m_reason, QStringLiteral("giveUpReason"));
    column->addWidget(m_reasonField);
    auto* row = new QHBoxLayout;
    row->setSpacing(theme.space(2));
    auto* yes = makeButton(tr("Give up this change"), ButtonKind::Danger, QStringLiteral("confirmGiveUp"));
    auto* no = makeButton(tr("Keep it"), ButtonKind::Normal, QStringLiteral("keepRefused"));
    connect(yes, &QPushButton::clicked, this, &RefusalCard::giveUp);
    connect(no, &QPushButton::clicked, this, [this] {
        askReason(false);
        m_giveUp->setFocus(Qt::OtherFocusReason);
    });
    connect(m_reason, &QLineEdit::returnPressed, this, &RefusalCard::giveUp);
    row->addWidget(yes);
    row->addWidget(no);
    row->addStretch(1);
    column->addLayout(row);
    layout()->addWidget(m_givingUp);
}

void RefusalCard::focusFirst()
{
    if (m_row.mayDiscard)
        m_retry->setFocus(Qt::OtherFocusReason);
}

void RefusalCard::askReason(bool ask)
{
    m_buttons->setVisible(!ask);
    m_givingUp->setVisible(ask);
    if (ask)
        m_reason->setFocus(Qt::OtherFocusReason);
}

void RefusalCard::retry()
{
    m_retry->setEnabled(false);
    m_session.exchange().retry(m_row.subject, this, [this](const Result<void>& result) {
        m_retry->setEnabled(true);
        if (result)
            Q_EMIT done(tr("It is sent again with the next exchange."));
        else
            failed(result.error());
    });
}

void RefusalCard::giveUp()
{
    if (m_reason->text().trimmed().isEmpty()) {
        m_reasonField->setError(tr("Say why: others may ask what became of it."));
        m_reason->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_reasonField->setError({});
    m_givingUp->setEnabled(false);
    m_session.exchange().discard(m_row.subject, m_reason->text().trimmed(), this,
                                 [this](const Result<void>& result) {
                                     m_givingUp->setEnabled(true);
                                     if (result)
                                         Q_EMIT done(tr("The change is given up."));
                                     else
                                         failed(result.error());
                                 });
}

void RefusalCard::failed(const Error& error)
{
    m_note->say(Tone::Bad, deskRefusal(error));
}

} // namespace yarrow
