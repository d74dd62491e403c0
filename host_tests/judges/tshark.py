"""tshark as a judge of captures: what every field means, by dissectors that nobody here wrote.

It is run as a program and is not needed to build anything. It judges meaning, not length: a partial last record, or a
tail behind most commands, passes it; zcl_oracle.py sees those. It never compares an answer with its request.
"""

import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from host_tests.judges import pcap
from host_tests.judges.commands import HEADER, SENT
from host_tests.judges.meter_map import BENCH, TUNNELING, Side
from host_tests.support import skips

PROGRAM: Final = "tshark"
MISSING: Final = "tshark is not installed: captures are not judged by it"
AGGREGATOR: Final = "|"
TIMEOUT_S: Final = 300

# MP078-604: a Default Response on Device Management from server to client. It must print nothing.
IRP604_FILTER: Final = "zbee_zcl.type==0 && zbee_zcl.cmd.id==0x0b && zbee_aps.cluster==0x0708 && zbee_zcl.dir==1"

# Responses that Wireshark 4.0 does not dissect (Discover Commands Received and Generated), the second not even by name,
# and the one that it misreads (Discover Attributes Extended): it looks for a value behind each type.
UNDISSECTED: Final = frozenset({0x12, 0x14})
UNNAMED: Final = frozenset({0x14})
MISREAD: Final = frozenset({0x16})

_NUMBER: Final = "frame.number"
_INFO: Final = "_ws.col.Info"
_MALFORMED: Final = "_ws.malformed"
_DATA: Final = "data.data"
_COMMAND: Final = "zbee_zcl.cmd.id"
_NAME: Final = re.compile(r"^ZCL(?: [^:]+)?: (.+?), Seq")
_UNKNOWN: Final = "Unknown Command"
_CLUSTER_SPECIFIC: Final = 0x01
_TYPE: Final = 0x03
_DIRECTION: Final = 0x08

# What tshark calls a transfer, as far as it says what kind of message is in it (GBCS 7.2, 10.2.3).
_TRANSFER_DATA: Final = 0x02
_TUNNEL_ID: Final = 2
_GET: Final = b"\x01"
_SIGNING: Final = b"\xdf\x09"
_CRA_NAMES: Final = {1: "Command", 2: "Response", 3: "Alert"}

Row = dict[str, list[str]]


def available() -> bool:
    """Whether there is a tshark."""
    return shutil.which(PROGRAM) is not None


def require() -> None:
    """Skip the test, saying why, where there is no tshark."""
    if not available():
        pytest.skip(MISSING)


@cache
def version() -> str:
    """Its version, such as 4.0.17."""
    first = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True, timeout=TIMEOUT_S).stdout
    found = re.search(r"\d+\.\d+\.\d+", first)
    return found.group() if found else "unknown"


