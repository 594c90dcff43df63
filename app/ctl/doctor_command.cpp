// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"
#include "app/ctl/error_text.h"

#include <openssl/crypto.h>

#include <QStorageInfo>

namespace yarrow::ctl {

namespace {

/// Below this a day's work may not fit any more.
constexpr qint64 kLowDiskBytes = 512LL * 1024 * 1024;

class Doctor final : public Command
{
public:
    explicit Doctor(CLI::App& parent)
        : Command(parent, "doctor", "Check the profile, the keys, the database and the audit trail")
    {}

    Result<ExitCode> run(Context& context) override
    {
        m_checks.clear();
        if (!context.profile().hasClinic()) {
            note("profile", false, "There is no clinic in " + context.profileFolder + ".");
            print(context.out);
            return ExitCode::Failed;
        }
        note("profile", true, context.profileFolder);
        checkKeyFile(context);
        checkKeyStore(context);
        checkDiskSpace(context);
        const std::optional<Error> locked = checkDatabase(context);
        print(context.out);
        if (locked && exitCodeOf(locked->code) == ExitCode::Locked)
            return ExitCode::Locked; // nothing was found wrong, as little as right
        return allOk() ? ExitCode::Done : ExitCode::Failed;
    }

private:
    struct Check
    {
        const char* name;
        bool ok;
        std::string detail;
    };

    void note(const char* name, bool ok, std::string detail)
    {
        m_checks.push_back({name, ok, std::move(detail)});
    }
    void note(const char* name, const Result<void>& result, const std::string& good)
    {
        note(name, result.has_value(), result ? good : sentenceOf(result.error()));
    }

    void checkKeyFile(const Context& context)
    {
        const auto file = KeySlotFile::load(QString::fromStdString(context.profile().keyFile().string()));
        if (!file) {
            note("keyFile", false, sentenceOf(file.error()));
            return;
        }
        std::string detail =
            std::to_string(file->userNames().size()) + " users, key " + std::to_string(file->keyVersion());
        detail += file->hasSlot(SlotKind::Recovery) ? ", a recovery code" : ", no recovery code";
        if (file->isRotating())
            detail += ", a change of keys that was cut off: signing in completes it";
        note("keyFile", file->hasSlot(SlotKind::Recovery), std::move(detail));
        for (const SlotInfo& slot : file->slots())
            m_needsKeyStore = m_needsKeyStore || slot.needsDeviceSecret;
    }

    void checkKeyStore(const Context& context)
    {
        DeviceSecretStore* store = context.environment().secrets;
        const bool isThere = store && store->isAvailable();
        if (isThere)
            note("keyStore", true, m_needsKeyStore ? "in use" : "there, but no password uses it");
        else
            note("keyStore", !m_needsKeyStore,
                 m_needsKeyStore ? "cannot be reached, and passwords here need it"
                                 : "none; passwords alone protect the data");
    }

    void checkDiskSpace(const Context& context)
    {
        const QStorageInfo disk(QString::fromStdString(context.profileFolder));
        const qint64 bytes = disk.bytesAvailable();
        note("diskSpace", bytes >= kLowDiskBytes,
             bytes < 0 ? "unknown" : std::to_string(bytes / (1024 * 1024)) + " MiB free");
    }

    /// Everything that needs the clinic open. The error that stood in the way, if any.
    std::optional<Error> checkDatabase(const Context& context)
    {
        const auto clinic = context.openClinic();
        if (!clinic) {
            note("database", false, sentenceOf(clinic.error()));
            return clinic.error();
        }
        note("database", true, "opens");
        note("integrity", (*clinic)->checkIntegrity(), "every page, row and reference");
        checkAudit(**clinic);
        const auto agree = (*clinic)->verifyProjections();
        note("projections", agree.has_value(),
             agree ? "search and lists agree with the records"
                   : "search and lists differ from the records: " + agree.error().context);
        checkVersions(**clinic);
        return std::nullopt;
    }

    void checkAudit(Clinic& clinic)
    {
        const auto verified = clinic.audit().verify();
        if (!verified)
            note("audit", false, sentenceOf(verified.error()));
        else if (verified->firstBroken)
            note("audit", false,
                 "broken from entry " + std::to_string(*verified->firstBroken) + " on (of " +
                     std::to_string(verified->entries) + ")");
        else
            note("audit", true, std::to_string(verified->entries) + " entries, unbroken");
    }

    void checkVersions(Clinic& clinic)
    {
        const auto store = clinic.versions();
        if (!store) {
            note("versions", false, sentenceOf(store.error()));
            return;
        }
        note("versions", true,
             std::string("yarrow " YARROW_VERSION ", schema ") + std::to_string(store->schema) +
                 ", SQLCipher " + store->cipher + ", SQLite " + store->sqlite + ", Qt " + qVersion() + ", " +
                 OpenSSL_version(OPENSSL_VERSION));
    }

    [[nodiscard]] bool allOk() const
    {
        return std::all_of(m_checks.begin(), m_checks.end(), [](const Check& check) { return check.ok; });
    }

    void print(Output& out) const
    {
        if (out.isJson()) {
            Json result = Json::object();
            result.set("ok", allOk());
            Json& checks = result.arrayAt("checks");
            for (const Check& check : m_checks) {
                Json row = Json::object();
                row.set("name", check.name);
                row.set("ok", check.ok);
                row.set("detail", check.detail);
                checks.append(std::move(row));
            }
            out.json(result);
            return;
        }
        for (const Check& check : m_checks) {
            std::string name = check.name;
            name.resize(12, ' ');
            out.line((check.ok ? "ok      " : "failed  ") + name + check.detail);
        }
    }

    std::vector<Check> m_checks;
    bool m_needsKeyStore = false;
};

} // namespace

void addDoctorCommand(CLI::App& app, Commands& commands)
{
    commands.push_back(std::make_unique<Doctor>(app));
}

} // namespace yarrow::ctl
