"""A key shorter than 16 bytes is refused, unless its device says `weak: accept`; then it works and is warned about.

`--check` refuses the file with position and reason. With `weak: accept` the daemon starts, logs the event
`weak key accepted` as a warning, and the device gets in.
"""

from support.backend import Backend
from support.check import check
from support.daemon import Gatehouse, credential_text, psk_entry
from support.expect import expect, expect_equal, run
from support.fleet import ONE, fleet

SHORT = b"fifteen bytes!!"
SHORT_ENTRY = {"psk": [psk_entry(SHORT)]}


def main():
    result = check(credentials=credential_text({ONE: SHORT_ENTRY}))
    expect_equal(result.code, 1, "exit code of --check with a short key")
    expect_equal([c.file for c in result.complaints], ["fleet.yaml"], "files complained about")
    text = result.complaints[0].text
    expect("16" in text and "weak" in text, f"the message says what would be right: {text}")
    expect(SHORT.hex() not in result.output, "the key is not printed")

    devices = {ONE: {**SHORT_ENTRY, "weak": "accept"}, **fleet(1, first=2)}
    with Backend() as backend, Gatehouse(backend, devices) as gate:
        gate.wait_log_record("weak key accepted", level="warn", device=ONE)
        gate.connect(ONE, psk=SHORT)
        backend.opened(ONE)
        expect_equal(len(gate.log_records("weak key accepted")), 1, "warnings")


run(main)
