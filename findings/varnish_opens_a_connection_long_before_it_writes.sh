#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Varnish 7.1.1 (Debian 12), in pass mode: once the head of a POST has come it opens a connection to its backend, but
# sends nothing on it, not even that head, until the first bytes of the body come. So to a server a fresh connection
# that is silent is not an idle one: a slow client's request stands behind it. If the server closes it (to make room,
# say), Varnish does not try again, and its client gets a 503 of Varnish's own, of which the server never knows. The
# silence lasts as long as Varnish waits for the body: timeout_idle, 5 s by default, 10 s here, so that a busy machine
# changes nothing; then it sends the head without the body, closes, and gives its client that 503. nginx 1.22.1 with
# proxy_request_buffering off, in the same run, sends the head before the body has come; Varnish does so, too, for a
# request without one.
#
# Needs apt (root is not needed), gcc (Varnish compiles its configuration), python3 and three free ports on loopback.
# Fails if any of this changes.
set -euo pipefail
varnish=7.1.1-2+deb12u1
nginx=1.22.1-9+deb12u11
started=()
folder=$(mktemp -d)
stop() {
  [ ${#started[@]} = 0 ] || kill "${started[@]}" 2>/dev/null || true
  wait
  rm -rf "$folder"
}
trap stop EXIT
cd "$folder"
apt-get download -q "varnish=$varnish" "libvarnishapi3=$varnish" "libjemalloc2=5.3.0-1" "libedit2=3.1-20221030-2" \
  "libbsd0=0.11.7-2" "libncursesw6=6.4-4" "libpcre2-8-0=10.42-1+deb12u2" "nginx=$nginx" >/dev/null
for package in *.deb; do dpkg -x "$package" root; done
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
backend_port=$(free_port)
varnish_port=$(free_port)
nginx_port=$(free_port)
cat > pass.vcl <<EOF
vcl 4.1;
backend default { .host = "127.0.0.1"; .port = "$backend_port"; }
sub vcl_recv { return (pass); }
EOF
cat > nginx.conf <<EOF
daemon off;
pid nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 127.0.0.1:$nginx_port;
    location / {
      proxy_pass http://127.0.0.1:$backend_port;
      proxy_http_version 1.1;
      proxy_request_buffering off;
    }
  }
}
EOF
libraries=$folder/$(dirname "$(find root -name 'libjemalloc.so.2')")
export LD_LIBRARY_PATH=$libraries
root/usr/sbin/varnishd -F -j none -n "$folder/varnish" -T none -a "127.0.0.1:$varnish_port" -f "$folder/pass.vcl" \
  -s malloc,16m -p thread_pools=1 -p thread_pool_min=10 -p vsl_space=1M \
  -p timeout_idle=10 >varnish.log 2>&1 &
started+=($!)
root/usr/sbin/nginx -p "$folder" -e nginx.log -c nginx.conf >nginx.start.log 2>&1 &
started+=($!)

python3 - "$backend_port" "$varnish_port" "$nginx_port" <<'EOF' || { cat ./*.log; exit 1; }
import contextlib, socket, sys, time

silence = 2.0  # seconds that a proxy is given to send what it has
patience = 30.0  # seconds after which what must come is taken to be lacking
backend_port, varnish, nginx = map(int, sys.argv[1:])
backend = socket.create_server(("127.0.0.1", backend_port))
backend.settimeout(patience)
post = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"
get = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
body = b"0123456789"

def connect(port):
    """A connection to a proxy, which may still be starting."""
    end = time.monotonic() + patience
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), patience)
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise SystemExit("the proxy does not start")
            time.sleep(0.05)

def comes(connection, seconds):
    """What comes within so many seconds; nothing if nothing does."""
    connection.settimeout(seconds)
    try:
        data = connection.recv(65536)
    except TimeoutError:
        return b""
    if not data:
        raise SystemExit("the proxy has closed its connection")
    return data

def comes_until(connection, ending, data=b""):
    while not data.endswith(ending):
        more = comes(connection, patience)
        if not more:
            raise SystemExit(f"{ending} does not come after {data}")
        data += more
    return data

@contextlib.contextmanager
def head_sent(port, head):
    """The client's connection after its head, and the connection that the proxy has opened for it."""
    with connect(port) as client:
        client.sendall(head)
        try:
            server, _ = backend.accept()
        except TimeoutError:
            raise SystemExit("the proxy opens no connection before the body has come")
        with server:
            yield client, server

def answer(client, server):
    server.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
    assert comes_until(client, b"ok").startswith(b"HTTP/1.1 200")

def own_503(client):
    """The first line of the 503 that Varnish makes itself."""
    refusal = comes_until(client, b"</html>\n")
    assert refusal.startswith(b"HTTP/1.1 503 ") and b"Varnish cache server" in refusal, f"another answer: {refusal}"
    return refusal.split(b"\r\n")[0]

with head_sent(nginx, post) as (client, server):
    early = comes(server, patience)
    print("nginx, POST without its body yet: its connection has come, and on it", early[:15])
    assert early.startswith(b"POST / HTTP/1.1\r\n"), "nginx waits for the body, too"
    client.sendall(body)
    comes_until(server, body, early)
    answer(client, server)

with head_sent(varnish, get) as (client, server):
    early = comes(server, patience)
    print("Varnish, GET: its connection has come, and on it", early[:14])
    assert early.startswith(b"GET / HTTP/1.1\r\n"), "Varnish sends no GET"
    answer(client, server)

with head_sent(varnish, post) as (client, server):
    early = comes(server, silence)
    print("Varnish, POST without its body yet: its connection has come, and on it", early[:15])
    assert early == b"", "Varnish sends the head before the body has come"
    client.sendall(body[:1])
    late = comes(server, patience)
    print("Varnish, after the body's first byte:", late[:15])
    assert late.startswith(b"POST / HTTP/1.1\r\n"), "Varnish waits for more of the body"
    client.sendall(body[1:])
    comes_until(server, body, late)
    answer(client, server)

with head_sent(varnish, post) as (client, server):
    assert comes(server, silence) == b"", "Varnish sends the head before the body has come"
    server.close()
    client.sendall(body)
    print("Varnish, its silent connection closed by the server, then the body:", own_503(client))
    backend.settimeout(silence)
    try:
        backend.accept()
        raise SystemExit("Varnish tries again")
    except TimeoutError:
        print("Varnish has not tried again")
    backend.settimeout(patience)

with head_sent(varnish, post) as (client, server):
    late = comes(server, patience)
    print("Varnish, the body never sent:", own_503(client), "and on its connection", late[:15], "and an end")
    assert late.startswith(b"POST / HTTP/1.1\r\n") and late.endswith(b"\r\n\r\n"), "another end"
    assert server.recv(1) == b"", "it goes on"
print("as stated")
EOF
