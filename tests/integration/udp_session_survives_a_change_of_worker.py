"""A session goes on when the kernel hands the datagrams of its device's new address to another worker.

With four workers, eight devices change their ports and addresses three times; each time every device exchanges
messages in both directions again, in the session that it had. Messages with fragments, and the backend's own messages,
find the way too.
"""

from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect_equal, run
from support.fleet import fleet

DEVICES, ROUNDS = 8, 3


def listen(devices, text):
    """Every device hears this message; each says something now and then, so that the gateway learns where it is."""
    waiting = list(devices)

    def all_have_heard():
        for device in list(waiting):
            device.send_ping()
            if device.pump(lambda: device.inbox, 0.02):
                expect_equal(device.inbox.pop(0), text, f"downlink to {device.device_id} at {device.local}")
                waiting.remove(device)
        return not waiting

    eventually(all_have_heard, "the devices hear the backend", 15.0, interval=0.2)


def main():
    devices = fleet(DEVICES)
    with Backend() as backend, Gatehouse(backend, devices, listener=UDP, workers=4) as gate:
        connected = [gate.connect_datagram(device_id) for device_id in devices]
        sessions = {name: backend.opened(name)["session"] for name in devices}
        sent = []
        for number in range(ROUNDS):
            sent += [b"round %d" % number, bytes([number]) * 1500]
            for device in connected:
                device.rebind(f"127.0.0.{number + 2}")
                device.send(sent[-2])
                device.send(sent[-1])
            text = b"down %d" % number
            for device in connected:
                backend.send_data(sessions[device.device_id], text)
            listen(connected, text)
        for device in connected:
            expect_equal(backend.settled_data(device.device_id), sent, f"messages of {device.device_id}")
            device.ping()
            device.bye()
        expect_equal(len(backend.select(type="open")), DEVICES, "sessions opened")
        gate.wait_metric("gatehouse_sessions_closed_total", DEVICES, listener="fleet", reason="bye")
        gate.wait_metric("gatehouse_undelivered_messages_total", 0, listener="fleet")


run(main)
