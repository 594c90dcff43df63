// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/today/openings_list.h"

#include "ui/theme/theme.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QDateTime>
#include <QKeyEvent>

#include <algorithm>

namespace yarrow {
namespace {

constexpr int kPause = 300; ///< after the clinic changed, ms
constexpr int kMost = 6;
constexpr int kLeastHeight = 96; ///< at 100 %

} // namespace

OpeningsList::OpeningsList(ClinicSession& session, QWidget* parent)
    : QListWidget(parent)
    , m_session(session)
{
    setObjectName(QStringLiteral("dockOpenings"));
    setAccessibleName(tr("Next openings"));
    setItemDelegate(new TwoLineDelegate(this));
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setMinimumHeight(Theme::current().px(kLeastHeight));
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPause);
    connect(&m_pause, &QTimer::timeout, this, &OpeningsList::read);
    connect(&session, &ClinicSession::appointmentsChanged, this, &OpeningsList::refresh);
    connect(&session, &ClinicSession::recordsArrived, this, &OpeningsList::refresh);
    connect(this, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) { take(row(item)); });
}

/// The dock gives it what is left.
QSize OpeningsList::sizeHint() const
{
    return {QListWidget::sizeHint().width(), minimumHeight()};
}

void OpeningsList::showFrom(QDate day)
{
    m_from = day;
    refresh();
}

void OpeningsList::refresh()
{
    if (m_from.isValid())
        m_pause.start();
}

void OpeningsList::read()
{
    OpeningsRequest request;
    request.earliest = std::max(m_session.clock().now(), localDay(m_from, m_session.zone()).start);
    request.limit = kMost;
    auto found = m_session.openings(request);
    const int before = currentRow();
    clear();
    m_openings = found ? std::move(*found) : std::vector<Opening>();
    const auto practitioners = m_session.practitioners();
    for (const Opening& opening : m_openings) {
        const QDateTime start = localTime(opening.when.start, m_session.zone());
        const auto who = std::find_if(practitioners.begin(), practitioners.end(),
                                      [&](const auto& each) { return each.id == opening.practitioner; });
        const QString time = timeText(start.time());
        const QString when = start.date() == m_from
                                 ? time
                                 : tr("%1, %2", "short day, time")
                                       .arg(QLocale().toString(start.date(), tr("ddd d MMM")), time);
        auto* item = new QListWidgetItem(when, this);
        const QString name = who == practitioners.end() ? QString() : who->name;
        item->setData(TwoLineDelegate::SecondLineRole, name);
        item->setData(Qt::AccessibleTextRole, tr("%1, free at %2", "practitioner, time").arg(name, when));
    }
    if (m_openings.empty()) {
        auto* none = new QListWidgetItem(tr("Nothing is free in the next two weeks."), this);
        none->setFlags(Qt::NoItemFlags);
    }
    setCurrentRow(std::min(before, count() - 1));
}

void OpeningsList::take(int row)
{
    if (row >= 0 && row < static_cast<int>(m_openings.size()))
        Q_EMIT chosen(Opening(m_openings[static_cast<std::size_t>(row)]));
}

void OpeningsList::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        take(currentRow());
    else
        QListWidget::keyPressEvent(event);
}

} // namespace yarrow
