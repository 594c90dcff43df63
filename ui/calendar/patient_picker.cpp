// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calendar/patient_picker.h"

#include "ui/patients/settled_search.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

namespace yarrow {
namespace {

constexpr int kMostMatches = 8;
constexpr int kRowsInSight = 5;
constexpr int kPatientRole = TwoLineDelegate::LastRole + 1;

} // namespace

PatientPicker::PatientPicker(ClinicSession& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_edit(new QLineEdit)
    , m_list(new QListWidget)
    , m_nothing(makeParagraph(
          tr("No patient matches. Check the spelling, or register the patient on the Patients page."),
          TextStyle::Small, ColorToken::TextMuted))
    , m_chosen(new QWidget)
    , m_name(makeLabel({}, TextStyle::Strong))
    , m_facts(makeParagraph({}, TextStyle::Small, ColorToken::TextMuted))
    , m_state(makeMarksChip())
    , m_settled(new SettledSearch(session, this))
{
    const Theme& theme = Theme::current();
    m_edit->setObjectName(QStringLiteral("patientSearch"));
    m_edit->setAccessibleName(tr("Find the patient"));
    m_edit->setPlaceholderText(tr("Name, birth date, MRN or phone"));
    m_edit->setClearButtonEnabled(true);
    addSearchIcon(*m_edit);
    m_edit->installEventFilter(this);
    setFocusProxy(m_edit);
    m_list->setObjectName(QStringLiteral("patientMatches"));
    m_list->setAccessibleName(tr("Matching patients"));
    m_list->setItemDelegate(new TwoLineDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(m_edit, &QLineEdit::textEdited, this, [this] {
        refresh();
        Q_EMIT changed();
    });
    connect(m_list, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) {
        m_list->setCurrentItem(item);
        takeCurrent();
    });

    auto* change = makeButton(tr("Change"), ButtonKind::Quiet, QStringLiteral("changePatient"));
    change->setAccessibleName(tr("Choose another patient"));
    connect(change, &QPushButton::clicked, this, [this] {
        setPatient(std::nullopt);
        m_edit->setFocus();
    });
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(m_name);
    words->addWidget(m_facts);
    words->addWidget(m_state, 0, Qt::AlignLeading);
    auto* chosen = new QHBoxLayout(m_chosen);
    chosen->setContentsMargins(0, 0, 0, 0);
    chosen->addLayout(words, 1);
    chosen->addWidget(change, 0, Qt::AlignTop);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.space(1));
    column->addWidget(m_edit);
    column->addWidget(m_list);
    column->addWidget(m_nothing);
    column->addWidget(m_chosen);
    showChoice();
}

QString PatientPicker::searchText() const
{
    return m_edit->text();
}

void PatientPicker::setPatient(std::optional<PatientRow> patient)
{
    m_patient = std::move(patient);
    m_edit->clear();
    m_list->clear();
    showChoice();
    Q_EMIT changed();
}

void PatientPicker::search(const QString& text)
{
    m_patient.reset();
    m_edit->setText(text);
    refresh();
    Q_EMIT changed();
}

void PatientPicker::refresh()
{
    m_list->clear();
    const QString text = m_edit->text().trimmed();
    if (!text.isEmpty()) {
        if (const auto rows = m_session.searchPatients(text, kMostMatches)) {
            const QDate today = localTime(m_session.clock().now(), m_session.zone()).date();
            for (const PatientRow& row : *rows) {
                auto* item = new QListWidgetItem(row.name, m_list);
                item->setData(TwoLineDelegate::SecondLineRole, patientFacts(row, today));
                const Marks marks = recordMarks(row);
                item->setData(TwoLineDelegate::MarksRole, QVariant::fromValue(marks));
                item->setData(Qt::AccessibleDescriptionRole,
                              joinFacts({marksText(marks), patientFacts(row, today)}));
                item->setData(kPatientRole, QVariant::fromValue(row));
            }
            m_settled->typed(text, static_cast<int>(rows->size()));
        }
        m_list->setCurrentRow(0);
    }
    showChoice();
}

void PatientPicker::showChoice()
{
    const bool isChosen = m_patient.has_value();
    const bool isSearching = !m_edit->text().trimmed().isEmpty();
    m_edit->setVisible(!isChosen);
    m_list->setVisible(!isChosen && m_list->count() > 0);
    m_nothing->setVisible(!isChosen && isSearching && m_list->count() == 0);
    m_chosen->setVisible(isChosen);
    if (isChosen) {
        m_name->setText(m_patient->name);
        m_facts->setText(
            patientFacts(*m_patient, localTime(m_session.clock().now(), m_session.zone()).date()));
        m_facts->setVisible(!m_facts->text().isEmpty());
        showMarks(*m_state, recordMarks(*m_patient));
    }
    sizeList();
}

void PatientPicker::sizeList()
{
    const int rows = std::min(kRowsInSight, m_list->count());
    m_list->setFixedHeight(rows == 0 ? 0 : rows * m_list->sizeHintForRow(0) + 2 * m_list->frameWidth());
}

bool PatientPicker::takeCurrent()
{
    const QListWidgetItem* item = m_list->currentItem();
    if (!item || m_patient)
        return false;
    m_settled->settle();
    setPatient(item->data(kPatientRole).value<PatientRow>());
    Q_EMIT picked();
    return true;
}

bool PatientPicker::takeTyped()
{
    return window()->focusWidget() == m_edit && takeCurrent();
}

bool PatientPicker::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_edit || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const int row = m_list->currentRow();
    switch (key->key()) {
    case Qt::Key_Down:
        m_list->setCurrentRow(std::min(row + 1, m_list->count() - 1));
        return true;
    case Qt::Key_Up:
        m_list->setCurrentRow(std::max(row - 1, 0));
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return key->modifiers() == Qt::NoModifier && takeCurrent();
    default:
        return false;
    }
}

} // namespace yarrow
