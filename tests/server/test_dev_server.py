#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`./dev server`: starts, tells how to reach it, serves, stops on Ctrl-C, and finds its clinic again."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest

import requests

from support.client import Device, Key
from support.cluster import runs
from support.server import ROOT, clean_environment, free_port, program, wait_ready


class DevServer(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="yarrow-dev-", dir="/tmp")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.folder.chmod(0o755)

    def start(self, *words):
        """What it printed, by the names at the beginning of the lines."""
        self.port = free_port()
        process = subprocess.Popen(
            [str(ROOT / "dev"), "server", "--port", str(self.port), "--folder", str(self.folder), *words],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            env=clean_environment(YARROW_SERVER=str(program()), YARROW_SKIP_INSTALL="1"))
        self.addCleanup(self.end, process)
        said, lines = {}, []
        for line in process.stdout:
            lines.append(line)
            name, _, value = line.strip().partition("   ")
            said[name] = value.strip()
            if line.startswith("Ctrl-C"):
                return process, said
        self.fail("".join(lines))

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.stdout.close()
        process.wait()

    def stop(self, process):
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=60), 0)
        with self.assertRaises(requests.ConnectionError):
            requests.get(f"https://localhost:{self.port}/health", timeout=5, verify=False)
        left = [pid for pid in os.listdir("/proc") if pid.isdigit() and runs(int(pid))
                and str(self.folder) in pathlib.Path(f"/proc/{pid}/cmdline").read_text(errors="replace")]
        self.assertEqual(left, [])

    def enrol(self, said):
        url = said["Yarrow's server"].split()[0]
        certificate = said["Certificate"]
        key = Key()
        answer = requests.post(f"{url}/api/v1/enrolments", verify=certificate, timeout=20, json={
            "code": said["Enrolment code"], "name": "Front desk", "publicKey": key.jwk})
        self.assertEqual(answer.status_code, 201, answer.text)
        return Device(url, certificate, answer.json()["clientId"], key)

    def test_one_process_serves_and_the_clinic_is_there_again_next_time(self):
        process, said = self.start()
        device = self.enrol(said)
        self.assertEqual(device.get("/fhir/Patient").status_code, 200)
        self.stop(process)
        process, again = self.start()
        self.assertNotEqual(again["Enrolment code"], said["Enrolment code"])
        device.url, device.certificate = again["Yarrow's server"].split()[0], again["Certificate"]
        device.session.verify = device.certificate
        self.assertEqual(device.get("/fhir/Patient").status_code, 200)
        self.assertEqual(self.enrol(again).tenant, device.tenant)
        self.stop(process)

    def test_two_processes_stand_behind_nginx(self):
        process, said = self.start("--processes", "2")
        device = self.enrol(said)
        url = device.url
        for _ in range(4):
            self.assertEqual(device.get("/fhir/Patient").status_code, 200)
        head = device.get("/fhir/metadata")
        self.assertIn("max-age", head.headers["Strict-Transport-Security"])
        self.assertEqual(device.get("/.well-known/smart-configuration").json()["token_endpoint"], f"{url}/auth/token")
        self.assertEqual(device.post("/fhir", b" " * 40_000_000).status_code, 413)
        log = (self.folder / "yarrow-access.log").read_text()
        self.assertGreater(len(set(re.findall(r'"upstream":"127.0.0.1:(\d+)"', log))), 1, log[-2000:])
        # One of two may die; nginx goes on with the other.
        children = [int(pid) for pid in os.listdir("/proc") if pid.isdigit() and runs(int(pid))
                    and f"{self.folder}/server.key" in pathlib.Path(f"/proc/{pid}/cmdline").read_text(errors="replace")]
        self.assertEqual(len(children), 2)
        self.stop(process)

    def test_a_second_one_on_the_same_folder_says_so(self):
        process, _ = self.start()
        second = subprocess.run(
            [str(ROOT / "dev"), "server", "--port", str(free_port()), "--folder", str(self.folder)], text=True,
            capture_output=True, timeout=60, env=clean_environment(YARROW_SERVER=str(program()), YARROW_SKIP_INSTALL="1"))
        self.assertEqual(second.returncode, 1)
        self.assertIn("already runs", second.stderr)
        wait_ready(f"https://localhost:{self.port}", self.folder / "certificate.pem")
        self.stop(process)


if __name__ == "__main__":
    unittest.main()
