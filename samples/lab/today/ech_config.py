#!/usr/bin/env python3
"""Prints the list of one ECH configuration (RFC 9849), as a name's HTTPS record carries it, in base64.

    ech_config.py PUBLIC_NAME PUBLIC_KEY_DER      (a key of X25519)
"""
import base64
import struct
import sys


def sized(form, data):
    return struct.pack(form, len(data)) + data


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[2], "rb") as file:
        key = file.read()[-32:]
    suites = struct.pack(">HH", 1, 1)                   # HKDF-SHA256, AES-128-GCM
    contents = (struct.pack(">BH", 7, 0x0020) + sized(">H", key) + sized(">H", suites)
                + b"\x40" + sized(">B", sys.argv[1].encode()) + b"\x00\x00")
    print(base64.b64encode(sized(">H", b"\xfe\x0d" + sized(">H", contents))).decode())


if __name__ == "__main__":
    main()
