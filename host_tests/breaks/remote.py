"""Messages of remote parties: envelope, protection, use cases, replay, alerts, keys."""

from __future__ import annotations

from typing import Final

from host_tests.breaks.row import Break

_ENVELOPE: Final = "gsme/gbcs/envelope.py"
_BER: Final = "gsme/gbcs/ber.py"
_GBZ: Final = "gsme/gbcs/gbz.py"
_MAILBOX: Final = "gsme/gbcs/mailbox.py"
_USE_CASES: Final = "gsme/gbcs/use_cases.py"
_EXECUTION: Final = "gsme/gbcs/execution.py"
_ALERTS: Final = "gsme/gbcs/alerts.py"
_PARTIES: Final = "gsme/gbcs/parties.py"
_P256: Final = "gsme/crypto/p256.py"
_FORGERY: Final = "host_tests/remote/test_forgery.py"
_CASES: Final = "host_tests/remote/test_use_cases.py"
_ALERTED: Final = "host_tests/remote/test_alerts.py"
_KEYS: Final = "host_tests/remote/test_parties_and_keys.py"
_REPLAY: Final = "host_tests/unit/test_replay.py"

BREAKS: Final = (
    # --- cryptography
    Break(
        "ghash-reduces-by-another-polynomial",
        "gsme/crypto/ghash.py",
        "_POLYNOMIAL = const(0xE100)",
        "_POLYNOMIAL = const(0xE101)",
        "host_tests/unit/test_crypto_gcm.py::test_the_twins_of_GHASH_agree",
    ),
    Break(
        "lengths-not-in-the-tag",
        "gsme/crypto/gcm.py",
        "    ghash.absorb(table, y, lengths, _BLOCK)\n",
        "",
        "host_tests/unit/test_crypto_gcm.py::test_published_examples",
    ),
    Break(
        "any-tag",
        "gsme/crypto/gcm.py",
        "        difference |= a[i] ^ b[i]\n",
        "        difference = a[i] ^ b[i]\n",
        "host_tests/unit/test_crypto_gcm.py::test_what_is_changed_is_not_opened",
    ),
    Break(
        "the-nonce-of-another-digest",
        "gsme/crypto/ecdsa.py",
        '        self._mix(b"\\x01" + seed)\n',
        '        self._mix(b"\\x00" + seed)\n',
        "host_tests/unit/test_crypto_ecdsa.py::test_published_examples",
    ),
    # --- envelope and payload
    Break(
        "lengths-in-any-form",
        _BER,
        "return 2 if left >= 2 and p[at + 1] >= _ONE else 0",
        "return 2 if left >= 2 else 0",
        f"{_FORGERY}::test_every_length_wrong_under_a_right_mac",
    ),
    Break(
        "octets-behind-the-ciphering",
        _ENVELOPE,
        " or at + size + ber.value(m, at) != len(m)",
        "",
        f"{_FORGERY}::test_every_length_of_the_ciphering_wrong",
    ),
    Break(
        "the-count-of-components-is-not-looked-at",
        _GBZ,
        "    return at == len(p)\n",
        "    return True\n",
        f"{_FORGERY}::test_every_count_and_length_of_the_payload_wrong_under_a_right_mac",
    ),
    Break(
        "messages-for-others-are-obeyed",
        _MAILBOX,
        "        elif message.recipient != self._entity_id:\n            return\n",
        "",
        f"{_FORGERY}::test_a_message_for_another_device",
    ),
    # --- MAC, role, replay, contents
    Break(
        "any-mac",
        _MAILBOX,
        " or not self._guard.holds(broker.key, message)",
        "",
        f"{_FORGERY}::test_every_bit_flipped",
    ),
    Break(
        "no-mac-at-all",
        _MAILBOX,
        "message.mac is None or not self._guard.holds(broker.key, message)",
        "message.mac is not None and not self._guard.holds(broker.key, message)",
        f"{_FORGERY}::test_a_mac_of_somebody_else",
    ),
    Break(
        "responses-are-obeyed",
        _MAILBOX,
        "row is None or message.cra != envelope.COMMAND",
        "row is None",
        f"{_FORGERY}::test_what_is_no_command",
    ),
    Break(
        "any-role",
        _MAILBOX,
        "not use_cases.permits(row, originator.column)",
        "not originator.column",
        f"{_CASES}::test_the_roles_that_may_send_it_are_answered",
    ),
    Break(
        "replays-are-done",
        _MAILBOX,
        'message.counter <= self.highest.get(_purpose(message), b"")',
        'message.counter < b""',
        f"{_REPLAY}::test_ten_thousand_replays",
    ),
    Break(
        "an-equal-counter-will-do",
        _MAILBOX,
        "message.counter <= self.highest",
        "message.counter < self.highest",
        f"{_REPLAY}::test_ten_thousand_replays",
    ),
    Break(
        "restart-forgets-counters",
        "gsme/store/remote.py",
        ", _restore_counters),\n",
        ", lambda *_: None),\n",
        f"{_REPLAY}::test_ten_thousand_replays",
    ),
    Break(
        "one-counter-for-all",
        _MAILBOX,
        "    return message.other[:_CODE] + message.originator\n",
        "    return bytes(_CODE)\n",
        f"{_REPLAY}::test_counters_are_an_originators_and_a_use_cases_own",
    ),
    Break(
        "any-contents",
        _MAILBOX,
        "len(message.signature) or not use_cases.allows(row, message.content, self._component)",
        "len(message.signature)",
        f"{_CASES}::test_contents_that_the_code_does_not_allow",
    ),
    Break(
        "CS10a-of-the-Security-Log",
        _USE_CASES,
        '_EVENT_LOG = (0, b"\\x13\\x16")',
        '_EVENT_LOG = (0, b"\\x13\\x16\\x14")',
        f"{_CASES}::test_contents_that_are_nearly_right",
    ),
    Break(
        "GCS20-in-any-way",
        _USE_CASES,
        "(_MANAGEMENT, _SET_EVENTS, _LIST_ONLY)",
        "(_MANAGEMENT, _SET_EVENTS, None)",
        f"{_CASES}::test_contents_that_are_nearly_right",
    ),
    Break(
        "GCS36-by-the-supplier",
        _USE_CASES,
        "0x0083: (access.ACCESS_CONTROL_BROKER,",
        "0x0083: (access.SUPPLIER,",
        f"{_CASES}::test_the_roles_that_may_send_it_are_answered",
    ),
    # --- doing
    Break(
        "components-go-on-after-a-failed-one",
        _EXECUTION,
        "        if self.failed:\n            return self._refuse(p, status.FAILURE, _NOT_EXECUTED)\n",
        "",
        f"{_CASES}::test_the_second_of_four_fails",
    ),
    Break(
        "nothing-to-report-is-a-failure",
        _EXECUTION,
        " and not (get and result == status.NOT_FOUND)",
        "",
        f"{_CASES}::test_nothing_to_report_does_not_stop_a_read",
    ),
    Break(
        "updates-are-not-written-down",
        _MAILBOX,
        "        if update:\n",
        "        if not update:\n",
        f"{_CASES}::test_updates_are_written_down",
    ),
    # --- alerts
    Break(
        "alerts-wait-without-bound",
        _ALERTS,
        "if len(self.waiting) >= _MOST:",
        "if len(self.waiting) >= 2 * _MOST:",
        f"{_ALERTED}::test_the_queue_is_bounded",
    ),
    Break(
        "restart-forgets-alerts",
        "gsme/store/remote.py",
        ", _restore_alerts),\n",
        ", lambda *_: None),\n",
        f"{_ALERTED}::test_the_counter_never_comes_twice",
    ),
    Break(
        "reset-begins-to-count-anew",
        _ALERTS,
        "        self.waiting = []",
        "        self.counter[:] = bytes(_COUNTER)\n        self.waiting = []",
        f"{_ALERTED}::test_the_counter_never_comes_twice",
    ),
    Break(
        "the-signature-covers-one-octet-more",
        _ALERTS,
        "_SIGNED = const(1)",
        "_SIGNED = const(0)",
        f"{_ALERTED}::test_every_code",
    ),
    Break(
        "alerts-to-the-last-supplier",
        _PARTIES,
        "            if party.roles & role:\n                return party\n        return None\n",
        "            if party.roles & role:\n                last = party\n        return last\n",
        f"{_ALERTED}::test_of_two_suppliers_the_first_gets_them",
    ),
    # --- keys
    Break(
        "points-off-the-curve",
        _P256,
        " or (y * y - x * x * x + 3 * x - _B) % P",
        "",
        f"{_KEYS}::test_an_invalid_public_key_is_refused",
    ),
    Break(
        "coordinates-beyond-the-field",
        _P256,
        "x >= P or y >= P or ",
        "",
        "host_tests/unit/test_crypto_ecdh.py::test_what_is_refused",
    ),
    Break(
        "two-brokers",
        _PARTIES,
        "            self._replace_broker(entity_id)\n",
        "            pass\n",
        f"{_KEYS}::test_a_second_broker_replaces_the_first",
    ),
    Break(
        "a-zero-of-the-scalar-is-skipped",
        _P256,
        "        self.result = add(result, self._table[entry])\n",
        "        self.result = add(result, self._table[entry]) if entry else result\n",
        "host_tests/unit/test_crypto_trace.py::test_a_thousand_scalars_leave_one_trace_for_each_kind_of_work",
    ),
)
