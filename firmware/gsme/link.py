# The serial HAN link, device side (LINK, version 1): framing, acknowledgement, restart.
#
# A frame is received, checked and acknowledged without allocation. Time is the board's millisecond
# ticks, which wrap; only differences are used.

from micropython import const

from . import cobs, crc32

VERSION = const(1)
MAX_PAYLOAD = const(1600)

# Frame kinds (LINK: Wire)
_SYNC = const(0x00)
_DATA = const(0x01)
_ACK = const(0x02)
_TEXT = const(0x03)

# ACK status
_ACCEPTED = const(0x00)
_REPEATED = const(0x01)
_NO_ROOM = const(0x02)
_NOT_UNDERSTOOD = const(0x03)

# DATA header: peer EUI64 8, peer endpoint, own endpoint, profile 2, cluster 2, aps; then the ASDU
HEADER = const(15)
_APS = const(14)
_APS_VALID = (0, 1, 2, 4, 5, 6)  # bits 0-1 security, of which 3 is reserved; bit 2 broadcast

# Places in a buffer that holds one frame: code byte of COBS, then the body
_KIND = const(1)
_SEQ = const(2)
PAYLOAD = const(3)
_BEFORE_PAYLOAD = const(2)  # kind, seq
_CRC = const(4)
_ROOM = const(1617)  # code byte, kind, seq, payload 1600, crc 4, a code for each 254 bytes, the final zero
_SHORTEST_BODY = const(6)

_CHUNK = const(256)
_ACK_TIMEOUT_MS = const(200)
_TRANSMISSIONS = const(5)
_AGAIN_MS = const(50)
_NO_ROOM_LIMIT_MS = const(2000)
_STALL_MS = const(50)  # longest wait for a port that takes no bytes

# What waits to be sent. Requests get ACK 02 above the first bound; the second one is never passed.
_BUSY_FRAMES = const(4)
_QUEUE_BYTES = const(16384)

_ZERO = b"\x00"
_NEVER = -1  # sequence number of a frame that has not been


