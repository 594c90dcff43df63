// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/series_scope_box.h"

#include "models/items/clinic_session.h"
#include "ui/calendar/series_preview.h"
#include "ui/widgets/controls.h"

#include <QRadioButton>
#include <QVBoxLayout>

namespace yarrow {

SeriesScopeBox::SeriesScopeBox(ClinicSession& session, const QString& name, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_question(makeParagraph({}, TextStyle::Strong))
    , m_preview(new SeriesPreview(session))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::current().space(2));
    column->addWidget(m_question);
    const std::array<std::pair<QString, QString>, 3> choices{
        {{tr("Only this visit"), QStringLiteral("This")},
         {tr("This visit and those after it"), QStringLiteral("Following")},
         {tr("All visits of the series"), QStringLiteral("All")}}};
    for (std::size_t i = 0; i < choices.size(); ++i) {
        m_choices[i] = new QRadioButton(choices[i].first);
        m_choices[i]->setObjectName(name + choices[i].second);
        column->addWidget(m_choices[i]);
        connect(m_choices[i], &QRadioButton::toggled, this, [this](bool isChosen) {
            if (isChosen)
                look();
        });
    }
    column->addWidget(m_preview);
    connect(m_preview, &SeriesPreview::changed, this, &SeriesScopeBox::changed);
}

void SeriesScopeBox::ask(const QString& question, const AppointmentRow& seen, const AppointmentRow& wished,
                         bool takesFocus)
{
    m_seen = seen;
    m_wished = wished;
    m_question->setText(question);
    for (QRadioButton* choice : m_choices)
        choice->setAccessibleDescription(question);
    m_choices[0]->setChecked(true);
    m_preview->clear();
    m_preview->hide();
    show();
    if (takesFocus)
        m_choices[0]->setFocus(Qt::OtherFocusReason);
}

SeriesScope SeriesScopeBox::scope() const
{
    return m_choices[2]->isChecked()   ? SeriesScope::All
           : m_choices[1]->isChecked() ? SeriesScope::Following
                                       : SeriesScope::This;
}

void SeriesScopeBox::look()
{
    const SeriesScope wanted = scope();
    m_preview->setVisible(wanted != SeriesScope::This);
    m_preview->clear();
    if (wanted != SeriesScope::This)
        m_preview->look([this, wanted](QObject* context, SeriesPreview::Done done) {
            m_session.booking().planChange(m_seen, m_wished, wanted, context, std::move(done));
        });
    Q_EMIT changed();
}

} // namespace yarrow
