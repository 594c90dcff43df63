// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/given_time.h"
#include "models/fhir/references.h"
#include "models/store/tunables.h"

#include <QFile>

#include <cstdio>
#include <optional>

namespace yarrow::ctl {

namespace {

/// What stands in a file, or in standard input for "-".
Result<std::string> readText(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    const bool isOpen = path == "-" ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!isOpen)
        return fail(ErrorCode::Io, path + ": " + file.errorString().toStdString());
    const QByteArray text = file.read(static_cast<qint64>(yarrow::tunables::kMaxResourceBytes) + 1);
    if (file.error() != QFileDevice::NoError)
        return fail(ErrorCode::Io, path + ": " + file.errorString().toStdString());
    if (static_cast<std::size_t>(text.size()) > yarrow::tunables::kMaxResourceBytes)
        return fail(ErrorCode::LimitExceeded, path);
    return text.toStdString();
}

const char* changeName(RecordStore::Change change) noexcept
{
    switch (change) {
    case RecordStore::Change::Created:
        return "created";
    case RecordStore::Change::Updated:
        return "updated";
    case RecordStore::Change::Unchanged:
        break;
    }
    return "unchanged";
}

/// `at` as it stands in the audit, for people on the clinic's clock.
std::string onTheClock(const std::string& at, const QTimeZone& zone)
{
    const auto instant = parseInstant(at);
    return instant ? localTextForPeople(*instant, zone) : at;
}

class ResourceCommand : public Command
{
public:
    ResourceCommand(CLI::App& group, const std::string& name, const std::string& description)
        : Command(group, name, description)
    {
        app().add_option("reference", m_reference, "Type/id")->required()->check(isReference());
    }

protected:
    /// A view into what was typed.
    [[nodiscard]] fhir::Reference reference() const { return *fhir::parseReference(m_reference); }

private:
    std::string m_reference;
};

class GetResource final : public ResourceCommand
{
public:
    explicit GetResource(CLI::App& group)
        : ResourceCommand(group, "get", "Print a record's FHIR document")
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto read = (*clinic)->resources().get(reference().type, reference().id);
        if (!read)
            return fail(read.error());
        if (context.out.isJson())
            context.out.json(read->document);
        else
            context.out.text(read->document.dumpPretty());
        return ExitCode::Done;
    }
};

class PutResource final : public ResourceCommand
{
public:
    explicit PutResource(CLI::App& group)
        : ResourceCommand(group, "put", "Save a record's FHIR document, as somebody who edits it")
    {
        app().add_option("--file", m_file, "The document; - reads it from standard input")->required();
        app().add_option("--revision", m_revision,
                         "Only while the record stands at this revision; 0: only when there is none yet");
        app().add_option("--reason", m_reason, "For the audit trail");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto text = readText(m_file);
        if (!text)
            return fail(text.error());
        const auto document = Json::parse(*text);
        if (!document) {
            Error error = document.error();
            error.context = m_file + ": " + error.context;
            return fail(std::move(error));
        }
        if ((*document)["resourceType"].string() != reference().type ||
            (*document)["id"].string() != reference().id)
            return fail(ErrorCode::InvalidResource, m_file + ": resourceType and id are not " +
                                                        std::string(reference().type) + "/" +
                                                        std::string(reference().id));
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto written = (*clinic)->resources().put(*document, m_reason, m_revision);
        if (!written)
            return fail(written.error());
        Json answer = Json::object();
        answer.set("type", reference().type);
        answer.set("id", reference().id);
        answer.set("change", changeName(written->change));
        answer.set("revision", written->revision);
        if (context.out.isJson())
            context.out.json(answer);
        else
            context.out.text(std::string(reference().type) + "/" + std::string(reference().id) + " " +
                             changeName(written->change) + ", revision " + std::to_string(written->revision) +
                             "\n");
        return ExitCode::Done;
    }

private:
    std::string m_file;
    std::optional<std::int64_t> m_revision;
    std::string m_reason;
};

class ResourceHistory final : public ResourceCommand
{
public:
    explicit ResourceHistory(CLI::App& group)
        : ResourceCommand(group, "history",
                          "List what was done to a record on this workstation, oldest first")
    {}

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto steps = (*clinic)->resources().history(reference().type, reference().id);
        if (!steps)
            return fail(steps.error());
        if (context.out.isJson()) {
            Json list = Json::array();
            for (const HistoryStep& step : *steps) {
                auto row = toJson(step);
                if (!row)
                    return fail(row.error());
                list.append(std::move(*row));
            }
            context.out.json(list);
            return ExitCode::Done;
        }
        std::vector<std::vector<std::string>> rows;
        for (const HistoryStep& step : *steps)
            rows.push_back(
                {onTheClock(step.at, (*clinic)->zone()), step.action, step.userName, step.role, step.reason});
        context.out.table({"AT", "ACTION", "USER", "ROLE", "REASON"}, rows, "Nothing is known of it.");
        return ExitCode::Done;
    }

private:
    static Result<Json> toJson(const HistoryStep& step)
    {
        Json row = Json::object();
        row.set("at", step.at);
        row.set("action", step.action);
        row.set("user", step.userName);
        row.set("role", step.role);
        row.set("reason", step.reason);
        row.set("digest", step.digest);
        row.set("resource", Json());
        if (step.document) {
            auto document = Json::parse(*step.document);
            if (!document)
                return fail(ErrorCode::DatabaseDamaged, "a stored document is not JSON");
            row.set("resource", std::move(*document));
        }
        return row;
    }
};

} // namespace

void addResourceCommands(CLI::App& app, Commands& commands)
{
    CLI::App& group = addGroup(app, "resource", "Any FHIR record by its type and id");
    commands.push_back(std::make_unique<GetResource>(group));
    commands.push_back(std::make_unique<PutResource>(group));
    commands.push_back(std::make_unique<ResourceHistory>(group));
}

} // namespace yarrow::ctl
