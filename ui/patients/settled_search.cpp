// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/settled_search.h"

#include "ui/frame/tunables.h"

namespace yarrow {

SettledSearch::SettledSearch(ClinicSession& session, QObject* parent)
    : QObject(parent)
    , m_session(session)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(tunables::kSearchSettled);
    connect(&m_pause, &QTimer::timeout, this, &SettledSearch::settle);
}

void SettledSearch::typed(const QString& text, int hits)
{
    m_text = text.simplified();
    m_hits = hits;
    if (m_text.isEmpty())
        m_pause.stop();
    else
        m_pause.start();
}

void SettledSearch::settle()
{
    m_pause.stop();
    if (m_text.isEmpty())
        return;
    m_session.noteSearch(m_text, m_hits);
    m_text.clear();
}

} // namespace yarrow
