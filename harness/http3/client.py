"""An HTTP/3 client on aioquic, driven by the lines of another process.

Arguments: a folder with packages for each Python, which may be absent. With --version: prints aioquic's version and ends.
The first line of stdin says where to connect and how, as JSON; every other line is a request, and every line of stdout
is the response to one. Values are base64, for they are bytes. It ends with stdin.
"""

import asyncio
import json
import os
import socket
import ssl
import sys
from base64 import b64decode, b64encode

sys.path.insert(0, os.path.join(sys.argv[1], sys.implementation.cache_tag))

import aioquic  # noqa: E402

if sys.argv[2:] == ["--version"]:
    print(aioquic.__version__)
    sys.exit()

from aioquic.asyncio.protocol import QuicConnectionProtocol  # noqa: E402
from aioquic.h3.connection import H3_ALPN, ErrorCode, H3Connection  # noqa: E402
from aioquic.h3.events import DataReceived, HeadersReceived  # noqa: E402
from aioquic.quic.configuration import QuicConfiguration  # noqa: E402
from aioquic.quic.connection import QuicConnection  # noqa: E402
from aioquic.quic.events import ConnectionTerminated, StreamReset  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key  # noqa: E402
from cryptography.x509 import load_pem_x509_certificates  # noqa: E402


# Codes of QUIC, and not of HTTP/3 on it, that are alerts of TLS (RFC 9001, section 4.8).
tls_alerts = range(0x100, 0x200)


class Exchange:
    """What has come back on one stream."""

    def __init__(self, number):
        self.number = number
        self.headers = None
        self.trailers = []
        self.body = b""

    def headers_received(self, fields):
        if self.headers is None or status_of(self.headers).startswith(b"1"):
            self.headers = fields
        else:
            self.trailers = fields

    def answer(self):
        say({
            "id": self.number,
            "headers": encoded(self.headers or []),
            "body": text(self.body),
            "trailers": encoded(self.trailers),
        })

    def fail(self, reason, is_of_tls=False):
        status = None if self.headers is None else int(status_of(self.headers))
        say({"id": self.number, "error": reason, "isOfTls": is_of_tls, "status": status, "received": len(self.body)})


class Client(QuicConnectionProtocol):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.http = H3Connection(self._quic)
        self.exchanges = {}
        self.streams = {}
        self.ended = None
        self.is_of_tls = False
        self.refused = asyncio.get_running_loop().create_future()

    def error_received(self, error):
        self.end(str(error))
        if not self.refused.done():
            self.refused.set_result(None)

    def end(self, reason):
        if self.ended is not None:
            return
        self.ended = reason
        say({"id": 0, "error": reason, "isOfTls": self.is_of_tls})  # first: who hears of a request may send the next one
        for stream in list(self.exchanges):
            self.finish(stream, lambda exchange: exchange.fail(self.ended, self.is_of_tls))

    def send(self, request):
        if self.ended is not None:
            return Exchange(request["id"]).fail(self.ended, self.is_of_tls)
        stream = self._quic.get_next_available_stream_id()
        self.exchanges[stream] = Exchange(request["id"])
        self.streams[request["id"]] = stream
        chunks = [b64decode(chunk) for chunk in request["chunks"]]
        trailers = decoded(request["trailers"])
        self.http.send_headers(stream, decoded(request["headers"]), end_stream=not chunks and not trailers)
        for i, chunk in enumerate(chunks):
            self.http.send_data(stream, chunk, end_stream=i + 1 == len(chunks) and not trailers)
        if trailers:
            self.http.send_headers(stream, trailers, end_stream=True)
        self.transmit()

    def cancel(self, number):
        stream = self.streams.pop(number, None)
        if stream is None or self.exchanges.pop(stream, None) is None:
            return
        self._quic.stop_stream(stream, ErrorCode.H3_REQUEST_CANCELLED)
        self.transmit()

    def quic_event_received(self, event):
        if isinstance(event, StreamReset):
            reason = f"the stream was reset with {name_of(event.error_code)}"
            self.finish(event.stream_id, lambda exchange: exchange.fail(reason))
        if isinstance(event, ConnectionTerminated):
            self.is_of_tls = event.frame_type is not None and event.error_code in tls_alerts
            self.end(event.reason_phrase or f"the connection was closed with {name_of(event.error_code)}")
        for received in self.http.handle_event(event):
            self.http_event_received(received)

    def http_event_received(self, event):
        exchange = self.exchanges.get(event.stream_id) if isinstance(event, (DataReceived, HeadersReceived)) else None
        if exchange is None:
            return
        if isinstance(event, HeadersReceived):
            exchange.headers_received(event.headers)
        else:
            exchange.body += event.data
        if event.stream_ended:
            self.finish(event.stream_id, Exchange.answer)

    def finish(self, stream, how):
        exchange = self.exchanges.pop(stream, None)
        if exchange is not None:
            how(exchange)


def name_of(code):
    return ErrorCode(code).name if code in iter(ErrorCode) else hex(code)


def status_of(fields):
    return dict(fields).get(b":status", b"")


def text(data):
    return b64encode(data).decode()


def encoded(fields):
    return [[text(name), text(value)] for name, value in fields]


def decoded(fields):
    return [(b64decode(name), b64decode(value)) for name, value in fields]


def say(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def configuration(target):
    quic = QuicConfiguration(
        is_client=True,
        alpn_protocols=target["alpn"] or H3_ALPN,
        server_name=target["serverName"] or target["host"],
    )
    if target["authority"] is not None:
        quic.load_verify_locations(cadata=target["authority"].encode())
    if target["identity"] is not None:
        quic.certificate, *quic.certificate_chain = load_pem_x509_certificates(
            target["identity"]["certificate"].encode()
        )
        quic.private_key = load_pem_private_key(target["identity"]["privateKey"].encode(), password=None)
    if not target["verify"]:
        quic.verify_mode = ssl.CERT_NONE
    return quic


def handshake(client):
    tls = client._quic.tls
    certificate = tls._peer_certificate.public_bytes(Encoding.PEM).decode()
    return {"alpn": tls.alpn_negotiated, "certificate": certificate}


async def lines():
    reader = asyncio.StreamReader(limit=1 << 30)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield json.loads(line)


async def connected(target):
    """A client, with why there is none when it has ended already."""
    loop = asyncio.get_running_loop()
    [(*_, remote), *_] = await loop.getaddrinfo(target["host"], target["port"], type=socket.SOCK_DGRAM)
    local = None if target["localAddress"] is None else (target["localAddress"], 0)
    _, client = await loop.create_datagram_endpoint(
        lambda: Client(QuicConnection(configuration=configuration(target))), remote_addr=remote, local_addr=local
    )
    client.connect(remote)
    waiting = asyncio.ensure_future(client.wait_connected())
    await asyncio.wait([waiting, client.refused], return_when=asyncio.FIRST_COMPLETED)
    if waiting.done() and waiting.exception() is not None:
        client.end(str(waiting.exception()))
    return client


async def main():
    requests = lines()
    client = await connected(await anext(requests))
    if client.ended is not None:
        return
    say({"id": 0, **handshake(client)})
    async for request in requests:
        if "cancel" in request:
            client.cancel(request["cancel"])
        else:
            client.send(request)
    client.close()


asyncio.run(main())
