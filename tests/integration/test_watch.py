#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The exchange in the background, as `yarrowctl sync --watch` and the desktop run it: hints, edits, a server that goes
and comes back."""

import json
import queue
import signal
import subprocess
import threading
import time
import unittest

from enrolled import EnrolledTest

SOON = 40  # seconds: well below the time at which it would be asked anyway, also on a busy machine


class Watch:
    """A running `sync --watch`; its exchanges come one by one."""

    def __init__(self, workstation):
        self.process = subprocess.Popen(workstation.arguments("sync", "--watch"), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, text=True, env=workstation.environment())
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(json.loads(line))

    def next(self, wanted, timeout=SOON):
        """The next exchange that `wanted` is true of."""
        until = time.monotonic() + timeout
        seen = []
        while True:
            try:
                seen.append(self._lines.get(timeout=max(0.01, until - time.monotonic())))
            except queue.Empty:
                raise AssertionError(f"not within {timeout} s; seen: {seen}") from None
            if wanted(seen[-1]):
                return seen[-1]

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        self.process.stdout.close()
        return self.process.returncode


class Watching(EnrolledTest):
    def watch(self):
        made = Watch(self.clinic)
        self.addCleanup(made.stop)
        return made

    def test_a_change_at_the_server_is_hinted_at(self):
        self.clinic.enrol(self.home)
        watch = self.watch()
        watch.next(lambda report: report["obstacle"] == "none")
        self.wait_for_socket()
        device = self.home.new_device()
        begun = time.monotonic()
        self.assertEqual(device.save({"resourceType": "Patient", "id": "p1", "name": [{"family": "Weidemann"}]})
                         .status_code, 201)
        watch.next(lambda report: report["pulled"] == 1)
        self.assertLess(time.monotonic() - begun, SOON)
        self.assertEqual(watch.stop(), 0)
        self.assertEqual(self.clinic.done("patients", "show", "p1")["name"], "Weidemann")

    def wait_for_socket(self):
        """Until the server has a Subscription that a socket is bound to; what changes then is told."""
        until = time.monotonic() + SOON
        while int(self.database.value("SELECT count(*) FROM subscription")) == 0:
            self.assertLess(time.monotonic(), until, self.server.log_text()[-3000:])
            time.sleep(0.05)

    def test_a_server_that_goes_and_comes_back(self):
        server = self.add_server()
        self.clinic.done("enrol", "--server", server.url, "--code", self.home.new_code(), "--ca", self.certificate.file)
        watch = self.watch()
        watch.next(lambda report: report["obstacle"] == "none")
        server.kill()
        watch.next(lambda report: report["obstacle"] == "offline", timeout=100)
        server.start()
        watch.next(lambda report: report["obstacle"] == "none", timeout=100)
        self.assertEqual(watch.stop(), 0)

    def test_only_one_program_exchanges_at_a_time(self):
        self.clinic.enrol(self.home)
        watch = self.watch()
        watch.next(lambda report: report["obstacle"] == "none")
        self.clinic.done("sync")  # between two exchanges of the other
        self.assertEqual(watch.stop(), 0)


if __name__ == "__main__":
    unittest.main()
