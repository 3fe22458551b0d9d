"""`limits: {half_records: ...}` bounds what is kept of frames that never end: who has waited longest makes way.

SPP: sixty sessions, and then sixty devices with their first record, send most of a long record and no more. With 1 MiB for one worker
those that began first end, are counted, and the log says why; the last ones finish their records, which arrive. A device that sends a byte now and
then is not younger for it. USMP: the same for half frames, and for fragmented messages over TCP and UDP, where it costs the message and not the session.
"""

from support import usmp_wire as wire
from support.backend import Backend
from support.daemon import UDP, Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import fleet
from support.spp_gate import SppGate

DROPPED = "gatehouse_half_records_dropped_total"
LIMITED = "gatehouse_limited_total"
DETAIL = "too much was kept of unfinished frames"
DEVICES, LONG = 60, 50_000
LEAST = {"half_records": "256KiB"}  # 128 blocks of 2 KiB
MANY = 150


def spp_gate(backend):
    names = [f"meter-{number}" for number in range(DEVICES)]
    listener = {"limits": {"half_records": "1MiB"}}
    return SppGate(backend, names, listener=listener, spp={"trial_keys": 64}, workers=1), names


def check_spp_sessions():
    with Backend() as backend, spp_gate(backend)[0] as gate:
        names = [f"meter-{number}" for number in range(DEVICES)]
        devices = [gate.connect(name) for name in names]
        backend.wait_for(DEVICES, 20.0, type="open")
        records = [device.record(bytes(LONG)) for device in devices]
        devices[0].send_raw(records[0][:1000])
        for device, record in zip(devices[1:], records[1:]):
            device.send_raw(record[:-100])
            devices[0].socket.settimeout(5.0)
            try:
                devices[0].send_raw(b"\0")
            except Exception:
                pass  # it had to go
        eventually(lambda: len(backend.select(type="close")) >= DEVICES - 22, "those that began first are closed")
        closed = {record["device"] for record in backend.select(type="close")}
        expect(names[0] in closed and names[1] in closed, "the first two had to go")
        expect_equal({record["reason"] for record in backend.select(type="close")}, {"protocol"}, "the reason")
        expect_equal(closed, set(names[: len(closed)]), "who had to go: those that began first")
        gate.wait_metric(DROPPED, lambda count: count >= len(closed), listener="fleet")
        gate.wait_metric(LIMITED, lambda count: count >= len(closed), listener="fleet", limit="half_records")
        gate.wait_log_record("session closed", device=names[1], detail=DETAIL)
        for device, record in zip(devices[-5:], records[-5:]):
            device.send_raw(record[-100:])
            wanted = [b"first", bytes(LONG)]
            expect_equal(backend.wait_data(device.device_id, 2), wanted, f"messages of {device.device_id}")


def check_spp_first_records():
    gate, names = None, None
    with Backend() as backend:
        gate, names = spp_gate(backend)
        with gate:
            devices = [gate.device(name).open().shake_hands() for name in names]
            records = [device.record(bytes(LONG)) for device in devices]
            for device, record in zip(devices, records):
                device.send_raw(record[:-100])
            gate.wait_handshakes("limited", lambda count: count >= DEVICES - 22)
            gate.wait_metric(DROPPED, lambda count: count >= DEVICES - 22, listener="fleet")
            expect(gate.refusals(DETAIL), "the log says why")
            devices[-1].send_raw(records[-1][-100:])
            expect_equal(backend.wait_data(names[-1]), [bytes(LONG)], "the first record of the last device")


def check_usmp_half_frames():
    with Backend() as backend, Gatehouse(backend, fleet(MANY), limits=LEAST, workers=1) as gate:
        devices = [gate.connect(name) for name in gate.devices]
        backend.wait_for(MANY, 20.0, type="open")
        frames = [device.channel.seal_message(b"whole")[0] for device in devices]
        for device, frame in zip(devices, frames):
            device.send_raw(frame[:-5])
        eventually(lambda: len(backend.select(type="close")) >= MANY - 130, "those that began first are closed")
        closed = {record["device"] for record in backend.select(type="close")}
        expect_equal(closed, set(list(gate.devices)[: len(closed)]), "who had to go")
        devices[-1].send_raw(frames[-1][-5:])
        expect_equal(backend.wait_data(devices[-1].device_id), [b"whole"], "the last device's message")


def check_usmp_fragments():
    with Backend() as backend, Gatehouse(backend, fleet(MANY), limits=LEAST, workers=1) as gate:
        devices = [gate.connect(name) for name in gate.devices]
        parts = [device.channel.seal_message(bytes(700)) for device in devices]
        for device, frames in zip(devices, parts):
            device.send_raw(frames[0])
        gate.wait_metric(DROPPED, lambda count: count >= MANY - 130, listener="fleet")
        devices[-1].send_raw(parts[-1][1])
        expect_equal(backend.wait_data(devices[-1].device_id), [bytes(700)], "the last device's message")
        expect_equal(backend.select(type="close"), [], "sessions that ended")
        devices[0].send_raw(parts[0][1])
        first = backend.opened(devices[0].device_id)["session"]
        expect_equal(backend.closed(first)["reason"], "protocol", "the first device, whose message made way")


def check_usmp_fragments_over_udp():
    with Backend() as backend, Gatehouse(backend, fleet(MANY), limits=LEAST, workers=1, listener=UDP) as gate:
        devices = [gate.connect_datagram(name) for name in gate.devices]
        parts = [device.channel.seal_message(bytes(700)) for device in devices]
        for device, frames in zip(devices, parts):
            device.deliver(frames[0])
        gate.wait_metric(DROPPED, lambda count: count >= MANY - 130, listener="fleet")
        devices[-1].deliver(parts[-1][1])
        expect_equal(backend.wait_data(devices[-1].device_id), [bytes(700)], "the last device's message")
        expect(not devices[0].is_acknowledged(parts[0][1], 0.3), "UTACK of the rest of what had to make way")
        again = devices[0].channel.seal(wire.DATA, b"again")
        eventually(lambda: devices[0].is_acknowledged(again, 0.3), "the next message of that device")
        expect_equal(backend.settled_data(devices[0].device_id), [b"again"], "messages of that device")
        expect_equal(backend.select(type="close"), [], "sessions that ended")


def main():
    check_spp_sessions()
    check_spp_first_records()
    check_usmp_half_frames()
    check_usmp_fragments()
    check_usmp_fragments_over_udp()


run(main)
