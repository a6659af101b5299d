#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# PgBouncer 1.18.0 (Debian 12): the FATAL errors that it makes itself carry the field S (severity, which a server may
# translate) but not V (the same, never translated), which PostgreSQL sends since 9.6 and whose manual tells clients to
# prefer. libpq gives null for PG_DIAG_SEVERITY_NONLOCALIZED then. And the SQLSTATE of each is 08P01 (protocol
# violation): for what lasts (a startup parameter that it does not take) as for what passes (its server is away), so that
# only the text tells a client whether it is worth trying again.
#
# Needs apt (root is not needed), python3 and two free ports on loopback. Fails if any of this changes.
set -euo pipefail
version=1.18.0-1+deb12u1
pooler=""
folder=$(mktemp -d)
trap 'kill "$pooler" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -q "pgbouncer=$version" "libevent-2.1-7=2.1.12-stable-8+deb12u1" "libc-ares2=1.18.1-3" >/dev/null
for package in *.deb; do dpkg -x "$package" root; done
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port)
nobody_there=$(free_port)
cat > pooler.ini <<EOF
[databases]
crm = host=127.0.0.1 port=$nobody_there dbname=crm user=crm
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = any
query_wait_timeout = 2
EOF
chmod -R a+rX .
as_user=""
[ "$(id -u)" != 0 ] || as_user="-u nobody"
LD_LIBRARY_PATH=$(dirname "$(find root -name 'libevent-2.1.so.7' | head -n 1)") \
  root/usr/sbin/pgbouncer -q $as_user pooler.ini >log 2>&1 &
pooler=$!

python3 - "$port" <<'EOF'
import socket, struct, sys, time

def error_of(*parameters):
    """The fields of the first ErrorResponse after a startup message with these parameters and a query."""
    for _ in range(100):
        try:
            connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10)
            break
        except ConnectionRefusedError:
            time.sleep(0.05)
    body = struct.pack("!i", 196608) + b"".join(part.encode() + b"\0" for part in parameters) + b"\0"
    connection.sendall(struct.pack("!i", len(body) + 4) + body)
    data, asked = b"", False
    while True:
        while len(data) >= 5 and len(data) >= 1 + struct.unpack("!i", data[1:5])[0]:
            length = 1 + struct.unpack("!i", data[1:5])[0]
            kind, message, data = data[:1], data[5:length], data[length:]
            if kind == b"E":
                return {field[:1].decode(): field[1:].decode() for field in message.split(b"\0") if field}
            if kind == b"Z" and not asked:
                query = b"select 1\0"
                connection.sendall(b"Q" + struct.pack("!i", len(query) + 4) + query)
                asked = True
        more = connection.recv(4096)
        if not more:
            raise SystemExit("closed without an error")
        data += more

lasting = error_of("user", "crm", "database", "crm", "options", "-c TimeZone=UTC")
passing = error_of("user", "crm", "database", "crm")
print("lasting:", lasting)
print("passing:", passing)
for error in lasting, passing:
    assert error["S"] == "FATAL" and "V" not in error, "it has a field V now"
    assert error["C"] == "08P01", "another SQLSTATE"
assert "options" in lasting["M"]
assert passing["M"] in ("query_wait_timeout", "pgbouncer cannot connect to server") or "login" in passing["M"], passing["M"]
print("as stated")
EOF
