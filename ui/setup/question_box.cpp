// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/question_box.h"

#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QVBoxLayout>

namespace yarrow {

QuestionBox::QuestionBox(QWidget* parent)
    : QFrame(parent)
    , m_question(makeParagraph({}))
    , m_reason(new QLineEdit)
    , m_yes(makeButton({}, ButtonKind::Danger, QStringLiteral("questionYes")))
    , m_no(makeButton({}, ButtonKind::Normal, QStringLiteral("questionNo")))
{
    const Theme& theme = Theme::current();
    setObjectName(QStringLiteral("questionBox"));
    setProperty("look", QStringLiteral("note-warn"));
    m_question->setObjectName(QStringLiteral("questionText"));
    auto* reason = new Field(tr("Reason"), m_reason, QStringLiteral("questionReason"));
    reason->setHint(tr("For the audit; may stay empty."));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme.space(2));
    buttons->addStretch(1);
    buttons->addWidget(m_no);
    buttons->addWidget(m_yes);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(3), theme.space(3), theme.space(3), theme.space(3));
    column->setSpacing(theme.space(2));
    column->addWidget(m_question);
    column->addWidget(reason);
    column->addLayout(buttons);
    connect(m_reason, &QLineEdit::returnPressed, m_yes, &QPushButton::click);
    connect(m_yes, &QPushButton::clicked, this, [this] {
        hide();
        Q_EMIT confirmed();
    });
    connect(m_no, &QPushButton::clicked, this, &QuestionBox::dismiss);
    hide();
}

void QuestionBox::ask(const QString& question, const QString& yes, const QString& no)
{
    m_question->setText(question);
    setAccessibleName(question);
    m_yes->setText(yes);
    m_no->setText(no);
    m_reason->setText({});
    show();
    m_reason->setFocus(Qt::OtherFocusReason);
}

QString QuestionBox::reason() const
{
    return m_reason->text().trimmed();
}

void QuestionBox::dismiss()
{
    hide();
    Q_EMIT dismissed();
}

void QuestionBox::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && event->modifiers() == Qt::NoModifier) {
        dismiss();
        event->accept();
        return;
    }
    QFrame::keyPressEvent(event);
}

} // namespace yarrow
