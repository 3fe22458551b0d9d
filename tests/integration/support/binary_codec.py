"""The `records` encoding of backend records, as lib/backend/binary_record.h defines it: length-prefixed, big-endian.

Gives and takes the same dicts as NdjsonCodec in backend.py, with the plaintext as bytes under "payload".
"""

import struct

TYPES = {1: "hello", 2: "open", 3: "data", 4: "close", 5: "ack", 6: "error", 7: "undelivered"}
NUMBERS = {name: number for number, name in TYPES.items()}
TEXTS = {
    "open": ("device", "protocol", "generation", "listener", "peer", "credential"),
    "close": ("device", "reason"),
    "error": ("device", "error"),
}
AGAIN = 0x01
NAMED = 0x10
HEADER = struct.Struct(">BB8s")


class Fields:
    def __init__(self, data):
        self.data = data

    def take(self, size):
        if len(self.data) < size:
            raise ValueError(f"record ends {size - len(self.data)} bytes too early")
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def text(self):
        return self.take(self.number(1)).decode()


def _text(value):
    encoded = value.encode()
    return bytes([len(encoded)]) + encoded


class BinaryCodec:
    def __init__(self):
        self.rest = b""

    def feed(self, data):
        self.rest += data
        records = []
        while len(self.rest) >= 4:
            size = int.from_bytes(self.rest[:4], "big")
            if len(self.rest) < 4 + size:
                break
            records.append(self._decode(self.rest[4 : 4 + size]))
            self.rest = self.rest[4 + size :]
        return records

    @staticmethod
    def _decode(body):
        fields = Fields(body)
        number, flags, session = HEADER.unpack(fields.take(HEADER.size))
        kind = TYPES.get(number, "unknown")  # readers ignore what they do not know
        record = {"type": kind}
        if session != bytes(8):
            record["session"] = session.hex()
        if flags & AGAIN:
            record["again"] = True
        if kind == "hello":
            record |= {"version": fields.number(2), "worker": fields.number(2), "gateway": fields.text()}
        elif kind == "data":
            record |= {"seq": fields.number(8), "device": fields.text(), "payload": fields.data}
        elif kind == "undelivered":
            record |= {"seq": fields.number(8), "device": fields.text(), "error": fields.text(), "payload": fields.data}
        else:
            record |= {name: fields.text() for name in TEXTS.get(kind, ())}
            if kind == "error" and fields.data:
                record["ref"] = fields.text()
        return record

    @staticmethod
    def encode(record):
        kind = record["type"]
        session = bytes.fromhex(record.get("session", "00" * 8))
        ref = _text(record["ref"]) if "ref" in record else b""
        body = HEADER.pack(NUMBERS[kind], NAMED if ref else 0, session)
        if kind == "data":
            body += bytes(8) + _text(record.get("device", "")) + ref + record["payload"]
        elif kind == "ack":
            body += struct.pack(">Q", record["seq"]) + ref
        elif kind == "close":
            body += _text(record.get("device", "")) + ref + _text("")
        return len(body).to_bytes(4, "big") + body
