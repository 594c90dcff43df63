// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/exchange/element_choice.h"

#include "ui/exchange/record_texts.h"
#include "ui/exchange/value_choice.h"
#include "ui/patients/birth_date_text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"

#include <QButtonGroup>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QVBoxLayout>

namespace yarrow {
namespace {

constexpr int kSideBySide = 600; ///< at 100 %: below it the values stand under one another

QString elementTitle(const ConflictDetails& conflict, const ConflictElement& element)
{
    switch (conflict.row.kind) {
    case ConflictKind::EditDeleted:
    case ConflictKind::DeleteEdited:
        return typeText(conflict.row.subject.type);
    case ConflictKind::Elements:
    case ConflictKind::Booking:
        break;
    }
    return elementText(conflict.row.subject.type, element.steps);
}

bool isTextOrNothing(const std::optional<Json>& value)
{
    return !value || value->isString();
}

} // namespace

ElementChoice::ElementChoice(const ConflictDetails& conflict, const ConflictElement& element,
                             const ValueTexts& texts, const Captions& captions, QWidget* parent)
    : QFrame(parent)
    , m_element(element)
    , m_today(captions.today)
    , m_title(elementTitle(conflict, element))
    , m_values(new QBoxLayout(QBoxLayout::LeftToRight))
    , m_group(new QButtonGroup(this))
{
    const Theme& theme = Theme::current();
    setProperty("look", QStringLiteral("card"));
    setObjectName(QStringLiteral("elementChoice"));
    setAccessibleName(m_title);
    // What stands there now is what keeping theirs would keep, also when it was changed since.
    const QStringList values = texts.texts(
        element.steps, {element.before, element.mine, conflict.row.isSettled ? element.theirs : element.now});
    m_mineText = values[1];
    m_theirsText = values[2];
    QString mineValue = m_mineText;
    QString theirsValue = m_theirsText;
    if (conflict.row.kind == ConflictKind::DeleteEdited) {
        mineValue = tr("Delete it");
        theirsValue = tr("Keep it as it is now:\n%1").arg(values[2]);
    } else if (conflict.row.kind == ConflictKind::EditDeleted) {
        mineValue = tr("Bring it back, with these changes:\n%1").arg(values[1]);
        theirsValue = tr("Leave it deleted");
    }
    m_mine = new ValueChoice(captions.mine, mineValue);
    m_theirs = new ValueChoice(captions.theirs, theirsValue);
    m_mine->setObjectName(QStringLiteral("takeMine"));
    m_theirs->setObjectName(QStringLiteral("takeTheirs"));
    m_group->addButton(m_mine);
    m_group->addButton(m_theirs);

    auto* before = new QWidget;
    auto* beforeColumn = new QVBoxLayout(before);
    beforeColumn->setContentsMargins(0, theme.space(3), 0, theme.space(3));
    beforeColumn->setSpacing(theme.px(2));
    beforeColumn->addWidget(makeLabel(tr("Before"), TextStyle::Small, ColorToken::TextMuted));
    auto* beforeText = makeParagraph(values[0], TextStyle::Body, ColorToken::TextMuted);
    beforeText->setObjectName(QStringLiteral("beforeText"));
    beforeText->setAccessibleName(tr("Before: %1").arg(values[0]));
    beforeColumn->addWidget(beforeText);
    beforeColumn->addStretch(1);

    m_values->setSpacing(theme.space(3));
    m_values->addWidget(before, 2);
    m_values->addWidget(m_mine, 3);
    m_values->addWidget(m_theirs, 3);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(4));
    column->setSpacing(theme.space(2));
    column->addWidget(makeLabel(m_title, TextStyle::Strong));
    column->addLayout(m_values);
    if (isTypable())
        makeTyping();
    connect(m_group, &QButtonGroup::buttonToggled, this, [this](QAbstractButton*, bool on) {
        if (on && m_typed)
            m_typed->clear();
        Q_EMIT changed();
    });
}

/// Plain texts may also become something else; codes and structures may not.
bool ElementChoice::isTypable() const
{
    if (m_element.steps.empty() || !m_element.steps.back().members.isEmpty())
        return false;
    if (!isTextOrNothing(m_element.mine) || !isTextOrNothing(m_element.theirs) ||
        !isTextOrNothing(m_element.before) || (!m_element.mine && !m_element.theirs))
        return false;
    static const QStringList kCodes{QStringLiteral("gender"),      QStringLiteral("status"),
                                    QStringLiteral("use"),         QStringLiteral("system"),
                                    QStringLiteral("criticality"), QStringLiteral("reference")};
    const QString& name = m_element.steps.back().name;
    const auto& sample = m_element.mine ? *m_element.mine : *m_element.theirs;
    const bool isInstant = sample.string().find('T') == 10;
    return !kCodes.contains(name) && !isInstant;
}

