// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/side_panel.h"

namespace yarrow {

class ClinicSession;
class WaitingOffers;
class WaitingView;

/// The waiting list beside the day.
class WaitingPanel final : public SidePanel
{
    Q_OBJECT
public:
    WaitingPanel(WaitingOffers& offers, const ClinicSession& session, QWidget* parent = nullptr);
    [[nodiscard]] WaitingView& view() noexcept { return *m_view; }

private:
    WaitingView* m_view;
};

} // namespace yarrow
