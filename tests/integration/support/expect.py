"""Assertions with readable failures, polling with a deadline, and the frame around every test's main."""

import faulthandler
import os
import sys
import time
import traceback

TEST_TIME_LIMIT = 170.0  # just under ctest's own limit, so that a hang shows where it hangs


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def expect_equal(got, wanted, what):
    if got != wanted:
        raise AssertionError(f"{what}:\n  got    {_shown(got)}\n  wanted {_shown(wanted)}")


def expect_raises(kind, function, *arguments, **named):
    try:
        function(*arguments, **named)
    except kind as error:
        return error
    raise AssertionError(f"{function.__name__} did not raise {getattr(kind, '__name__', kind)}")


def eventually(probe, what, timeout=10.0, interval=0.02):
    """Polls until `probe()` is true and returns what it returned."""
    deadline = time.monotonic() + timeout
    while True:
        result = probe()
        if result:
            return result
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {timeout} s: {what}")
        time.sleep(interval)


def never(probe, what, during=0.5, interval=0.02):
    """Watches that `probe()` stays false for a while: for promises that something does not happen."""
    deadline = time.monotonic() + during
    while time.monotonic() < deadline:
        expect(not probe(), f"must not happen: {what}")
        time.sleep(interval)


def run(main):
    """Runs a test's main: silent exit 0, or the reason on stderr and exit 1."""
    faulthandler.dump_traceback_later(TEST_TIME_LIMIT, exit=True)
    try:
        main()
    except AssertionError as error:
        frames = traceback.extract_tb(error.__traceback__)
        test = os.path.basename(sys.argv[0])
        place = next((f for f in reversed(frames) if os.path.basename(f.filename) == test), frames[-1])
        print(f"FAILED at {os.path.basename(place.filename)}:{place.lineno}: {error}", file=sys.stderr)
        sys.exit(1)
    except Exception as error:
        traceback.print_exc()
        print(f"FAILED: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(1)
    print("ok")


def _shown(value):
    text = repr(value)
    return text if len(text) <= 400 else f"{text[:400]}... ({len(text)} characters)"
