"""`--json` prints the daemon's document as it came, fields of newer daemons included; refusals too.

Lists that come in pages are put together. Where no daemon answers, the document is of the same form.
"""

import json

from support.expect import expect, expect_equal, run
from support.fake_admin import FakeAdmin, refusal

STATUS = '{"state": "serving",   "of_the_future": [1.50, null, "\\u00e9"]}'


def pages(request):
    first = int(request.parameters.get("after", "0"))
    devices = [{"device": str(n), "big": 12345678901234567890} for n in range(first + 1, first + 3)]
    return {"devices": devices, "next": str(first + 2)} if first < 4 else {"devices": devices}


def main():
    answers = {
        ("GET", "/v1/status"): lambda _: (200, STATUS),
        ("GET", "/v1/devices"): pages,
        ("POST", "/v1/reload"): refusal(422, "refused", "broken", problems=[]),
    }
    with FakeAdmin(answers) as admin:
        expect_equal(admin.run("--json", "status").stdout, STATUS + "\n", "the document, byte by byte")
        devices = json.loads(admin.run("device", "list", "--json").stdout)["devices"]
        expect_equal([d["device"] for d in devices], ["1", "2", "3", "4", "5", "6"], "all pages in one document")
        refused = admin.run("reload", "--json")
        expect_equal(refused.returncode, 1, "exit status")
        expect_equal(json.loads(refused.stdout)["error"]["code"], "refused", "the daemon's code")
        expect(refused.stderr.startswith("gatehousectl: broken"), f"and the reason for people: {refused.stderr}")
        admin.stop()
        nobody = admin.run("status", "--json")
        expect_equal(json.loads(nobody.stdout)["error"]["code"], "no_daemon", "a code of its own")


run(main)
