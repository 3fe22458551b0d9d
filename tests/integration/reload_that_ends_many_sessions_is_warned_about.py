"""A change of a credential file that ends more than a tenth of a set's live sessions is a warning in the log, with their number.

It is not held back: the sessions end at once. One of twenty is no warning, three of nineteen are; sessions of another set do
not count.
"""

from support.backend import Backend
from support.changes import change_credentials
from support.daemon import Gatehouse, credential_text, write_secret
from support.expect import expect_equal, run
from support.fleet import device_name, fleet, key_for

LISTENERS = [{"name": "fleet"}, {"name": "other", "credentials": "other"}]
SETTINGS = {"credentials": {"fleet": {"file": "keys/fleet.yaml"}, "other": {"file": "keys/other.yaml"}}}


def main():
    devices = fleet(20)
    names = list(devices)
    with Backend() as backend:
        gate = Gatehouse(backend, devices, listeners=LISTENERS, settings=SETTINGS)
        write_secret(gate.directory / "keys" / "other.yaml", credential_text({device_name(99): key_for("99")}))
        with gate:
            inside = {name: gate.connect(name) for name in names}
            gate.connect(device_name(99), psk=key_for("99"), port=gate.ports["other"])
            gate.wait_metric("gatehouse_sessions", 20, listener="fleet")
            change_credentials(gate, {name: devices[name] for name in names[1:]})
            backend.wait_for(1, type="close", reason="revoked")
            gate.wait_metric("gatehouse_sessions", 19, listener="fleet")
            change_credentials(gate, {name: devices[name] for name in names[4:]})
            for name in names[1:4]:
                inside[name].expect_bye()
            told = gate.wait_log_record("sessions revoked")
            expect_equal((told["credentials"], told["sessions"], told["of"]), ("fleet", 3, 19), "the warning")
            expect_equal(told["level"], "warn", "its level")
            expect_equal(len(gate.log_records("sessions revoked")), 1, "warnings")
            for name in names[4:]:
                inside[name].ping()


run(main)
