// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/opening_hours.h"

#include <QDate>
#include <QJsonArray>
#include <QTimeZone>
#include <QWidget>

#include <optional>
#include <vector>

class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace yarrow {

class Field;

/// Closed days, vacations, meetings: a line each, typed ("24 Dec – 6 Jan", "12 May 13:00-15:00") and said
/// again in words below.
class BlockoutsEditor final : public QWidget
{
    Q_OBJECT
public:
    struct Words
    {
        QString add;    ///< "Another closed day"
        QString when;   ///< the field's label
        QString remove; ///< "Remove this closed day"
    };
    BlockoutsEditor(Words words, const QString& name, const QTimeZone& zone, QWidget* parent = nullptr);

    void setToday(QDate today) { m_today = today; }
    /// Each line as {"when", "reason"}, as typed.
    void setLines(const QJsonArray& lines);
    [[nodiscard]] QJsonArray lines() const; ///< without empty ones
    /// By start, without those that ended before `from`.
    [[nodiscard]] QJsonArray linesOf(const std::vector<Blockout>& blockouts, Instant from) const;
    /// What was typed. `shown` are the blockouts the lines were made from: a line left as it was stays
    /// exactly what it is. Nothing, with the keyboard on the first line that cannot be understood, otherwise.
    [[nodiscard]] std::optional<std::vector<Blockout>> check(const std::vector<Blockout>& shown);

Q_SIGNALS:
    void edited();

private:
    struct Row
    {
        QWidget* widget;
        Field* field;
        QLineEdit* when;
        QLineEdit* reason;
        QWidget* remove;
    };
    Row& addRow(const QString& when, const QString& reason);
    void removeRow(const QWidget* widget);
    void echo(const Row& row);

    Words m_words;
    QString m_name;
    QTimeZone m_zone;
    QDate m_today;
    std::vector<Row> m_rows;
    QVBoxLayout* m_column;
    QPushButton* m_add;
    int m_made = 0;
};

} // namespace yarrow