def fields(capture: Path, names: Sequence[str], display_filter: str = "") -> list[Row]:
    """The named fields of every frame that passes the filter, a list of texts each: a field may occur many times.

    RuntimeError with tshark's own words if it does not know a field, or cannot read the file to its end.
    """
    wanted = [argument for name in names for argument in ("-e", name)]
    options = ["-T", "fields", "-E", "separator=/t", "-E", f"aggregator={AGGREGATOR}", *wanted]
    chosen = ["-Y", display_filter] if display_filter else []
    command = [PROGRAM, "-n", "-r", str(capture), *chosen, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return [_row(names, line) for line in done.stdout.splitlines()]


def _row(names: Sequence[str], line: str) -> Row:
    texts = line.split("\t")
    return {
        name: [text] if name.startswith("_ws.col") else [part for part in text.split(AGGREGATOR) if part]
        for name, text in zip(names, texts, strict=True)
    }


def numbers(capture: Path, display_filter: str) -> list[int]:
    """Numbers of the frames that pass a filter, from 1."""
    return [int(row[_NUMBER][0]) for row in fields(capture, [_NUMBER], display_filter)]


def malformed(capture: Path) -> list[int]:
    """Numbers of the frames that tshark calls malformed."""
    return numbers(capture, _MALFORMED)


def leftovers(capture: Path) -> list[int]:
    """Numbers of the frames with bytes that no dissector wanted, such as a tail behind a Default Response."""
    return numbers(capture, _DATA)


def irp604_violations(capture: Path) -> list[int]:
    """Numbers of the Default Responses on Device Management that point from server to client (MP078-604-1)."""
    return numbers(capture, IRP604_FILTER)


def names(capture: Path, display_filter: str = "") -> list[str]:
    """Command names in tshark's words, such as "Report Event Configuration"; empty where a frame is no ZCL."""
    infos = [row[_INFO][0] for row in fields(capture, [_INFO], display_filter)]
    return [found.group(1) if (found := _NAME.match(info)) else "" for info in infos]


@dataclass
class RunResult:
    """What tshark found in the captures of a run: faults, one line each, and what to tell the reader."""

    found: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    frames: int = 0
    excused: int = 0


def judge_run(captures: Iterable[Path]) -> RunResult:
    """Judge all that the meters in the captures said: nothing malformed, nothing left over, each command by its name.

    And IRP604: no Default Response on Device Management from server to client, but for answers to frames in the other
    direction and for the bench's IRP550 draft. Frames to a meter are not judged: tests damage them on purpose.
    """
    result, files = RunResult(), list(captures)
    if not available():
        result.lines.append(MISSING)
        result.found += [] if skips.excused(MISSING) else [MISSING]
        return result
    with ThreadPoolExecutor() as pool:  # most of the time is tshark's own
        for judged in pool.map(_judge_capture, files):
            result.found += judged.found
            result.frames += judged.frames
            result.excused += judged.excused
    summary = f"tshark {version()}: {result.frames} frames of the meters in {len(files)} captures"
    result.lines.append(f"{summary}, {len(result.found)} faults, {result.excused} server to client as they must be")
    result.lines += result.found[:20]
    return result


def _judge_capture(capture: Path) -> RunResult:
    result, frames = RunResult(), list(pcap.read(capture))
    if not frames:
        return result
    devices = pcap.meters(frames)
    excuses = pcap.Excuses(devices)
    excused = {frame.number for frame in frames if excuses.excused(frame)}
    against = set(irp604_violations(capture))
    result.excused += len(against & excused)
    for frame, row in zip(frames, fields(capture, [_INFO, _MALFORMED, _DATA, _COMMAND]), strict=True):
        if frame.source in devices and not _bare_refusal(frame):
            result.frames += 1
            wrong = _faults(frame, row) + ["server to client (IRP604)"] * (frame.number in against - excused)
            where = f"{capture.name} frame {frame.number}, cluster {frame.cluster:04X} [{frame.asdu.hex(' ')}]"
            result.found += [f"{where}: {fault}" for fault in wrong]
    return result


def _bare_refusal(frame: pcap.OnAir) -> bool:
    """Whether it is a refusal of ZDO that ends behind its status: legal, and malformed to tshark."""
    return frame.profile == pcap.ZDO_PROFILE and frame.asdu[1:2] != b"\0" and bool(frame.cluster & 0x8000)


def _faults(frame: pcap.OnAir, row: Row) -> list[str]:
    command = int(row[_COMMAND][0], 16) if row[_COMMAND] else None
    if command in MISREAD:
        return []
    if len(frame.asdu) < HEADER:
        return ["too short for a frame"]
    wrong = ["malformed"] if row[_MALFORMED] else []
    if frame.cluster == BENCH or frame.profile == pcap.ZDO_PROFILE:
        return wrong
    if row[_DATA] and command not in UNDISSECTED:
        wrong.append(f"{row[_DATA][0]} is left over")
    named = _NAME.match(row[_INFO][0])
    name = named.group(1) if named else ""
    expected = _expected_name(frame)
    if not named:  # a transfer, which tshark calls by what is in it
        name = ", ".join(row[_INFO][0].split(", ")[: len(expected.split(", "))])
    if command not in UNNAMED and (name in ("", _UNKNOWN) or (expected and name != expected)):
        wrong.append(f"tshark calls it {name or row[_INFO][0]!r}, not {expected or 'by a name'}")
    return wrong


def _expected_name(frame: pcap.OnAir) -> str:
    """The name of a cluster command by the tables; empty for a global one."""
    control, command = frame.asdu[0], frame.asdu[2]
    if control & _TYPE != _CLUSTER_SPECIFIC:
        return ""
    sender = Side(control & _DIRECTION).flipped
    if (frame.cluster, sender, command) == (TUNNELING, Side.CLIENT, _TRANSFER_DATA):
        return _transfer_name(frame.asdu[HEADER + _TUNNEL_ID :])
    return SENT.get((frame.cluster, sender), {}).get(command, ("a command that it sends", 0))[0]


def _transfer_name(data: bytes) -> str:
    if data == _GET:
        return "GET"
    _, _, behind = data.partition(_SIGNING)
    return f"PUT, {_CRA_NAMES.get(behind[0], 'a CRA flag')}" if behind else "a message"
