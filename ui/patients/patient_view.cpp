// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/patients/patient_view.h"

#include "ui/patients/family_section.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/notes.h"
#include "ui/widgets/texts.h"
#include "ui/widgets/two_line_delegate.h"

#include <QFrame>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QListView>
#include <QLocale>
#include <QScrollArea>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>

namespace yarrow {

namespace {

constexpr int kDayRole = TwoLineDelegate::LastRole + 1;
constexpr int kAppointmentRole = kDayRole + 1;
constexpr std::size_t kPastShown = 20;
constexpr int kRowsBeforeScrolling = 8;

/// A card with a heading; gives the card and its column.
std::pair<QFrame*, QVBoxLayout*> makeCard(const QString& heading)
{
    const Theme& theme = Theme::current();
    auto* card = new QFrame;
    card->setProperty("look", QStringLiteral("card"));
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(theme.space(5), theme.space(4), theme.space(5), theme.space(4));
    column->setSpacing(theme.space(2));
    column->addWidget(makeLabel(heading, TextStyle::Strong));
    return {card, column};
}

void addFact(QVBoxLayout* column, const QString& icon, const QString& value, const QString& kind)
{
    const Theme& theme = Theme::current();
    auto* row = new QHBoxLayout;
    row->setSpacing(theme.space(2));
    if (!icon.isEmpty())
        row->addWidget(new IconLabel(icon, ColorToken::TextMuted, 18), 0, Qt::AlignTop);
    auto* text = makeParagraph(value);
    text->setObjectName(QStringLiteral("fact"));
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row->addWidget(text, 1);
    if (!kind.isEmpty())
        row->addWidget(makeLabel(kind, TextStyle::Small, ColorToken::TextMuted), 0, Qt::AlignTop);
    column->addLayout(row);
}

QString addressText(const PostalAddress& address)
{
    QStringList lines = address.lines;
    const QString town = QStringLiteral("%1 %2").arg(address.postalCode, address.city).trimmed();
    for (const QString& part : {town, address.state, address.country}) {
        if (!part.isEmpty())
            lines << part;
    }
    return lines.join(u'\n');
}

QString contactIcon(ContactPoint::System system)
{
    switch (system) {
    case ContactPoint::System::Phone:
    case ContactPoint::System::Sms:
    case ContactPoint::System::Fax:
    case ContactPoint::System::Pager:
        return QStringLiteral("phone");
    case ContactPoint::System::Email:
        return QStringLiteral("mail");
    case ContactPoint::System::Url:
    case ContactPoint::System::Other:
        break;
    }
    return QStringLiteral("info");
}

} // namespace

PatientView::PatientView(ClinicSession& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_name(makeParagraph({}, TextStyle::Title))
    , m_facts(makeParagraph({}, TextStyle::Body, ColorToken::TextMuted))
    , m_mrn(new Chip(Tone::Plain, {}, {}))
    , m_deceased(new Chip(Tone::Warn, QStringLiteral("info"), {}))
    , m_state(makeMarksChip())
    , m_edit(makeButton(tr("Edit"), ButtonKind::Normal, QStringLiteral("editPatient")))
    , m_book(makeButton(tr("Book"), ButtonKind::Primary, QStringLiteral("bookPatient")))
    , m_merged(new QWidget)
    , m_mergedText(makeParagraph({}))
    , m_unmerge(makeButton(tr("Take the merge back"), ButtonKind::Normal, QStringLiteral("takeMergeBack")))
    , m_draftNote(new NoteBox)
    , m_family(new FamilySection(session))
    , m_cards(new QVBoxLayout)
{
    const Theme& theme = Theme::current();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildBanner(column);

    auto* content = new QWidget;
    content->setProperty("look", QStringLiteral("plain"));
    m_cards->setContentsMargins(theme.space(6), theme.space(5), theme.space(6), theme.space(5));
    m_cards->setSpacing(theme.space(4));
    m_draftNote->setObjectName(QStringLiteral("draftNote"));
    m_cards->addWidget(m_draftNote);
    m_cards->addWidget(m_family);
    m_cards->addStretch(1);
    content->setLayout(m_cards);
    auto* scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("patientScroll"));
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);
    column->addWidget(scroll, 1);
    connect(m_draftNote, &NoteBox::actionTriggered, this, &PatientView::editRequested);
}

