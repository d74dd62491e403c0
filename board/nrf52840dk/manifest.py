# A bench build for this board: to be copied to it, or frozen into its image.

include("../manifest.py")
include("manifest_board.py")
