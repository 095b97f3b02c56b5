"""Whether a webhook comes from who knows the secret."""

import hashlib
import hmac


def is_signed(body: bytes, secret: str, signature: str) -> bool:
    """Whether `signature` is the HMAC-SHA256 of the body in hexadecimal."""
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(expected.encode(), signature.strip().lower().encode())


def is_secret(said: str, secret: str) -> bool:
    """Whether the secret itself was sent."""
    return bool(secret) and hmac.compare_digest(said.encode("utf-8", "replace"), secret.encode())


def fingerprint(body: bytes) -> str:
    """A name for a delivery that has none of its own: the same body has the same."""
    return hashlib.sha256(body).hexdigest()
