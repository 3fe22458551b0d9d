"""With `payload: text`, messages that are valid UTF-8 travel as "text", others as base64 "data", both ways."""

import base64

from support.backend import Backend
from support.daemon import Gatehouse
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet

TEXTS = ['{"t": 21.5, "unit": "°C"}', "", 'quote " backslash \\ tab \t newline \n nul \0 bell \a', "\U0001f525"]
OTHERS = [b"\xff", b"\xc0\xaf", b"cut off \xe2\x82", b"\xed\xa0\x80"]


def main():
    with Backend() as backend, Gatehouse(backend, fleet(1), backend_options={"payload": "text"}) as gate:
        device = gate.connect(ONE)
        for message in [text.encode() for text in TEXTS] + OTHERS:
            device.send(message)
        records = backend.wait_for(len(TEXTS) + len(OTHERS), type="data")
        expect_equal([r.get("text") for r in records], TEXTS + [None] * len(OTHERS), "text")
        expect(all(("text" in r) != ("data" in r) for r in records), "either text or data")
        expect_equal([base64.b64decode(r["data"]) for r in records[len(TEXTS) :]], OTHERS, "data")
        session = records[0]["session"]
        for text in TEXTS:
            backend.send({"type": "data", "session": session, "text": text})
            expect_equal(device.recv(), text.encode(), "text to the device")
        backend.send_data(session, OTHERS[0])
        expect_equal(device.recv(), OTHERS[0], "data to the device")


run(main)
