// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/setup_form.h"

#include "ui/frame/tunables.h"
#include "ui/setup/impact_box.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/form_draft.h"
#include "ui/widgets/texts.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {

namespace {

constexpr int kWidest = 880; ///< at 100 %; lines longer than this are not read well

template <class T>
QString textOf(const Id<T>& id)
{
    return QString::fromStdString(id.text());
}

struct IdOf
{
    QString operator()(const ClinicEntry& clinic) const { return textOf(clinic.location.value.id); }
    QString operator()(const Revised<Location>& room) const { return textOf(room.value.id); }
    QString operator()(const Revised<Device>& device) const { return textOf(device.value.id); }
    QString operator()(const Revised<HealthcareService>& service) const { return textOf(service.value.id); }
    QString operator()(const StaffEntry& entry) const
    {
        const QString role = textOf(entry.role.value.id);
        const QString practitioner = textOf(entry.practitioner.value.id);
        return role.isEmpty() ? practitioner : practitioner + u'/' + role;
    }
};

struct RevisionOf
{
    QString operator()(const ClinicEntry& clinic) const { return QString::number(clinic.location.revision); }
    QString operator()(const StaffEntry& entry) const
    {
        return QStringLiteral("%1/%2").arg(entry.practitioner.revision).arg(entry.role.revision);
    }
    template <class T>
    QString operator()(const Revised<T>& entry) const
    {
        return QString::number(entry.revision);
    }
};

QString draftNameOf(const QString& kind, const QString& id)
{
    return QStringLiteral("setup/%1/%2").arg(kind, id.isEmpty() ? QStringLiteral("new") : id);
}

/// The entry of the same id, as it is now.
std::optional<DirectoryChange> findAgain(const DirectoryEntries& entries, const DirectoryChange& entry)
{
    if (std::holds_alternative<ClinicEntry>(entry))
        return DirectoryChange(entries.clinic);
    std::optional<DirectoryChange> found;
    const auto look = [&](const auto& list) {
        for (const auto& one : list) {
            if (idOf(one) == idOf(entry))
                found = one;
        }
    };
    look(entries.rooms);
    look(entries.devices);
    look(entries.services);
    look(entries.staff);
    return found;
}

} // namespace

QString idOf(const DirectoryChange& entry)
{
    return std::visit(IdOf{}, entry);
}

SetupForm::SetupForm(ClinicSession& session, const QString& kind, QWidget* parent)
    : SidePanel({}, parent)
    , m_session(session)
    , m_kind(kind)
    , m_note(new NoteBox)
    , m_impact(new ImpactBox(session))
    , m_save(makeButton(tr("Save"), ButtonKind::Primary, QStringLiteral("save")))
    , m_revert(makeButton(tr("Put aside"), ButtonKind::Normal, QStringLiteral("putAside")))
{
    setObjectName(kind + QLatin1String("Form"));
    m_note->setObjectName(QStringLiteral("setupNote"));
    body()->parentWidget()->setMaximumWidth(Theme::current().px(kWidest));
    body()->addWidget(m_note);
    body()->addWidget(m_impact);
    m_save->setToolTip(tr("Ctrl+Enter"));
    m_revert->setToolTip(tr("Show it as it was saved last"));
    foot()->addStretch(1);
    foot()->addWidget(m_revert);
    foot()->addWidget(m_save);
    connect(m_save, &QPushButton::clicked, this, &SetupForm::submit);
    connect(m_revert, &QPushButton::clicked, this, &SetupForm::startOver);
    connect(m_impact, &ImpactBox::dayRequested, this, &SetupForm::dayRequested);
    connect(m_impact, &ImpactBox::confirmed, this, [this] {
        if (const auto change = applied(*m_entry))
            save(*change);
    });
    connect(m_note, &NoteBox::actionTriggered, this, [this] {
        if (m_noteAction == NoteAction::Reload)
            reload();
        else if (m_noteAction == NoteAction::BringBack)
            bringBack();
        else
            startOver();
    });
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, &SetupForm::submit);
    }
    m_draftPause.setSingleShot(true);
    m_draftPause.setInterval(tunables::kDraftDelay);
    connect(&m_draftPause, &QTimer::timeout, this, &SetupForm::saveDraft);
}

QDate SetupForm::today() const
{
    return localTime(m_session.clock().now(), m_session.zone()).date();
}

QString SetupForm::draftName() const
{
    return draftNameOf(m_kind, m_entry ? idOf(*m_entry) : QString());
}

bool SetupForm::hasDraft(const ClinicSession& session, const QString& kind, const QString& id)
{
    return readFormDraft(session.draft(draftNameOf(kind, id))).has_value();
}

