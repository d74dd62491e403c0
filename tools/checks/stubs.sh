#!/bin/sh
# Types of the firmware and of one board's own files, checked against the stubs of an image.
# usage: stubs.sh MYPY TYPINGS BOARD STUBS, run from the root of the project
set -eu

mypy=$1
typings=$2/$4
board=board/$3

# What a board puts on itself beside the firmware; its manifest says which of the parts that boards share.
files=$(find "$board" -name 'boot.py' -o -name 'board.py' -o -name 'board_config.py')
if [ -f "$board/manifest_board.py" ]; then
    for part in board/board_parts/*.py; do
        name=$(basename "$part")
        ! grep -q "\"$name\"" "$board/manifest_board.py" || [ "$name" = __init__.py ] || files="$files $part"
    done
fi

echo "firmware and $board against the stubs of $4:"
# shellcheck disable=SC2086  # names of files in the project have no spaces
MYPYPATH=$board:board:firmware:$typings "$mypy" --config-file tools/checks/firmware.ini \
    --custom-typeshed-dir "$typings" --cache-dir ".mypy_cache/$3-$4" firmware $files
