# SPDX-License-Identifier: GPL-3.0-or-later
"""What the black-box tests of yarrow-server stand on: a private PostgreSQL, the program, clients with device keys."""