void PatientView::buildBanner(QVBoxLayout* column)
{
    const Theme& theme = Theme::current();
    auto* banner = new QFrame;
    banner->setProperty("look", QStringLiteral("top"));
    banner->setObjectName(QStringLiteral("patientBanner"));
    m_name->setObjectName(QStringLiteral("bannerName"));
    m_facts->setObjectName(QStringLiteral("bannerFacts"));
    auto* chips = new QHBoxLayout;
    chips->setSpacing(theme.space(2));
    chips->addWidget(m_mrn);
    chips->addWidget(m_deceased);
    chips->addWidget(m_state);
    // Silence would read as "none".
    auto* allergies =
        new Chip(Tone::Plain, QStringLiteral("info"), tr("Allergies are not on this workstation"));
    allergies->setObjectName(QStringLiteral("allergies"));
    chips->addWidget(allergies);
    chips->addStretch(1);

    auto* words = new QVBoxLayout;
    words->setSpacing(theme.space(1));
    words->addWidget(m_name);
    words->addWidget(m_facts);
    auto* row = new QHBoxLayout;
    row->setSpacing(theme.space(2));
    row->addLayout(words, 1);
    m_edit->setIcon(Theme::icon(u"edit"));
    m_edit->setToolTip(tr("Ctrl+E"));
    m_book->setIcon(Theme::icon(u"calendar", ColorToken::OnAccent));
    m_book->setAccessibleName(tr("Book an appointment"));
    row->addWidget(m_edit, 0, Qt::AlignTop);
    row->addWidget(m_book, 0, Qt::AlignTop);
    connect(m_edit, &QPushButton::clicked, this, &PatientView::editRequested);
    connect(m_book, &QPushButton::clicked, this, &PatientView::bookingRequested);
    auto* rows = new QVBoxLayout(banner);
    rows->setContentsMargins(theme.space(6), theme.space(4), theme.space(6), theme.space(4));
    rows->setSpacing(theme.space(2));
    rows->addLayout(row);
    rows->addLayout(chips);
    rows->addWidget(makeMerged());
    column->addWidget(banner);
}

/// What the record of one who was merged into another says, and what can be done about it.
QWidget* PatientView::makeMerged()
{
    const Theme& theme = Theme::current();
    m_merged->setObjectName(QStringLiteral("mergedAway"));
    m_mergedText->setObjectName(QStringLiteral("mergedText"));
    auto* open = makeButton(tr("Open"), ButtonKind::Primary, QStringLiteral("openKept"));
    open->setAccessibleName(tr("Open the record that is used"));
    m_unmerge->setIcon(Theme::icon(u"undo"));
    auto* row = new QHBoxLayout(m_merged);
    row->setContentsMargins(0, theme.space(1), 0, 0);
    row->setSpacing(theme.space(2));
    row->addWidget(new IconLabel(QStringLiteral("info"), ColorToken::Warn, 18), 0, Qt::AlignVCenter);
    row->addWidget(m_mergedText, 1, Qt::AlignVCenter);
    row->addWidget(open, 0, Qt::AlignVCenter);
    row->addWidget(m_unmerge, 0, Qt::AlignVCenter);
    connect(open, &QPushButton::clicked, this, [this] { Q_EMIT patientRequested(m_kept); });
    connect(m_unmerge, &QPushButton::clicked, this, [this] {
        m_unmerge->setEnabled(false); // once is enough
        Q_EMIT unmergeRequested();
    });
    return m_merged;
}

void PatientView::showMerged(const std::optional<PatientRow>& kept)
{
    m_kept = kept ? kept->id : PatientId();
    m_merged->setVisible(kept.has_value());
    m_unmerge->setEnabled(true);
    m_unmerge->setVisible(m_session.allows(Operation::Update, Area::PatientIdentity));
    if (kept) {
        const QDate today = localTime(m_session.clock().now(), m_session.zone()).date();
        m_mergedText->setText(
            tr("Merged into %1. This record is not in use any more.", "name, birth date, age and number")
                .arg(joinFacts({kept->name, personFacts(*kept, today)})));
    }
    m_edit->setVisible(!kept && m_session.allows(Operation::Update, Area::PatientIdentity));
    m_book->setVisible(!kept && m_session.allows(Operation::Create, Area::Appointments));
    m_family->setVisible(!kept); // it went with the merge
}

