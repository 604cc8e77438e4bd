"""P5: there is no socket. Classes 75, 76, 77, 78, 79.

Expect: held
"""

import socket
import urllib.request

for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET, 40, 38, 31):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        attempt(f"socket {family} {kind}", lambda: socket.socket(family, kind))
attempt("localhost", lambda: socket.create_connection(("127.0.0.1", PORT), timeout=1))
attempt("metadata", lambda: urllib.request.urlopen("http://169.254.169.254/", timeout=1))
attempt("name", lambda: socket.getaddrinfo("example.org", 80))
attempt("numbers", lambda: socket.getaddrinfo("127.0.0.1", 80) and socket.create_server(("127.0.0.1", 0)))
for channel in range(3, 64):
    address = (ctypes.c_ubyte * 16)(2, 0, 0, 80, 127, 0, 0, 1)
    attempt("connect", lambda: libc.connect(channel, address, 16) == 0)
    attempt("send to", lambda: libc.sendto(channel, b"", 0, 0, address, 16) == 0)
    attempt("listen", lambda: libc.listen(channel, 1) == 0)
    attempt("send a descriptor", lambda: libc.sendmsg(channel, (ctypes.c_long * 7)(), 0) >= 0)
