# The Device Log: the HAN nodes that the device knows, by EUI64 (as on air, 8 bytes), and what each of them is.

from micropython import const

from . import access
from .zcl import status

CHF_TYPE = const(2)
GPF_TYPE = const(3)
HIGHEST_TYPE = const(6)
_MOST = const(32)
_FIRST_ENDPOINT = const(1)


class Node:
    def __init__(self, eui64):
        self.eui64 = eui64
        self.device_type = None
        self.column = access.STRANGER
        self.endpoint = _FIRST_ENDPOINT  # that last spoke to the device


class DeviceLog:
    # founders: (eui64, device type) of the nodes that are there from the start
    def __init__(self, founders):
        self._founders = founders
        self.reset()

    def reset(self):
        self.nodes = {}
        for eui64, device_type in self._founders:
            self.enrol(eui64, device_type)

    # Adds a node or changes its type. Returns SUCCESS, or INSUFFICIENT_SPACE.
    def enrol(self, eui64, device_type):
        node = self.nodes.get(eui64)
        if node is None:
            if len(self.nodes) >= _MOST:
                return status.INSUFFICIENT_SPACE
            node = self.nodes[eui64] = Node(eui64)
        node.device_type = device_type
        node.column = access.COLUMN_OF_TYPE[device_type]
        return status.SUCCESS

    def remove(self, eui64):
        del self.nodes[eui64]

    def find(self, eui64):
        return self.nodes.get(eui64)

    # The first node of a type, None when there is none.
    def first(self, device_type):
        for node in self.nodes.values():
            if node.device_type == device_type:
                return node
        return None


# Stands for every node that is not in the Device Log.
def stranger():
    return Node(None)