void PatientView::sayNotUnmerged(const QString& why)
{
    m_mergedText->setText(why);
    m_unmerge->setEnabled(true);
}

void PatientView::setRecord(const PatientRecord& record, const std::optional<PatientRow>& mergedInto)
{
    const Theme& theme = Theme::current();
    fillBanner(record.patient);
    showMerged(mergedInto);
    showMarks(*m_state, recordMarks(record.conflicted, record.unsent));
    delete m_shown;
    m_shown = new QWidget;
    auto* column = new QVBoxLayout(m_shown);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme.space(4));
    auto* pair = new QHBoxLayout;
    pair->setSpacing(theme.space(4));
    pair->addWidget(makeContacts(record.patient), 3);
    pair->addWidget(makeIdentifiers(record.patient), 2);
    column->addLayout(pair);
    column->addWidget(makeAppointments(record));
    m_cards->insertWidget(1, m_shown);
    m_family->showFamilyOf(record.patient.id);
}

void PatientView::setDraftWaiting(bool waiting)
{
    m_draftNote->setAction(waiting ? tr("Continue") : QString());
    m_draftNote->say(Tone::Info,
                     waiting ? tr("You began to edit this patient and have not saved.") : QString());
}

void PatientView::fillBanner(const Patient& patient)
{
    const QDate today = localTime(m_session.clock().now(), m_session.zone()).date();
    const HumanName* name = displayName(patient);
    const QString shown = name == nullptr ? QString() : formatName(*name);
    m_name->setText(shown.isEmpty() ? tr("No name recorded") : shown);
    QStringList facts;
    if (!patient.deceased)
        facts << ageText(patient.birthDate, today);
    facts << (patient.birthDate.isEmpty() ? tr("Birth date not recorded")
                                          : tr("born %1").arg(longDateText(patient.birthDate)));
    facts << (patient.sex == Sex::Unknown ? tr("Sex not recorded") : sexText(patient.sex));
    m_facts->setText(joinFacts(facts));
    const QString mrn = medicalRecordNumber(patient);
    m_mrn->set(Tone::Plain, {}, mrn.isEmpty() ? tr("No MRN") : tr("MRN %1").arg(mrn));
    m_deceased->setVisible(patient.deceased);
    m_deceased->set(Tone::Warn, QStringLiteral("info"),
                    patient.deceasedOn.isEmpty()
                        ? tr("Deceased")
                        : tr("Deceased on %1").arg(longDateText(patient.deceasedOn)));
}

QWidget* PatientView::makeContacts(const Patient& patient) const
{
    const auto [card, column] = makeCard(tr("Contact"));
    if (patient.telecoms.empty() && patient.addresses.empty())
        column->addWidget(makeParagraph(
            m_edit->isHidden() ? tr("No phone, e-mail or address.")
                               : tr("No phone, e-mail or address yet. Edit the patient to add one."),
            TextStyle::Body, ColorToken::TextMuted));
    for (const ContactPoint& contact : patient.telecoms)
        addFact(column, contactIcon(contact.system), contact.value, contactUseText(contact.use));
    for (const PostalAddress& address : patient.addresses)
        addFact(column, QStringLiteral("home"), addressText(address), {});
    column->addStretch(1);
    return card;
}

QWidget* PatientView::makeIdentifiers(const Patient& patient) const
{
    const auto [card, column] = makeCard(tr("Numbers"));
    if (patient.identifiers.empty())
        column->addWidget(
            makeParagraph(tr("No numbers are recorded."), TextStyle::Body, ColorToken::TextMuted));
    for (const Identifier& identifier : patient.identifiers) {
        const QString kind = identifier.typeCode == "MR"    ? tr("MRN")
                             : identifier.typeCode == "SS"  ? tr("Social security")
                             : identifier.typeCode == "DL"  ? tr("Driving licence")
                             : identifier.typeCode == "PPN" ? tr("Passport")
                                                            : QString::fromStdString(identifier.typeCode);
        addFact(column, {}, identifier.value, kind);
    }
    column->addStretch(1);
    return card;
}

