"""A device that acknowledges only while its application listens gets every message, once and in order.

So do ESP32 and Arduino devices. For C, D1, D2 and D3, and for a D3 device like the POSIX port, which acknowledges
after opening a frame and never again: three messages wait while the device does something else. The gateway sends the
first of them again and no other (one frame is out at a time), gives up nothing, and takes the device's own messages
meanwhile.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect_equal, run
from support.fleet import fleet

CASES = (("C", "asked"), ("D1", "asked"), ("D2", "asked"), ("D3", "asked"), ("D3", "proven"))
ADMITTED = {"generations": ["2", "1-bound"]}
TEXTS = [b"one", b"two " + bytes(600), b"three"]
REPEATED = "gatehouse_retransmitted_frames_total"


def main():
    devices = fleet(len(CASES))
    with Backend() as backend, Gatehouse(backend, devices, usmp=ADMITTED, listener=UDP) as gate:
        connected = [gate.connect_datagram(i, name, acks=acks) for i, (name, acks) in zip(devices, CASES)]
        for device in connected:
            session = backend.opened(device.device_id)["session"]
            for text in TEXTS:
                backend.send_data(session, text)
        # Nobody reads: what the gateway sends waits in the devices' sockets.
        eventually(lambda: gate.metric(REPEATED, listener="fleet") >= 2 * len(CASES), "frames are sent again")
        for device in connected:
            name = device.generation.name
            if device.acks == "asked":
                device.send(b"busy")
                frames = device.received_frames(wire.DATA) + device.received_frames(wire.DATA_FRAG)
                expect_equal({raw[4] for raw in frames}, {0}, f"{name}: sequence numbers that are out")
            expect_equal([device.recv() for _ in TEXTS], TEXTS, f"{name}: messages")
            device.send(b"thanks")
            device.ping()
            expect_equal(device.inbox, [], f"{name}: messages that came again")
        expect_equal(backend.select(type="undelivered"), [], "undelivered messages")


run(main)
