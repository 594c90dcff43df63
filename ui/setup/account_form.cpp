// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/account_form.h"

#include "ui/frame/tunables.h"
#include "ui/setup/account_texts.h"
#include "ui/setup/question_box.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/field.h"
#include "ui/widgets/form_draft.h"
#include "ui/widgets/new_password.h"
#include "ui/widgets/texts.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QRegularExpression>
#include <QShortcut>
#include <QVBoxLayout>

namespace yarrow {

namespace {

constexpr int kWidest = 640; ///< at 100 %
constexpr QLatin1String kUser{"user"};
constexpr QLatin1String kName{"name"};
constexpr QLatin1String kRole{"role"};

QString codeOf(Role role)
{
    const std::string_view code = roleCode(role);
    return QString::fromLatin1(code.data(), static_cast<qsizetype>(code.size()));
}

QJsonObject fieldsOf(const AccountRow& row)
{
    return {{kUser, row.userName}, {kName, row.name}, {kRole, codeOf(row.role)}};
}

QString draftNameOf(const AccountId& id)
{
    return QLatin1String("setup/account/") +
           (id.isEmpty() ? QStringLiteral("new") : QString::fromStdString(id.text()));
}

} // namespace

AccountForm::AccountForm(ClinicSession& session, QWidget* parent)
    : SidePanel({}, parent)
    , m_session(session)
    , m_note(new NoteBox)
    , m_refusal(new NoteBox)
    , m_state(new NoteBox)
    , m_question(new QuestionBox)
    , m_user(new QLineEdit)
    , m_name(new QLineEdit)
    , m_role(new QComboBox)
    , m_userField(new Field(tr("User name for signing in"), m_user, QStringLiteral("accountUser")))
    , m_nameField(new Field(tr("Name"), m_name, QStringLiteral("accountName")))
    , m_roleField(new Field(tr("Role"), m_role, QStringLiteral("accountRole")))
    , m_newPassword(new NewPassword(tr("Password"),
                                    [this](const QString& password) {
                                        return m_session.accounts().checkPassword(password, m_user->text());
                                    }))
    , m_own(makeParagraph(tr("You change your own password with the button beside your name, or with "
                             "Ctrl+Shift+P."),
                          TextStyle::Small, ColorToken::TextMuted))
    , m_setPassword(makeButton(tr("Give a new password…"), ButtonKind::Normal, QStringLiteral("setPassword")))
    , m_letIn(makeButton(tr("Let in with their password…"), ButtonKind::Normal, QStringLiteral("letIn")))
    , m_password(new AccountPasswordBox(session.accounts()))
    , m_disable(makeButton(tr("Disable…"), ButtonKind::Danger, QStringLiteral("disableAccount")))
    , m_enable(makeButton(tr("Enable again"), ButtonKind::Normal, QStringLiteral("enableAccount")))
    , m_revert(makeButton(tr("Put aside"), ButtonKind::Normal, QStringLiteral("putAside")))
    , m_save(makeButton(tr("Save"), ButtonKind::Primary, QStringLiteral("save")))
{
    setObjectName(QStringLiteral("accountForm"));
    m_note->setObjectName(QStringLiteral("accountNote"));
    m_refusal->setObjectName(QStringLiteral("accountRefusal"));
    m_state->setObjectName(QStringLiteral("accountState"));
    for (const Role role : {Role::Receptionist, Role::Nurse, Role::Doctor, Role::Billing, Role::Admin})
        m_role->addItem(roleText(role), codeOf(role));
    m_wheel.protect(m_role);
    build();
    for (QLineEdit* edit : {m_user, m_name})
        connect(edit, &QLineEdit::textEdited, this, &AccountForm::edited);
    connect(m_role, &QComboBox::activated, this, &AccountForm::edited);
    connect(m_role, &QComboBox::currentIndexChanged, this, &AccountForm::showRights);
    connect(m_newPassword, &NewPassword::submitted, this, &AccountForm::submit);
    connect(m_save, &QPushButton::clicked, this, &AccountForm::submit);
    connect(m_revert, &QPushButton::clicked, this, &AccountForm::startOver);
    connect(m_disable, &QPushButton::clicked, this, &AccountForm::askToDisable);
    connect(m_enable, &QPushButton::clicked, this, [this] {
        AccountRow wanted = *m_row;
        wanted.isActive = true;
        change(wanted, {}, tr("%1 is enabled again.").arg(calledText(wanted)), {});
    });
    connect(m_setPassword, &QPushButton::clicked, this,
            [this] { askForPassword(AccountPasswordBox::Wish::NewPassword); });
    connect(m_letIn, &QPushButton::clicked, this,
            [this] { askForPassword(AccountPasswordBox::Wish::LetIn); });
    connect(m_password, &AccountPasswordBox::confirmed, this, &AccountForm::setPassword);
    connect(m_password, &AccountPasswordBox::dismissed, this, [this] {
        QPushButton* asked =
            m_password->wish() == AccountPasswordBox::Wish::NewPassword ? m_setPassword : m_letIn;
        asked->setFocus(Qt::OtherFocusReason);
    });
    connect(m_question, &QuestionBox::confirmed, this, [this] {
        change(*m_asked, m_question->reason(), m_askedDone,
               m_asked->isActive ? tr("Take back") : tr("Enable again"));
    });
    connect(m_question, &QuestionBox::dismissed, this, &AccountForm::focusFirst);
    connect(m_note, &NoteBox::actionTriggered, this, [this] {
        if (m_noteAction == NoteAction::TakeBack)
            takeBack();
        else if (m_noteAction == NoteAction::BringBack)
            bringBack();
        else
            startOver();
    });
    m_draftPause.setSingleShot(true);
    m_draftPause.setInterval(tunables::kDraftDelay);
    connect(&m_draftPause, &QTimer::timeout, this, &AccountForm::saveDraft);
}

void AccountForm::build()
{
    const Theme& theme = Theme::current();
    body()->parentWidget()->setMaximumWidth(theme.px(kWidest));
    m_userField->setHint(tr("Letters, digits and . - _ @; it stays for good."));
    m_nameField->setHint(tr("As colleagues know them."));
    auto* passwords = new QHBoxLayout;
    passwords->setSpacing(theme.space(2));
    passwords->addWidget(m_setPassword);
    passwords->addWidget(m_letIn);
    passwords->addStretch(1);
    for (QWidget* part : std::initializer_list<QWidget*>{m_note, m_question, m_refusal, m_state, m_userField,
                                                         m_nameField, m_roleField, m_newPassword})
        body()->addWidget(part);
    body()->addSpacing(theme.space(1));
    body()->addWidget(m_own);
    body()->addLayout(passwords);
    body()->addWidget(m_password);
    body()->addStretch(1);
    m_save->setToolTip(tr("Ctrl+Enter"));
    m_revert->setToolTip(tr("Show it as it was saved last"));
    foot()->addWidget(m_disable);
    foot()->addWidget(m_enable);
    foot()->addStretch(1);
    foot()->addWidget(m_revert);
    foot()->addWidget(m_save);
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, [this] {
            if (m_password->isAncestorOf(focusWidget()))
                m_password->confirm();
            else
                submit();
        });
    }
}

