"""The provisioning file: taken whole or not at all, once, and told where it is bad."""

from __future__ import annotations

from typing import Final

from host_tests.breaks.row import Break

_FILE: Final = "gsme/provision.py"
_DEVICE: Final = "gsme/device.py"
_UNIT: Final = "host_tests/unit/test_provisioning.py"
_LINE: Final = "host_tests/test_provisioning.py"
_WHOLE: Final = f"{_UNIT}::test_a_whole_file_says_all_that_is_known"
_LIES: Final = f"{_UNIT}::test_a_file_that_lies_is_refused_whole"
_CUT: Final = f"{_UNIT}::test_a_file_cut_anywhere_or_longer_or_with_one_bit_changed_changes_nothing"
_ONCE: Final = f"{_LINE}::test_a_file_is_taken_once"
_NOBODY: Final = f"{_LINE}::test_a_board_that_was_never_provisioned_serves_nobody"

BREAKS: Final = (
    Break("provisioning-leaves-the-nodes-of-before", _FILE, "    device.nodes.nodes.clear()\n", "", _WHOLE),
    Break(
        "provisioning-leaves-the-parties-of-before",
        _FILE,
        "    device.mailbox.parties.reset()\n",
        "",
        f"{_UNIT}::test_the_same_file_is_taken_once_and_another_in_its_place",
    ),
    Break("provisioning-takes-a-damaged-file", _FILE, "not crc32.holds(image, 0, len(image))", "False", _CUT),
    Break("provisioning-takes-a-record-beyond-the-end", _FILE, ' if following <= end else b""', "", _LIES),
    Break("provisioning-takes-any-value", _FILE, "        if row[1](payload):\n", "        if False:\n", _LIES),
    Break("provisioning-takes-an-identity-anywhere", _FILE, "(kind == _IDENTITY) != (number == 1)", "False", _LIES),
    Break("provisioning-is-not-undone", _FILE, "(names.DEVICE_LOG, names.PARTIES, names.PROVISION)", "()", _LIES),
    Break("provisioning-is-taken-at-each-start", _DEVICE, " and image[-_CHECK_VALUE:] != self.provisioned", "", _ONCE),
    Break(
        "provisioning-that-was-taken-is-forgotten",
        "gsme/store/parts.py",
        ", _restore_provision),\n",
        ", lambda *_: None),\n",
        _WHOLE,
    ),
    Break(
        "provisioning-complains-to-nobody",
        _DEVICE,
        "        if self._complaint:\n",
        "        if False:\n",
        f"{_LINE}::test_a_bad_file_is_told_at_each_start_and_changes_nothing",
    ),
    Break(
        "a-board-that-is-nobody-serves",
        _DEVICE,
        "        if not (bench or self.provisioned) and self.board.needs_provision:\n",
        "        if False:\n",
        _NOBODY,
    ),
)
