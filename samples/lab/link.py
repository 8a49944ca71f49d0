#!/usr/bin/env python3
"""Cables with a delay: one TAP device at the gateway, one in the host, frames handed over later.

Does what `tc netem` does, for kernels without it.  Reads lines
    PID GATEWAY_DEVICE DELAY_MS JITTER_MS LOSS
from standard input (PID: a process in the host's network namespace; DELAY_MS: round trip),
makes the devices, prints "ready" and then runs until it is killed.
Order is kept; a TAP device has no offloads, so frames stay at MTU size with real checksums.
"""
import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000
CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


def enter(namespace):
    if libc.setns(namespace, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def tap(name):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    return fd


def main():
    rng = random.Random(77)
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    other, shape = {}, {}
    for line in sys.stdin:
        pid, device, delay, jitter, loss = line.split()
        left = tap(device)
        enter(os.open("/proc/%s/ns/net" % pid, os.O_RDONLY))
        right = tap("eth0")
        enter(home)
        for a, b in ((left, right), (right, left)):
            other[a] = b
            shape[a] = (float(delay) / 2000, float(jitter) / 2000, float(loss))
    print("ready", flush=True)
    poll = select.epoll()
    for fd in other:
        poll.register(fd, select.EPOLLIN)
    waiting, last, count = [], dict.fromkeys(other, 0.0), 0
    while True:
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, fd, frame = heapq.heappop(waiting)
            try:
                os.write(fd, frame)
            except OSError:
                pass                     # the device is not up yet, or its queue is full
        pause = max(0.0, waiting[0][0] - now) if waiting else -1
        for fd, _ in poll.poll(pause):
            delay, jitter, loss = shape[fd]
            for _ in range(64):
                try:
                    frame = os.read(fd, 65536)
                except (BlockingIOError, OSError):
                    break
                if loss and rng.random() < loss:
                    continue
                due = max(last[fd], time.monotonic() + delay + rng.random() * jitter)
                last[fd] = due
                count += 1
                heapq.heappush(waiting, (due, count, other[fd], frame))


if __name__ == "__main__":
    main()
