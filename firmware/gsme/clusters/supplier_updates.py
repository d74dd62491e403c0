# What the Supplier and the access control broker update over Device Management: SiteID (GBCS GCS41), CIN (GCS36), the
# supplier's contact details (GCS44).

from micropython import const

from ..events.logs import before
from ..store.names import ATTRIBUTE, SUPPLIER
from ..zcl import status, types

# Update Site ID, Update CIN: issuer event u32, time UTC, provider u32, octstr
_TIME = const(4)
_IDENTITY = const(12)
_SITE_ID = const(0x0307)  # attributes of Metering
_CIN = const(0x0311)

# Publish Change Of Supplier: provider u32, issuer event u32, tariff type u8, proposed provider u32, time UTC,
# control u32, name octstr, contact octstr
_CHANGE_TIME = const(13)
_NAME = const(21)
_LONGEST_NAME = const(16)
_LONGEST_CONTACT = const(19)


class Supplier:
    # metering: Cluster, whose attributes hold what is set of the customer
    def __init__(self, metering):
        self.metering = metering
        self.reset()

    def reset(self):
        self.contact = b""  # Publish Change Of Supplier as it came; nothing before the first

    def give(self, contact):
        self.contact = contact


# Length of a payload whose fixed part is followed by so many octstr; more than there is where it is cut short.
def _length(p, at, strings):
    for _ in range(strings):
        n = types.length(types.OCTSTR, p, at)
        if n < 0:
            return len(p) + 1
        at += n
    return at


def identity_length(p):
    return _length(p, _IDENTITY, 1)


def change_of_supplier_length(p):
    return _length(p, _NAME, 2)


def _update(management, p, attribute_id):
    attribute = management.supplier.metering.attributes.row(attribute_id)
    value = p[_IDENTITY : identity_length(p)]
    if not attribute.accepts(value) or before(management.clock.utc, 0, p, _TIME):
        return status.INVALID_VALUE
    if not attribute.held:
        return status.NOT_FOUND
    return attribute.failure or management.store.keep(
        ATTRIBUTE, (management.supplier.metering, attribute), attribute.set, value
    )


def update_site_id(management, request, p):
    return _update(management, p, _SITE_ID)


def update_cin(management, request, p):
    return _update(management, p, _CIN)


def change_of_supplier(management, request, p):
    contact = _length(p, _NAME, 1)
    if p[_NAME] > _LONGEST_NAME or p[contact] > _LONGEST_CONTACT or before(management.clock.utc, 0, p, _CHANGE_TIME):
        return status.INVALID_VALUE
    return management.store.keep(SUPPLIER, None, management.supplier.give, bytes(p[: change_of_supplier_length(p)]))
