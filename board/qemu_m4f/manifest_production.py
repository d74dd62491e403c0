# A production build for this board, to be linked into its image.

include("../manifest_production.py")
include("manifest_board.py")
