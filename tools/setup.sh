#!/bin/sh
# Makes VENV: the host tools from tools/locks/LOCK.lock, this project in place, and with host the board stubs for mypy.
# usage: setup.sh VENV STAMP LOCK, run from the root of the project. PYTHON names the interpreter to build on.
# Needs a Python of at least 3.11 and pip; where Python lacks ensurepip, the pip on the PATH installs into .venv.
set -eu

venv=$1
stamp=$2
lock=$3
locks=tools/locks
candidates="${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}"

fail() {
    echo "setup: $*" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in $candidates; do
        if new_enough "$name"; then
            echo "$name"
            return
        fi
    done
    fail "no Python 3.11 or later found (tried: $candidates); name one with PYTHON=..."
}

# A half-made environment is made anew: venv without ensurepip leaves one behind when it fails.
make_venv() {
    new_enough "$venv/bin/python" && return
    python=$(find_python) || exit 1
    rm -rf "$venv"
    "$python" -m venv "$venv" >/dev/null 2>&1 && return
    rm -rf "$venv"
    "$python" -m venv --without-pip "$venv" || fail "$python cannot make a virtual environment"
}

# Sets $pip. The option --python came with pip 22.3.
find_pip() {
    for pip in "$venv/bin/python -m pip" "pip --python $venv" "pip3 --python $venv" "python3 -m pip --python $venv"; do
        $pip --version >/dev/null 2>&1 && return
    done
    fail "no pip found that can install into $venv; install pip 22.3 or later"
}

install() {
    # shellcheck disable=SC2086  # $pip is a command with its arguments
    $pip install --quiet --quiet --disable-pip-version-check --no-deps "$@" || fail "pip could not install: $*"
}

# Each board's stubs overwrite the other's, so each has a folder of its own.
install_stubs() {
    for board in c6 h2 nrf; do
        rm -rf "$venv/typings/$board"
        install --require-hashes --target "$venv/typings/$board" -r "$locks/$board.lock"
    done
}

make_venv
find_pip
echo "setting up $venv (once, needs the network)" >&2
install --require-hashes -r "$locks/$lock.lock"
install --no-build-isolation --editable .
[ "$lock" != host ] || install_stubs
rm -f "$venv"/.set-up-*
touch "$stamp"
