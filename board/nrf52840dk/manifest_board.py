# What this board adds to the firmware. Building an image keeps what upstream's own has.

include("$(PORT_DIR)/modules/manifest.py")
module("boot.py")
module("board_config.py")
package("nrf52840dk", base_path="..", files=("board.py",))  # a module of the port has the name board
package(
    "board_parts",
    base_path="..",
    files=(
        "__init__.py",
        "identity.py",
        "nrf_ecb.py",
        "nrf_rng.py",
        "nrf_watchdog.py",
        "provision_file.py",
        "pulses.py",
        "repl_line.py",
        "way_back.py",
    ),
)