class Link:
    # port: readinto(buf) -> count, 0 or None; write(buf, offset, count) -> count, 0 or None;
    #       wire_ms(count) -> time that so many bytes take on the line
    # clock: ticks_ms(), ticks_diff(a, b)
    def __init__(self, port, clock):
        self._port = port
        self._clock = clock
        self.eui64 = None  # own, 8 bytes as on air
        self.receive = None  # receive(view, start, end): view[start:end] is the payload of a DATA frame
        self.on_sync = None  # on_sync(): the first SYNC of a host
        self.accepted = 0  # DATA answered by ACK 00
        self.dropped = 0  # bodies that could not be read, own frames given up
        self._chunk = bytearray(_CHUNK)
        self._chunk_view = memoryview(self._chunk)
        self._frame = bytearray(_ROOM)
        self._frame_view = memoryview(self._frame)
        self._have = 0  # bytes of an unfinished frame in _frame, -1 when it is too long to be one
        self._small = bytearray(32)  # a SYNC or an ACK on its way out
        self._peer_seq = _NEVER
        self._synced = False
        self.out = bytearray(_ROOM)  # the next DATA is composed here from PAYLOAD on
        self._wire = bytearray(_ROOM)  # the DATA that waits for its ACK
        self._wire_end = 0  # 0 when none does
        self._seq = 0
        self._sent = 0  # transmissions of it
        self._sent_at = 0
        self._wait_ms = 0
        self._refused_at = _NEVER  # when ACK 02 came first, in ticks
        self._queue = []
        self._queued_bytes = 0
        self._cut = False  # the last frame left the port in part

    # Tells the line that the device has started.
    def start(self):
        self._write(_ZERO, 1)
        self._small[PAYLOAD] = VERSION
        self._send_small(_SYNC, 0, 1)

    # Text for people, before a host is there.
    def tell(self, text):
        buf = self.out
        buf[_KIND] = _TEXT
        buf[_SEQ] = 0
        end = PAYLOAD + len(text)
        buf[PAYLOAD:end] = text
        self._write(buf, _seal(buf, end))

    # True when nothing waits to be sent or acknowledged.
    def idle(self):
        return not self._wire_end and not self._queue

    # True when the answers to one more request are sure to find room.
    def has_room(self):
        return len(self._queue) < _BUSY_FRAMES

    # Reads what has come, then looks after the frame in flight. Returns the milliseconds until this is due again.
    def poll(self):
        n = self._port.readinto(self._chunk)
        if n:
            self._feed(n)
        if not self._wire_end:
            return _ACK_TIMEOUT_MS
        waited = self._clock.ticks_diff(self._clock.ticks_ms(), self._sent_at)
        if waited >= self._wait_ms:
            self._again()
            return 0
        return self._wait_ms - waited

    # Sends the DATA payload in out[PAYLOAD:end], now or when its turn comes.
    def send(self, end):
        if not self._synced:
            return
        if self._wire_end:
            self._enqueue(end)
        else:
            self._launch(end)

    # --- receiving

    def _feed(self, n):
        chunk = self._chunk
        start = 0
        while True:
            end = chunk.find(_ZERO, start, n)
            if end < 0:
                if start < n:
                    self._keep(start, n)
                return
            if self._have:
                self._keep(start, end)
                self._finish()
            elif end > start:
                self._body(chunk, self._chunk_view, start, end)
            start = end + 1

    def _keep(self, start, end):
        have = self._have
        if have < 0:
            return
        if have + end - start > _ROOM:
            self._have = -1
            return
        for i in range(start, end):
            self._frame[have] = self._chunk[i]
            have += 1
        self._have = have

    def _finish(self):
        have = self._have
        self._have = 0
        if have < 0:
            self.dropped += 1
        else:
            self._body(self._frame, self._frame_view, 0, have)

    # One frame between two zeros: buf[start:end], still stuffed.
    def _body(self, buf, view, start, end):
        end = cobs.decode(buf, start, end)
        start += 1
        if end - start < _SHORTEST_BODY or not crc32.holds(buf, start, end):
            self.dropped += 1
            return
        end -= _CRC
        if buf[start] == _DATA and end - start <= _BEFORE_PAYLOAD + MAX_PAYLOAD:
            self._on_data(buf, view, start + _BEFORE_PAYLOAD, end)
        else:
            self._on_other(buf, start + _BEFORE_PAYLOAD, end)

    # An ACK, a SYNC, or nothing that a host sends; the payload is buf[start:end].
    def _on_other(self, buf, start, end):
        kind = buf[start - 2]
        if kind == _ACK and end > start:
            self._on_ack(buf[start - 1], buf[start])
        elif kind == _SYNC and end - start == 1:
            self._on_sync(buf[start - 1], buf[start])
        elif kind != _TEXT:
            self.dropped += 1

    def _on_data(self, buf, view, start, end):
        seq = buf[start - 1]
        if seq == self._peer_seq:
            self._ack(seq, _REPEATED)
        elif end - start < HEADER or buf[start + _APS] not in _APS_VALID:
            self._ack(seq, _NOT_UNDERSTOOD)
        elif len(self._queue) >= _BUSY_FRAMES:
            self._ack(seq, _NO_ROOM)
        else:
            self._peer_seq = seq
            self.accepted += 1
            self._ack(seq, _ACCEPTED)
            self.receive(view, start, end)

    def _on_sync(self, seq, version):
        self._small[PAYLOAD + 1] = VERSION
        self._small[PAYLOAD + 2] = MAX_PAYLOAD & 255
        self._small[PAYLOAD + 3] = MAX_PAYLOAD >> 8
        self._small[PAYLOAD + 4 : PAYLOAD + 12] = self.eui64
        if version != VERSION:
            self._small[PAYLOAD] = _NOT_UNDERSTOOD
            self._send_small(_ACK, seq, 12)
            return
        self._peer_seq = _NEVER
        self._wire_end = 0
        if self._queue:
            self._queue.clear()
            self._queued_bytes = 0
        self._small[PAYLOAD] = _ACCEPTED
        self._send_small(_ACK, seq, 12)
        if not self._synced:
            self._synced = True
            self.on_sync()

    def _on_ack(self, seq, status):
        if not self._wire_end or seq != self._seq:
            return
        if status == _NO_ROOM:
            self._refused()
            return
        if status == _NOT_UNDERSTOOD:
            self.dropped += 1
        self._next()

    # --- sending

    def _ack(self, seq, status):
        self._small[PAYLOAD] = status
        self._send_small(_ACK, seq, 1)

    def _send_small(self, kind, seq, length):
        buf = self._small
        buf[_KIND] = kind
        buf[_SEQ] = seq
        self._write(buf, _seal(buf, PAYLOAD + length))

    def _launch(self, end):
        buf = self.out
        self.out = self._wire
        self._wire = buf
        self._seq = (self._seq + 1) & 255
        buf[_KIND] = _DATA
        buf[_SEQ] = self._seq
        self._wire_end = _seal(buf, end)
        self._sent = 0
        self._refused_at = _NEVER
        self._transmit()

    def _transmit(self):
        self._sent += 1
        self._write(self._wire, self._wire_end)
        self._sent_at = self._clock.ticks_ms()
        self._wait_ms = _ACK_TIMEOUT_MS + self._port.wire_ms(self._wire_end)

    # The host has no room: the same frame again after 50 ms, given up after 2 s (LINK: ACK 02).
    def _refused(self):
        now = self._clock.ticks_ms()
        if self._refused_at == _NEVER:
            self._refused_at = now
        if self._clock.ticks_diff(now, self._refused_at) >= _NO_ROOM_LIMIT_MS:
            self._give_up()
            return
        self._sent = 0
        self._sent_at = now
        self._wait_ms = _AGAIN_MS

    def _again(self):
        if self._sent >= _TRANSMISSIONS:
            self._give_up()
        else:
            self._transmit()

    def _give_up(self):
        self.dropped += 1
        self._next()

    def _next(self):
        self._wire_end = 0
        if self._queue:
            payload = self._queue.pop(0)
            self._queued_bytes -= len(payload)
            end = PAYLOAD + len(payload)
            self.out[PAYLOAD:end] = payload
            self._launch(end)

    def _enqueue(self, end):
        if self._queued_bytes + end - PAYLOAD > _QUEUE_BYTES:
            self.dropped += 1
            return
        self._queue.append(self.out[PAYLOAD:end])
        self._queued_bytes += end - PAYLOAD

    # Writes buf[0:end]. A port that takes nothing for a while loses the frame, never stops the device.
    def _write(self, buf, end):
        if self._cut:
            self._cut = not self._port.write(_ZERO, 0, 1)
            if self._cut:
                return
        at = self._port.write(buf, 0, end)
        if at != end:
            self._write_rest(buf, at or 0, end)

    def _write_rest(self, buf, at, end):
        stalled_at = _NEVER
        while at < end:
            n = self._port.write(buf, at, end - at)
            if n:
                at += n
                stalled_at = _NEVER
                continue
            now = self._clock.ticks_ms()
            if stalled_at == _NEVER:
                stalled_at = now
            elif self._clock.ticks_diff(now, stalled_at) >= _STALL_MS:
                self._cut = True
                return


# Closes the frame whose body is buf[1:end]: check value, stuffing, zero. Returns its end.
def _seal(buf, end):
    crc32.append(buf, _KIND, end)
    return cobs.encode(buf, 0, end + _CRC)
