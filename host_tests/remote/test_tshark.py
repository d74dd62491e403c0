"""tshark takes every message that crosses the tunnel apart, down to the ZCL frames in it, both ways.

What a pass does not prove: values. Those are compared byte by byte in the other tests of this folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from gsme_host.capture import Capture
from gsme_host.gbcs import gbz
from gsme_host.gbcs.use_cases import BY_NAME
from host_tests.judges import tshark
from host_tests.remote.test_use_cases import CASES
from host_tests.support.remote_parties import NOW, Remote, enrol, with_secrets
from host_tests.support.target import simulated

pytestmark = pytest.mark.simulated

CODE: Final = "gbcs_message.grouping_header.message_code"
CONTROL: Final = "gbcs_gbz.frame_control"
COMMAND_OR_RESPONSE: Final = "gbcs_message.grouping_header.cra_flag"
MESSAGES: Final = f"{CODE} && zbee_aps.cluster == 0x0704"


def test_down_to_the_frames(tmp_path: Path) -> None:
    """Each use case: command and response, each with its message code and as many frames as it has components."""
    tshark.require()
    path = tmp_path / "tunnel.pcap"
    wanted = []
    with Capture(path) as capture, simulated(capture) as target:
        target.bench.set_clock(NOW)
        remote = Remote(target, enrol(target, with_secrets()))
        for use_case, (content, _) in CASES.items():
            role = next(iter(BY_NAME[use_case].roles))
            asked = [component.frame[0] for component in gbz.parse(content)]
            answered = [component.frame[0] for component in remote.components(use_case, content, role)]
            wanted += [(BY_NAME[use_case].code, controls) for controls in (asked, answered)]
    assert tshark.malformed(path) == []
    rows = tshark.fields(path, [CODE, CONTROL, COMMAND_OR_RESPONSE], MESSAGES)
    found = [
        (int(row[CODE][0], 16), [int(control, 16) for control in row[CONTROL]])
        for row in rows
        if not row[COMMAND_OR_RESPONSE][0].endswith("3")
    ]
    assert found == wanted
    assert len(found) == 2 * len(CASES) == 26
