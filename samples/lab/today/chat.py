#!/usr/bin/env python3
"""A chat over WebSocket (RFC 6455) in TLS: what one says, all the others hear.

    chat.py ADDRESS PORT CERTIFICATE KEY
"""
import asyncio
import base64
import hashlib
import ssl
import struct
import sys

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
here = set()


async def listen(reader, writer):
    head = await reader.readuntil(b"\r\n\r\n")
    lines = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    lines = {name.lower(): value for name, value in lines.items()}
    accept = base64.b64encode(hashlib.sha1(lines[b"sec-websocket-key"] + MAGIC).digest())
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
    here.add(writer)
    try:
        while True:
            kind, size = await reader.readexactly(2)
            size &= 127
            if size == 126:
                size, = struct.unpack(">H", await reader.readexactly(2))
            mask = await reader.readexactly(4)
            text = bytes(byte ^ mask[at % 4] for at, byte in enumerate(await reader.readexactly(size)))
            if kind & 15 == 8:
                writer.write(b"\x88\x00")
                return
            length = bytes([size]) if size < 126 else b"\x7e" + struct.pack(">H", size)
            for other in here - {writer}:
                other.write(b"\x81" + length + text)
    finally:
        here.discard(writer)
        writer.close()


async def one(reader, writer):
    try:
        await listen(reader, writer)
    except (asyncio.IncompleteReadError, ConnectionError, KeyError, ssl.SSLError):
        pass                             # the browser went away, or it was no browser


async def main():
    address, port, certificate, key = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = await asyncio.start_server(one, address, int(port), ssl=context)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
