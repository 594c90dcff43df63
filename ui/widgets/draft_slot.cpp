// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/draft_slot.h"

#include <utility>

namespace yarrow {

DraftSlot::DraftSlot(ClinicSession& session, QString form)
    : m_session(session)
    , m_form(std::move(form))
{}

void DraftSlot::keep(const QByteArray& content)
{
    if (content.isEmpty())
        return remove(std::exchange(m_kept, {}));
    m_session.saveDraft(m_form, content);
    m_kept = content;
}

void DraftSlot::remove(const QByteArray& content)
{
    if (!content.isEmpty() && this->content() == content)
        m_session.saveDraft(m_form, {});
}

void DraftSlot::clear()
{
    m_kept.clear();
    m_session.saveDraft(m_form, {});
}

QByteArray DraftSlot::resume()
{
    m_kept = content();
    return m_kept;
}

} // namespace yarrow
