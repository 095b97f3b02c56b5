"""An S3 that speaks the real protocol over HTTP on loopback: PUT, GET, HEAD and DELETE of an object.

It believes nobody: the AWS4-HMAC-SHA256 signature of each request is computed again from the request itself, as
Amazon describes it ("Authenticating Requests: Using the Authorization Header").
"""

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

ACCESS_KEY, SECRET_KEY, REGION, BUCKET = "AKIDEBRIEFTEST", "a-secret-of-the-tests", "eu-test-1", "debrief-files"


@dataclass
class FakeS3:
    """Its objects by key, every request as method and key, and what it is to do wrong."""

    address: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    fails_with: int = 0


@contextmanager
def running() -> Iterator[FakeS3]:
    """A server on a free port."""
    fake = FakeS3()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": fake}))
    fake.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *args: Any) -> None:
        """A client may hang up."""


class _Handler(BaseHTTPRequestHandler):
    fake: FakeS3
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self._begin()
        if body is not None:
            self.fake.objects[self._key()] = body
            self._answer(200, headers={"ETag": f'"{hashlib.md5(body).hexdigest()}"'})

    def do_GET(self) -> None:
        if self._begin() is not None:
            self._send_object()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        if self._begin() is not None:
            self.fake.objects.pop(self._key(), None)
            self._answer(204)

    def _begin(self) -> bytes | None:
        """The body, after every check; None where the request was answered already."""
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.fake.requests.append((self.command, self._key()))
        self.fake.headers.append(dict(self.headers.items()))
        if self.fake.fails_with:
            self._error(self.fake.fails_with, "InternalError")
        elif wrong := self._what_is_wrong(body):
            self.fake.refused.append(wrong)
            self._error(403, "SignatureDoesNotMatch" if wrong == "signature" else "AccessDenied")
        elif not self.path.startswith(f"/{BUCKET}/"):
            self._error(404, "NoSuchBucket")
        else:
            return body
        return None

    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix(f"/{BUCKET}/")

    def _what_is_wrong(self, body: bytes) -> str:
        said = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
            r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})",
            self.headers.get("Authorization", ""),
        )
        if said is None:
            return "not signed"
        access_key, day, region, signed, signature = said.groups()
        if (access_key, region) != (ACCESS_KEY, REGION) or not {"host", "x-amz-date"} <= {*signed.split(";")}:
            return "scope"
        digest = self.headers.get("x-amz-content-sha256", "")
        if digest != "UNSIGNED-PAYLOAD" and digest != hashlib.sha256(body).hexdigest():
            return "digest"
        expected = _signature(self, day, signed, digest)
        return "" if hmac.compare_digest(expected, signature) else "signature"

    def _send_object(self) -> None:
        content = self.fake.objects.get(self._key())
        if content is None:
            self._error(404, "NoSuchKey")
            return
        headers = {"ETag": f'"{hashlib.md5(content).hexdigest()}"', "Content-Type": "binary/octet-stream"}
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if wanted is None:
            self._answer(200, content, headers)
            return
        first, last = int(wanted[1]), min(int(wanted[2] or len(content) - 1), len(content) - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
        self._answer(206, content[first : last + 1], headers)

    def _error(self, status: int, code: str) -> None:
        body = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{code}</Message></Error>'
        self._answer(status, body.encode(), {"Content-Type": "application/xml"})

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body)), "x-amz-request-id": "1"}.items():
            if status != 204 or name != "Content-Length":
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


def _signature(request: BaseHTTPRequestHandler, day: str, signed: str, digest: str) -> str:
    """The signature that whoever knows the secret key would have put under the request."""
    parts = urlsplit(request.path)
    query = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in parse_qsl(parts.query, True)
    )
    canonical = "\n".join(
        [
            request.command,
            quote(unquote(parts.path), safe="/-_.~"),
            "&".join(f"{name}={value}" for name, value in query),
            *(f"{name}:{' '.join((request.headers.get(name) or '').split())}" for name in signed.split(";")),
            "",
            signed,
            digest,
        ]
    )
    scope = f"{day}/{REGION}/s3/aws4_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = "\n".join(["AWS4-HMAC-SHA256", request.headers.get("x-amz-date", ""), scope, hashed])
    key = f"AWS4{SECRET_KEY}".encode()
    for part in (day, REGION, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
