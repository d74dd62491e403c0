# What the firmware runs on here; the rest is in the image that is built around it (board/qemu/port).

module("board.py")
module("emulated.py", base_path="../qemu")
package("board_parts", base_path="..", files=("__init__.py", "identity.py"))
