# The sleepy meter's half hour (GBCS 10.3): ask for the time, report to the mirror, read its flags, fetch what waits in
# the tunnel and hand over what waits here, sleep. Whatever does not answer ends it, and the next one tries again.
#
#   MIRROR -> FLAGS -> TUNNEL -> GET <-> WORK -> PUT -> asleep
#
# What comes in only says what is done next; it is done by work(), when the answers to it have left.

from micropython import const

_CYCLE_S = const(1800)
_ANSWER_S = const(10)
_PROOF_S = const(2)  # so long for the Default Response to a PUT; then a GET that is answered proves it too

# What it waits for
ASLEEP = const(0)
WORK = const(1)  # its own next step, and the mailbox
MIRROR = const(2)  # Request Mirror Response
FLAGS = const(3)  # Mirror Report Attribute Response
TUNNEL = const(4)  # Request Tunnel Response
CLOSING = const(5)  # what comes of Close Tunnel
GET = const(6)  # GET-RESPONSE
PUT = const(7)  # the Default Response to a PUT
PROOF = const(8)  # GET-RESPONSE, which proves the PUT before it


class Cycle:
    # clock: .running_s; time: TimeClient; mirror: Mirror; tunnel: Tunnel; mailbox: Mailbox
    def __init__(self, clock, time, mirror, tunnel, mailbox):
        self._clock = clock
        self._time = time
        self._mirror = mirror
        self._tunnel = tunnel
        self._mailbox = mailbox
        mirror.cycle = tunnel.cycle = self
        self._began_s = clock.running_s
        self.state = ASLEEP
        self._step = None  # what WORK does
        self._drain = False  # more waits at the hub
        self._again = False  # another tunnel may be asked for in this cycle

    # Call it once a second. True when a cycle has begun.
    def poll(self):
        self._time.poll()
        now_s = self._clock.running_s
        if self.state > WORK and now_s - self._since_s >= self._patience_s:
            self._unanswered()
        if self.state != ASLEEP or now_s - self._began_s < _CYCLE_S:
            return False
        self.wake()
        return True

    # Starts a cycle now, unless one is under way. One that got no further than a GPF which does not answer is over; one
    # that waits for a Default Response to a PUT asks what else there is instead.
    def wake(self):
        if self.state == PUT:
            self._then(self._prove)
        if self.state != ASLEEP and (self.state != MIRROR or self._time.asked):
            return
        self._began_s = self._clock.running_s
        self._drain = False
        self._again = True
        self._time.wake()
        self._then(self._to_mirror)

    # Forgets mirror, tunnel and what it was at.
    def reset(self):
        self.state = ASLEEP
        self._mirror.reset()
        self._tunnel.lose()

    # Call it in every turn of WORK: does the next step when the mailbox has nothing more to do.
    def work(self):
        if not self._mailbox.has_work():
            self.state = ASLEEP
            self._step()

    def _then(self, step):
        self.state = WORK
        self._step = step

    def _wait(self, state, patience_s=_ANSWER_S):
        self.state = state
        self._since_s = self._clock.running_s
        self._patience_s = patience_s

    # Without a mirror there may still be something to hand over.
    def _unanswered(self):
        if self.state in (MIRROR, FLAGS):
            self._mirror.endpoint = None
            self._then(self._to_tunnel)
        elif self.state == PUT:
            self._prove()
        elif self.state == CLOSING:
            self._then(self._request_tunnel)
        else:
            self._tunnel.lose()
            self.state = ASLEEP

    # --- the mirror

    def _to_mirror(self):
        if not self._mirror.present():
            self._to_tunnel()
        elif self._mirror.endpoint is None:
            self._mirror.request()
            self._wait(MIRROR)
        else:
            self._report()

    def mirror_answered(self, granted):
        self._then(self._configure if granted else self._to_tunnel)

    def _configure(self):
        self._mirror.configure()
        self._report()

    def _report(self):
        self._mirror.report()
        self._wait(FLAGS)

    # Every report may be answered: later flags only add to the first ones, also when the meter was about to sleep.
    def flagged(self, pending):
        self._drain = self._drain or pending
        if self.state == FLAGS or pending and self.state == ASLEEP:
            self._then(self._to_tunnel)

    # --- the tunnel

    def _to_tunnel(self):
        if not (self._drain or self._mailbox.waiting()) or not self._tunnel.present():
            self.state = ASLEEP
        elif self._tunnel.id is None:
            self._request_tunnel()
        else:
            self._next()

    def _request_tunnel(self):
        self._tunnel.request()
        self._wait(TUNNEL)

    def tunnel_opened(self):
        self._then(self._next)

    # Without an id left the stale tunnel is closed and one asked for again (ZSE D.6); busy waits for the next cycle.
    def tunnel_refused(self, no_ids):
        if no_ids and self._again:
            self._again = False
            self._then(self._close)
        else:
            self.state = ASLEEP

    def _close(self):
        if self._tunnel.close_stale():
            self._wait(CLOSING)

    def tunnel_closed(self):
        if self.state == CLOSING:
            self._then(self._request_tunnel)

    # The hub knows the tunnel no more: what was on its way is not proved. Once in a cycle another one is opened.
    def tunnel_lost(self):
        if self.state in (GET, PUT, PROOF):
            self._reopen(self._request_tunnel)

    def _reopen(self, step):
        self.state = ASLEEP
        if self._again:
            self._again = False
            self._then(step)

    # With the tunnel open: a response goes before another GET, alerts go last. It may have been closed meanwhile.
    def _next(self):
        if self._tunnel.id is None:
            self._reopen(self._to_tunnel)
        elif self._drain and not self._mailbox.response_waiting():
            self._tunnel.get()
            self._wait(GET)
        elif self._mailbox.waiting():
            self._put(self._mailbox.waiting())

    # What the hub has no room for is lost: it would hold up all that waits behind it.
    def _put(self, message):
        if len(message) < self._tunnel.largest:
            self._tunnel.put(message)
            self._wait(PUT, _PROOF_S)
        else:
            self._mailbox.drop()
            self._then(self._next)

    def _prove(self):
        self._tunnel.get()
        self._wait(PROOF)

    def put_answered(self, accepted):
        if self.state not in (PUT, PROOF):
            return
        if not accepted:
            self._mailbox.refused()
            self._tunnel.lose()
            self.tunnel_lost()
            return
        self._mailbox.delivered()
        if self.state == PUT:
            self._then(self._next)
        else:
            self.state = GET

    # A GET-RESPONSE has come: the message, empty if there is none, and how many more wait.
    def got(self, message, more):
        if self.state == PROOF:
            self._mailbox.delivered()
        self._drain = more > 0 and len(message) > 0
        if len(message):
            self._mailbox.take(message)
        self._then(self._next)
