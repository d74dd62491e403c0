"""The serial link: its rules, framing, check value."""

from __future__ import annotations

from typing import Final

from host_tests.breaks.row import Break

_FILE: Final = "gsme/link.py"
_COBS: Final = "gsme/cobs.py"
_LINK: Final = "host_tests/test_link.py"
_RESTART: Final = "host_tests/test_link_restart.py"
_FRAMER: Final = "host_tests/unit/test_framer.py"

BREAKS: Final = (
    Break(
        "two-frames-at-a-time",
        _FILE,
        "        if self._wire_end:\n            self._enqueue(end)",
        "        if False:\n            self._enqueue(end)",
        f"{_LINK}::test_rule_1_one_frame_at_a_time_and_an_ack_answers_one_number",
    ),
    Break(
        "any-ack-will-do",
        _FILE,
        "not self._wire_end or seq != self._seq",
        "not self._wire_end",
        f"{_LINK}::test_rule_1_one_frame_at_a_time_and_an_ack_answers_one_number",
    ),
    Break(
        "six-transmissions",
        _FILE,
        "_TRANSMISSIONS = const(5)",
        "_TRANSMISSIONS = const(6)",
        f"{_LINK}::test_rule_2_five_transmissions_then_the_frame_is_dropped_and_counted",
    ),
    Break(
        "300-ms",
        _FILE,
        "_ACK_TIMEOUT_MS = const(200)",
        "_ACK_TIMEOUT_MS = const(300)",
        "host_tests/unit/test_link_times.py::test_rule_2_five_transmissions_200_ms_and_the_frames_time_apart",
    ),
    Break(
        "a-lost-frame-is-not-counted",
        _FILE,
        "    def _give_up(self):\n        self.dropped += 1\n",
        "    def _give_up(self):\n",
        f"{_LINK}::test_rule_2_five_transmissions_then_the_frame_is_dropped_and_counted",
    ),
    Break(
        "a-repetition-is-acted-on",
        _FILE,
        "        if seq == self._peer_seq:\n",
        "        if False:\n",
        f"{_LINK}::test_rule_3_a_repeated_number_gets_ack_01_and_is_not_acted_on",
    ),
    Break(
        "own-numbers-stand-still",
        _FILE,
        "        self._seq = (self._seq + 1) & 255\n",
        "",
        f"{_LINK}::test_rule_3_the_devices_own_numbers_grow_by_one_and_wrap",
    ),
    Break(
        "reserved-aps-bits",
        _FILE,
        "(0, 1, 2, 4, 5, 6)",
        "(0, 1, 2, 3, 4, 5, 6)",
        f"{_LINK}::test_ack_03_for_every_aps_with_reserved_bits",
    ),
    Break(
        "a-header-of-14-bytes",
        _FILE,
        "end - start < HEADER or",
        "end - start < HEADER - 1 or",
        f"{_LINK}::test_ack_03_for_every_data_header_cut_short",
    ),
    Break(
        "always-room",
        _FILE,
        "        elif len(self._queue) >= _BUSY_FRAMES:\n            self._ack(seq, _NO_ROOM)\n",
        "",
        f"{_LINK}::test_ack_02_without_room_and_the_frame_is_not_acted_on",
    ),
    Break(
        "no-room-gives-up",
        _FILE,
        "            self._refused()\n",
        "            self._next()\n",
        f"{_LINK}::test_ack_of_the_host_02_the_same_frame_again_until_there_is_room",
    ),
    Break(
        "again-after-100-ms",
        _FILE,
        "_AGAIN_MS = const(50)",
        "_AGAIN_MS = const(100)",
        "host_tests/unit/test_link_times.py::test_ack_02_again_every_50_ms_and_given_up_after_2_s",
    ),
    Break(
        "never-given-up",
        _FILE,
        "_NO_ROOM_LIMIT_MS = const(2000)",
        "_NO_ROOM_LIMIT_MS = const(20000)",
        "host_tests/unit/test_link_times.py::test_ack_02_again_every_50_ms_and_given_up_after_2_s",
    ),
    Break(
        "1601-bytes",
        _FILE,
        "MAX_PAYLOAD = const(1600)",
        "MAX_PAYLOAD = const(1601)",
        f"{_LINK}::test_wire_largest_payload_is_taken_in_and_one_byte_more_is_not",
    ),
    Break(
        "sync-keeps-the-last-number",
        _FILE,
        "        self._peer_seq = _NEVER\n        self._wire_end",
        "        self._wire_end",
        f"{_RESTART}::test_rule_4_sync_forgets_the_last_sequence_number",
    ),
    Break(
        "sync-keeps-what-waits",
        _FILE,
        "            self._queue.clear()\n            self._queued_bytes = 0\n",
        "            pass\n",
        f"{_RESTART}::test_a_host_that_does_not_read_loses_frames_and_stops_nothing",
    ),
    Break(
        "any-version-will-do",
        _FILE,
        "if version != VERSION:",
        "if False:",
        f"{_RESTART}::test_sync_of_another_version_gets_03_and_forgets_nothing",
    ),
    Break(
        "a-start-is-silent",
        _FILE,
        "        self._send_small(_SYNC, 0, 1)\n",
        "        pass\n",
        f"{_RESTART}::test_rule_4_a_start_is_a_zero_and_a_sync_then_nothing_before_the_hosts",
    ),
    Break(
        "speaks-before-the-host",
        _FILE,
        "        if not self._synced:\n            return\n",
        "",
        f"{_RESTART}::test_rule_4_a_start_is_a_zero_and_a_sync_then_nothing_before_the_hosts",
    ),
    Break(
        "bad-check-values-pass",
        _FILE,
        " or not crc32.holds(buf, start, end)",
        "",
        f"{_RESTART}::test_rule_5_dropped_without_an_answer_and_counted",
    ),
    Break(
        "bad-frames-are-not-counted",
        _FILE,
        "crc32.holds(buf, start, end):\n            self.dropped += 1\n",
        "crc32.holds(buf, start, end):\n",
        f"{_RESTART}::test_rule_5_dropped_without_an_answer_and_counted",
    ),
    Break(
        "unknown-kinds-are-not-counted",
        _FILE,
        "        elif kind != _TEXT:\n            self.dropped += 1\n",
        "",
        f"{_RESTART}::test_rule_5_every_kind_that_there_is_not",
    ),
    Break(
        "text-is-counted",
        _FILE,
        "        elif kind != _TEXT:\n",
        "        else:\n",
        f"{_RESTART}::test_text_of_the_host_is_not_answered_and_no_drop",
    ),
    Break(
        "a-block-of-254-takes-a-zero",
        _COBS,
        "if code != _LONGEST and at < end:",
        "if at < end:",
        f"{_FRAMER}::test_cobs_decodes_the_other_ending_of_a_full_block",
    ),
    Break(
        "codes-may-point-outside",
        _COBS,
        "return end if at == end else -1",
        "return end",
        f"{_FRAMER}::test_cobs_refuses_what_the_package_refuses",
    ),
    Break(
        "runs-of-254-are-253",
        _COBS,
        "        if zero - at >= _LONGEST:",
        "        if zero - at > _LONGEST:",
        f"{_FRAMER}::test_cobs_encodes_as_the_package_does",
    ),
    Break(
        "another-polynomial",
        "gsme/crc32.py",
        "_POLYNOMIAL_LOW = const(0x8320)",
        "_POLYNOMIAL_LOW = const(0x8321)",
        f"{_FRAMER}::test_crc32_native_and_bytecode_are_zlibs",
    ),
    Break(
        "another-native-table",
        "gsme/crc32_viper.py",
        r"\x1c\xf2\xbd\xbd",
        r"\x1d\xf2\xbd\xbd",
        f"{_FRAMER}::test_crc32_native_and_bytecode_are_zlibs",
    ),
)