void SetupForm::start(const DirectoryChange& entry)
{
    m_draftPause.stop();
    ++m_started;
    m_entry = entry;
    m_putAside = {};
    m_impact->dismiss();
    setTitle(idOf(entry).isEmpty() && !m_titleOfNew.isEmpty() ? m_titleOfNew : titleOf(entry));
    readChoices();
    m_base = fieldsOf(entry);
    setBusy(false);
    const auto draft = readFormDraft(m_session.draft(draftName()));
    if (!draft) {
        showFields(m_base);
        say(Tone::Plain, {});
    } else if (draft->revision == std::visit(RevisionOf{}, entry)) {
        showFields(draft->typed);
        say(Tone::Info, tr("This was typed earlier and is not saved yet."), NoteAction::StartOver,
            tr("Put aside"));
    } else {
        showFields(mergedFields(draft->base, draft->typed, m_base));
        say(Tone::Warn,
            tr("This was typed earlier and is not saved yet. The entry has changed since: check before you "
               "save."),
            NoteAction::StartOver, tr("Put aside"));
    }
    m_revert->setEnabled(isDirty());
}

bool SetupForm::isDirty() const
{
    return m_entry && typed() != m_base;
}

void SetupForm::edited()
{
    m_impact->dismiss();
    m_revert->setEnabled(isDirty());
    m_draftPause.start();
}

void SetupForm::saveDraft()
{
    m_draftPause.stop();
    if (!m_entry)
        return;
    m_session.saveDraft(draftName(),
                        isDirty() ? writeFormDraft({std::visit(RevisionOf{}, *m_entry), m_base, typed()})
                                  : QByteArray());
}

void SetupForm::submit()
{
    if (m_busy || !m_entry)
        return;
    const auto change = applied(*m_entry);
    if (!change)
        return;
    setBusy(true);
    saveDraft();
    m_session.directory().leftOutside(
        *change, this,
        [this, change = *change, started = m_started](const Result<std::vector<AppointmentRow>>& outside) {
            if (started != m_started)
                return; // it stays as a draft
            setBusy(false);
            if (!outside)
                say(Tone::Bad, sentence(outside.error()));
            else if (outside->empty())
                save(change);
            else
                m_impact->ask(*outside);
        });
}

void SetupForm::save(const DirectoryChange& change)
{
    m_impact->dismiss();
    setBusy(true);
    m_session.directory().save(
        change, this,
        [this, draft = draftName(), started = m_started](const Result<DirectoryChange>& result) {
            if (result)
                m_session.saveDraft(draft, {});
            if (started != m_started)
                return;
            setBusy(false);
            if (result) {
                start(*result);
                Q_EMIT saved(*result);
                return;
            }
            saveDraft();
            if (result.error().code == ErrorCode::Stale)
                say(Tone::Warn,
                    tr("Somebody changed this while you were typing. Nothing is lost: take the changes over, "
                       "then look and save again."),
                    NoteAction::Reload, tr("Take over"));
            else
                say(Tone::Bad, sentence(result.error()));
        });
}

void SetupForm::reload()
{
    const auto entries = m_session.directory().entries();
    const auto now = entries ? findAgain(*entries, *m_entry) : std::nullopt;
    if (!now) {
        say(Tone::Bad, entries ? tr("This entry is no longer there.") : sentence(entries.error()));
        return;
    }
    readChoices();
    const QJsonObject theirs = fieldsOf(*now);
    showFields(mergedFields(m_base, typed(), theirs));
    m_entry = *now;
    m_base = theirs;
    saveDraft();
    say(Tone::Info, tr("The changes were taken over. What you typed is still here: look and save."));
    m_revert->setEnabled(isDirty());
    focusFirst();
}

void SetupForm::startOver()
{
    const QJsonObject putAside = typed();
    showFields(m_base);
    saveDraft();
    m_impact->dismiss();
    m_revert->setEnabled(false);
    m_putAside = putAside;
    say(Tone::Info, tr("What you typed was put aside."), NoteAction::BringBack, tr("Bring it back"));
    focusFirst();
}

void SetupForm::bringBack()
{
    showFields(m_putAside);
    say(Tone::Plain, {});
    edited();
    saveDraft();
    focusFirst();
}

void SetupForm::setBusy(bool busy)
{
    if (busy == m_busy)
        return;
    m_busy = busy;
    if (busy)
        m_focusBefore = focusWidget();
    body()->parentWidget()->setEnabled(!busy);
    m_save->setEnabled(!busy);
    m_revert->setEnabled(!busy && isDirty());
    if (!busy && m_focusBefore)
        m_focusBefore->setFocus(Qt::OtherFocusReason);
}

void SetupForm::say(Tone tone, const QString& text, NoteAction action, const QString& actionText)
{
    m_noteAction = action;
    m_note->setAction(actionText);
    m_note->say(tone, text);
}

} // namespace yarrow
