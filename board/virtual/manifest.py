# A bench build for this board, to be copied to it.

include("../manifest.py")
include("manifest_board.py")
