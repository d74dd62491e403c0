# What this board adds to the firmware.

module("board.py")
package(
    "board_parts",
    base_path="..",
    files=(
        "__init__.py",
        "identity.py",
        "provision_file.py",
        "repl_line.py",
        "way_back.py",
    ),
)
