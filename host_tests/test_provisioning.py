"""Production: who the meter is, its Device Log and its remote parties come from a file written when it is deployed.

Over the line, with the command that makes the file. What a damaged file does is told in unit/test_provisioning.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from gsme_host.bench import Bench, DeviceType
from gsme_host.build import build
from gsme_host.eui64 import CHF, EUI64, GPF, GSME, PPMID
from gsme_host.gbcs import commands
from gsme_host.gbcs.head_end import HeadEnd
from gsme_host.gbcs.party import Party
from gsme_host.gbcs.use_cases import Role
from gsme_host.hub import Hub
from gsme_host.link import Link
from gsme_host.meter import Meter
from gsme_host.provision import ProvisionError, make
from gsme_host.remote_session import Session
from gsme_host.sim import Simulator
from gsme_host.zcl import Cluster
from host_tests.boards.script import run
from host_tests.support import record
from host_tests.support.command import Sim, complaint, gsme
from host_tests.support.in_order import InOrder
from host_tests.support.remote_parties import NOW, with_secrets
from host_tests.support.target import firmware

pytestmark = pytest.mark.simulated

OWN: Final = EUI64.parse("00DB1234567890B1")
HUB: Final = EUI64.parse("00DB1234567890B2")
PROXY: Final = EUI64.parse("00DB1234567890B3")
REGISTER: Final = "00 01 00 0000"
WAIT_S: Final = 10.0
REPORT_EVENT_CONFIGURATION: Final = 0x04
REFUSED: Final = bytes.fromhex("08 01 0B 00 7E")
READ: Final = bytes.fromhex("08 01 01 0000 00 25 000000000000")
NODES: Final = f"""
eui64 = "{OWN}"

[[device]]
eui64 = "{HUB}"
type = "CHF"

[[device]]
eui64 = "{PROXY}"
type = "GPF"
"""
ROLES: Final = {
    Role.SUPPLIER: "supplier",
    Role.NETWORK_OPERATOR: "network operator",
    Role.BROKER: "access control broker",
}


def text(parties: dict[Role, Party]) -> str:
    """A TOML text with that hub and those parties."""
    rows = "".join(
        f'[[party]]\nentity_id = "{party.entity}"\nroles = ["{ROLES[role]}"]\nshared_secret = "{party.z.hex()}"\n'
        for role, party in parties.items()
    )
    return NODES + rows


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A provisioning file, made by the command."""
    (tmp_path / "meter.toml").write_text(text(with_secrets()), encoding="utf-8")
    out = tmp_path / "provision.bin"
    done = gsme("provision", "make", tmp_path / "meter.toml", out)
    assert not done.returncode, done.stderr
    assert done.stdout == f"{out}: {out.stat().st_size} bytes\n"
    return out


