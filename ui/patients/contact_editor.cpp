// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/contact_editor.h"

#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/texts.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {

using Use = ContactPoint::Use;

ContactEditor::ContactEditor(ContactPoint::System system, QWidget* parent)
    : QWidget(parent)
    , m_system(system)
    , m_column(new QVBoxLayout(this))
    , m_add(system == ContactPoint::System::Phone
                ? makeButton(tr("Another phone number"), ButtonKind::Quiet, QStringLiteral("addPhone"))
                : makeButton(tr("Another e-mail address"), ButtonKind::Quiet, QStringLiteral("addEmail")))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(Theme::current().space(2));
    m_add->setIcon(Theme::icon(u"plus", ColorToken::Accent));
    m_column->addWidget(m_add, 0, Qt::AlignLeading);
    connect(m_add, &QPushButton::clicked, this, [this] {
        addRow({isPhone() ? Use::Mobile : Use::Home, {}, std::nullopt}).value->setFocus();
        Q_EMIT edited();
    });
}

void ContactEditor::setLines(const std::vector<ContactLine>& lines)
{
    for (const Row& row : m_rows)
        delete row.widget;
    m_rows.clear();
    for (const ContactLine& line : lines)
        addRow(line);
    if (m_rows.empty())
        addRow({isPhone() ? Use::Mobile : Use::Home, {}, std::nullopt});
}

std::vector<ContactLine> ContactEditor::lines() const
{
    std::vector<ContactLine> lines;
    for (const Row& row : m_rows) {
        if (row.origin || !row.value->text().trimmed().isEmpty())
            lines.push_back(
                {static_cast<Use>(row.use->currentData().toInt()), row.value->text(), row.origin});
    }
    return lines;
}

ContactEditor::Row& ContactEditor::addRow(const ContactLine& line)
{
    const Theme& theme = Theme::current();
    const QString number = QString::number(++m_made);
    const QString kind = isPhone() ? QStringLiteral("phone") : QStringLiteral("email");
    Row row{};
    row.origin = line.origin;
    row.widget = new QWidget;
    row.use = new QComboBox;
    row.use->setObjectName(kind + QLatin1String("Use") + number);
    row.use->setAccessibleName(isPhone() ? tr("Kind of phone number") : tr("Kind of e-mail address"));
    std::vector<Use> uses{Use::Home, Use::Work, Use::Temp, Use::Old, Use::Unset};
    if (isPhone())
        uses.insert(uses.begin(), Use::Mobile);
    for (const Use use : uses)
        row.use->addItem(contactUseText(use), static_cast<int>(use));
    row.use->setCurrentIndex(std::max(0, row.use->findData(static_cast<int>(line.use))));
    row.value = new QLineEdit(line.value);
    row.value->setInputMethodHints(isPhone() ? Qt::ImhDialableCharactersOnly : Qt::ImhEmailCharactersOnly);
    row.field = new Field(isPhone() ? tr("Phone") : tr("E-mail"), row.value, kind + number);
    auto* remove =
        makeIconButton(QStringLiteral("trash"),
                       isPhone() ? tr("Remove this phone number") : tr("Remove this e-mail address"),
                       kind + QLatin1String("Remove") + number);

    auto* layout = new QHBoxLayout(row.widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(theme.space(2));
    auto* use = new Field(tr("Kind"), row.use, row.use->objectName());
    row.use->setAccessibleName(isPhone() ? tr("Kind of phone number") : tr("Kind of e-mail address"));
    layout->addWidget(use, 0, Qt::AlignTop);
    layout->addWidget(row.field, 1, Qt::AlignTop);
    auto* end = new QVBoxLayout;
    end->setContentsMargins(0, 0, 0, 0);
    end->addSpacing(QFontMetrics(theme.font(TextStyle::Small)).height() + theme.space(1));
    end->addWidget(remove);
    end->addStretch(1);
    layout->addLayout(end);

    const QWidget* widget = row.widget;
    connect(row.value, &QLineEdit::textEdited, this, [this, field = row.field] {
        field->setError({});
        Q_EMIT edited();
    });
    connect(row.use, &QComboBox::activated, this, &ContactEditor::edited);
    connect(remove, &QToolButton::clicked, this, [this, widget] { removeRow(widget); });
    m_column->insertWidget(static_cast<int>(m_rows.size()), row.widget);
    m_rows.push_back(row);
    return m_rows.back();
}

void ContactEditor::removeRow(const QWidget* widget)
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

QWidget* ContactEditor::check(QDate today)
{
    QWidget* first = nullptr;
    for (const Row& row : m_rows) {
        row.field->setError({});
        const QString value = row.value->text().trimmed();
        if (value.isEmpty())
            continue;
        // The rules are the domain's; it is asked about one line at a time, to know which is meant.
        Patient single;
        single.telecoms.push_back({m_system, Use::Unset, value, 0});
        const auto wanted = isPhone() ? PatientProblem::Field::Phone : PatientProblem::Field::Email;
        const auto problems = validate(single, today);
        const bool wrong = std::any_of(problems.begin(), problems.end(), [&](const PatientProblem& problem) {
            return problem.field == wanted;
        });
        if (!wrong)
            continue;
        row.field->setError(isPhone() ? tr("A phone number has 3 to 20 digits, like +39 055 0101.")
                                      : tr("An e-mail address looks like name@example.org."));
        if (first == nullptr)
            first = row.value;
    }
    return first;
}

} // namespace yarrow
