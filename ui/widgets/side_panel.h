// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QString>

class QHBoxLayout;
class QLabel;
class QScrollArea;
class QVBoxLayout;

namespace yarrow {

/// A form at the side of a page: a head with title and close button, a body that scrolls, a foot with
/// buttons. What a dialog would be elsewhere, without covering what is being worked on. Escape and the button
/// ask to close.
class SidePanel : public QFrame
{
    Q_OBJECT
public:
    explicit SidePanel(const QString& title, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setClosable(bool closable); ///< whether it has the close button; it has at first
    [[nodiscard]] QVBoxLayout* body() const noexcept { return m_body; }
    [[nodiscard]] QHBoxLayout* foot() const noexcept { return m_foot; } ///< buttons stand at its end

Q_SIGNALS:
    void closeRequested();

protected:
    /// Scrolls there once the layout has settled. What takes the keyboard is revealed by itself.
    void reveal(QWidget* part);
    void keyPressEvent(QKeyEvent* event) override;

private:
    QLabel* m_title;
    QWidget* m_close = nullptr;
    QVBoxLayout* m_body;
    QHBoxLayout* m_foot;
    QScrollArea* m_scroll;
};

} // namespace yarrow
