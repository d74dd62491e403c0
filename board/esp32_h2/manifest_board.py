# What this board adds to the firmware. Building an image keeps what upstream's own has.

include("$(PORT_DIR)/boards/manifest.py")
module("boot.py")
module("board_config.py")
module("board.py")
package(
    "board_parts",
    base_path="..",
    files=(
        "__init__.py",
        "esp32.py",
        "esp32_watchdog.py",
        "identity.py",
        "provision_file.py",
        "pulses.py",
        "repl_line.py",
        "uart_line.py",
        "way_back.py",
    ),
)
