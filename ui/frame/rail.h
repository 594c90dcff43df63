// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QButtonGroup;
class QVBoxLayout;

namespace yarrow {

/// The pages, down the leading edge of the window: an icon and a word each.
class Rail final : public QFrame
{
    Q_OBJECT
public:
    explicit Rail(QWidget* parent = nullptr);
    void addPage(const QString& icon, const QString& title, const QString& name);
    /// How many things wait on a page; 0 shows nothing. `what` says it aloud.
    void setBadge(int page, int count, const QString& what);
    void setCurrent(int page);
    [[nodiscard]] int current() const;

Q_SIGNALS:
    void chosen(int page);

private:
    QVBoxLayout* m_column;
    QButtonGroup* m_buttons;
    int m_current = -1; ///< the page in front
    int m_clicked = -1; ///< the page in front when the last click came
};

} // namespace yarrow
