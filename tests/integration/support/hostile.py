"""What must hold whenever a device breaks the protocol inside its session."""

from . import usmp_wire as wire
from .expect import expect, expect_equal
from .usmp_device import Closed

REJECTED = "gatehouse_rejected_frames_total"


def expect_session_dies(gate, backend, device, spoil, reason=None):
    """`spoil(device)` breaks the protocol: the session must end without BYE, be recorded as `protocol`, and the frame
    be counted once, under `reason` if one is named."""
    before = gate.metric(REJECTED, listener="fleet")
    before_reason = reason and gate.metric(REJECTED, listener="fleet", reason=reason)
    session = backend.wait_for(type="open", device=device.device_id)[-1]["session"]
    name = device.device_id
    try:
        spoil(device)
    except Closed:
        pass  # the gateway was quicker; the rest of the bytes could not be sent any more
    frames = device.expect_closed()
    expect(all(frame.kind != wire.BYE for frame in frames), f"{name}: BYE after a broken frame")
    expect_equal(backend.closed(session)["reason"], "protocol", f"{name}: reason of the close record")
    gate.wait_metric(REJECTED, before + 1, listener="fleet")
    if reason:
        gate.wait_rejected(reason, before_reason + 1)


def expect_alive(device, text=b"still here"):
    """An echo goes round."""
    device.send(text)
    expect_equal(device.recv(), text, f"echo for {device.device_id}")
