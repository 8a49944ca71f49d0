"""A BitTorrent tracker in memory: tracker.py PORT."""
import http.server
import socket
import sys
import urllib.parse

swarms = {}


class Tracker(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "tracker", ""

    def do_GET(self):
        fields = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query, encoding="latin-1"))
        swarm = swarms.setdefault(fields.get("info_hash"), {})
        me = self.client_address[0], int(fields.get("port", 0))
        peers = b"".join(socket.inet_aton(host) + port.to_bytes(2, "big") for host, port in swarm if (host, port) != me)
        if fields.get("event") == "stopped":
            swarm.pop(me, None)
        else:
            swarm[me] = True
        body = b"d8:intervali60e5:peers%d:%se" % (len(peers), peers)
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("0.0.0.0", int(sys.argv[1])), Tracker).serve_forever()
