# One side of a cluster: its attributes and commands, as tables say them.

from micropython import const

from ..access import may
from .status import SUCCESS

# What an attribute allows (ZCL 2.5.23: access of Discover Attributes Extended)
READ = const(1)
WRITE = const(2)
REPORT = const(4)
VOLATILE = const(8)  # and nothing keeps what is written

# APS security that a cluster needs
NETWORK_KEY = const(1)
LINK_KEY = const(2)


class Attribute:
    # value: wire image. right: to read it, see access. longest: of a string's content. failure: SUCCESS, or what every
    # read of it answers.
    def __init__(self, attribute_id, type_id, access, right, value, longest=0):
        self.id = attribute_id
        self.type = type_id
        self.access = access
        self.right = right
        self.value = bytearray(value)
        self.factory = value
        self.longest = longest
        self.held = True
        self.failure = SUCCESS

    # True when a value of the attribute's type is within the attribute's range.
    def accepts(self, value):
        return not self.longest or value[0] <= self.longest

    def set(self, value):
        self.value = bytearray(value)

    # The value is image[at:end].
    def load(self, image, at, end):
        if len(self.value) != end - at:
            self.value = bytearray(end - at)
        for i in range(end - at):
            self.value[i] = image[at + i]

    # Whether the device has the attribute at all.
    def hold(self, held):
        self.held = held

    # From now on every read answers that status; SUCCESS ends it. The device has the attribute in any case.
    def fail(self, failure):
        self.failure = failure
        self.held = True


# Attributes by id. `right` is asked for where an id is not in the table.
class Attributes:
    # rows: (id, type, access, right, factory value[, longest])
    def __init__(self, rows, right):
        self.right = right
        self._rows = {}
        for row in rows:
            self._rows[row[0]] = Attribute(*row)
        self._ids = sorted(self._rows)

    # The attribute with that id, whether it is held or not; None when there is no such thing.
    def row(self, attribute_id):
        return self._rows.get(attribute_id)

    # The attribute with that id if the device holds it.
    def find(self, attribute_id):
        row = self._rows.get(attribute_id)
        return row if row is not None and row.held else None

    def right_of(self, attribute_id):
        row = self._rows.get(attribute_id)
        return self.right if row is None else row.right

    # Whether the column may read every attribute whose id, u16 each, is in p.
    def may_read(self, p, column):
        granted = None
        for i in range(0, len(p), 2):
            row = self._rows.get(p[i] | p[i + 1] << 8)
            right = self.right if row is None else row.right
            if right != granted and not may(column, right):
                return False
            granted = right
        return True

    # Ids in ascending order; held or not.
    def ids(self):
        return self._ids

    # As the device left the factory.
    def reset(self):
        for row in self._rows.values():
            row.set(row.factory)
            row.fail(SUCCESS)

    # The attributes that the store keeps. That one is not held is kept of all of them.
    def kept(self):
        return [row for row in self._rows.values() if not row.held or not row.access & VOLATILE]

    # SUCCESS, or why no attribute of this cluster can be looked up now.
    def status(self):
        return SUCCESS


class Cluster:
    # side: 0 server, frame.SERVER_TO_CLIENT client. A device's attributes and commands on that side.
    # commands: command received -> (shortest payload or payload -> length needed, right or (context, payload) ->
    #           right, handler(context, request, payload) -> status)
    # context: what its handlers work on
    # generated: ids of the commands that it sends
    # security: the least that reaches it
    def __init__(self, cluster_id, side, attributes, commands, context=None, generated=(), security=LINK_KEY):
        self.id = cluster_id
        self.side = side
        self.attributes = attributes
        self.commands = commands
        self.context = context
        self.generated = generated
        self.security = security
        self.manufacturer = None  # code of a manufacturer's own cluster
        self.store = None  # status(), touch_attribute(cluster, attribute), commit(): where written attributes are kept
        self.reports = None  # Reports: who is told of its attributes

    # A manufacturer's own cluster has no attributes without its code.
    def attributes_for(self, manufacturer):
        return self.attributes if manufacturer == self.manufacturer else Attributes((), self.attributes.right)

    # SUCCESS, or why the attribute cannot be written now.
    def store_status(self, attribute):
        return SUCCESS if attribute.access & VOLATILE else self.store.status()

    def write(self, attribute, value):
        if not attribute.access & VOLATILE:
            self.store.touch_attribute(self, attribute)
        attribute.set(value)


def key(cluster_id, side):
    return cluster_id << 4 | side
