// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/blockouts_editor.h"

#include "ui/setup/when_text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"

#include <QHBoxLayout>
#include <QJsonObject>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {

namespace {

const QString kWhen = QStringLiteral("when");
const QString kReason = QStringLiteral("reason");

} // namespace

BlockoutsEditor::BlockoutsEditor(Words words, const QString& name, const QTimeZone& zone, QWidget* parent)
    : QWidget(parent)
    , m_words(std::move(words))
    , m_name(name)
    , m_zone(zone)
    , m_column(new QVBoxLayout(this))
    , m_add(makeButton(m_words.add, ButtonKind::Quiet, name + QLatin1String("Add")))
{
    setObjectName(name);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(Theme::current().space(2));
    m_add->setIcon(Theme::icon(u"plus", ColorToken::Accent));
    m_column->addWidget(m_add, 0, Qt::AlignLeading);
    connect(m_add, &QPushButton::clicked, this, [this] { addRow({}, {}).when->setFocus(); });
}

void BlockoutsEditor::setLines(const QJsonArray& lines)
{
    for (const Row& row : m_rows)
        delete row.widget;
    m_rows.clear();
    for (const auto& line : lines)
        addRow(line[kWhen].toString(), line[kReason].toString());
}

QJsonArray BlockoutsEditor::lines() const
{
    QJsonArray all;
    for (const Row& row : m_rows) {
        if (!row.when->text().trimmed().isEmpty() || !row.reason->text().trimmed().isEmpty())
            all.append(QJsonObject{{kWhen, row.when->text()}, {kReason, row.reason->text()}});
    }
    return all;
}

QJsonArray BlockoutsEditor::linesOf(const std::vector<Blockout>& blockouts, Instant from) const
{
    std::vector<Blockout> shown = blockouts;
    std::erase_if(shown, [&](const Blockout& blockout) { return blockout.when.end <= from; });
    std::stable_sort(shown.begin(), shown.end(),
                     [](const Blockout& a, const Blockout& b) { return a.when.start < b.when.start; });
    QJsonArray all;
    for (const Blockout& blockout : shown)
        all.append(QJsonObject{{kWhen, shortWhenText(blockout.when, m_zone, QLocale())},
                               {kReason, blockout.reason}});
    return all;
}

BlockoutsEditor::Row& BlockoutsEditor::addRow(const QString& when, const QString& reason)
{
    const Theme& theme = Theme::current();
    const QString number = QString::number(m_made++);
    Row row{};
    row.widget = new QWidget;
    row.when = new QLineEdit(when);
    row.reason = new QLineEdit(reason);
    row.field = new Field(m_words.when, row.when, m_name + QLatin1String("When") + number);
    auto* why = new Field(tr("Reason"), row.reason, m_name + QLatin1String("Reason") + number);
    auto* remove =
        makeIconButton(QStringLiteral("trash"), m_words.remove, m_name + QLatin1String("Remove") + number);
    row.remove = remove;
    auto* line = new QHBoxLayout(row.widget);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(theme.space(2));
    line->addWidget(row.field, 3, Qt::AlignTop);
    line->addWidget(why, 2, Qt::AlignTop);
    auto* end = new QVBoxLayout;
    end->setContentsMargins(0, 0, 0, 0);
    end->addSpacing(QFontMetrics(theme.font(TextStyle::Small)).height() + theme.space(1));
    end->addWidget(row.remove);
    end->addStretch(1);
    line->addLayout(end);

    const QWidget* widget = row.widget;
    connect(row.when, &QLineEdit::textEdited, this, [this, row] {
        echo(row);
        Q_EMIT edited();
    });
    connect(row.reason, &QLineEdit::textEdited, this, &BlockoutsEditor::edited);
    connect(remove, &QToolButton::clicked, this, [this, widget] { removeRow(widget); });
    m_column->insertWidget(static_cast<int>(m_rows.size()), row.widget);
    row.widget->show(); // at once, to be given the keyboard
    m_rows.push_back(row);
    QWidget* last = nullptr;
    for (const Row& each : m_rows) {
        if (last != nullptr)
            QWidget::setTabOrder(last, each.when);
        QWidget::setTabOrder(each.when, each.reason);
        QWidget::setTabOrder(each.reason, each.remove);
        last = each.remove;
    }
    QWidget::setTabOrder(last, m_add);
    echo(row);
    return m_rows.back();
}

void BlockoutsEditor::removeRow(const QWidget* widget)
{
    const auto row =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& r) { return r.widget == widget; });
    if (row == m_rows.end())
        return;
    row->widget->hide();
    row->widget->deleteLater();
    m_rows.erase(row);
    m_add->setFocus();
    Q_EMIT edited();
}

void BlockoutsEditor::echo(const Row& row)
{
    row.field->setError({});
    const QString typed = row.when->text();
    if (typed.trimmed().isEmpty()) {
        row.field->setHint(tr("Like 24 Dec – 6 Jan, or 12 May 13:00-15:00."));
        return;
    }
    const TypedWhen read = readWhen(typed, m_today, m_zone, QLocale());
    row.field->setHint(read.when ? whenText(*read.when, m_zone) : QString());
}

std::optional<std::vector<Blockout>> BlockoutsEditor::check(const std::vector<Blockout>& shown)
{
    std::vector<Blockout> all;
    std::vector<bool> used(shown.size(), false);
    QLineEdit* wrong = nullptr;
    for (const Row& row : m_rows) {
        row.field->setError({});
        const QString typed = row.when->text().trimmed();
        const QString reason = row.reason->text().trimmed();
        if (typed.isEmpty() && reason.isEmpty())
            continue;
        // Its stored times may be finer than their text.
        const auto same = std::find_if(shown.begin(), shown.end(), [&](const Blockout& blockout) {
            return !used[static_cast<std::size_t>(&blockout - shown.data())] &&
                   shortWhenText(blockout.when, m_zone, QLocale()) == typed;
        });
        if (same != shown.end()) {
            used[static_cast<std::size_t>(same - shown.begin())] = true;
            all.push_back({same->when, reason});
            continue;
        }
        const TypedWhen read = readWhen(typed, m_today, m_zone, QLocale());
        if (read.when) {
            all.push_back({*read.when, reason});
            continue;
        }
        row.field->setError(read.problem == TypedWhen::Problem::EndNotAfterStart
                                ? tr("This ends before it begins.")
                                : tr("This is not understood. Write it like 24 Dec – 6 Jan, or "
                                     "12 May 13:00-15:00."));
        if (wrong == nullptr)
            wrong = row.when;
    }
    if (wrong == nullptr)
        return all;
    wrong->setFocus(Qt::OtherFocusReason);
    return std::nullopt;
}

} // namespace yarrow
