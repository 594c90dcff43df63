#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command in a D-Bus session of its own with an unlocked, empty GNOME keyring, and leaves nothing behind.
#
# with_keyring.sh COMMAND [ARGUMENT…]
set -eu

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export HOME="$home" XDG_DATA_HOME="$home/data" XDG_RUNTIME_DIR="$home/run" XDG_CACHE_HOME="$home/cache"
# QtKeychain chooses by the desktop; under KDE it would ask KWallet.
export XDG_CURRENT_DESKTOP=GNOME
unset DISPLAY WAYLAND_DISPLAY KDE_FULL_SESSION DESKTOP_SESSION
mkdir -m 700 "$XDG_DATA_HOME" "$XDG_RUNTIME_DIR" "$XDG_CACHE_HOME"

# The daemon ends with its bus. A line feed is the keyring's empty password.
dbus-run-session -- sh -c '
    printf "\n" | gnome-keyring-daemon --unlock --components=secrets >"$HOME/daemon.log" 2>&1 || {
        cat "$HOME/daemon.log" >&2
        exit 1
    }
    "$@"
' sh "$@"
