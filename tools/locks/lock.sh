#!/bin/sh
# Writes the lock files: exact versions and hashes of every file, for every system and Python that the project runs on.
# usage: lock.sh, run from the root of the project
set -eu

folder=tools/locks

if ! command -v uv >/dev/null; then
    echo "lock: needs uv on the PATH" >&2
    exit 1
fi

lock() {
    uv pip compile --quiet --no-config --universal --python-version 3.11 --upgrade --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" "$@"
}

lock --extra dev pyproject.toml --output-file "$folder/host.lock"
# labgrid brings a pyserial of its own, under another name: it takes the place of the one that the project asks for.
lock --constraint "$folder/host.lock" --no-emit-package pyserial pyproject.toml "$folder/labgrid.in" \
    --output-file "$folder/labgrid.lock"
for board in c6 h2 nrf; do
    lock "$folder/$board.in" --output-file "$folder/$board.lock"
done
