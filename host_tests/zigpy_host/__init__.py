"""A stock zigpy host on the meter's serial line.

The files of this folder use zigpy (GPL-3.0), which is installed separately as a development dependency.
Nothing of zigpy is copied here, and nothing under firmware/, board/ or tools/ imports it.
"""
