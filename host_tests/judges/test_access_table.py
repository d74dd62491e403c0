"""The access table against MP078 IRP603, clause by clause where a clause fixes a cell."""

from host_tests.judges.access_table import (
    CAD,
    CHF,
    ESME,
    GPF,
    GSME,
    HCALCS,
    IHD,
    PPMID,
    REQUESTERS,
    STRANGER,
    Behaviour,
    Push,
    Right,
    Row,
    cells,
    may,
    push,
)

BARRED = (PPMID, IHD, CAD, HCALCS, ESME, GSME, STRANGER)


def test_security_log_is_closed() -> None:
    """MP078-603-1 to 3, 14, 33: the hub's two functions read it, nobody else on the HAN."""
    readers = {requester for requester in REQUESTERS if may(Right.READ, Row.SECURITY_LOG, requester)}
    assert readers == {CHF, GPF}
    assert readers.isdisjoint(BARRED)


def test_security_log_before_mp078() -> None:
    """Both behaviours before it open the log to the displays, and to nobody else."""
    for behaviour in (Behaviour.GBCS_4_0, Behaviour.IRP550_DRAFT):
        for requester in REQUESTERS:
            expected = requester in (CHF, GPF, PPMID, IHD, CAD)
            assert may(Right.READ, Row.SECURITY_LOG, requester, behaviour) is expected, requester


def test_only_that_row_depends_on_the_behaviour() -> None:
    """Every other cell is the same in all three."""
    first = [cell for cell in cells(Behaviour.GBCS_4_0) if cell[0] is not Row.SECURITY_LOG]
    assert first == [cell for cell in cells(Behaviour.MP078) if cell[0] is not Row.SECURITY_LOG]


def test_displays_keep_the_rest() -> None:
    """MP078-603-17: Event Log and metering data."""
    for requester in (PPMID, IHD, CAD):
        assert may(Right.READ, Row.EVENT_LOG, requester)
        assert may(Right.READ, Row.METERING, requester)


def test_nobody_on_the_han_clears_or_sets_supplier_data() -> None:
    """MP078-603-23, and the rows that only remote parties have."""
    for row in (Row.EVENT_LOG, Row.SECURITY_LOG, Row.SUPPLIER_DATA):
        assert not any(may(Right.WRITE, row, requester) for requester in REQUESTERS)


def test_pushes() -> None:
    """MP078-603-22: what is of the Security Log goes to the GPF only."""
    assert [requester for requester in REQUESTERS if push(requester, security_log=True) is not Push.NEVER] == [GPF]
    assert {requester for requester in REQUESTERS if push(requester, security_log=False) is Push.IF_HAN_BIT} == {
        PPMID,
        IHD,
        CAD,
    }


def test_cells_are_complete() -> None:
    """Seven rows by nine kinds of requester."""
    assert len(cells()) == 7 * len(REQUESTERS) == 63
