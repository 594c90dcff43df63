// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/entry_section.h"

#include "ui/setup/setup_form.h"
#include "ui/widgets/texts.h"

namespace yarrow {

EntrySection::EntrySection(ClinicSession& session, Kind kind, SetupForm* form, QWidget* parent)
    : EntryFrame({kind.id, kind.list, kind.add, kind.nothing, tr("Show those not in use")}, form, parent)
    , m_session(session)
    , m_kind(std::move(kind))
    , m_form(form)
{
    connect(m_form, &SetupForm::saved, this, [this] {
        refresh();
        Q_EMIT notice(tr("The changes are saved."));
    });
    connect(&session, &ClinicSession::directoryChanged, this, [this] {
        if (isVisible())
            refresh();
    });
}

void EntrySection::refresh()
{
    const auto entries = m_session.directory().entries();
    m_rows = entries ? m_kind.rows(*entries) : std::vector<Row>();
    sayInPlace(entries ? QString() : sentence(entries.error()));
    if (!entries)
        Q_EMIT notice(sentence(entries.error()));
    // What is open is listed, in use or not.
    const QString opened = m_form->entry() ? idOf(*m_form->entry()) : QString();
    if (!showsInactive())
        std::erase_if(m_rows, [&](const Row& row) { return !row.isActive && idOf(row.entry) != opened; });
    list();
    if (m_form->entry() && !m_form->isDirty() && !m_form->isBusy() && !opened.isEmpty()) {
        for (const Row& row : m_rows) {
            if (idOf(row.entry) == opened && row.entry != *m_form->entry())
                m_form->start(row.entry); // changed elsewhere, and nothing is typed here
        }
    }
}

void EntrySection::list()
{
    const QString opened = m_form->entry() && isFormShown() ? idOf(*m_form->entry()) : QString();
    std::vector<Line> lines;
    int openedLine = -1;
    for (const Row& row : m_rows) {
        QString state;
        if (SetupForm::hasDraft(m_session, m_kind.id, idOf(row.entry)))
            state = tr("Not saved yet");
        else if (!row.isActive)
            state = tr("Not in use");
        if (!opened.isEmpty() && idOf(row.entry) == opened)
            openedLine = static_cast<int>(lines.size());
        lines.push_back({row.name, row.facts, state});
    }
    showLines(lines, openedLine);
}

void EntrySection::openEntry(const DirectoryChange& entry)
{
    saveDraft();
    m_form->start(entry);
    showForm();
}

void EntrySection::openRow(int row)
{
    openEntry(m_rows[static_cast<std::size_t>(row)].entry);
}

void EntrySection::startNew()
{
    openEntry(m_kind.blank);
    list();
    m_form->focusFirst();
}

void EntrySection::focusForm()
{
    m_form->focusFirst();
}

void EntrySection::saveDraft()
{
    if (isFormShown() && !m_form->isBusy())
        m_form->saveDraft();
}

} // namespace yarrow