QWidget* PatientView::makeAppointments(const PatientRecord& record)
{
    const auto [card, column] = makeCard(tr("Appointments"));
    const Instant now = m_session.clock().now();
    std::vector<AppointmentRow> upcoming;
    std::vector<AppointmentRow> past;
    for (const AppointmentRow& row : record.appointments)
        // Who waits for a time has it before them.
        (row.appointment.end > now || !hasTimes(row.appointment) ? upcoming : past).push_back(row);
    std::reverse(upcoming.begin(), upcoming.end());
    if (past.size() > kPastShown)
        past.resize(kPastShown);
    if (upcoming.empty() && past.empty())
        column->addWidget(makeParagraph(m_kept.isEmpty()
                                            ? tr("No appointments yet. “Book” finds the next free time.")
                                            : tr("Appointments are in the record that is used."),
                                        TextStyle::Body, ColorToken::TextMuted));
    if (!upcoming.empty())
        column->addWidget(makeAppointmentList(upcoming, QStringLiteral("upcoming"), tr("Coming up")));
    if (!past.empty())
        column->addWidget(makeAppointmentList(past, QStringLiteral("past"), tr("Before")));
    return card;
}

QWidget* PatientView::makeAppointmentList(const std::vector<AppointmentRow>& rows, const QString& name,
                                          const QString& title)
{
    auto* group = new QWidget;
    auto* column = new QVBoxLayout(group);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::current().space(1));
    column->addWidget(makeLabel(title, TextStyle::Small, ColorToken::TextMuted));

    const auto practitioners = m_session.practitioners();
    auto* list = new QListView;
    auto* model = new QStandardItemModel(list);
    for (const AppointmentRow& row : rows) {
        const QDateTime start = localTime(row.appointment.start, m_session.zone());
        const bool timed = hasTimes(row.appointment);
        const QStringList what{!timed ? tr("Without a time yet")
                                      : QLocale().toString(start.date(), QStringLiteral("ddd ")) +
                                            dateText(start.date()),
                               timed ? timeText(start.time()) : QString(), row.serviceName};
        const auto practitioner =
            std::find_if(practitioners.begin(), practitioners.end(), [&](const CalendarResource& resource) {
                return resource.id == row.appointment.practitioner;
            });
        const QStringList where{practitioner == practitioners.end() ? QString() : practitioner->name,
                                row.roomName, row.appointment.description};
        const QString first = joinFacts(what);
        const QString second = joinFacts(where);
        const QString status = statusText(row.appointment.status);
        auto* item = new QStandardItem(first);
        item->setData(second, TwoLineDelegate::SecondLineRole);
        item->setData(status, TwoLineDelegate::TrailingRole);
        item->setData(QVariant::fromValue(recordMarks(row)), TwoLineDelegate::MarksRole);
        QStringList spoken{first, second, status, marksText(recordMarks(row))};
        spoken.removeAll(QString());
        item->setData(spoken.join(QLatin1String(", ")), Qt::AccessibleTextRole);
        if (timed)
            item->setData(start.date(), kDayRole);
        item->setData(QString::fromStdString(row.appointment.id.text()), kAppointmentRole);
        model->appendRow(item);
    }
    list->setModel(model);
    list->setItemDelegate(new TwoLineDelegate(list));
    list->setObjectName(name);
    list->setAccessibleName(title);
    list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setMouseTracking(true);
    const int shown = std::min(model->rowCount(), kRowsBeforeScrolling);
    list->setFixedHeight(shown * list->sizeHintForRow(0) + 2);
    connect(list, &QListView::activated, this, [this](const QModelIndex& index) {
        if (const QDate day = index.data(kDayRole).toDate(); day.isValid())
            Q_EMIT appointmentRequested(
                AppointmentId::known(index.data(kAppointmentRole).toString().toStdString()), day);
    });
    column->addWidget(list);
    return group;
}

} // namespace yarrow
