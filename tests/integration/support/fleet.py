"""Device ids and keys for tests."""

import hashlib

ALL_GENERATIONS = {"generations": ["2", "1-bound", "1"]}


def device_name(number):
    return "02:00:00:00:" + f"{number >> 8:02x}:{number & 0xFF:02x}"


def key_for(text):
    """A key that no other device has, the same in each run."""
    return hashlib.sha256(b"gatehouse integration test " + text.encode()).digest()


def fleet(count, first=1):
    """{device id: key} for so many devices."""
    names = [device_name(number) for number in range(first, first + count)]
    return {name: key_for(name) for name in names}


ONE, TWO, THREE = (device_name(number) for number in (1, 2, 3))
