"""The clients: wrk and `mocker load-test` for requests, plain sockets for connections that idle."""

import json
import resource
import selectors
import socket
import subprocess
import time
from pathlib import Path

SCRIPT = Path(__file__).with_name("pinned.lua")


def wrk(server, core, connections, seconds, depth=1, pause_ms=0, body=None, header=None):
    """One run of wrk, of POSTs where there is a JSON body. The figures of the client with the server's CPU time and
    memory around it."""
    command = ["taskset", "-c", str(core), "wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--timeout", "10s"]
    command += ["-H", header] if header else []
    before = server.cpu_seconds()
    shown = subprocess.run(
        [*command, "-s", str(SCRIPT), server.url, "--", str(depth), str(pause_ms), *([body] if body else [])],
        capture_output=True,
        text=True,
        check=False,
    )
    used = server.cpu_seconds() - before
    line = next((line for line in shown.stdout.splitlines() if line.startswith("JSON ")), None)
    if line is None:
        raise SystemExit(f"wrk against {server.name} failed:\n{shown.stdout}{shown.stderr}")
    figures = json.loads(line[5:])
    figures["rps"] = round(figures["requests"] / figures["seconds"])
    figures["cpu_us"] = round(used * 1e6 / max(1, figures["requests"]), 3)
    figures["rss_kib"], _ = server.memory_kib()
    return figures


def load_test(server, core, connections, seconds, mocker, rate="max"):
    """One run of `mocker load-test`, as fast as answers come or at a rate, in the figures of `wrk`. Latencies of a rate
    count from when requests were due."""
    options = ["--rps", str(rate), "-c", str(connections), "-d", f"{seconds}s", "--warmup", "100ms", "--threads", "1"]
    before = server.cpu_seconds()
    shown = subprocess.run(
        ["taskset", "-c", str(core), mocker, "load-test", server.url, *options, "--no-tui", "-o", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    used = server.cpu_seconds() - before
    if shown.returncode not in (0, 3):
        raise SystemExit(f"load-test against {server.name} failed:\n{shown.stdout}{shown.stderr}")
    report = json.loads(shown.stdout)
    counts, latency = report["requests"], report["latency"]["response"]
    figures = {
        "requests": counts["completed"],
        "seconds": seconds,
        "failed": counts["failed"],
        "not_2xx": sum(count for status, count in report["status"].items() if not status.startswith("2")),
        "p50_us": latency["p50_us"],
        "p99_us": latency["p99_us"],
        "p999_us": latency["p999_us"],
        "valid": report["generator"]["valid"],
        "rps": round(counts["completed"] / seconds),
        "cpu_us": round(used * 1e6 / max(1, counts["completed"] + counts["warmup_discarded"]), 3),
    }
    figures["rss_kib"], _ = server.memory_kib()
    return figures


def idle_connections(server, count, settle_seconds):
    """Memory with `count` kept-alive connections, each of which was answered once."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count + 64:
        if hard < count + 64:
            return {"skipped": f"at most {hard} descriptors are allowed here"}
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    idle_kib, _ = server.memory_kib()
    request = f"GET {server.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    selector = selectors.DefaultSelector()
    held = []
    try:
        for start in range(0, count, 200):
            batch = [socket.create_connection(("127.0.0.1", server.port), 20) for _ in range(min(200, count - start))]
            held += batch
            for connection in batch:
                connection.sendall(request)
            for connection in batch:
                if not connection.recv(65536):
                    raise SystemExit(f"{server.name} closed connection {len(held)} of {count}")
        at_once_kib, _ = server.memory_kib()
        time.sleep(settle_seconds)
        settled_kib, peak_kib = server.memory_kib()
        # They must all still be served, or the memory was saved by closing them.
        for connection in held[:: max(1, count // 100)]:
            connection.sendall(request)
            if not connection.recv(65536):
                raise SystemExit(f"{server.name} closed an idle connection")
    finally:
        selector.close()
        for connection in held:
            connection.close()
    return {
        "connections": count,
        "before_kib": idle_kib,
        "at_once_kib": at_once_kib,
        "settled_kib": settled_kib,
        "peak_kib": peak_kib,
        "settle_seconds": settle_seconds,
    }
