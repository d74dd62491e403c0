# From a ZCL frame to its answer. The steps, and what each finds (order of checks):
#
#   2  security level, Device Log          7E
#   3  cluster, manufacturer, command      C3, 84 or 83, 82 or 81
#   4  well formed                         80
#   5  the access table                    7E
#   6  values, then the store              the handler's own
#
# Step 1, broadcasts, is the silence of the request. This is the one place that writes a Default Response.

from .. import access
from . import attributes, cluster, discovery, frame, reporting, status

# Global commands that are answers or reports: they get none, whatever they say.
_ANSWERS = (0x01, 0x04, 0x07, 0x09, 0x0A, 0x0B, 0x0D, 0x10, 0x12, 0x14, 0x16)

# Global commands that are served
_GLOBAL = {}
for _table in (attributes.COMMANDS, reporting.COMMANDS, discovery.COMMANDS):
    _GLOBAL.update(_table)


class Endpoint:
    # clusters: the Cluster objects of one endpoint
    # watch: malformed(), refused(requester): what is to be recorded
    # take_answer(request): a global answer or report that has come
    def __init__(self, clusters, watch, take_answer):
        self.clusters = {}
        for c in clusters:
            self.clusters[cluster.key(c.id, c.side)] = c
        self._watch = watch
        self._take_answer = take_answer

    # Serves the frame asdu for request, whose requester, security, cluster and silence are set.
    def serve(self, request, asdu):
        if not request.parse(asdu):
            self._watch.malformed()
            return
        try:  # the one mapping from what went wrong to a status: nothing that arrives gets past it
            result = self._run(request)
        except MemoryError:
            result = status.INSUFFICIENT_SPACE
        except OSError:
            result = status.HARDWARE_FAILURE
        except Exception:
            result = status.SOFTWARE_FAILURE
        if result == status.SUCCESS:
            if request.wants_default_response():
                request.default_response(result)
        elif result != status.ANSWERED and request.silence == frame.SAY_ALL:
            self._record(request, result)  # before anybody hears of it
            request.default_response(result)

    def _record(self, request, result):
        if result == status.NOT_AUTHORIZED:
            self._watch.refused(request.requester)
        elif result == status.MALFORMED_COMMAND:
            self._watch.malformed()

    def _run(self, request):
        is_global = request.is_global()
        if is_global:
            if request.command in _ANSWERS:
                self._take_answer(request)
                return status.ANSWERED
            if request.command == frame.WRITE_ATTRIBUTES_NO_RESPONSE:
                request.silence = frame.SAY_NOTHING
        key = request.cluster << 4 | request.frame_control & frame.SERVER_TO_CLIENT  # cluster.key()
        c = self.clusters.get(key)
        if request.security != cluster.LINK_KEY or request.requester.column == access.STRANGER:
            # What is asked of a cluster does not depend on the side of it.
            either = c or self.clusters.get(key ^ frame.SERVER_TO_CLIENT)
            if either is None or either.security == cluster.LINK_KEY or request.security < either.security:
                return status.NOT_AUTHORIZED
        if c is None:
            return status.UNSUPPORTED_CLUSTER
        return _global(request, c) if is_global else _specific(request, c)


# What to say of a command that answers nothing of the device's own: 8B, unless no Default Response is wanted.
def unasked(request):
    return status.NOT_FOUND if request.wants_default_response() else status.ANSWERED


# A command that there is not: global or of the cluster, with a manufacturer's code or without.
def _unsupported(request):
    if request.is_global():
        return status.UNSUP_GENERAL_COMMAND if request.manufacturer is None else status.UNSUP_MANUF_GENERAL_COMMAND
    return status.UNSUP_CLUSTER_COMMAND if request.manufacturer is None else status.UNSUP_MANUF_CLUSTER_COMMAND


def _global(request, c):
    row = _GLOBAL.get(request.command)
    if row is None or request.manufacturer not in (None, c.manufacturer):
        return _unsupported(request)
    well_formed, allowed, handler = row
    if not well_formed(request.payload):
        return status.MALFORMED_COMMAND
    held = c.attributes_for(request.manufacturer)
    return handler(request, c, held) if allowed(request, held) else status.NOT_AUTHORIZED


def _specific(request, c):
    p = request.payload
    row = c.commands.get(request.command)
    if row is None or request.manufacturer != c.manufacturer:
        return _unsupported(request)
    length, right, handler = row
    if len(p) < (length if type(length) is int else length(p)):
        return status.MALFORMED_COMMAND
    if type(right) is not int:
        right = right(c.context, p)
    if not access.may(request.requester.column, right):
        return status.NOT_AUTHORIZED
    return handler(c.context, request, p)
