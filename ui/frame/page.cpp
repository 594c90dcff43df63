// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/page.h"

#include <QAction>
#include <QVariant>

namespace yarrow {
namespace {

constexpr auto kBound = "boundToPage";

} // namespace

void bindToPage(QAction& action)
{
    action.setProperty(kBound, true);
}

bool isBoundToPage(const QAction& action)
{
    return action.property(kBound).toBool();
}

} // namespace yarrow
