"""The order of checks, the one Default Response, and the odd frames."""

from __future__ import annotations

from typing import Final

from host_tests.breaks.row import Break

_DISPATCH: Final = "gsme/zcl/dispatch.py"
_FRAME: Final = "gsme/zcl/frame.py"
_HAN: Final = "gsme/han.py"
_ORDER: Final = "host_tests/test_order_of_checks.py"
_EARLIER: Final = f"{_ORDER}::test_2_to_6_the_earlier_step_answers"
_ODD: Final = "host_tests/test_odd_frames.py"
_BROADCAST: Final = "host_tests/test_broadcast.py"
_LINK: Final = "host_tests/test_link_restart.py"
_604: Final = "host_tests/test_mp078_604.py::test_MP078_604_steps"

_STEP_4: Final = """    if not well_formed(request.payload):
        return status.MALFORMED_COMMAND
    held"""
_STEP_4_COMMAND: Final = """    if len(p) < (length if type(length) is int else length(p)):
        return status.MALFORMED_COMMAND
"""

BREAKS: Final = (
    Break(
        "broadcasts-are-answered",
        _HAN,
        "        return frame.SAY_NOTHING",
        "        return frame.SAY_ALL",
        f"{_BROADCAST}::test_no_valid_command_is_answered",
    ),
    Break(
        "broadcasts-are-dropped",
        _HAN,
        "if profile == PROFILE:",
        "if profile == PROFILE and not header[_APS] & _BROADCAST:",
        f"{_BROADCAST}::test_identify_is_acted_on",
    ),
    Break(
        "an-unknown-cluster-is-said-before-the-key",
        _DISPATCH,
        "if either is None or either",
        "if either is not None and either",
        "host_tests/test_choices.py::test_steps",
    ),
    Break(
        "the-absent-side-is-refused",
        _DISPATCH,
        "either = c or self",
        "either = c if c is None else self",
        "host_tests/test_access_security.py::test_the_open_clusters_are_open_on_their_absent_side",
    ),
    Break(
        "an-unknown-cluster-is-an-unknown-command",
        _DISPATCH,
        "return status.UNSUPPORTED_CLUSTER",
        "return status.UNSUP_CLUSTER_COMMAND",
        _EARLIER,
    ),
    Break(
        "an-unknown-command-is-a-general-one",
        _DISPATCH,
        "return status.UNSUP_CLUSTER_COMMAND if",
        "return status.UNSUP_GENERAL_COMMAND if",
        _EARLIER,
    ),
    Break(
        "an-unknown-general-command-is-a-clusters",
        _DISPATCH,
        "return status.UNSUP_GENERAL_COMMAND if",
        "return status.UNSUP_CLUSTER_COMMAND if",
        _EARLIER,
    ),
    Break(
        "another-makers-command-is-plainly-unknown",
        _DISPATCH,
        "else status.UNSUP_MANUF_CLUSTER_COMMAND",
        "else status.UNSUP_CLUSTER_COMMAND",
        _EARLIER,
    ),
    Break(
        "another-makers-general-command-is-served",
        _DISPATCH,
        "row is None or request.manufacturer not in (None, c.manufacturer)",
        "row is None",
        _EARLIER,
    ),
    Break(
        "another-makers-command-is-served",
        _DISPATCH,
        "row is None or request.manufacturer != c.manufacturer",
        "row is None",
        _EARLIER,
    ),
    Break("general-commands-may-be-malformed", _DISPATCH, _STEP_4, "    held", _EARLIER),
    Break(
        "right-before-form",
        _DISPATCH,
        _STEP_4_COMMAND,
        "    if type(right) is int and not access.may(request.requester.column, right):\n"
        "        return status.NOT_AUTHORIZED\n" + _STEP_4_COMMAND,
        _EARLIER,
    ),
    Break(
        "values-before-right",
        "gsme/clusters/events.py",
        "    if p[0] & _LOG_ID in",
        "    if p[0] >> 4 <= _FULL and p[0] & _LOG_ID in",
        "host_tests/test_mp078_603_refusal.py::test_every_control_and_log_byte",
    ),
    Break(
        "the-store-before-values",
        "gsme/clusters/device_management.py",
        "    wanted = p[_CONFIGURATION]\n",
        "    wanted = p[_CONFIGURATION]\n"
        "    if management.events.unreadable:\n        return status.HARDWARE_FAILURE\n",
        f"{_ORDER}::test_6_values_then_stores_then_what_is_there_then_writing",
    ),
    Break(
        "what-is-there-before-the-store",
        "gsme/events/logs.py",
        "            if log.unreadable:",
        "            if log.unreadable and log.count:",
        f"{_ORDER}::test_6_values_then_stores_then_what_is_there_then_writing",
    ),
    Break(
        "default-response-keeps-direction",
        _FRAME,
        "self.direction = ~asdu[0] & SERVER_TO_CLIENT",
        "self.direction = asdu[0] & SERVER_TO_CLIENT",
        _604,
    ),
    Break(
        "errors-obey-disable-default-response",
        _DISPATCH,
        "elif result != status.ANSWERED and request.silence",
        "elif result != status.ANSWERED and request.wants_default_response() and request.silence",
        "host_tests/test_set_event_configuration.py::test_a_default_response_that_is_disabled",
    ),
    Break(
        "success-ignores-disable-default-response",
        _DISPATCH,
        "            if request.wants_default_response():",
        "            if True:",
        "host_tests/test_set_event_configuration.py::test_a_default_response_that_is_disabled",
    ),
    Break(
        "answers-have-their-own-number",
        _FRAME,
        "buf[at + 1] = self.tsn",
        "buf[at + 1] = 1",
        "host_tests/test_mp078_604.py::test_MP078_604_4_every_sequence_number",
    ),
    Break(
        "the-makers-code-is-not-repeated",
        _FRAME,
        "            buf[at] |= MANUFACTURER\n",
        "",
        "host_tests/test_choices.py::test_steps",
    ),
    Break(
        "83-bytes",
        _FRAME,
        "HAN_LIMIT = const(80)",
        "HAN_LIMIT = const(83)",
        "host_tests/test_event_configuration.py",
    ),
    Break(
        "frame-type-2-is-a-request",
        _FRAME,
        " or asdu[0] & _TYPE > CLUSTER",
        " or asdu[0] & _TYPE > 2",
        f"{_ODD}::test_no_frame_is_dropped",
    ),
    Break(
        "frame-type-3-is-a-request",
        _FRAME,
        " or asdu[0] & _TYPE > CLUSTER",
        " or asdu[0] & _TYPE == 2",
        f"{_ODD}::test_no_frame_is_dropped",
    ),
    Break(
        "reserved-bits-are-looked-at",
        _FRAME,
        "return not self.frame_control & _TYPE",
        "return not self.frame_control & 0x23",
        f"{_ODD}::test_reserved_bits_of_the_frame_control_are_ignored",
    ),
    Break(
        "default-responses-are-answered",
        _DISPATCH,
        "0x0A, 0x0B, 0x0D",
        "0x0A, 0x0D",
        f"{_ODD}::test_a_default_response_is_not_answered_whatever_it_says",
    ),
    Break(
        "reports-are-answered",
        _DISPATCH,
        "0x09, 0x0A, 0x0B",
        "0x09, 0x0B",
        f"{_ODD}::test_an_answer_that_nobody_asked_for_is_not_answered",
    ),
    Break(
        "write-no-response-is-refused-aloud",
        _DISPATCH,
        "request.silence = frame.SAY_NOTHING",
        "request.silence = frame.SAY_ALL",
        f"{_ODD}::test_write_no_response_is_not_answered",
    ),
    Break(
        "a-mirror-answer-is-always-refused",
        "gsme/zcl/dispatch.py",
        "return status.NOT_FOUND if request.wants_default_response() else status.ANSWERED",
        "return status.NOT_FOUND",
        f"{_ODD}::test_a_cluster_answer_that_nobody_asked_for",
    ),
    Break(
        "endpoint-ff-answers-errors",
        _HAN,
        "return frame.NO_ERRORS if",
        "return frame.SAY_ALL if",
        f"{_ODD}::test_endpoint_ff_is_endpoint_1_without_errors",
    ),
    Break(
        "endpoint-ff-answers-from-ff",
        _HAN,
        "            header[_OWN_ENDPOINT] = OWN_ENDPOINT\n",
        "            pass\n",
        f"{_ODD}::test_endpoint_ff_is_endpoint_1_without_errors",
    ),
    Break(
        "a-configuration-is-written-as-an-attribute",
        "gsme/clusters/device_management.py",
        "types.MAP8, READ, access",
        "types.MAP8, 3, access",
        f"{_ODD}::test_no_configuration_is_written_as_an_attribute",
    ),
    Break(
        "any-profile-will-do",
        _HAN,
        "if profile == PROFILE:",
        "if profile != _ZDO_PROFILE:",
        f"{_LINK}::test_rule_6_what_is_for_nobody_here_is_taken_in_and_not_answered",
    ),
    Break(
        "any-endpoint-will-do",
        _HAN,
        "if own in (OWN_ENDPOINT, EVERY_ENDPOINT):",
        "if own != 0xF0:",
        f"{_LINK}::test_rule_6_what_is_for_nobody_here_is_taken_in_and_not_answered",
    ),
    Break("the-default-response-names-no-command", _FRAME, "out.u16(self.command | status", "out.u16(status", _604),
)