bool AccountForm::hasDraft(const ClinicSession& session, const AccountId& id)
{
    return readFormDraft(session.draft(draftNameOf(id))).has_value();
}

bool AccountForm::isNew() const
{
    return m_row && m_row->id.isEmpty();
}

void AccountForm::start(const AccountRow& row, const AccountList& list)
{
    m_draftPause.stop();
    ++m_started;
    m_row = row;
    m_list = list;
    m_putAside = {};
    m_before.reset();
    m_base = fieldsOf(row);
    m_question->hide();
    m_password->dismiss();
    m_newPassword->clear();
    setTitle(isNew() ? tr("New account") : calledText(row));
    m_focusBefore = nullptr;
    setBusy(false);
    const auto draft = readFormDraft(m_session.draft(draftNameOf(row.id)));
    if (draft) {
        showFields(draft->base == m_base ? draft->typed : mergedFields(draft->base, draft->typed, m_base));
        say(draft->base == m_base ? Tone::Info : Tone::Warn,
            draft->base == m_base ? tr("This was typed earlier and is not saved yet.")
                                  : tr("This was typed earlier and is not saved yet. The account has changed "
                                       "since: check before "
                                       "you save."),
            NoteAction::StartOver, tr("Put aside"));
    } else {
        showFields(m_base);
        say(Tone::Plain, {});
    }
    showState();
}

void AccountForm::readAgain(const AccountRow& row, const AccountList& list)
{
    const QJsonObject theirs = fieldsOf(row);
    const bool hasMoved = m_base != theirs;
    if (isDirty() && hasMoved)
        say(Tone::Warn,
            tr("Somebody changed this account while you were typing. What you typed is still here: "
               "look and save."));
    if (hasMoved)
        showFields(isDirty() ? mergedFields(m_base, typed(), theirs) : theirs);
    m_row = row;
    m_list = list;
    m_base = theirs;
    setTitle(calledText(row));
    showState();
}

/// What can be done with the account as it is, and what is to be said of it.
void AccountForm::showState()
{
    const AccountNote note = isNew() ? AccountNote() : accountNote(*m_row, m_list);
    const bool isLast = isLastAdministrator(*m_row, m_list);
    const bool isOther = !isNew() && !m_row->isOwn && m_row->isActive;
    m_state->say(note.tone, note.text);
    m_refusal->say(Tone::Bad, accountRefusalText(*m_row));
    m_user->setReadOnly(!isNew());
    m_userField->setHint(isNew() ? tr("Letters, digits and . - _ @; it stays for good.") : QString());
    m_role->setEnabled(!isLast);
    m_newPassword->setVisible(isNew());
    m_own->setVisible(m_row->isOwn);
    m_setPassword->setVisible(isOther);
    m_letIn->setVisible(isOther && canBeLetIn(*m_row, m_list));
    if (!isOther)
        m_password->dismiss();
    m_disable->setVisible(!isNew() && m_row->isActive);
    m_disable->setEnabled(!isLast);
    m_disable->setToolTip(isLast ? lastAdministratorText() : QString());
    m_disable->setAccessibleDescription(m_disable->toolTip());
    m_enable->setVisible(!isNew() && !m_row->isActive);
    m_save->setText(isNew() ? tr("Add") : tr("Save"));
    m_revert->setEnabled(isDirty());
    showRights();
}

