"""No key and no message text is ever in the log, the metrics, the backend's records or what --check prints.

At log level debug, sessions are opened, refused, rekeyed and broken. Then everything that came out of the daemon is
searched for the keys as text, hex and base64, for the session keys and for the plaintext.
"""

import base64

from support.backend import Backend
from support.check import check
from support.daemon import Gatehouse, psk_entry, run_program
from support.expect import expect, expect_equal, run
from support.fleet import ALL_GENERATIONS, ONE, THREE, TWO, key_for
from support.secret_search import check_clean
from support.usmp_device import Closed

TEXT_KEY = b"correct horse battery staple"
PLAINTEXT = b"nobody else may read this"
DEVICES = {
    ONE: {"psk": [psk_entry(key_for("hex"), "h")]},
    TWO: {"psk": [{"id": "b", "secret": "base64:" + base64.b64encode(key_for("base64")).decode()}]},
    THREE: {"psk": [{"id": "t", "secret": "text:" + TEXT_KEY.decode()}]},
}
BROKEN_SECRETS = ["hex:" + key_for("odd").hex() + "f", "base64:c2VjcmV0IHNlY3JldA!", "tekst:" + TEXT_KEY.decode()]
KEYS = {ONE: key_for("hex"), TWO: key_for("base64"), THREE: TEXT_KEY}


def provoke(gate, backend):
    """Everything that might make the daemon talk; returns further secrets."""
    secrets = []
    for number, (name, key) in enumerate(KEYS.items()):
        device = gate.connect(name, ("A", "C", "D3")[number], psk=key)
        secrets += [device.channel.tx_key, device.channel.rx_key]
        device.send(PLAINTEXT)
        backend.wait_data(name)
        if device.generation.rekey:
            device.rekey()
            secrets += [device.channel.tx_key, device.channel.rx_key]
        device.ping()
        device.send_raw(device.channel.seal(5, PLAINTEXT, seq=77))
        device.expect_closed()
        try:
            gate.connect(name, psk=key_for("wrong"))
        except Closed:
            pass
    return secrets + [key_for("wrong")]


def main():
    with Backend() as backend, Gatehouse(backend, DEVICES, usmp=ALL_GENERATIONS) as gate:
        secrets = [*KEYS.values(), *provoke(gate, backend)]
        check_clean("the metrics", gate.get("/metrics")[1], [*secrets, PLAINTEXT])
        check_clean("the backend's records", str(backend.select(lambda r: r["type"] != "data")), secrets)
        checked = run_program("--check", "--config", gate.config_file)
        check_clean("--check", checked.stdout + checked.stderr, secrets)
        gate.terminate()
        expect_equal(gate.wait_exit(), 0, "exit code")
        check_clean("the log", gate.log(), [*secrets, PLAINTEXT])
    for secret in BROKEN_SECRETS:
        text = f'version: 1\ndevices:\n  "{ONE}":\n    psk: [{{id: k, secret: "{secret}"}}]\n'
        result = check(credentials=text)
        expect_equal(result.code, 1, "exit code of --check")
        body = secret.split(":", 1)[1]
        expect(body not in result.output, f"the complaint prints the secret: {result.output}")


run(main)
