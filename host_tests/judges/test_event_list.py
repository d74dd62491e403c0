"""The event list holds together: counts, ranges, and what the byte and the column `log` say of each other."""

from host_tests.judges.event_list import (
    BY_CODE,
    CONFIGURABLE,
    CRITICAL,
    EVENT_LOG,
    EVENTS,
    FACTORY,
    LOG_MASK,
    NO_LOG,
    PUBLISHED_ORDER,
    SECURITY_CODES,
)


def test_counts_and_ranges() -> None:
    """44 configurable codes 81xx, 41 critical ones 8Fxx, nothing twice, nothing else."""
    assert (len(CONFIGURABLE), len(CRITICAL), len(EVENTS), len(BY_CODE)) == (44, 41, 85, 85)
    assert all(event.code >> 8 == 0x81 and not event.critical for event in CONFIGURABLE)
    assert all(event.code >> 8 == 0x8F and not event.configurable for event in CRITICAL)


def test_factory_byte_decides_the_log() -> None:
    """A configurable code's log is what its byte says; it is never the Security Log, and 5 and 7 are clear."""
    for event in CONFIGURABLE:
        byte = FACTORY[event.code]
        assert byte & LOG_MASK == event.log, event
        assert event.log in (NO_LOG, EVENT_LOG), event
        assert not byte & 0xA0, event


def test_security_codes_are_critical() -> None:
    """No code of the Security Log can be configured."""
    assert len(SECURITY_CODES) == 30
    assert not set(SECURITY_CODES) & set(FACTORY)


def test_published_order() -> None:
    """Every configurable code once, ascending but for the two at the end."""
    assert sorted(PUBLISHED_ORDER) == sorted(FACTORY)
    assert (PUBLISHED_ORDER[0], *PUBLISHED_ORDER[-2:]) == (0x810D, 0x81A0, 0x81C6)
