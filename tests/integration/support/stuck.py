"""A daemon that cannot finish its drain, because its backend does not read what is queued for it."""

from .expect import eventually, expect

MESSAGE = bytes(1000)
MESSAGES = 1500  # more than the sockets' buffers take
QUEUED = "gatehouse_backend_queued_bytes"
OPTIONS = {"queue_limit": "16MiB"}


def fill_queue(gate, backend, device):
    """The backend stops reading and the device sends until the gateway has all and still holds a part of it."""
    backend.pause()
    for number in range(MESSAGES):
        device.send(number.to_bytes(4, "little") + MESSAGE)
    gate.wait_metric("gatehouse_messages_total", MESSAGES, listener="fleet", direction="up")
    queued = gate.metric(QUEUED, backend="telemetry")
    expect(queued > 0, f"queued bytes: {queued}; the buffers of the sockets were larger than expected")


def drain(gate):
    """Sends SIGTERM and waits until the daemon says that it is not ready any more."""
    gate.terminate()

    def answers_503():
        try:
            return gate.get("/readyz")[0] == 503
        except OSError:
            return False

    eventually(answers_503, "/readyz answers 503 while draining")
