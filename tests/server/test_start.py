#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the program checks before it serves, and what it says; options by flag, environment and file."""

import pathlib
import subprocess
import tempfile
import unittest

from support.case import cluster, new_database
from support.client import Anonymous
from support.clinic import Clinic
from support.server import Certificate, Server, clean_environment, free_port, program, run, wait_ready


class Start(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="yarrow-server-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.certificate = Certificate(self.folder)
        self.database = new_database()
        self.addCleanup(self.database.drop)
        self.key_file = self.folder / "server.key"

    def refusal(self, *words, **how):
        """What `serve` with these options says when it ends by itself."""
        ran = run("serve", *words, check=False, **how)
        self.assertNotEqual(ran.returncode, 0)
        self.assertEqual(ran.stdout, "")
        return ran.stderr

    def serve(self, *words, environment=None):
        process = subprocess.Popen([str(program()), "serve", *map(str, words)], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=clean_environment(**(environment or {})))
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_a_role_that_row_security_does_not_bind_is_refused(self):
        for role in ("postgres", "yarrow_owner"):
            said = self.refusal("--database", cluster().uri(self.database.name, role), "--key-file", self.key_file)
            self.assertIn(role, said)
            self.assertIn("yarrow_app", said)
        self.assertFalse(self.key_file.exists())

    def test_a_database_without_schema_or_with_another_version_is_refused(self):
        empty = cluster().create_database("yarrow_empty")
        self.addCleanup(empty.drop)
        said = self.refusal("--database", empty.app_uri, "--key-file", self.key_file)
        self.assertIn("migrate", said)
        self.database.sql("INSERT INTO schema_migration (version, name, sha256) SELECT max(version) + 2, 'later', 'x' "
                          "FROM schema_migration")
        self.assertIn("newer", self.refusal("--database", self.database.app_uri, "--key-file", self.key_file))

    def test_a_lost_or_open_key_file_is_refused(self):
        server = Server(self.database.app_uri, self.folder, self.certificate)
        self.addCleanup(server.kill)
        server.start()
        Anonymous(server.url, self.certificate.file).get("/.well-known/jwks.json")  # the keys are made, and wrapped
        server.stop()
        self.assertEqual(self.key_file.stat().st_mode & 0o777, 0o600)
        self.key_file.chmod(0o644)
        self.assertIn("0600", self.refusal("--database", self.database.app_uri, "--key-file", self.key_file))
        self.key_file.rename(self.folder / "elsewhere")
        self.assertIn(str(self.key_file), self.refusal("--database", self.database.app_uri, "--key-file", self.key_file))
        self.assertFalse(self.key_file.exists())

    def test_wrong_options_are_named(self):
        for words, name in ((("--workers", "0"), "--workers"), (("--tls-key", "/nowhere"), "--tls-key"),
                            (("--public-url", "clinic"), "--public-url"), (("--log-level", "loud"), "--log-level"),
                            (("--trusted-proxy", "somewhere"), "--trusted-proxy"), ((), "--database"),
                            (("--wrong", "1"), "--wrong"), (("--database", self.database.app_uri), "--key-file"),
                            (("--tls-certificate", self.certificate.file), "--tls-key")):
            with self.subTest(words=words):
                self.assertIn(name, self.refusal(*words))

    def test_options_come_by_flag_before_environment_before_file(self):
        file = self.folder / "server.conf"
        ports = [free_port() for _ in range(3)]
        file.write_text(f'database = "{self.database.app_uri}"\nkey-file = "{self.key_file}"\n'
                        f'listen = "127.0.0.1:{ports[0]}"\ntls-certificate = "{self.certificate.file}"\n'
                        f'tls-key = "{self.certificate.key}"\n', encoding="utf-8")
        environment = {"YARROW_CONFIG": str(file)}
        for count, words in enumerate(([], [], ["--listen", f"127.0.0.1:{ports[2]}"])):
            if count == 1:
                environment["YARROW_LISTEN"] = f"127.0.0.1:{ports[1]}"
            process = self.serve(*words, environment=environment)
            wait_ready(f"https://127.0.0.1:{ports[count]}", self.certificate.file)
            process.kill()
            process.wait()

    def test_plain_http_is_for_loopback_only_unless_asked_for(self):
        words = ("--database", self.database.app_uri, "--key-file", self.key_file)
        said = self.refusal(*words, "--listen", f"0.0.0.0:{free_port()}")
        self.assertIn("--insecure-http", said)
        port = free_port()
        self.serve(*words, "--listen", f"0.0.0.0:{port}", "--insecure-http", "--public-url", f"http://127.0.0.1:{port}")
        wait_ready(f"http://127.0.0.1:{port}", self.certificate.file)

    def test_who_listens_elsewhere_than_on_loopback_knows_its_own_name(self):
        words = ("--database", self.database.app_uri, "--key-file", self.key_file, "--tls-certificate",
                 str(self.certificate.file), "--tls-key", str(self.certificate.key))
        for host in ("0.0.0.0", "[::]"):
            self.assertIn("--public-url", self.refusal(*words, "--listen", f"{host}:{free_port()}"))
        port = free_port()
        self.serve(*words, "--listen", f"0.0.0.0:{port}", "--public-url", "https://yarrow.example")
        wait_ready(f"https://127.0.0.1:{port}", self.certificate.file)
        # What the caller calls it does not matter.
        said = Anonymous(f"https://127.0.0.1:{port}", self.certificate.file).get(
            "/.well-known/smart-configuration", headers={"Host": "evil.example"}).json()
        self.assertEqual(said["token_endpoint"], "https://yarrow.example/auth/token")

    def test_a_port_in_use_is_told(self):
        server = Server(self.database.app_uri, self.folder, self.certificate)
        self.addCleanup(server.kill)
        server.start()
        said = run("serve", "--database", self.database.app_uri, "--key-file", self.key_file, "--listen",
                   f"127.0.0.1:{server.port}", check=False)
        self.assertNotEqual(said.returncode, 0)
        self.assertIn(str(server.port), said.stderr)

    def test_migrate_is_idempotent_and_two_at_once_wait_for_each_other(self):
        self.assertIn("nothing to do", run("migrate", "--database-owner", self.database.owner_uri).stdout)
        fresh = cluster().create_database("yarrow_fresh")
        self.addCleanup(fresh.drop)
        both = [subprocess.Popen([str(program()), "migrate", "--database-owner", fresh.owner_uri], text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=clean_environment())
                for _ in range(2)]
        said = [process.communicate(timeout=120)[0] for process in both]
        self.assertEqual([process.returncode for process in both], [0, 0], said)
        self.assertEqual(sum(text.count("applied 1 ") for text in said), 1, said)

    def test_a_clinic_is_made_once_and_its_administrator_has_a_good_password(self):
        server = Server(self.database.app_uri, self.folder, self.certificate)
        self.addCleanup(server.kill)
        server.start()
        Clinic(server, self.database, "twice")
        words = ("tenant", "create", "--database", self.database.app_uri, "--name", "N", "--admin", "a")
        self.assertIn("already", run(*words, "--slug", "twice", password="violet anchor tram 19", check=False).stderr)
        for password in ("short", "password1234"):
            self.assertNotEqual(run(*words, "--slug", "other", password=password, check=False).returncode, 0)
        self.assertNotEqual(run(*words, "--slug", "Not A Slug", password="violet anchor tram 19",
                                check=False).returncode, 0)
        self.assertEqual(self.database.value("SELECT count(*) FROM tenant_directory"), "1")


if __name__ == "__main__":
    unittest.main()
