"""`--watch` on a terminal redraws in place, and leaves the terminal as it was after Ctrl-C, which is exit 0."""

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin
from support.terminal import OnTerminal

FIRST, LAST = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"


def main():
    answers = {("GET", "/v1/sessions"): {"sessions": [{"session": "0100", "name": "boiler"}], "total": 1}}
    with FakeAdmin(answers) as admin:
        with OnTerminal(admin.arguments("sessions", "--watch", "0.2")) as person:
            person.read_until("boiler")
            expect(person.output.startswith(FIRST), f"another screen: {person.output!r}")
            admin.stop()
            shown = person.read_until("trying again")
            expect("boiler" in shown[shown.index("trying again"):] or person.read_until("boiler"), "the last sample stays")
            person.write("\x03")
            expect_equal(person.wait(), 0, "exit status after Ctrl-C")
            expect(person.output.endswith(LAST), f"the terminal comes back: {person.output[-40:]!r}")


run(main)
