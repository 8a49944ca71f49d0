"""Writes the .torrent of one file to standard output: make_torrent.py FILE ANNOUNCE_URL."""
import hashlib
import os
import sys


def bencode(value):
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, dict):
        return b"d" + b"".join(bencode(key) + bencode(value[key]) for key in sorted(value)) + b"e"
    if isinstance(value, str):
        value = value.encode()
    return b"%d:%s" % (len(value), value)


path, announce = sys.argv[1:]
piece = 16384
with open(path, "rb") as file:
    data = file.read()
info = {"name": os.path.basename(path), "length": len(data), "piece length": piece,
        "pieces": b"".join(hashlib.sha1(data[at:at + piece]).digest() for at in range(0, len(data), piece))}
sys.stdout.buffer.write(bencode({"announce": announce, "info": info}))
