"""The messages of the socket: those of y-websocket, and one of our own that says what is stored."""

import json
from dataclasses import dataclass
from typing import Any

from pycrdt import Decoder, Encoder, write_var_uint

SYNC, AWARENESS, ASK_AWARENESS = 0, 1, 3
STORED = 100  # then a number: how many update messages of this connection are in the database
STEP_1, STEP_2, UPDATE = 0, 1, 2
NO_UPDATE = b"\x00\x00"
LARGEST_NUMBER = 2**53
LONGEST_STATE = 4000
MOST_BRACKETS = 100


class Malformed(Exception):
    """Not a message of this protocol."""


@dataclass(frozen=True)
class Presence:
    """What one client says about itself; `state` None when it leaves. A newer `clock` wins."""

    client: int
    clock: int
    state: dict[str, Any] | None


def stored_message(count: int) -> bytes:
    """Says that the first `count` update messages of a connection are committed."""
    return bytes([STORED]) + write_var_uint(count)


def presence_message(states: list[Presence]) -> bytes:
    """An awareness message."""
    encoder = Encoder()
    encoder.write_var_uint(len(states))
    for one in states:
        encoder.write_var_uint(one.client)
        encoder.write_var_uint(one.clock)
        encoder.write_var_string(json.dumps(one.state, separators=(",", ":")))
    data = encoder.to_bytes()
    return bytes([AWARENESS]) + write_var_uint(len(data)) + data


def read_presence(message: bytes) -> list[Presence]:
    """The states in an awareness message. Raises Malformed."""
    try:
        decoder = Decoder(read_payload(message[1:]))
        states = []
        for _ in range(decoder.read_var_uint()):
            client, clock = decoder.read_var_uint(), decoder.read_var_uint()
            state = _state(decoder.read_var_string() or "null")
            if not (0 <= client < LARGEST_NUMBER and 0 <= clock < LARGEST_NUMBER):
                raise Malformed
            if state is not None and not isinstance(state, dict):
                raise Malformed
            states.append(Presence(client, clock, state))
    except (ValueError, IndexError, RuntimeError, RecursionError) as problem:
        raise Malformed from problem
    return states


def _state(text: str) -> Any:
    """What a client says about itself. Only what every other end can read as well: it is handed on."""
    if len(text) > LONGEST_STATE or text.count("[") + text.count("{") > MOST_BRACKETS:
        raise Malformed
    return json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> None:
    raise Malformed  # NaN and Infinity, which browsers do not read


def read_payload(data: bytes) -> bytes:
    """The bytes behind their length. Raises Malformed."""
    length = shift = place = 0
    while place < len(data) and place < 8:
        byte = data[place]
        length |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            if len(data) - place != length:
                break
            return data[place:]
    raise Malformed
