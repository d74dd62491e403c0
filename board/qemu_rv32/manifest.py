# A bench build for this board, to be linked into its image.

include("../manifest.py")
include("manifest_board.py")
