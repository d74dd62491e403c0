"""A meter with remote parties: own ones, and the published ones."""

import pytest

from host_tests.support import rtds
from host_tests.support.remote_parties import NOW, Remote, enrol, with_secrets
from host_tests.support.target import Target


@pytest.fixture
def remote(target: Target) -> Remote:
    """A meter whose clock is set, with a Supplier, a network operator and an access control broker of our own."""
    target.bench.set_clock(NOW)
    return Remote(target, enrol(target, with_secrets()))


@pytest.fixture
def published(target: Target) -> Remote:
    """A meter with the published parties."""
    rtds.require()
    return Remote(target, enrol(target, rtds.parties()))
