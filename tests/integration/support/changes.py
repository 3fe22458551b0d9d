"""Changes of a running daemon's files, as operators make them, and what is known of its reloads.

Whoever edits a file writes another one and moves it over the first: `replace`. The daemon looks at credential files by
itself; the configuration it reads at SIGHUP and at POST /v1/reload.
"""

import contextlib
import os
import pathlib

from .daemon import credential_text
from .expect import eventually, expect_equal
from .yaml_text import to_yaml

TCP_AND_UDP = [{"name": "fleet"}, {"name": "air", "transport": "udp"}]
GENERATION = "gatehouse_config_generation"
RELOADS = "gatehouse_config_reloads_total"
FAILING = "gatehouse_config_reload_failing"


def replace(path, text, mode=0o600):
    """As `mv` does: there is never half a file."""
    path = pathlib.Path(path)
    beside = path.with_name(path.name + ".new")
    beside.write_text(text) if isinstance(text, str) else beside.write_bytes(text)
    beside.chmod(mode)
    os.replace(beside, path)


def replace_credentials(gate, devices, **more):
    """Writes a fleet without waiting until it is loaded."""
    gate.devices = devices
    replace(gate.credential_file, credential_text(devices, **more))


@contextlib.contextmanager
def reloading(gate, result="ok", deadline=10.0):
    """What is done inside makes the daemon reload; leaving waits until it has."""
    before = gate.metric(RELOADS, result=result)
    yield
    gate.wait_metric(RELOADS, lambda count: count > before, deadline, result=result)


def change_credentials(gate, devices, **more):
    """The same, and it is loaded when this returns."""
    with reloading(gate):
        replace_credentials(gate, devices, **more)


def write_config(gate, config=None):
    gate.config = config or gate.config
    replace(gate.config_file, to_yaml(gate.config), 0o644)


def connect_udp(gate, device_id, **options):
    """Over UDP, where the daemon has the listeners TCP_AND_UDP."""
    return gate.connect_datagram(device_id, port=gate.ports["air"], **options)


def state_of(gate):
    """(generation, reloads that failed)"""
    return gate.metric(GENERATION), gate.metric(RELOADS, result="failed")


def wait_closed(backend, session, reason, deadline=10.0):
    closed = backend.closed(session, deadline)
    expect_equal(closed["reason"], reason, f"why session {session} ended")
    return closed


def wait_refused(gate, device_id, **options):
    eventually(lambda: gate.device(device_id, **options).is_refused(), f"{device_id} is refused")
