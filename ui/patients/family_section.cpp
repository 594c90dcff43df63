// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/family_section.h"

#include "ui/patients/family_form.h"
#include "ui/patients/family_texts.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListWidget>
#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {
namespace {

constexpr int kRowsInSight = 6;
constexpr int kRecordRole = TwoLineDelegate::LastRole + 1;

} // namespace

FamilySection::FamilySection(ClinicSession& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_note(new NoteBox)
    , m_list(new QListWidget)
    , m_empty(makeParagraph(tr("Nobody yet. Parents, children and whoever may be told of this patient's "
                               "appointments can stand here."),
                            TextStyle::Body, ColorToken::TextMuted))
    , m_add(makeButton(tr("Add…"), ButtonKind::Normal, QStringLiteral("addFamily")))
    , m_change(makeButton(tr("Change…"), ButtonKind::Quiet, QStringLiteral("changeFamily")))
    , m_remove(makeButton(tr("Take out"), ButtonKind::Quiet, QStringLiteral("removeFamily")))
    , m_book(makeButton(tr("Book one after the other…"), ButtonKind::Normal, QStringLiteral("bookFamily")))
    , m_form(new FamilyForm(session))
{
    setObjectName(QStringLiteral("familySection"));
    setProperty("look", QStringLiteral("card"));
    layOut();
    connectParts();
}

void FamilySection::layOut()
{
    const Theme& theme = Theme::current();
    m_note->setObjectName(QStringLiteral("familyNote"));
    m_note->hide();
    m_list->setObjectName(QStringLiteral("familyList"));
    m_list->setAccessibleName(tr("Family"));
    m_list->setItemDelegate(new TwoLineDelegate(m_list));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setMouseTracking(true);
    m_list->installEventFilter(this);
    m_add->setIcon(Theme::icon(u"plus"));
    m_add->setAccessibleName(tr("Add somebody to the family"));
    m_change->setAccessibleName(tr("Change the marked relation"));
    m_change->setToolTip(tr("Alt+Enter"));
    m_remove->setAccessibleName(tr("Take the marked one out of the family"));
    m_remove->setToolTip(tr("Delete"));
    m_book->setIcon(Theme::icon(u"calendar"));
    m_book->setAccessibleName(tr("Book the family one after the other"));
    if (!m_session.allows(Operation::Update, Area::PatientIdentity)) {
        for (QPushButton* button : {m_add, m_change, m_remove})
            button->hide();
    }
    m_form->hide();

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(theme.space(2));
    buttons->addWidget(m_add);
    buttons->addWidget(m_change);
    buttons->addWidget(m_remove);
    buttons->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(theme.space(5), theme.space(4), theme.space(5), theme.space(4));
    column->setSpacing(theme.space(2));
    column->addWidget(makeLabel(tr("Family"), TextStyle::Strong));
    column->addWidget(m_note);
    column->addWidget(m_empty);
    column->addWidget(m_list);
    column->addLayout(buttons);
    column->addWidget(m_book, 0, Qt::AlignLeft); // beside the others it would not fit at 200 %
    column->addWidget(m_form);
}

void FamilySection::connectParts()
{
    connect(&m_session.family(), &FamilyDesk::changed, this, [this] { reload(true); });
    connect(m_list, &QListWidget::itemDoubleClicked, this, &FamilySection::openMarked);
    connect(m_list, &QWidget::customContextMenuRequested, this, &FamilySection::showMenu);
    connect(m_add, &QPushButton::clicked, this, &FamilySection::startAdding);
    connect(m_change, &QPushButton::clicked, this, &FamilySection::changeMarked);
    connect(m_remove, &QPushButton::clicked, this, &FamilySection::removeMarked);
    connect(m_book, &QPushButton::clicked, this, &FamilySection::bookingRequested);
    connect(m_form, &FamilyForm::closeRequested, this, [this] {
        closeForm();
        (m_rows.empty() ? static_cast<QWidget*>(m_add) : m_list)->setFocus();
    });
    const auto tellSaved = [this](const QString& name) {
        Q_EMIT notice(tr("%1 is in the family as written.").arg(name));
    };
    connect(m_form, &FamilyForm::savedEarlier, this, tellSaved);
    connect(m_form, &FamilyForm::saved, this, [this, tellSaved](const QString& name) {
        const bool wasShown = !m_form->isHidden(); // else the patient was left meanwhile
        if (wasShown) {
            closeForm();
            m_removed.reset();
        }
        tellSaved(name);
        if (wasShown)
            m_list->setFocus();
    });
    connect(m_note, &NoteBox::actionTriggered, this, [this] {
        if (m_removed)
            putBack();
        else
            startAdding();
    });
}

void FamilySection::showFamilyOf(const PatientId& patient)
{
    const bool isOther = patient != m_patient;
    if (isOther) {
        closeForm();
        m_removed.reset();
        m_rows.clear();
        m_patient = patient;
        fill();
        showDraftNote();
    }
    reload(!isOther);
}

void FamilySection::reload(bool again)
{
    if (m_patient.isEmpty())
        return;
    m_session.family().family(m_patient, again, this,
                              [this, asked = m_patient](const Result<std::vector<FamilyRow>>& rows) {
                                  if (asked != m_patient)
                                      return;
                                  if (!rows) {
                                      m_note->setAction({});
                                      m_note->say(Tone::Warn, sentence(rows.error()));
                                      return;
                                  }
                                  m_rows = *rows;
                                  fill();
                              });
}

void FamilySection::fill()
{
    const QVariant before = m_list->currentItem() ? m_list->currentItem()->data(kRecordRole) : QVariant();
    const QDate today = localTime(m_session.clock().now(), m_session.zone()).date();
    m_list->clear();
    for (const FamilyRow& row : m_rows) {
        auto* item = new QListWidgetItem(row.name(), m_list);
        const QString facts = familyFacts(row, today);
        const QString state = row.member ? QString() : tr("not a patient");
        item->setData(TwoLineDelegate::SecondLineRole, facts);
        item->setData(TwoLineDelegate::TrailingRole, state);
        const Marks marks = row.member ? recordMarks(*row.member) : Marks();
        item->setData(TwoLineDelegate::MarksRole, QVariant::fromValue(marks));
        item->setData(Qt::AccessibleTextRole, joinFacts({row.name(), marksText(marks), facts, state}));
        item->setData(kRecordRole, QString::fromStdString(row.person.id.text()));
        if (item->data(kRecordRole) == before)
            m_list->setCurrentItem(item);
    }
    if (!m_list->currentItem() && m_list->count() > 0)
        m_list->setCurrentRow(0);
    const int shown = std::min(kRowsInSight, m_list->count());
    m_list->setFixedHeight(shown == 0 ? 0 : shown * m_list->sizeHintForRow(0) + 2 * m_list->frameWidth());
    m_list->setVisible(shown > 0);
    m_empty->setVisible(shown == 0);
    m_change->setEnabled(shown > 0);
    m_remove->setEnabled(shown > 0);
    const bool arePatients = std::any_of(m_rows.begin(), m_rows.end(),
                                         [](const FamilyRow& row) { return row.member.has_value(); });
    m_book->setVisible(arePatients && m_session.allows(Operation::Create, Area::Appointments));
}

void FamilySection::showDraftNote()
{
    const bool isKept = m_form->isHidden() && FamilyForm::hasDraft(m_session, m_patient);
    m_note->setAction(isKept ? tr("Continue") : QString());
    m_note->say(Tone::Info,
                isKept ? tr("You began to add somebody to the family and have not saved.") : QString());
}

const FamilyRow* FamilySection::marked() const
{
    const int row = m_list->currentRow();
    return row >= 0 && row < static_cast<int>(m_rows.size()) ? &m_rows[static_cast<std::size_t>(row)]
                                                             : nullptr;
}

void FamilySection::openMarked()
{
    const FamilyRow* row = marked();
    if (row && row->member)
        Q_EMIT patientRequested(row->member->id);
    else
        changeMarked();
}

void FamilySection::startAdding()
{
    closeForm();
    m_removed.reset();
    m_note->say(Tone::Info, {});
    m_form->show();
    m_form->startNew(m_patient);
}

void FamilySection::changeMarked()
{
    const FamilyRow* row = marked();
    if (!row || !m_session.allows(Operation::Update, Area::PatientIdentity))
        return;
    const FamilyRow wanted = *row;
    closeForm();
    m_form->show();
    m_form->startEdit(m_patient, wanted);
}

void FamilySection::removeMarked()
{
    const FamilyRow* row = marked();
    if (!row || !m_session.allows(Operation::Update, Area::PatientIdentity))
        return;
    m_session.family().takeOut(
        row->person.id, this,
        [this, name = row->name(), asked = m_patient](const Result<std::vector<RelatedPersonId>>& removed) {
            if (asked != m_patient) { // what is shown by now is not to say so
                Q_EMIT notice(removed ? tr("%1 was taken out of the family.").arg(name)
                                      : sentence(removed.error()));
                return;
            }
            if (!removed) {
                m_note->setAction({});
                m_note->say(Tone::Warn, sentence(removed.error()));
                return;
            }
            m_removed = Removed{name, *removed};
            m_note->say(Tone::Info, tr("%1 was taken out of the family.").arg(name));
            m_note->setAction(tr("Undo"));
            m_list->setFocus();
        });
}

void FamilySection::putBack()
{
    const Removed back = *m_removed;
    m_session.family().putBack(
        back.records, this,
        [this, name = back.name, asked = m_patient](const Result<std::vector<RelatedPersonId>>& done) {
            const QString what = done ? tr("%1 is back in the family.").arg(name) : sentence(done.error());
            if (done || asked != m_patient)
                Q_EMIT notice(what);
            if (asked != m_patient)
                return;
            m_note->setAction({});
            m_note->say(Tone::Warn, done ? QString() : what);
            if (!done)
                return;
            m_removed.reset();
            m_list->setFocus();
        });
}

void FamilySection::saveDraft()
{
    if (!m_form->isHidden())
        m_form->saveDraft();
}

void FamilySection::closeForm()
{
    if (m_form->isHidden())
        return;
    m_form->saveDraft();
    m_form->hide();
    showDraftNote();
}

bool FamilySection::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_list || event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    switch (key->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (key->modifiers() & Qt::AltModifier)
            changeMarked();
        else
            openMarked();
        return true;
    case Qt::Key_Delete:
        removeMarked();
        return true;
    case Qt::Key_Z:
        if (key->modifiers() == Qt::ControlModifier && m_removed) {
            putBack();
            return true;
        }
        return false;
    default:
        return false;
    }
}

void FamilySection::showMenu(QPoint at)
{
    if (!m_list->itemAt(at))
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (marked() && marked()->member)
        menu->addAction(Theme::icon(u"user"), tr("Show the patient"), this, &FamilySection::openMarked);
    if (m_session.allows(Operation::Update, Area::PatientIdentity)) {
        menu->addAction(Theme::icon(u"edit"), tr("Change…"), this, &FamilySection::changeMarked);
        menu->addAction(Theme::icon(u"ban", ColorToken::Bad), tr("Take out of the family"), this,
                        &FamilySection::removeMarked);
    }
    menu->popup(m_list->viewport()->mapToGlobal(at));
}

} // namespace yarrow
