// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/given_time.h"
#include "models/fhir/appointment_fhir.h"

namespace yarrow::ctl {

namespace {

std::string sexText(Sex sex)
{
    switch (sex) {
    case Sex::Female:
        return "female";
    case Sex::Male:
        return "male";
    case Sex::Other:
        return "other";
    case Sex::Unknown:
        return "";
    }
    bug("unknown sex", __FILE__, __LINE__);
}

class SearchPatients final : public Command
{
public:
    explicit SearchPatients(CLI::App& group)
        : Command(group, "search", "Find patients by name, birth date, record number or phone")
    {
        app().add_option("text", m_words, "What is known of the patient, in any order")->required();
        app()
            .add_option("--limit", m_limit, "At most so many patients")
            ->check(CLI::Range(1, 1000))
            ->capture_default_str();
    }

    Result<ExitCode> run(Context& context) override
    {
        std::string text;
        for (const std::string& word : m_words)
            text += (text.empty() ? "" : " ") + word;
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto hits = (*clinic)->patients().search(text, m_limit);
        if (!hits)
            return fail(hits.error());
        if (context.out.isJson()) {
            Json list = Json::array();
            for (const PatientHit& hit : *hits) {
                Json row = Json::object();
                row.set("id", hit.id.text());
                row.set("mrn", hit.mrn);
                row.set("name", hit.name);
                row.set("birthDate", hit.birthDate.text());
                row.set("sex", sexText(hit.sex));
                list.append(std::move(row));
            }
            context.out.json(list);
            return ExitCode::Done;
        }
        std::vector<std::vector<std::string>> rows;
        for (const PatientHit& hit : *hits)
            rows.push_back(
                {hit.id.text(), hit.mrn, hit.name, hit.birthDate.text(), sexText(hit.sex), hit.phone});
        context.out.table({"ID", "MRN", "NAME", "BORN", "SEX", "PHONE"}, rows, "No patient fits.");
        return ExitCode::Done;
    }

private:
    std::vector<std::string> m_words;
    int m_limit = 20;
};

class ShowPatient final : public Command
{
public:
    explicit ShowPatient(CLI::App& group)
        : Command(group, "show", "Show one patient")
    {
        app().add_option("id", m_id, "The patient's id")->required()->check(isId());
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto viewed = (*clinic)->patients().view(PatientId::known(m_id));
        if (!viewed)
            return fail(viewed.error());
        if (context.out.isJson())
            context.out.json(toJson(*viewed, (*clinic)->zone()));
        else
            print(*viewed, (*clinic)->zone(), context.out);
        return ExitCode::Done;
    }

private:
    static std::string nameOf(const Patient& patient)
    {
        const HumanName* name = displayName(patient);
        return name ? formatName(*name).toStdString() : std::string();
    }
    static std::string contactOf(const Patient& patient, ContactPoint::System system)
    {
        for (const ContactPoint& telecom : patient.telecoms) {
            if (telecom.system == system && telecom.use != ContactPoint::Use::Old)
                return telecom.value.toStdString();
        }
        return {};
    }
    static std::string addressOf(const Patient& patient)
    {
        for (const PostalAddress& address : patient.addresses) {
            if (address.use == PostalAddress::Use::Old)
                continue;
            QStringList parts = address.lines;
            parts << (address.postalCode + u' ' + address.city).trimmed() << address.state << address.country;
            parts.removeAll(QString());
            return parts.join(QStringLiteral(", ")).toStdString();
        }
        return {};
    }

    static Json toJson(const PatientCommands::Viewed& viewed, const QTimeZone& zone)
    {
        const Patient& patient = viewed.patient;
        Json row = Json::object();
        row.set("id", patient.id.text());
        row.set("mrn", medicalRecordNumber(patient).toStdString());
        row.set("name", nameOf(patient));
        row.set("birthDate", patient.birthDate.text());
        row.set("sex", sexText(patient.sex));
        row.set("active", patient.active);
        row.set("deceased", patient.deceased);
        row.set("phone", contactOf(patient, ContactPoint::System::Phone));
        row.set("email", contactOf(patient, ContactPoint::System::Email));
        row.set("address", addressOf(patient));
        row.set("language", patient.language);
        row.set("revision", viewed.revision);
        Json& appointments = row.arrayAt("appointments");
        for (const ListedAppointment& listed : viewed.appointments) {
            Json visit = Json::object();
            visit.set("id", listed.appointment.id.text());
            visit.set("start", localText(listed.appointment.start, zone));
            visit.set("status", fhir::statusCode(listed.appointment.status));
            appointments.append(std::move(visit));
        }
        row.set("resource", viewed.document);
        return row;
    }

