// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/error_text.h"
#include "app/ctl/interrupt_guard.h"
#include "app/ctl/prompt.h"
#include "models/store/transfer/sealed_edits.h"

#include <unistd.h>

#include <cstdio>

namespace yarrow::ctl {

namespace {

/// One line on the terminal's standard error, redrawn when a percent more is done; nothing elsewhere.
class ProgressBar
{
public:
    ProgressBar()
        : m_isShown(::isatty(STDERR_FILENO) == 1)
    {}
    ~ProgressBar()
    {
        if (m_isShown)
            std::fputs("\r\033[K", stderr);
    }
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void show(const ImportProgress& progress)
    {
        if (!m_isShown || progress.bytesTotal == 0)
            return;
        const int percent = static_cast<int>(progress.bytesDone * 100 / progress.bytesTotal);
        if (percent == m_percent)
            return;
        m_percent = percent;
        constexpr int kWidth = 40;
        const std::string bar(static_cast<std::size_t>(percent * kWidth / 100), '#');
        std::fprintf(stderr, "\r[%-40s] %3d %%  %lld records", bar.c_str(), percent,
                     static_cast<long long>(progress.resources));
        std::fflush(stderr);
    }

private:
    bool m_isShown;
    int m_percent = -1;
};

class Import final : public Command
{
public:
    explicit Import(CLI::App& parent)
        : Command(parent, "import", "Bring in FHIR JSON: bundles of any type, single resources, NDJSON")
    {
        app().add_option("path", m_paths, "Files, or folders with *.json and *.ndjson files")->required();
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const std::vector<std::filesystem::path> paths(m_paths.begin(), m_paths.end());
        const auto report = [&] {
            const InterruptGuard interrupt;
            ProgressBar bar;
            return (*clinic)->importer().run(paths, [&](const ImportProgress& progress) {
                bar.show(progress);
                return !g_interrupted;
            });
        }();
        if (!report)
            return fail(report.error());
        if (context.out.isJson())
            context.out.json(toJson(*report));
        else
            print(*report, context.out);
        return report->failed.empty() ? ExitCode::Done : worst(*report);
    }

private:
    static Json toJson(const ImportReport& report)
    {
        Json result = Json::object();
        result.set("files", report.files);
        result.set("resources", report.resources);
        result.set("created", report.created);
        result.set("updated", report.updated);
        result.set("unchanged", report.unchanged);
        result.set("deleted", report.deleted);
        Json& failed = result.arrayAt("failed");
        for (const ImportFailure& failure : report.failed) {
            const auto& position = failure.error.position;
            Json row = Json::object();
            row.set("file", failure.file.string());
            row.set("line", position ? Json(static_cast<std::int64_t>(position->line)) : Json());
            row.set("column", position ? Json(static_cast<std::int64_t>(position->column)) : Json());
            row.set("reason", reasonOf(failure.error));
            failed.append(std::move(row));
        }
        return result;
    }

    static void print(const ImportReport& report, Output& out)
    {
        out.line(std::to_string(report.files) + " files with " + std::to_string(report.resources) +
                 " records: " + std::to_string(report.created) + " created, " +
                 std::to_string(report.updated) + " updated, " + std::to_string(report.unchanged) +
                 " unchanged, " + std::to_string(report.deleted) + " deleted.");
        for (const ImportFailure& failure : report.failed) {
            std::string where = failure.file.string();
            if (failure.error.position)
                where += ":" + std::to_string(failure.error.position->line) + ":" +
                         std::to_string(failure.error.position->column);
            out.remark(where + ": " + reasonOf(failure.error));
        }
        if (!report.failed.empty())
            out.remark("yarrowctl: " + std::to_string(report.failed.size()) +
                       " of the files could not be read in; nothing of them was written.");
    }

    /// A file that the role forbids is no bad file.
    static ExitCode worst(const ImportReport& report)
    {
        for (const ImportFailure& failure : report.failed) {
            if (failure.error.code != ErrorCode::Forbidden)
                return ExitCode::BadInput;
        }
        return ExitCode::Failed;
    }

    std::vector<std::string> m_paths;
};

class Export final : public Command
{
public:
    explicit Export(CLI::App& parent)
        : Command(parent, "export",
                  "Write records as NDJSON, one FHIR document a line, not encrypted; or unsent edits, sealed")
    {
        app().add_option("--out", m_file, "The file to write; one that is there is replaced")->required();
        app()
            .add_option("--type", m_type, "Only this resource type (AuditEvent: the audit trail)")
            ->check(isResourceType());
        app().add_option("--patient", m_patient, "Only what belongs to this patient's id")->check(isId());
        app()
            .add_flag("--unsent", m_unsent,
                      "The edits that no server has acknowledged, as one FHIR history bundle, sealed: the "
                      "recovery code opens it, with `unseal`")
            ->excludes("--type", "--patient");
        app().add_flag("--clear", m_clear, "Not sealed: whoever has the file can read it")->needs("--unsent");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        using Form = EditExporter::Form;
        const bool isSealed = m_unsent && !m_clear;
        if (m_clear)
            context.out.remark("yarrowctl: the file is not encrypted; what it holds of patients is readable "
                               "for everybody who has it. Delete it once it has served.");
        const auto written = m_unsent
                                 ? (*clinic)->editExporter().run(m_file, m_clear ? Form::Clear : Form::Sealed)
                                 : (*clinic)->exporter().run(m_file, {m_type, m_patient});
        if (!written)
            return fail(written.error());
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("file", m_file);
            result.set("resources", *written);
            if (m_unsent)
                result.set("sealed", isSealed);
            context.out.json(result);
        } else {
            context.out.line(std::to_string(*written) + (m_unsent ? " edits" : " records") + " written to " +
                             m_file +
                             (isSealed ? ", which the recovery code opens: yarrowctl unseal."
                                       : ", which is not encrypted."));
        }
        return ExitCode::Done;
    }

private:
    std::string m_file;
    std::string m_type;
    std::string m_patient;
    bool m_unsent = false;
    bool m_clear = false;
};

class Unseal final : public Command
{
public:
    explicit Unseal(CLI::App& parent)
        : Command(parent, "unseal", "Open an export of unsent edits with the clinic's recovery code")
    {
        app().add_option("file", m_sealed, "What `export --unsent` or the Sync Centre wrote")->required();
        app().add_option("--out", m_file, "The FHIR bundle to write, not encrypted; a new file")->required();
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto typed = secret(kRecoveryCodeVariable, "Recovery code: ");
        if (!typed)
            return fail(typed.error());
        const auto code = RecoveryCode::parse(*typed);
        if (!code)
            return fail(ErrorCode::WrongPassword, "recovery code, " + code.error().context);
        if (auto opened = openSealedEdits(m_sealed, *code, m_file); !opened)
            return fail(opened.error());
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("file", m_file);
            context.out.json(result);
        } else {
            context.out.line("Written to " + m_file + ", which is not encrypted.");
        }
        return ExitCode::Done;
    }

private:
    std::string m_sealed;
    std::string m_file;
};

} // namespace

void addTransferCommands(CLI::App& app, Commands& commands)
{
    commands.push_back(std::make_unique<Import>(app));
    commands.push_back(std::make_unique<Export>(app));
    commands.push_back(std::make_unique<Unseal>(app));
}

} // namespace yarrow::ctl
