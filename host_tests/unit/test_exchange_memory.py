"""A steady exchange allocates at most 512 bytes on the unix port: link bytes in, answer bytes out.

The whole meter runs on a board made of memory, with collection switched off; the bytes that it writes are compared with
what the specifications want, and the mean of 256 exchanges is taken. The figures themselves are kept by the bench.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from host_tests.perf.exchanges import EXCHANGES, Exchange
from host_tests.perf.full_path import heap_bytes
from host_tests.perf.process import Files, Workshop

MOST_BYTES: Final = 512


@pytest.fixture(scope="module")
def files(request: pytest.FixtureRequest) -> Iterator[Files]:
    firmware: Path = request.config.getoption("--firmware")
    with Workshop(firmware.resolve()) as workshop:
        yield workshop.files


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: exchange.name)
def test_a_steady_exchange_allocates_at_most_512_bytes(files: Files, exchange: Exchange) -> None:
    assert heap_bytes(files, exchange) <= MOST_BYTES
