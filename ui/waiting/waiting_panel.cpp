// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/waiting/waiting_panel.h"

#include "ui/waiting/waiting_view.h"

#include <QVBoxLayout>

namespace yarrow {

WaitingPanel::WaitingPanel(WaitingOffers& offers, const ClinicSession& session, QWidget* parent)
    : SidePanel(tr("Waiting list"), parent)
    , m_view(new WaitingView(offers, session, QStringLiteral("waitingList")))
{
    setObjectName(QStringLiteral("waitingPanel"));
    body()->addWidget(m_view, 1);
}

} // namespace yarrow
