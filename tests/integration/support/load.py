"""A process that keeps a gateway busy: `python3 -m support.load PORT DEVICE HEX_KEY [DEVICE HEX_KEY]...`

Connects the devices, prints "ready", and sends as fast as it can until it is killed.
"""

import sys

from .usmp_device import Device

BATCH = 200
MESSAGE = bytes(100)


def main(arguments):
    port = int(arguments[0])
    pairs = zip(arguments[1::2], arguments[2::2])
    devices = [Device(port, name, bytes.fromhex(key), timeout=60.0).connect() for name, key in pairs]
    print("ready", flush=True)
    while True:
        for device in devices:
            frames = (device.channel.seal_message(MESSAGE)[0] for _ in range(BATCH))
            device.send_raw(b"".join(frames))


if __name__ == "__main__":
    main(sys.argv[1:])
