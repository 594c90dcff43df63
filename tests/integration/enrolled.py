# SPDX-License-Identifier: GPL-3.0-or-later
"""Workstations of the real yarrowctl against the real yarrow-server. Run under support/with_keyring.sh: the key store is
a real one."""

import pathlib
import sys

from yarrowctl import Clinic, ClinicTest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "server"))

from support.case import ServerTest  # noqa: E402


class Workstation(Clinic):
    """A profile whose commands reach the key store."""

    def environment(self, *password, **more):
        return super().environment(*password, **{"YARROW_KEY_STORE": "", **more})

    def enrol(self, server_clinic, code=None, **how):
        """Enrolled with a clinic of the server, by a new code unless one is given."""
        return self.done(*self.enrol_words(server_clinic, code), **how)

    @staticmethod
    def enrol_words(server_clinic, code=None):
        return ("enrol", "--server", server_clinic.url, "--code", code or server_clinic.new_code(), "--ca",
                server_clinic.certificate, "--name", "Desk 1")


class EnrolledTest(ServerTest, ClinicTest):
    """One server per class; each test has a workstation of its own, and a clinic at the server."""

    def setUp(self):
        super().setUp()
        self.clinic = Workstation(self.clinic.folder)
        self.home = self.new_clinic()

    def new_workstation(self, name):
        """Another one, with a clinic of the same name."""
        made = Workstation(self.temporary / name)
        made.init()
        return made
