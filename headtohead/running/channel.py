"""The channel: what the process of a job tells its supervisor, beside what it prints.

A program shares its process with the code that runs it, and may find the descriptor. So each message carries a secret,
is read as what anybody may have sent, and one without the secret ends the job. What it takes is bound before the
program runs, which may put something else in the place of any function of any module.
"""

from __future__ import annotations

import json
import os
import re
import socket
from dataclasses import asdict, dataclass
from os import _exit as exit_now

from headtohead.running.jobs import ARRAYS, ROWS, Failed, Finished, result_from

MARK, PUT, END, ANSWER = b"m", b"p", b"e", b"+"
SECRET, CHUNK, LARGEST = 16, 64 * 1024, 128 * 1024  # bytes; one message is one packet
NAME = re.compile(
    rf"figure-[0-9]{{1,6}}-[0-9]{{3,6}}\.svg|{re.escape(ARRAYS)}|{re.escape(ROWS)}|forked"
)  # of what a job gives
_encode = json.JSONEncoder().encode


class Forged(Exception):
    """A message that no code of this project has sent."""


class Channel:
    """The end of it in the process of a job.

    Args:
        end: Its socket.
        secret: What shows that a message is ours.
    """

    def __init__(self, end: socket.socket, secret: bytes):
        self._send, self._hear, self._secret = end.send, end.recv, secret

    def mark(self) -> None:
        """Says that a cell ends here; comes back once all that was printed so far is taken."""
        self._tell(MARK)
        if self._hear(1) != ANSWER:  # the program has shut it
            exit_now(os.EX_IOERR)

    def put(self, name: str, data: bytes) -> None:
        """Hands over what becomes a file beside the output; more for the same name is appended."""
        for start in range(0, len(data) or 1, CHUNK):
            self._tell(PUT + name.encode() + b"\0" + data[start : start + CHUNK])

    def end(self, result: Finished | Failed) -> None:
        """Says what became of the job, as it sees it."""
        self._tell(END + _encode({type(result).__name__: asdict(result)}).encode()[:CHUNK])

    def _tell(self, what: bytes) -> None:
        try:
            self._send(self._secret + what)
        except OSError:  # the program has closed it
            exit_now(os.EX_IOERR)


@dataclass(frozen=True)
class Put:
    """A part of a file."""

    name: str
    data: bytes


def pair() -> tuple[socket.socket, socket.socket, bytes]:
    """The supervisor's end, the job's end, and the secret of both."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    return here, there, os.urandom(SECRET)


def read(message: bytes, secret: bytes) -> Put | Finished | Failed | None:
    """What a message says, None of a mark; raises `Forged` for one that is none of ours."""
    kind, rest = message[SECRET : SECRET + 1], message[SECRET + 1 :]
    if message[:SECRET] != secret:
        raise Forged
    if kind == MARK:
        return None
    if kind == PUT:
        name, _, data = rest.partition(b"\0")
        if not NAME.fullmatch(name.decode("latin-1")):
            raise Forged
        return Put(name.decode(), data)
    try:
        return result_from(json.loads(rest))
    except (ValueError, RecursionError):
        raise Forged from None
