"""What is no record is answered and skipped, and the commands around it are executed; sixteen in a row end the connection.

Lines that are no JSON, no objects, no UTF-8 or nested too deeply, and binary records too short for a header, stand between good
commands in one write: each gets an error record that says what is wrong, the device gets every command, in order, and the
connection stays. Members of a wrong type are named, with the command's ref and address, and good records between bad ones begin the
count anew. Sixteen in a row, or a record over the limit, end that connection with a line in the log: the gateway connects
again, and the device's session goes on. The log has few lines, whatever is sent.
"""

from support.backend import Backend, NdjsonCodec
from support.binary_codec import BinaryCodec
from support.daemon import Gatehouse
from support.expect import eventually, expect, expect_equal, run
from support.fleet import ONE, fleet
from support.hostile import expect_alive

IN_A_ROW = 16
LINES = [
    (b"hello gateway, this is no JSON\n", "line is not JSON"),
    (b'{"type":"data","session":\n', "line is not JSON"),
    (b"[1,2,3]\n", "line is not a JSON object"),
    (b"null\n", "line is not a JSON object"),
    (b'{"type":"\xff\xfe"}\n', "line is not JSON"),
    (b"\0\n", "line is not JSON"),
    (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}\n", "line is nested too deeply"),
]
WRONG_VALUES = [7, None, True, ["x"], {"x": "y"}]


def check_lines(backend, device, session):
    connection = backend.connection_of(session)
    before = len(backend.select(type="error"))
    text, wanted = b"", []
    for count, (line, _) in enumerate(LINES):
        text += line
        wanted.append(b"%d" % count)
        text += connection.codec.encode({"type": "data", "session": session, "payload": wanted[-1]})
    backend.send_raw(text, connection)
    expect_equal([device.recv() for _ in wanted], wanted, "the commands behind broken lines")
    errors = backend.wait_for(before + len(LINES), type="error")[before:]
    expect_equal([e["error"] for e in errors], [why for _, why in LINES], "what the lines are answered with")
    expect(connection.alive, "the connection stays")


def check_wrong_types(backend, device, session):
    connection = backend.connection_of(session)

    def answer_to(record):
        known = len(backend.select(type="error"))
        backend.send(record, connection)
        found = backend.wait_for(known + 1, type="error")[known]
        return {key: value for key, value in found.items() if key in ("error", "session", "device", "ref")}

    for value in WRONG_VALUES:
        base = {"session": session, "ref": "r-7"}
        known = {"session": session, "ref": "r-7"}
        for record, member, shown in (
            ({**base, "type": value, "text": "x"}, "type", known),
            ({**base, "type": "data", "text": value}, "text", known),
            ({**base, "type": "data", "data": value}, "data", known),
            ({**base, "type": "data", "device": value, "text": "x"}, "device", known),
            ({**base, "type": "close", "device": value}, "device", known),
            ({"type": "data", "device": ONE, "session": value, "text": "x"}, "session", {"device": ONE}),
            ({"type": "close", "device": ONE, "session": value}, "session", {"device": ONE}),
            ({"type": "ack", "session": value, "seq": 1, "ref": "a"}, "session", {"ref": "a"}),
            ({"type": "data", "session": session, "text": "x", "ref": value}, "ref", {"session": session}),
        ):
            expect_equal(answer_to(record), {"error": f'"{member}" must be text', **shown}, f"answer to {record}")
        if value != 7:
            answer = answer_to({**base, "type": "ack", "seq": value})
            expect_equal(answer["error"], '"seq" must be a whole number from 0 on', f'"seq": {value!r}')
    answer = answer_to({"type": "data", "device": "no-such-device", "text": "x", "ref": "second"})
    expect_equal(answer, {"error": "unknown device", "device": "no-such-device", "ref": "second"}, "a well-formed one")
    answer = answer_to({"type": "data", "session": "0123456789abcdef", "text": "x", "ref": "third"})
    expect_equal(answer["ref"], "third", "the ref of a command for nobody")
    expect_alive(device)


def check_in_a_row(backend, device, gate, session, broken, lost):
    connection = backend.connection_of(session)
    good = connection.codec.encode({"type": "data", "session": session, "payload": b"between"})
    backend.send_raw((broken * (IN_A_ROW - 1) + good) * 3, connection)
    for _ in range(3):
        expect_equal(device.recv(), b"between", "the command behind fifteen broken records")
    expect(connection.alive, "fifteen in a row do not end it")
    before = len(backend.select(type="error"))
    backend.send_raw(broken * IN_A_ROW, connection)
    backend.wait_for(before + IN_A_ROW, type="error")  # the last one is told, too
    wait_next_connection(backend, gate, connection, lost)
    expect(gate.log_records("backend disconnected", detail="too many broken records in a row"), "the reason in the log")
    expect_alive(device)


def wait_next_connection(backend, gate, connection, lost):
    eventually(lambda: not connection.alive, "the connection ends")
    gate.wait_metric("gatehouse_backend_reconnects_total", lambda n: n >= lost, backend="telemetry")
    backend.wait_connections(1)


def check_too_long(backend, device, gate, session, data, lost):
    connection = backend.connection_of(session)
    try:
        backend.send_raw(data, connection)
    except OSError:
        pass  # ended before all of it was sent
    wait_next_connection(backend, gate, connection, lost)
    expect(gate.log_records("backend disconnected", detail="record too long"), "the reason in the log")
    expect_alive(device)


def check(codec, format_name, broken, endless):
    options = {"format": format_name}
    with Backend(echo=True, codec=codec) as backend, Gatehouse(
        backend, fleet(1), workers=1, backend_options=options
    ) as gate:
        device = gate.connect(ONE)
        session = backend.opened(ONE)["session"]
        expect_alive(device)
        if format_name == "ndjson":
            check_lines(backend, device, session)
            check_wrong_types(backend, device, session)
        check_in_a_row(backend, device, gate, session, broken, 1)
        check_too_long(backend, device, gate, session, endless, 2)
        expect_equal(backend.select(type="close"), [], "close records")
        expect_equal({r["session"] for r in backend.select(type="data")}, {session}, "session of the messages")
        refused = gate.metric("gatehouse_backend_refused_records_total", backend="telemetry")
        lines = gate.log_records("backend record refused")
        expect(len(lines) < refused, f"{refused} refused records, {len(lines)} lines of log")
        expect(all(r["backend"] == "telemetry" for r in lines), f"log: {lines}")


def main():
    too_short = b"\0\0\0\x03abc"
    check(BinaryCodec, "records", too_short, b"\x7f" * 64)
    check(NdjsonCodec, "ndjson", b"this is no JSON\n", b'{"type":"' + b"x" * (4 << 20))


run(main)
