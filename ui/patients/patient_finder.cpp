// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/patient_finder.h"

#include "models/items/patient_list_model.h"
#include "ui/patients/settled_search.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {

namespace {

class PatientDelegate final : public TwoLineDelegate
{
public:
    PatientDelegate(QDate today, QObject* parent)
        : TwoLineDelegate(parent)
        , m_today(today)
    {}

protected:
    Lines linesOf(const QModelIndex& index) const override
    {
        const auto row = index.data(PatientListModel::RowRole).value<PatientRow>();
        return {{},
                row.name,
                personFacts(row, m_today),
                joinFacts({row.phone}),
                !row.active || row.deceased,
                recordMarks(row)};
    }

private:
    QDate m_today;
};

} // namespace

PatientFinder::PatientFinder(ClinicSession& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_model(new PatientListModel(session, this))
    , m_settled(new SettledSearch(session, this))
    , m_text(new QLineEdit)
    , m_caption(makeLabel({}, TextStyle::Small, ColorToken::TextMuted))
    , m_head(new QHBoxLayout)
    , m_new(makeButton({}, ButtonKind::Primary, QStringLiteral("newPatient")))
    , m_list(new QListView)
    , m_empty(new EmptyState(QStringLiteral("patients"), {}, {}))
    , m_stack(new QStackedWidget)
{
    const Theme& theme = Theme::current();
    setProperty("look", QStringLiteral("list"));
    setObjectName(QStringLiteral("patientFinder"));
    const QDate today = localTime(session.clock().now(), session.zone()).date();
    m_model->setDescription([today](const PatientRow& row) {
        QStringList parts{row.name, patientFacts(row, today), marksText(recordMarks(row))};
        parts.removeAll(QString());
        return parts.join(QLatin1String(", "));
    });

    m_text->setObjectName(QStringLiteral("patientSearch"));
    m_text->setAccessibleName(tr("Find a patient"));
    m_text->setPlaceholderText(tr("Name, birth date, MRN or phone"));
    m_text->setClearButtonEnabled(true);
    addSearchIcon(*m_text);
    m_text->installEventFilter(this);
    m_new->setIcon(Theme::icon(u"user-plus", ColorToken::OnAccent));
    m_new->setAccessibleName(tr("New patient"));
    m_new->setToolTip(tr("New patient (Ctrl+Shift+N)"));
    if (!session.allows(Operation::Create, Area::PatientIdentity))
        m_new->hide();

    m_list->setObjectName(QStringLiteral("patientList"));
    m_list->setAccessibleName(tr("Patients found"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PatientDelegate(today, m_list));
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setMouseTracking(true);
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_empty);

    m_head->addWidget(makeLabel(tr("Patients"), TextStyle::Heading), 1);
    m_head->addWidget(m_new);
    auto* duplicates =
        makeButton(tr("Possible duplicates"), ButtonKind::Quiet, QStringLiteral("possibleDuplicates"));
    duplicates->setToolTip(tr("Patients of the clinic who may be one person"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(4), theme.space(4), theme.space(4), 0);
    column->setSpacing(theme.space(2));
    column->addLayout(m_head);
    column->addWidget(m_text);
    column->addWidget(m_caption);
    column->addWidget(m_stack, 1);
    column->addWidget(duplicates, 0, Qt::AlignLeft);

    connect(m_text, &QLineEdit::textChanged, this, &PatientFinder::search);
    connect(m_text, &QLineEdit::returnPressed, this, [this] {
        choose(m_list->currentIndex().isValid() ? m_list->currentIndex() : m_model->index(0, 0));
    });
    connect(m_list, &QListView::clicked, this, &PatientFinder::choose);
    connect(m_list, &QListView::activated, this, &PatientFinder::choose);
    connect(duplicates, &QPushButton::clicked, this, &PatientFinder::duplicatesRequested);
    connect(m_new, &QPushButton::clicked, this, &PatientFinder::newPatientRequested);
    connect(m_empty, &EmptyState::actionTriggered, this, [this] {
        if (m_model->error())
            refresh();
        else
            Q_EMIT newPatientRequested();
    });
}

void PatientFinder::load()
{
    // Who was opened meanwhile, here or on another page, is a recent one.
    if (!m_loaded || m_model->query().isEmpty())
        refresh();
}

void PatientFinder::refresh()
{
    m_loaded = true;
    m_model->refresh();
    showOutcome();
}

/// The button's text gives way where the list is narrow.
void PatientFinder::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    m_new->setText(tr("New patient"));
    m_head->invalidate();
    const QMargins around = layout()->contentsMargins();
    if (m_head->sizeHint().width() > width() - around.left() - around.right())
        m_new->setText({});
}

void PatientFinder::focusSearch()
{
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

void PatientFinder::setQuery(const QString& text)
{
    m_text->setText(text);
}

void PatientFinder::setCurrent(const PatientId& id)
{
    m_current = id;
    const int row = m_model->rowOf(id);
    if (row >= 0)
        m_list->setCurrentIndex(m_model->index(row, 0));
    else
        m_list->setCurrentIndex({});
}

void PatientFinder::search()
{
    m_loaded = true;
    m_model->setQuery(m_text->text().simplified());
    m_settled->typed(m_text->text(), m_model->rowCount());
    showOutcome();
}

void PatientFinder::showOutcome()
{
    const QString query = m_model->query();
    const int rows = m_model->rowCount();
    const bool mayRegister = m_session.allows(Operation::Create, Area::PatientIdentity);
    m_stack->setCurrentWidget(rows > 0 ? static_cast<QWidget*>(m_list) : m_empty);
    m_caption->setVisible(rows > 0);
    if (m_model->error()) {
        m_empty->set(QStringLiteral("warning"), tr("The search did not work"), sentence(*m_model->error()));
        m_empty->setAction(tr("Try again"));
    } else if (rows == 0 && query.isEmpty()) {
        m_empty->set(QStringLiteral("patients"), tr("No patients yet"),
                     mayRegister ? tr("Register the first one here, or import records with yarrowctl.")
                                 : tr("Patients appear here as soon as somebody registers them."));
        m_empty->setAction(mayRegister ? tr("Register a patient") : QString());
    } else if (rows == 0) {
        m_empty->set(QStringLiteral("search"), tr("Nobody found"),
                     tr("Try fewer letters, the birth date, the MRN or the phone number."));
        m_empty->setAction(mayRegister ? tr("Register a patient") : QString());
    } else if (query.isEmpty()) {
        m_caption->setText(tr("Recent patients"));
    } else if (m_model->canFetchMore({})) {
        m_caption->setText(tr("The first %n found", nullptr, rows));
    } else {
        m_caption->setText(tr("%n found", nullptr, rows));
    }
    setCurrent(m_current);
    if (!m_list->currentIndex().isValid() && !query.isEmpty())
        m_list->setCurrentIndex(m_model->index(0, 0));
}

void PatientFinder::choose(const QModelIndex& index)
{
    const PatientRow* row = index.isValid() ? m_model->at(index.row()) : nullptr;
    if (row == nullptr)
        return;
    m_settled->settle();
    const PatientId id = row->id;
    Q_EMIT patientChosen(id);
}

bool PatientFinder::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_text && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const int rows = m_model->rowCount();
        if ((key == Qt::Key_Down || key == Qt::Key_Up) && rows > 0) {
            const int row = m_list->currentIndex().row() + (key == Qt::Key_Down ? 1 : -1);
            m_list->setCurrentIndex(m_model->index(std::clamp(row, 0, rows - 1), 0));
            return true;
        }
        if (key == Qt::Key_Escape && !m_text->text().isEmpty()) {
            m_text->clear();
            return true;
        }
    }
    // To the end of the line, elsewhere: here it edits the patient that was just opened from this line.
    if (watched == m_text && event->type() == QEvent::ShortcutOverride &&
        static_cast<QKeyEvent*>(event)->keyCombination() == QKeyCombination(Qt::CTRL, Qt::Key_E)) {
        event->ignore();
        return true;
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace yarrow
