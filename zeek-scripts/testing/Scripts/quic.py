"""Initial packets of QUIC version 1 (RFC 9001), protected and opened again. Slow, and of nothing but the standard library."""
import hashlib
import hmac

SALT = bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a")
TAG = 16


def double(x):
    return (x << 1 ^ (0x1B if x & 0x80 else 0)) & 0xFF


def times(x, y):
    product = 0
    while y:
        product ^= x if y & 1 else 0
        x, y = double(x), y >> 1
    return product


def substitute(x):
    inverse = next((y for y in range(256) if times(x, y) == 1), 0)
    turned = 0
    for shift in range(5):
        turned ^= inverse << shift | inverse >> (8 - shift)
    return turned & 0xFF ^ 0x63


SBOX = bytes(substitute(x) for x in range(256))


def xor(one, other):
    return bytes(a ^ b for a, b in zip(one, other))


def aes(key, block):
    """One block of AES-128."""
    words, constant = [key[i : i + 4] for i in range(0, 16, 4)], 1
    while len(words) < 44:
        word = words[-1]
        if len(words) % 4 == 0:
            word = bytes(SBOX[b] for b in word[1:] + word[:1])
            word, constant = bytes((word[0] ^ constant,)) + word[1:], double(constant)
        words.append(xor(words[-4], word))
    state = xor(block, b"".join(words[:4]))
    for rnd in range(1, 11):
        state = bytes(SBOX[state[i * 5 % 16]] for i in range(16))
        if rnd < 10:
            mixed = b""
            for c in range(0, 16, 4):
                a = state[c : c + 4]
                mixed += bytes(times(a[i], 2) ^ times(a[(i + 1) % 4], 3) ^ a[(i + 2) % 4] ^ a[(i + 3) % 4] for i in range(4))
            state = mixed
        state = xor(state, b"".join(words[4 * rnd : 4 * rnd + 4]))
    return state


def counter(key, nonce, data):
    """What AES in counter mode makes of data, from the second block on as GCM has it."""
    return b"".join(
        xor(data[i : i + 16], aes(key, nonce + (i // 16 + 2).to_bytes(4, "big"))) for i in range(0, len(data), 16)
    )


def tag(key, nonce, cipher, header):
    subkey, y = int.from_bytes(aes(key, bytes(16)), "big"), 0
    pad = lambda data: data + bytes(-len(data) % 16)
    hashed = pad(header) + pad(cipher) + (len(header) * 8).to_bytes(8, "big") + (len(cipher) * 8).to_bytes(8, "big")
    for i in range(0, len(hashed), 16):
        x, v, y = y ^ int.from_bytes(hashed[i : i + 16], "big"), subkey, 0
        for bit in range(127, -1, -1):
            y ^= v if x >> bit & 1 else 0
            v = v >> 1 ^ (0xE1 << 120 if v & 1 else 0)
    return xor(y.to_bytes(16, "big"), aes(key, nonce + b"\0\0\0\1"))


def expand(secret, label, length):
    info = length.to_bytes(2, "big") + bytes((6 + len(label),)) + b"tls13 " + label + b"\0"
    return hmac.new(secret, info + b"\1", hashlib.sha256).digest()[:length]


def client_keys(connection):
    """Key, nonce and key of the header for what the client of a connection id sends."""
    secret = expand(hmac.new(SALT, connection, hashlib.sha256).digest(), b"client in", 32)
    return expand(secret, b"quic key", 16), expand(secret, b"quic iv", 12), expand(secret, b"quic hp", 16)


def initial(connection, frames, size):
    """A client's Initial packet, number 0, of so many bytes."""
    key, nonce, protection = client_keys(connection)
    start = bytes((0xC3, 0, 0, 0, 1, len(connection))) + connection + b"\0\0"
    rest = size - len(start) - 2
    header = start + (0x4000 | rest).to_bytes(2, "big") + bytes(4)
    cipher = counter(key, nonce, frames.ljust(rest - 4 - TAG, b"\0"))
    packet = header + cipher + tag(key, nonce, cipher, header)
    mask = aes(protection, packet[len(header) : len(header) + 16])
    number = len(header) - 4
    return bytes((packet[0] ^ mask[0] & 0x0F,)) + packet[1:number] + xor(packet[number : number + 4], mask[1:5]) + packet[number + 4 :]


def opened(packet):
    """The frames of a client's Initial packet without token and with lengths of two bytes."""
    connection = packet[6 : 6 + packet[5]]
    key, nonce, protection = client_keys(connection)
    number = 6 + len(connection) + 4
    length = int.from_bytes(packet[number - 2 : number], "big") & 0x3FFF
    mask = aes(protection, packet[number + 4 : number + 20])
    size = ((packet[0] ^ mask[0] & 0x0F) & 3) + 1
    sent = int.from_bytes(xor(packet[number : number + size], mask[1:]), "big")
    return counter(key, xor(nonce, sent.to_bytes(12, "big")), packet[number + size : number + length - TAG])