void ElementChoice::makeTyping()
{
    m_other = makeButton(tr("Something else…"), ButtonKind::Quiet, QStringLiteral("takeOther"));
    m_other->setAccessibleName(tr("%1: something else").arg(m_title));
    m_typed = new QLineEdit;
    m_typedField = new Field(tr("%1, as it should be").arg(m_title), m_typed, QStringLiteral("otherValue"));
    m_typedField->hide();
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->addWidget(m_other, 0, Qt::AlignLeading);
    column->addWidget(m_typedField);
    connect(m_other, &QPushButton::clicked, this, [this] {
        m_other->hide();
        m_typedField->show();
        m_typed->setFocus(Qt::OtherFocusReason);
    });
    connect(m_typed, &QLineEdit::textEdited, this, [this](const QString& text) {
        if (!text.isEmpty() && m_group->checkedButton() != nullptr) {
            m_group->setExclusive(false);
            m_group->checkedButton()->setChecked(false);
            m_group->setExclusive(true);
        }
        checkTyped();
        Q_EMIT changed();
    });
}

void ElementChoice::checkTyped()
{
    const bool wrong = !m_typed->text().trimmed().isEmpty() && !typedValue();
    m_typedField->setError(wrong ? tr("This is no date. Write it as 12.03.1958 or 12 March 1958.")
                                 : QString());
}

std::optional<Json> ElementChoice::typedValue() const
{
    const QString text = m_typed == nullptr ? QString() : m_typed->text().trimmed();
    if (text.isEmpty())
        return std::nullopt;
    if (m_element.steps.back().name != QLatin1String("birthDate"))
        return Json(text.toStdString());
    const auto date = readBirthDate(text, m_today, QLocale());
    if (!date || date->text().empty())
        return std::nullopt;
    return Json(date->text());
}

std::optional<ConflictChoice> ElementChoice::choice() const
{
    if (m_mine->isChecked())
        return ConflictChoice{m_element.path, ConflictChoice::Take::Mine, {}};
    if (m_theirs->isChecked())
        return ConflictChoice{m_element.path, ConflictChoice::Take::Theirs, {}};
    if (auto value = typedValue())
        return ConflictChoice{m_element.path, ConflictChoice::Take::Value, std::move(value)};
    return std::nullopt;
}

void ElementChoice::take(ConflictChoice::Take take)
{
    (take == ConflictChoice::Take::Mine ? m_mine : m_theirs)->setChecked(true);
}

void ElementChoice::setChangeable(bool changeable)
{
    m_mine->setChangeable(changeable);
    m_theirs->setChangeable(changeable);
    if (m_other)
        m_other->setVisible(changeable && m_typedField->isHidden());
    if (m_typed)
        m_typed->setEnabled(changeable);
}

void ElementChoice::focusChoice()
{
    (m_theirs->isChecked() ? m_theirs : m_mine)->setFocus(Qt::OtherFocusReason);
}

QString ElementChoice::outcome() const
{
    if (m_mine->isChecked())
        return m_mineText;
    if (m_theirs->isChecked())
        return m_theirsText;
    return typedValue() ? m_typed->text().trimmed() : QString();
}

bool ElementChoice::leavesIt() const
{
    return m_theirs->isChecked();
}

void ElementChoice::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    m_values->setDirection(width() >= Theme::current().px(kSideBySide) ? QBoxLayout::LeftToRight
                                                                       : QBoxLayout::TopToBottom);
}

void ElementChoice::keyPressEvent(QKeyEvent* event)
{
    if (event->modifiers() == Qt::NoModifier && m_mine->focusPolicy() != Qt::NoFocus) {
        if (event->key() == Qt::Key_1 || event->key() == Qt::Key_2) {
            auto* taken = event->key() == Qt::Key_1 ? m_mine : m_theirs;
            taken->setChecked(true);
            taken->setFocus(Qt::OtherFocusReason);
            return;
        }
    }
    QFrame::keyPressEvent(event);
}

} // namespace yarrow
