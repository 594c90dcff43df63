// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"

#include <array>

namespace yarrow::ctl {

namespace {

std::string nameOf(const std::optional<PatientHit>& patient)
{
    return patient ? patient->name : std::string();
}

/// "birth date same; phone differs"
std::string reasonsOf(const MatchScore& score)
{
    static constexpr std::array kFields{"family name", "given name", "names",   "birth date", "sex",
                                        "phone",       "e-mail",     "address", "number"};
    static constexpr std::array kAgreements{"same", "similar", "swapped", "agrees in part", "differs"};
    std::string text;
    for (const MatchReason& reason : score.reasons) {
        text += (text.empty() ? "" : "; ") + std::string(kFields[static_cast<std::size_t>(reason.field)]) +
                " " + kAgreements[static_cast<std::size_t>(reason.agreement)];
    }
    return text;
}

class ListDuplicates final : public Command
{
public:
    explicit ListDuplicates(CLI::App& group)
        : Command(group, "duplicates", "Patients who may be one person: the clinic's worklist")
    {
        app().add_flag("--find", m_find, "First compare all patients that changed since this was last done");
        app().add_flag("--decided", m_decided, "Those that somebody has decided about instead");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        for (bool isComplete = !m_find; !isComplete;) {
            constexpr int kAtOnce = 200; // others may write in between
            const auto scanned = (*clinic)->merges().scan(kAtOnce);
            if (!scanned)
                return fail(scanned.error());
            isComplete = scanned->left == 0;
        }
        const auto listed =
            (*clinic)->merges().list(m_decided ? MergeCommands::Which::Decided : MergeCommands::Which::Open);
        if (!listed)
            return fail(listed.error());
        Json list = Json::array();
        std::vector<std::vector<std::string>> rows;
        for (const ListedDuplicate& one : *listed) {
            Json& row = list.append(Json::object());
            row.set("state", duplicateStateCode(one.pair.state));
            row.set("first", one.pair.first);
            row.set("second", one.pair.second);
            row.set("firstName", nameOf(one.first));
            row.set("secondName", nameOf(one.second));
            row.set("reasons", reasonsOf(one.score));
            row.set("kept", one.pair.kept);
            row.set("decidedBy", one.pair.name);
            rows.push_back({std::string(duplicateStateCode(one.pair.state)), one.pair.first,
                            nameOf(one.first), one.pair.second, nameOf(one.second), reasonsOf(one.score)});
        }
        if (context.out.isJson())
            context.out.json(list);
        else
            context.out.table({"STATE", "PATIENT", "NAME", "PATIENT", "NAME", "WHY"}, rows,
                              "No two patients are known who may be one.");
        return ExitCode::Done;
    }

private:
    bool m_find = false;
    bool m_decided = false;
};

class MarkDifferent final : public Command
{
public:
    explicit MarkDifferent(CLI::App& group)
        : Command(group, "different", "Two patients are two people, whatever they share")
    {
        app().add_option("one", m_one, "A patient's id")->required()->check(isId());
        app().add_option("other", m_other, "The other's id")->required()->check(isId());
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        if (auto done = (*clinic)->merges().markDifferent(PatientId::known(m_one), PatientId::known(m_other));
            !done)
            return fail(done.error());
        return ExitCode::Done;
    }

private:
    std::string m_one;
    std::string m_other;
};

class MergePatients final : public Command
{
public:
    explicit MergePatients(CLI::App& group)
        : Command(group, "merge", "Let one record of a person go on in the place of another")
    {
        app()
            .add_option("kept", m_kept, "The patient whose record is used from now on")
            ->required()
            ->check(isId());
        app().add_option("gone", m_gone, "The patient whose record is not")->required()->check(isId());
        app().add_option("--reason", m_reason, "Why, for the audit; no names");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto merged =
            (*clinic)->merges().merge(PatientId::known(m_kept), PatientId::known(m_gone), m_reason);
        if (!merged)
            return fail(merged.error());
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("moved", merged->moved);
            context.out.json(result);
        } else {
            context.out.line("Merged; " + std::to_string(merged->moved) +
                             " other records moved. `patients unmerge` takes it back.");
        }
        return ExitCode::Done;
    }

private:
    std::string m_kept;
    std::string m_gone;
    std::string m_reason;
};

class UnmergePatient final : public Command
{
public:
    explicit UnmergePatient(CLI::App& group)
        : Command(group, "unmerge", "Take a merge back")
    {
        app()
            .add_option("gone", m_gone, "The patient whose record was merged away")
            ->required()
            ->check(isId());
        app().add_option("--reason", m_reason, "Why, for the audit; no names");
    }

    Result<ExitCode> run(Context& context) override
    {
        const auto clinic = context.openClinic();
        if (!clinic)
            return fail(clinic.error());
        const auto done = (*clinic)->merges().unmerge(PatientId::known(m_gone), m_reason);
        if (!done)
            return fail(done.error());
        if (context.out.isJson()) {
            Json result = Json::object();
            result.set("restored", done->restored);
            Json& changed = result.arrayAt("changedSince");
            for (const std::string& what : done->changedSince)
                changed.append(what);
            context.out.json(result);
            return ExitCode::Done;
        }
        context.out.line("Taken back; " + std::to_string(done->restored) + " other records are restored.");
        for (const std::string& what : done->changedSince)
            context.out.line("Changed since the merge, look at it: " + what);
        return ExitCode::Done;
    }

private:
    std::string m_gone;
    std::string m_reason;
};

} // namespace

void addMergeCommands(CLI::App& group, Commands& commands)
{
    commands.push_back(std::make_unique<ListDuplicates>(group));
    commands.push_back(std::make_unique<MarkDifferent>(group));
    commands.push_back(std::make_unique<MergePatients>(group));
    commands.push_back(std::make_unique<UnmergePatient>(group));
}

} // namespace yarrow::ctl
