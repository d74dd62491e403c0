# A production build for this board: no bench cluster, and nobody until a provisioning file says who it is.

include("../manifest_production.py")
include("manifest_board.py")
