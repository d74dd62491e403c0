"""The suite on boards elsewhere, through a labgrid farm: coordinator, exporters with ser2net, places.

`environment.yaml` and `exporter.yaml` are the pattern for a farm of one's own; see "With a board" in the README.
"""
