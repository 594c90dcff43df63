// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QVBoxLayout;

namespace yarrow {

/// Puts a card of `width` (at 100 %) in the middle of `page`, under the name of the program, scrolling where
/// the window is too small. Gives the card's column.
[[nodiscard]] QVBoxLayout* makeGateCard(QWidget* page, int width);

} // namespace yarrow