void AccountForm::showRights()
{
    m_roleField->setHint(m_row && isLastAdministrator(*m_row, m_list) ? lastAdministratorText()
                                                                      : roleRightsText(chosenRole()));
}

Role AccountForm::chosenRole() const
{
    return roleFromCode(m_role->currentData().toString().toStdString()).value_or(Role::Receptionist);
}

QString AccountForm::draftName() const
{
    return draftNameOf(m_row->id);
}

QJsonObject AccountForm::typed() const
{
    return {{kUser, m_user->text()}, {kName, m_name->text()}, {kRole, m_role->currentData().toString()}};
}

void AccountForm::showFields(const QJsonObject& fields)
{
    m_user->setText(fields[kUser].toString());
    m_name->setText(fields[kName].toString());
    m_role->setCurrentIndex(m_role->findData(fields[kRole].toString()));
    for (Field* field : {m_userField, m_nameField, m_roleField})
        field->setError({});
}

bool AccountForm::isDirty() const
{
    return m_row && typed() != m_base;
}

void AccountForm::edited()
{
    m_userField->setError({});
    m_nameField->setError({});
    m_roleField->setError({});
    m_question->hide();
    m_revert->setEnabled(isDirty());
    m_draftPause.start();
}

void AccountForm::saveDraft()
{
    m_draftPause.stop();
    if (m_row)
        m_session.saveDraft(draftName(), isDirty() ? writeFormDraft({{}, m_base, typed()}) : QByteArray());
}

void AccountForm::focusFirst()
{
    (isNew() ? m_user : m_name)->setFocus(Qt::TabFocusReason);
}

bool AccountForm::checkFields()
{
    static const QRegularExpression kUserName(QStringLiteral("^[A-Za-z0-9._@-]{1,64}$"));
    QWidget* wrong = isNew() ? m_newPassword->wrong() : nullptr;
    if (m_name->text().trimmed().isEmpty()) {
        m_nameField->setError(tr("An account needs a name."));
        wrong = m_name;
    }
    if (isNew() && !kUserName.match(m_user->text().trimmed()).hasMatch()) {
        m_userField->setError(tr("Use 1 to 64 letters of A to Z, digits and . - _ @, without spaces."));
        wrong = m_user;
    }
    if (wrong != nullptr)
        wrong->setFocus(Qt::OtherFocusReason);
    return wrong == nullptr;
}

void AccountForm::submit()
{
    if (m_busy || !m_row || !checkFields())
        return;
    if (isNew()) {
        add();
        return;
    }
    AccountRow wanted = *m_row;
    wanted.name = m_name->text().trimmed();
    wanted.role = chosenRole();
    const QString done = tr("The changes of %1 are saved.").arg(calledText(wanted));
    if (wanted.isOwn && wanted.role != m_row->role) {
        m_asked = wanted;
        m_askedDone = done;
        m_question->ask(
            tr("You would be no administrator any more, and only another one could change that back."),
            tr("Give up the role"), tr("Keep it"));
        reveal(m_question);
        return;
    }
    change(wanted, {}, done, tr("Take back"));
}

void AccountForm::startOver()
{
    m_putAside = typed();
    showFields(m_base);
    m_newPassword->clear();
    saveDraft();
    m_revert->setEnabled(false);
    say(Tone::Info, tr("What you typed was put aside."), NoteAction::BringBack, tr("Bring it back"));
    focusFirst();
}

void AccountForm::bringBack()
{
    showFields(m_putAside);
    say(Tone::Plain, {});
    edited();
    saveDraft();
    focusFirst();
}

void AccountForm::setBusy(bool busy)
{
    if (busy == m_busy)
        return;
    m_busy = busy;
    if (busy)
        m_focusBefore = focusWidget();
    body()->parentWidget()->setEnabled(!busy);
    for (QPushButton* button : {m_save, m_enable})
        button->setEnabled(!busy);
    m_disable->setEnabled(!busy && !isLastAdministrator(*m_row, m_list));
    m_revert->setEnabled(!busy && isDirty());
    if (busy || !m_focusBefore)
        return;
    if (m_focusBefore->isVisible())
        m_focusBefore->setFocus(Qt::OtherFocusReason);
    else
        focusFirst();
}

void AccountForm::say(Tone tone, const QString& text, NoteAction action, const QString& actionText)
{
    m_noteAction = action;
    m_note->setAction(actionText);
    m_note->say(tone, text);
}

} // namespace yarrow