@pytest.fixture(scope="session")
def production(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The firmware under test as a production build."""
    folder = tmp_path_factory.mktemp("production") / "mpy"
    build(folder, production=True, firmware=request.config.getoption("--firmware"))
    return folder


@contextmanager
def running(file: Path | None, state: Path, mpy: Path, own: EUI64 = OWN) -> Iterator[Meter]:
    """A meter with that file and that storage, under the identity that it is to have."""
    with Simulator(mpy=mpy, state=state, provision=file) as sim, Link(sim.port) as link:
        assert link.sync().eui64 == own
        meter = InOrder(link, barrier=False)
        meter.settle()
        meter.unasked.clear()
        yield meter
        record.judge(meter)
        assert sim.output() == ""


def asks(meter: Meter, who: EUI64) -> bytes:
    """What it answers to a read of the register."""
    return meter.ask(REGISTER, cluster=Cluster.METERING, who=who)[0]


def knows_the_file_s_nodes_alone(meter: Meter) -> None:
    """The bench's hub and proxy are strangers to it."""
    for who in (HUB, PROXY):
        assert asks(meter, who) == READ, str(who)
    for who in (CHF, GPF, PPMID):
        assert asks(meter, who) == REFUSED, str(who)


def test_a_production_meter_is_who_the_file_says_and_knows_whom_it_says(
    file: Path, production: Path, tmp_path: Path
) -> None:
    """Also when the file has gone: what it said is kept."""
    with running(file, tmp_path / "state", production) as meter:
        knows_the_file_s_nodes_alone(meter)
    with running(None, tmp_path / "state", production) as meter:
        knows_the_file_s_nodes_alone(meter)


def test_a_party_of_the_file_is_believed(file: Path, tmp_path: Path) -> None:
    """A Supplier's GCS20r through the file's hub, under its secrets. A bench build: the bench wakes the meter."""
    with running(file, tmp_path / "state", firmware()) as meter:
        Bench(meter).set_clock(NOW)
        hub = Hub(meter, chf=HUB, gpf=PROXY)
        session = Session(HeadEnd(OWN, with_secrets()), hub, [])
        (answer,) = session.ask("GCS20r", commands.get_event_configuration(), Role.SUPPLIER, 5)
        assert answer.command == REPORT_EVENT_CONFIGURATION


def test_a_file_is_taken_once(file: Path, tmp_path: Path) -> None:
    """What the bench changed after it stays; another file takes the place of all."""
    with running(file, tmp_path / "state", firmware()) as meter:
        Bench(meter).enrol(PPMID, DeviceType.PPMID)
        Bench(meter).remove(PROXY)
    with running(file, tmp_path / "state", firmware()) as meter:
        assert (asks(meter, PPMID), asks(meter, PROXY)) == (READ, REFUSED)
    file.write_bytes(make(NODES))
    with running(file, tmp_path / "state", firmware()) as meter:
        knows_the_file_s_nodes_alone(meter)


def test_a_bad_file_is_told_at_each_start_and_changes_nothing(file: Path, production: Path, tmp_path: Path) -> None:
    """In a TEXT frame before a host is there, so one that stayed hears it."""
    with running(file, tmp_path / "state", production):
        pass
    file.write_bytes(file.read_bytes()[:-1])
    with running(file, tmp_path / "state", production) as meter:
        knows_the_file_s_nodes_alone(meter)
    with Simulator(mpy=production, state=tmp_path / "state", provision=file) as sim, Link(sim.port) as link:
        link.sync()
        link.texts.clear()  # of the start, where the port was opened in time for it
        for restart in (1, 2):
            before = link.counters.restarts
            sim.restart()
            assert link.wait_restart(before, WAIT_S)
            assert link.sync().eui64 == OWN
            assert list(link.texts) == ["provisioning: damaged"] * restart


@pytest.mark.parametrize("board", ["esp32_c6", "nrf52840dk"])
def test_a_board_that_was_never_provisioned_serves_nobody(board: str, file: Path, production: Path) -> None:
    """Without a file, or with one that is not whole, a production build ends in one error; a bench build starts."""
    whole = file.read_bytes().hex()
    given = f"{board} {whole}\n"
    without, damaged, taken, kept, bench = run("unprovisioned", board, given, firmware=production)
    assert without == "NotProvisioned: no provisioning file"
    assert damaged == "NotProvisioned: damaged"
    assert taken == kept == bytes(OWN).hex()
    assert bench == "bench False"
    assert run("unprovisioned", board, given)[0] == bytes(GSME).hex()


def test_gsme_sim_takes_a_file(file: Path) -> None:
    sim = Sim("--provision", str(file))
    with Link(sim.port) as link:
        assert link.sync().eui64 == OWN
    sim.process.terminate()
    sim.process.communicate(timeout=10)


WRONG: Final = [  # text, what is said of it
    ("eui64 = ", "Invalid value"),
    ("", "the file: eui64 is missing"),
    ('eui64 = "1"', "the file: eui64 has 16 hexadecimal digits"),
    ('eui64 = "0000000000000000"', "the file: 0000000000000000 is nobody's"),
    (f'eui64 = "{OWN}"\nrole = "gsme"', "the file: role says nothing to a meter"),
    (f'eui64 = "{OWN}"\ndevice = 1', "device: write [[device]] above each"),
    (f'eui64 = "{OWN}"\n[[device]]\neui64 = "{OWN}"\ntype = "CHF"', f"device 1: {OWN} is there already"),
    (NODES + f'[[device]]\neui64 = "{PPMID}"\ntype = "CH"', "device 3: type is one of GSME, ESME, CHF"),
    (NODES + '[[party]]\nroles = ["supplier"]', "party 1: entity_id is missing"),
    (NODES + f'[[party]]\nentity_id = "{HUB}"\nroles = ["seller"]', "party 1: roles is a list of supplier"),
    (NODES + f'[[party]]\nentity_id = "{HUB}"\nroles = ["supplier"]', "party 1: it has one of shared_secret and"),
    (NODES + f'[[party]]\nentity_id = "{HUB}"\nroles = ["supplier"]\npublic_key = "{"00" * 64}"', "no point of P-256"),
    (
        NODES + f'[[party]]\nentity_id = "{HUB}"\nroles = ["supplier"]\nshared_secret = "00"',
        "has 64 hexadecimal digits",
    ),
]


@pytest.mark.parametrize(("given", "said"), WRONG)
def test_a_wrong_text_is_refused_in_one_line(given: str, said: str) -> None:
    with pytest.raises(ProvisionError) as caught:
        make(given)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_command_refuses_in_one_line_and_writes_nothing(tmp_path: Path) -> None:
    wrong = tmp_path / "meter.toml"
    wrong.write_text('eui64 = "1"', encoding="utf-8")
    out = tmp_path / "out"
    assert complaint(gsme("provision", "make", wrong, out), 1).endswith("the file: eui64 has 16 hexadecimal digits")
    assert "No such file" in complaint(gsme("provision", "make", tmp_path / "none.toml", out), 1)
    assert not out.exists()


def test_too_many_and_two_brokers() -> None:
    device = '[[device]]\neui64 = "00DB12345678{:04X}"\ntype = "PPMID"\n'
    many = NODES + "".join(device.format(n) for n in range(31))
    with pytest.raises(ProvisionError, match="device: a meter knows 32 at most"):
        make(many)
    broker = (
        '[[party]]\nentity_id = "{:016X}"\nroles = ["access control broker"]\nshared_secret = "' + "11" * 32 + '"\n'
    )
    with pytest.raises(ProvisionError, match="party 2: there is one access control broker"):
        make(NODES + broker.format(1) + broker.format(2))
