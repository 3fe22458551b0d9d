"""A backend for tests: a Unix stream server, one thread a connection, that keeps every record it receives.

    with Backend(echo=True) as backend, Gatehouse(backend, ...) as gate: ...

`records` holds them in the order of arrival per connection; each is the record as sent, with the number of its
connection added under "connection". Acknowledgement is "none", "each" (at once) or "manual" (the test calls ack).
"""

import base64
import json
import pathlib
import select
import shutil
import socket
import tempfile
import threading
import time


class NdjsonCodec:
    """One JSON object a line."""

    def __init__(self):
        self.rest = b""

    def feed(self, data):
        *lines, self.rest = (self.rest + data).split(b"\n")
        return [json.loads(line) for line in lines]

    @staticmethod
    def encode(record):
        fields = {key: value for key, value in record.items() if key != "payload"}
        if "payload" in record:
            fields["data"] = base64.b64encode(record["payload"]).decode()
        return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


def payload_of(record):
    """The plaintext of a data record, however it is written."""
    if "payload" in record:
        return record["payload"]
    if "text" in record:
        return record["text"].encode()
    return base64.b64decode(record["data"], validate=True)


class Connection:
    def __init__(self, number, sock, codec):
        self.number = number
        self.socket = sock
        self.codec = codec
        self.worker = None
        self.alive = True
        self.sending = threading.Lock()

    def send_bytes(self, data):
        with self.sending:
            self.socket.sendall(data)

    def close(self):
        self.alive = False
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Backend:
    def __init__(self, *, echo=False, ack="none", codec=NdjsonCodec):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-backend-"))
        self.path = str(self.directory / "backend.sock")
        self.echo = echo
        self.ack_policy = ack
        self.codec = codec
        self.records = []
        self.connections = []
        self.changed = threading.Condition()
        self.reading = threading.Event()
        self.reading.set()
        self.listening = None
        self.threads = []
        self.failures = []  # records that could not be decoded

    # --- life -----------------------------------------------------------------------------------------------------

    def start(self):
        pathlib.Path(self.path).unlink(missing_ok=True)
        self.listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listening.bind(self.path)
        self.listening.listen(64)
        self._spawn(self._accept, self.listening)
        return self

    def stop(self):
        """Goes away as a stopped service does: no listener, no connections, no socket file."""
        listening, self.listening = self.listening, None
        if listening is not None:
            try:
                listening.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        pathlib.Path(self.path).unlink(missing_ok=True)
        self.drop_connections()
        for thread in self.threads:
            if thread is not threading.current_thread():
                thread.join(5.0)
        self.threads = []
        if listening is not None:
            listening.close()

    def drop_connections(self):
        """Closes the connections but goes on listening."""
        with self.changed:
            connections = [c for c in self.connections if c.alive]
        for connection in connections:
            connection.close()

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def pause(self):
        """Stops reading; what is sent stays in the sockets' buffers."""
        self.reading.clear()

    def resume(self):
        self.reading.set()

    def _spawn(self, function, *arguments):
        thread = threading.Thread(target=function, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _accept(self, listening):
        while True:
            try:
                sock, _ = listening.accept()
            except OSError:
                return
            with self.changed:
                connection = Connection(len(self.connections), sock, self.codec())
                self.connections.append(connection)
                self.changed.notify_all()
            if self.listening is not listening:
                connection.close()
            self._spawn(self._serve, connection)

    def _serve(self, connection):
        try:
            while connection.alive:
                if not self.reading.wait(0.05):
                    continue
                if not select.select([connection.socket], [], [], 0.05)[0] or not self.reading.is_set():
                    continue
                data = connection.socket.recv(65536)
                if not data:
                    break
                self._take(connection, connection.codec.feed(data))
        except OSError:
            pass
        except Exception as error:  # a record that does not decode is a finding, not a reason to hang
            self.failures.append(error)
        with self.changed:
            connection.alive = False
            connection.socket.close()
            self.changed.notify_all()

    def _take(self, connection, records):
        with self.changed:
            for record in records:
                record["connection"] = connection.number
                if record.get("type") == "hello":
                    connection.worker = record.get("worker")
                self.records.append(record)
            self.changed.notify_all()
        for record in records:
            if record.get("type") != "data":
                continue
            if self.ack_policy == "each":
                self._send_on(connection, {"type": "ack", "session": record["session"], "seq": record["seq"]})
            if self.echo:
                reply = {"type": "data", "session": record["session"], "payload": payload_of(record)}
                self._send_on(connection, reply)

    # --- reading --------------------------------------------------------------------------------------------------

    def select(self, where=None, **fields):
        """The records received so far with these fields, for which `where` is true."""
        with self.changed:
            return [
                record
                for record in self.records
                if all(record.get(key) == value for key, value in fields.items())
                and (where is None or where(record))
            ]

    def wait_for(self, count=1, deadline=10.0, where=None, **fields):
        """Waits for `count` such records and returns them all."""
        end = time.monotonic() + deadline
        with self.changed:
            while True:
                found = self.select(where, **fields)
                if len(found) >= count:
                    return found
                if self.failures:
                    raise AssertionError(f"the backend could not decode what the gateway sent: {self.failures[0]!r}")
                left = end - time.monotonic()
                if left <= 0:
                    raise AssertionError(
                        f"the backend has {len(found)} of {count} records with {fields}; "
                        f"{len(self.records)} records in all, the last: {self.records[-5:]}"
                    )
                self.changed.wait(left)

    def opened(self, device, nth=1, deadline=10.0):
        """The open record of the device's nth session."""
        return self.wait_for(nth, deadline, type="open", device=device)[nth - 1]

    def closed(self, session, deadline=10.0):
        return self.wait_for(1, deadline, type="close", session=session)[0]

    def data(self, device):
        return [payload_of(record) for record in self.select(type="data", device=device)]

    def settled_data(self, device):
        """The payloads of the device's messages, once everything has come that the gateway has written so far."""
        self.wait_executed(self.select(device=device)[-1]["session"])
        return self.data(device)

    def wait_data(self, device, count=1, deadline=10.0):
        """The payloads of the device's messages, once there are `count`."""
        return [payload_of(record) for record in self.wait_for(count, deadline, type="data", device=device)]

    def wait_connections(self, count, deadline=10.0):
        """Waits for so many live connections that have said hello; returns them."""
        end = time.monotonic() + deadline
        with self.changed:
            while True:
                live = [c for c in self.connections if c.alive and c.worker is not None]
                if len(live) >= count:
                    return live
                left = end - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"{len(live)} of {count} backend connections")
                self.changed.wait(left)

    # --- writing --------------------------------------------------------------------------------------------------

    def connection_of(self, session):
        """The connection on which the session's latest record came."""
        with self.changed:
            for record in reversed(self.records):
                if record.get("session") == session and self.connections[record["connection"]].alive:
                    return self.connections[record["connection"]]
            return next(c for c in self.connections if c.alive)

    def send(self, record, connection=None):
        """Sends a record; bytes under "payload" become what the encoding wants."""
        self._send_on(connection or self.connection_of(record.get("session")), record, strict=True)

    def send_data(self, session, payload, connection=None):
        self.send({"type": "data", "session": session, "payload": payload}, connection)

    def ack(self, session, seq, connection=None):
        self.send({"type": "ack", "session": session, "seq": seq}, connection)

    def wait_executed(self, session):
        """Records of one connection are executed in order: an answered one behind them proves that the others were."""
        known = len(self.select(type="error", session="f" * 16))
        self.send({"type": "data", "session": "f" * 16, "payload": b""}, self.connection_of(session))
        self.wait_for(known + 1, type="error", session="f" * 16)

    def send_raw(self, data, connection=None):
        if connection is None:
            connection = self.connection_of(None)
        connection.send_bytes(data)

    def _send_on(self, connection, record, strict=False):
        try:
            connection.send_bytes(connection.codec.encode(record))
        except OSError:
            if strict:
                raise
