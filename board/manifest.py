# The firmware of a bench build: production, and the bench cluster, which is an open door.

include("manifest_production.py")
package("gsme", base_path="../firmware", files=("clusters/bench.py",))