    static void print(const PatientCommands::Viewed& viewed, const QTimeZone& zone, Output& out)
    {
        const Patient& patient = viewed.patient;
        const auto field = [&](const char* label, const std::string& value) {
            if (!value.empty())
                out.line(label + value);
        };
        field("Name      ", nameOf(patient));
        field("Born      ", patient.birthDate.text());
        field("Sex       ", sexText(patient.sex));
        field("MRN       ", medicalRecordNumber(patient).toStdString());
        field("Phone     ", contactOf(patient, ContactPoint::System::Phone));
        field("E-mail    ", contactOf(patient, ContactPoint::System::Email));
        field("Address   ", addressOf(patient));
        field("Language  ", patient.language);
        if (!patient.active)
            out.line("This record is not active.");
        if (patient.deceased)
            out.line("Deceased  " + patient.deceasedOn.text());
        field("ID        ", patient.id.text());
        for (const ListedAppointment& listed : viewed.appointments) {
            out.line("Visit     " + localTextForPeople(listed.appointment.start, zone) + "  " +
                     std::string(fhir::statusCode(listed.appointment.status)) + "  " +
                     listed.appointment.description.toStdString());
        }
    }

    std::string m_id;
};

class ErasePatient final : public Command
{
public:
    explicit ErasePatient(CLI::App& group)
        : Command(group, "erase", "Erase a patient for good, with all records about this patient alone")
    {
        app().add_option("id", m_id, "The patient's id")->required()->check(isId());
        app().add_option("--ground", m_ground, "Legal ground, for the audit; no names")->required();
        app().add_option("--reason", m_reason, "Why, for the audit; no names")->required();
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto outcome = (*clinic)->erasures().erasePatient(PatientId::known(m_id), m_ground, m_reason);
        if (!outcome)
            return fail(outcome.error());
        if (context.out.isJson())
            context.out.json(jsonOf(*outcome));
        else
            tell(*outcome, context.out);
        return ExitCode::Done;
    }

private:
    static Json jsonOf(const ErasureCommands::Outcome& outcome)
    {
        Json result = Json::object();
        result.set("requested", outcome.isRequested);
        result.set("erased", outcome.done.erased);
        Json& kept = result.arrayAt("kept");
        for (const KeptRecord& record : outcome.done.kept) {
            Json& row = kept.append(Json::object());
            row.set("record", record.type + "/" + record.id);
            row.set("why", record.why);
        }
        result.set("tracesRemain", outcome.tracesRemain);
        return result;
    }

    static void tell(const ErasureCommands::Outcome& outcome, Output& out)
    {
        if (outcome.isRequested) {
            out.line("The server is asked with the next exchange; it erases for all workstations.");
            return;
        }
        out.line("Erased " + std::to_string(outcome.done.erased) + " records.");
        for (const KeptRecord& record : outcome.done.kept)
            out.line("Kept      " + record.type + "/" + record.id + "  " + record.why);
        if (outcome.tracesRemain)
            out.line("Somebody else reads the database: free pages are emptied when it is next opened.");
    }

    std::string m_id;
    std::string m_ground;
    std::string m_reason;
};

class ListErasures final : public Command
{
public:
    explicit ListErasures(CLI::App& group)
        : Command(group, "erasures", "What the server was asked to erase and has not done yet")
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto requests = (*clinic)->erasures().requests();
        if (!requests)
            return fail(requests.error());
        Json list = Json::array();
        std::vector<std::vector<std::string>> rows;
        for (const ErasureRequest& request : *requests) {
            Json& row = list.append(Json::object());
            row.set("patient", request.patient);
            row.set("ground", request.legalGround);
            row.set("reason", request.reason);
            row.set("at", request.at);
            row.set("refusal", request.refusal);
            rows.push_back({request.patient, request.legalGround, request.at, request.refusal});
        }
        if (context.out.isJson())
            context.out.json(list);
        else
            context.out.table({"PATIENT", "GROUND", "ASKED", "REFUSED"}, rows, "Nothing waits to be erased.");
        return ExitCode::Done;
    }
};

} // namespace

void addPatientCommands(CLI::App& app, Commands& commands)
{
    CLI::App& group = addGroup(app, "patients", "Find, show, merge and erase patients");
    commands.push_back(std::make_unique<SearchPatients>(group));
    commands.push_back(std::make_unique<ShowPatient>(group));
    addMergeCommands(group, commands);
    commands.push_back(std::make_unique<ErasePatient>(group));
    commands.push_back(std::make_unique<ListErasures>(group));
}

} // namespace yarrow::ctl
