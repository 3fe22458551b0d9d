"""Looks for secrets in what anybody may read: in every form in which people and programs write them."""

import base64

from .expect import expect


def spellings(secret):
    encoded = base64.b64encode(secret).decode()
    return [secret.hex(), secret.hex().upper(), encoded, encoded.rstrip("="), secret.decode("latin-1")]


def check_clean(what, text, secrets):
    for secret in secrets:
        for spelling in spellings(secret):
            expect(spelling not in text, f"{what} contains a secret: {spelling!r}")
