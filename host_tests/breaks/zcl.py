"""Global commands: read and write, reporting, discovery, types."""

from __future__ import annotations

from typing import Final

from host_tests.breaks.row import Break

_ATTRIBUTES: Final = "gsme/zcl/attributes.py"
_CLUSTER: Final = "gsme/zcl/cluster.py"
_DISCOVERY: Final = "gsme/zcl/discovery.py"
_REPORTING: Final = "gsme/zcl/reporting.py"
_READ_WRITE: Final = "host_tests/test_read_write.py"
_RECORD: Final = f"{_READ_WRITE}::test_the_order_of_what_can_be_wrong_with_a_record"
_FOUND: Final = "host_tests/test_discovery.py"
_CONFIGURED: Final = "host_tests/test_reporting.py"
_REPORTS: Final = "host_tests/test_reports.py"

BREAKS: Final = (
    Break(
        "only-the-first-attribute-is-judged",
        "gsme/zcl/cluster.py",
        "        for i in range(0, len(p), 2):\n            row =",
        "        for i in range(0, 2, 2):\n            row =",
        "host_tests/test_choices.py::test_steps",
    ),
    Break(
        "half-an-attribute-id-is-ignored",
        _ATTRIBUTES,
        "len(p) >= _ID and not len(p) % _ID",
        "len(p) >= _ID",
        f"{_READ_WRITE}::test_read",
    ),
    Break(
        "a-read-ends-a-byte-early",
        _ATTRIBUTES,
        "if end > out.end:",
        "if end >= out.end:",
        f"{_READ_WRITE}::test_read_as_much_as_80_bytes_hold",
    ),
    Break(
        "an-unknown-attribute-is-left-out",
        _ATTRIBUTES,
        "        if end > out.end:\n            break\n",
        "        if end > out.end:\n            break\n        if attribute is None:\n            continue\n",
        f"{_READ_WRITE}::test_read",
    ),
    Break(
        "not-writable-before-not-held",
        _ATTRIBUTES,
        "    if attribute is None:\n        return status.UNSUPPORTED_ATTRIBUTE\n",
        "    if attribute is None:\n        return status.READ_ONLY\n",
        _RECORD,
    ),
    Break(
        "type-before-writable",
        _ATTRIBUTES,
        "    if not attribute.access & WRITE:\n",
        "    if type_id == attribute.type and not attribute.access & WRITE:\n",
        _RECORD,
    ),
    Break(
        "range-before-type",
        _ATTRIBUTES,
        "    if type_id != attribute.type:\n",
        "    if type_id != attribute.type and len(value) and attribute.accepts(value):\n",
        _RECORD,
    ),
    Break(
        "range-does-not-matter", _CLUSTER, "return not self.longest or value[0] <= self.longest", "return True", _RECORD
    ),
    Break(
        "17-characters-of-location",
        "gsme/clusters/basic.py",
        "_LONGEST_LOCATION = const(16)",
        "_LONGEST_LOCATION = const(17)",
        f"{_READ_WRITE}::test_write",
    ),
    Break(
        "undivided-writes-what-it-can",
        _ATTRIBUTES,
        "failures = _go_through(request, c, attributes, False)",
        "failures = _go_through(request, c, attributes, True)",
        f"{_READ_WRITE}::test_write",
    ),
    Break(
        "an-unknown-type-is-malformed",
        _ATTRIBUTES,
        "return len(p) if n < 0 else",
        "return 0 if n < 0 else",
        "host_tests/test_choices.py::test_steps",
    ),
    Break(
        "a-value-may-be-cut-short",
        "gsme/zcl/types.py",
        "    if n > len(p) - at:\n        return CUT_SHORT\n",
        "",
        f"{_READ_WRITE}::test_a_value_that_ends_too_early_is_malformed",
    ),
    Break(
        "signed-numbers-are-discrete",
        "gsme/zcl/types.py",
        "(0x28, 0x2F, 1, 1, True)",
        "(0x28, 0x2F, 1, 1, False)",
        "host_tests/unit/test_types.py::test_analogue_types",
    ),
    Break(
        "writes-do-not-ask-the-store",
        _CLUSTER,
        "return SUCCESS if attribute.access & VOLATILE else self.store.status()",
        "return SUCCESS",
        "host_tests/test_choices.py::test_a_write_that_the_storage_refuses",
    ),
    Break(
        "what-is-not-held-is-discovered",
        _DISCOVERY,
        "attributes.find(i) if i >= start",
        "attributes.row(i) if i >= start",
        f"{_FOUND}::test_what_is_not_held_is_left_out",
    ),
    Break(
        "what-may-not-be-read-is-discovered",
        _DISCOVERY,
        " or not access.may(column, attribute.right):",
        ":",
        f"{_FOUND}::test_what_may_not_be_read_is_left_out",
    ),
    Break(
        "anybody-discovers",
        _DISCOVERY,
        "            return True\n    return False",
        "            return True\n    return True",
        "host_tests/test_access_rows.py::test_discovery_is_as_reading",
    ),
    Break(
        "discovery-is-never-complete",
        _DISCOVERY,
        "        if not most or out.room() < row:\n            out",
        "        if most <= 1 or out.room() < row:\n            out",
        f"{_FOUND}::test_with_every_maximum",
    ),
    Break(
        "discovery-starts-behind",
        _DISCOVERY,
        "if i >= start else",
        "if i > start else",
        f"{_FOUND}::test_from_every_start",
    ),
    Break(
        "everything-is-writable-to-all",
        _DISCOVERY,
        "return attribute.access & allowed",
        "return attribute.access & 7",
        "host_tests/test_choices.py::test_steps",
    ),
    Break("commands-start-behind", _DISCOVERY, "if i < p[0]:", "if i <= p[0]:", f"{_FOUND}::test_commands"),
    Break(
        "reports-of-anything",
        _REPORTING,
        "    if not attribute.access & REPORT:\n",
        "    if False:\n",
        f"{_CONFIGURED}::test_every_reportable_attribute_and_no_other",
    ),
    Break(
        "a-direction-that-there-is-not",
        _REPORTING,
        "return status.INVALID_FIELD",
        "return status.UNSUPPORTED_ATTRIBUTE",
        "host_tests/test_choices.py::test_steps",
    ),
    Break(
        "reports-of-another-type",
        _REPORTING,
        "    if p[at + _TYPE] != attribute.type:",
        "    if False:",
        f"{_CONFIGURED}::test_steps",
    ),
    Break(
        "shortest-above-longest",
        _REPORTING,
        "if longest and shortest > longest:",
        "if False:",
        f"{_CONFIGURED}::test_steps",
    ),
    Break(
        "a-configuration-is-never-removed",
        _REPORTING,
        "        if longest_s != _NEVER:\n",
        "        if True:\n",
        f"{_CONFIGURED}::test_steps",
    ),
    Break(
        "17-reports",
        _REPORTING,
        "_MOST = const(16)",
        "_MOST = const(17)",
        "host_tests/test_choices.py::test_sixteen_reports_and_no_more",
    ),
    Break(
        "the-hub-configures-for-all",
        _REPORTING,
        "report.node_eui64 == requester.eui64 and ",
        "",
        f"{_CONFIGURED}::test_each_has_its_own",
    ),
    Break(
        "reports-before-the-shortest-interval",
        _REPORTING,
        "if waited_s < self.shortest_s or not",
        "if not",
        f"{_REPORTS}::test_on_change_and_after_an_interval",
    ),
    Break(
        "no-reports-after-the-interval",
        _REPORTING,
        "if self.longest_s and waited_s",
        "if not self.longest_s and waited_s",
        f"{_REPORTS}::test_on_change_and_after_an_interval",
    ),
    Break(
        "reports-of-smaller-changes",
        _REPORTING,
        ">= _number(self.change)",
        ">= 0",
        f"{_REPORTS}::test_on_change_and_after_an_interval",
    ),
    Break(
        "reports-to-whoever-was-a-hub",
        "gsme/device.py",
        "if node and access.may(node.column, access.CONFIGURE_REPORTING) and",
        "if node and",
        f"{_REPORTS}::test_they_end_with_the_node_and_with_the_attribute",
    ),
)
