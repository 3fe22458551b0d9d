"""The Python device of UPSS makes and reads what the published clients made: tests/vectors/upss.json."""

import json
import pathlib
import socket
import threading

from cryptography.hazmat.primitives import serialization

from support.expect import expect, expect_equal, expect_raises, run
from support.upss_device import OAEP, StockDevice, package, seal, seal_key, unseal

VECTORS = json.loads((pathlib.Path(__file__).resolve().parents[1] / "vectors" / "upss.json").read_text())


def check_packages():
    for case in VECTORS["package_serialisation"]:
        made = package(case["path"], case["type"], json.loads(case["data_json"]))
        expect_equal(made.decode(), case["wire_utf8"], "a package")


def check_fields():
    for case in VECTORS["data_field"]:
        iv = bytes.fromhex(case["iv_hex"])
        expect_equal(seal(case["key"], case["plaintext"], case["time"], iv), case["wire"], "a sealed field")
        expect_equal(unseal(case["key"], case["wire"]), case["plaintext"], "its text")
    for case in VECTORS["data_field_decryption"]:
        if case["ok"]:
            expect_equal(unseal(case["key"], case["wire"]), case["plaintext"], case["name"])
        else:
            expect_raises(Exception, unseal, case["key"], case["wire"])


def check_keys():
    for pair in VECTORS["rsa_keys"]:
        own = serialization.load_pem_private_key(pair["private_pkcs8_pem"].encode(), None)
        expect_equal(own.decrypt(seal_key(pair["public_spki_pem"], b"k" * 44), OAEP), b"k" * 44, f"{pair['bits']} bits")


def replay_server(listening, session, heard):
    """Says what the recorded server said, after each package that the recorded client said."""
    connection, _ = listening.accept()
    with connection:
        for one in session["messages"]:
            if one["from"] == "server":
                connection.sendall(one["utf8"].encode())
            else:
                data = b""
                while len(data) < len(one["utf8"].encode()):
                    data += connection.recv(len(one["utf8"].encode()) - len(data)) or b"?"
                heard.append(data.decode())


def check_session(session):
    client = [one for one in session["messages"] if one["from"] == "client"]
    texts = [one for one in client if "plaintext" in one]
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = threading.Thread(target=replay_server, args=(listening, session, heard), daemon=True)
        server.start()
        path = json.loads(client[0]["utf8"])["path"]
        release = "0.0.1" if json.loads(client[4]["utf8"])["type"] == "STATUS" else "0.0.2"
        device = StockDevice(listening.getsockname()[1], path, release, session["fernet_key"].encode())
        device.connect()
        for one in texts:
            device.say(one["plaintext"], now=one["fernet_time"], iv=bytes.fromhex(one["fernet_iv_hex"]))
            try:
                device.hear()
            except ConnectionError:
                expect_equal(session["name"], "0.0.1: silent handler, server closes", "who closes without a word")
        server.join(10)
        device.close()
    for number, (got, wanted) in enumerate(zip(heard, client)):
        if number == 1:
            expect_equal(len(got), len(wanted["utf8"]), "the package with the key")
        else:
            expect_equal(got, wanted["utf8"], f"package {number} of {session['name']}")
    expect_equal(len(heard), len(client), "packages")


def main():
    check_packages()
    check_fields()
    check_keys()
    own_type = ("body path and type are ignored", "plaintext body reaches handler, decrypt raises there")
    sessions = [one for one in VECTORS["sessions"] if one["name"] not in own_type]
    expect(len(sessions) == 10, "sessions that a stock client can have had")
    for session in sessions:
        check_session(session)


run(main)
