"""Frames that were changed on their way, by somebody who can make checksums but no tags."""

import struct

from . import usmp_wire as wire


def flipped(raw, at=-1):
    """One bit of the payload is another one; the checksum is right."""
    payload = bytearray(raw[wire.HEADER_SIZE :])
    payload[at] ^= 1
    return rebuilt(raw, payload=bytes(payload))


def rebuilt(raw, *, version=None, kind=None, seq=None, payload=None, **wrong):
    """A frame with other fields, and a checksum that fits them."""
    old_version, old_kind, old_seq = struct.unpack_from("<BBI", raw, 2)
    return wire.build_frame(
        old_version if version is None else version,
        old_kind if kind is None else kind,
        old_seq if seq is None else seq,
        raw[wire.HEADER_SIZE :] if payload is None else payload,
        **wrong,
    )
