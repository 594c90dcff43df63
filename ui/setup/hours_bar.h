// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/opening_hours.h"

#include <QWidget>

#include <vector>

namespace yarrow {

/// The hours of a day as bars on a line from midnight to midnight. Seen only: the field beside it says the
/// same.
class HoursBar final : public QWidget
{
    Q_OBJECT
public:
    explicit HoursBar(QWidget* parent = nullptr);

    /// `borrowed` are hours that hold because none are given: painted lighter.
    void setRanges(std::vector<LocalRange> ranges, bool borrowed);
    [[nodiscard]] const std::vector<LocalRange>& ranges() const noexcept { return m_ranges; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<LocalRange> m_ranges;
    bool m_borrowed = false;
};

} // namespace yarrow
