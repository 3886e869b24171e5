#!/usr/bin/env python3
"""What TLS costs: mocker beside nginx (OpenSSL), both with the same certificate and TLS 1.3, and beside itself without.

Kept connections, pipelined ones, a handshake for each request, and the memory of connections that idle. The servers are up
at once on one core and visited in turn, as in run.py. See README.md.
"""

import argparse
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True  # the folder stays as it was checked out
import run  # noqa: E402
import servers  # noqa: E402

# As (name, connections, depth, a field of each request).
SCENARIOS = [
    ("64 connections", 64, 1, None),
    ("256 connections", 256, 1, None),
    ("64 connections, 16 pipelined", 64, 16, None),
    ("a handshake for each request", 16, 1, "Connection: close"),
]


def certificate(folder):
    cert, key = Path(folder) / "cert.pem", Path(folder) / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=localhost", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    os.chmod(key, 0o600)
    return cert, key


def start_nginx(options, folder, cert, key):
    port = servers.free_port()
    body = '{"data":"' + "x" * (options.body - 11) + '"}'
    text = servers.NGINX.format(folder=folder, port=port, body=body)
    text = text.replace(
        f"listen 127.0.0.1:{port} reuseport backlog=4096;",
        f"listen 127.0.0.1:{port} ssl reuseport backlog=4096;\n    ssl_certificate {cert};\n    "
        f"ssl_certificate_key {key};\n    ssl_protocols TLSv1.2 TLSv1.3;",
    )
    config = Path(folder) / "tls.conf"
    config.write_text(text)
    command = ["nginx", "-p", folder, "-c", str(config)]
    return servers.Server("nginx", command, port, "/", options.server_core, scheme="https")


def start_mocker(options, name, *extra):
    port = servers.free_port()
    command = [options.mocker, "start", "--spec", options.spec, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--threads", "1", "--admin", "off", *extra]
    scheme = "https" if extra else "http"
    return servers.Server(name, command, port, options.path, options.server_core, scheme=scheme)


def idle(options, subjects, results):
    """Resident memory with connections of which each was answered once, after they have idled for a while."""
    print(f"\n{options.idle} idle kept-alive connections")
    context = ssl._create_unverified_context()
    for server in subjects:
        before, _ = server.memory_kib()
        held = []
        request = f"GET {server.path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        for _ in range(options.idle):
            connection = socket.create_connection(("127.0.0.1", server.port), 20)
            if server.scheme == "https":
                connection = context.wrap_socket(connection)
            connection.sendall(request)
            if not connection.recv(65536):
                raise SystemExit(f"{server.name} closed a connection")
            held.append(connection)
        time.sleep(options.settle)
        after, _ = server.memory_kib()
        each = (after - before) * 1024 / options.idle
        results.add(scenario="idle", server=server.name, connections=options.idle, before_kib=before, settled_kib=after)
        print(f"  {server.name:<14}{before / 1024:8.1f} MiB before {after / 1024:8.1f} MiB after, {each:8.0f} bytes each")
        for connection in held:
            connection.close()


def compare(options, subjects, results):
    secure = [server for server in subjects if server.scheme == "https"]
    for name, connections, depth, header in SCENARIOS:
        how = {"connections": connections, "depth": depth, "header": header}
        among = subjects if header is None else secure
        figures = run.rounds(options, among, results, name, **how)
        run.show(name, figures, "nginx" if "nginx" in figures else "mocker")
        if "nginx" in figures:
            print(f"{name}: {run.ratios(figures, 'mocker', 'nginx', 'cpu_us'):.2f} of the server CPU of nginx with TLS")
        if "mocker, plain" in figures:
            print(f"{name}: {run.ratios(figures, 'mocker', 'mocker, plain', 'cpu_us'):.2f} of the server CPU without TLS")
    if options.idle:
        idle(options, subjects, results)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mocker", default=str(run.ROOT / "target/release/mocker"), help="the binary [%(default)s]")
    parser.add_argument("--spec", default=str(Path(__file__).with_name("customer.yaml")), help="[%(default)s]")
    parser.add_argument("--path", default="/written", help="[%(default)s]")
    parser.add_argument("--body", type=int, default=600, help="bytes of nginx's answer [%(default)s]")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of each visit [%(default)s]")
    parser.add_argument("--idle", type=int, default=2000, help="connections that idle; 0 leaves it out [%(default)s]")
    parser.add_argument("--settle", type=int, default=4, help="seconds that they idle [%(default)s]")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    parser.add_argument("--results", default=str(run.ROOT / "benches/results"), help="[%(default)s]")
    options = parser.parse_args()
    results = run.Results(options.results, "tls")
    subjects, folder = [], tempfile.mkdtemp(prefix="side-by-side-")
    try:
        cert, key = certificate(folder)
        subjects.append(start_mocker(options, "mocker", "--tls-cert", str(cert), "--tls-key", str(key)))
        subjects.append(start_mocker(options, "mocker, plain"))
        if servers.shutil.which("nginx"):
            subjects.append(start_nginx(options, folder, cert, key))
        else:
            print("without nginx (apt-get install nginx-light)")
        results.add(scenario="machine", **servers.machine())
        compare(options, subjects, results)
    finally:
        servers.stop_all(subjects, folder)
    print(f"\nraw figures in {results.path}")


if __name__ == "__main__":
    main()
