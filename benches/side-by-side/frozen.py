#!/usr/bin/env python3
"""What `mocker load-test` says of a server that stands still once, beside what is computed.

The server answers one request after the other and freezes once. An exact simulation says what a client sees that sends
at equal gaps, whatever becomes of the answers: what is due while all connections are busy waits, first come first
served. The simulation needs two figures of the server, which the server itself measures: how long it stood still, and
how many answers a second it gave while it made up for that. Without limit to the latter, 500 ms in 30 s at 10,000
requests a second are a p99 of 200 ms and a p99.9 of 470 ms; 64 connections with answers that take 0.3 ms each make
214 and 472 of it, and a server that is slower more."""

import argparse
import heapq
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True  # the folder stays as it was checked out
import run  # noqa: E402
import servers  # noqa: E402

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
PERCENTILES = {"p50": 0.50, "p99": 0.99, "p999": 0.999}
# Part of what is due in the freeze whose answers tell how fast the server makes up for it: until then all connections
# always have a request for it.
COUNTED = 0.5


def serve(port, freeze_at, freeze_seconds, counted):
    """Answers until SIGTERM, stands still once before the answer of this number, and says on stdout how that went: the
    rate is that of so many answers behind it."""
    listener = socket.create_server(("127.0.0.1", port), backlog=1024)
    listener.setblocking(False)
    poll, connections = select.epoll(), {}
    poll.register(listener.fileno(), select.EPOLLIN)
    seen = {"froze_seconds": 0.0, "drained_per_s": 0.0}
    count, thawed = 0, 0.0

    def finish(*_):
        print(json.dumps(seen), flush=True)
        os._exit(0)

    signal.signal(signal.SIGTERM, finish)
    while True:
        for fd, _ in poll.poll():
            if fd == listener.fileno():
                connection = listener.accept()[0]
                connection.setblocking(False)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connections[connection.fileno()] = connection
                poll.register(connection.fileno(), select.EPOLLIN)
                continue
            connection = connections[fd]
            if not connection.recv(65536):
                poll.unregister(fd)
                connections.pop(fd).close()
                continue
            if count == freeze_at:
                begun = time.monotonic()
                time.sleep(freeze_seconds)
                thawed = time.monotonic()
                seen["froze_seconds"] = thawed - begun
            count += 1
            connection.send(ANSWER)
            if count == freeze_at + counted:
                seen["drained_per_s"] = counted / (time.monotonic() - thawed)


def simulate(rate, seconds, connections, frozen_from, frozen_for, each=0.0, one_by_one=0.0):
    """Response times, in order, of requests that are due at equal gaps. A request takes the connection that is free
    first; its answer takes `each` second on the connection, and `one_by_one` second of the server, which nobody else
    has meanwhile. Whatever goes on while the server stands still takes that much longer."""

    def end(start, length):
        if start + length <= frozen_from or start >= frozen_from + frozen_for:
            return start + length
        return max(start, frozen_from) + frozen_for + (length - max(0.0, frozen_from - start))

    free, server = [0.0] * connections, 0.0
    times = []
    for number in range(int(rate * seconds)):
        due = number / rate
        sent = max(due, heapq.heappop(free))
        server = end(max(sent, server), one_by_one)
        done = end(server, each)
        heapq.heappush(free, done)
        times.append(done - due)
    return sorted(times)


def percentiles(times):
    return {name: times[max(1, -int(-len(times) * part // 1)) - 1] * 1e3 for name, part in PERCENTILES.items()}


def visit(options, port):
    """One run against a server that freezes after a third of the time; what was seen, and what is computed."""
    freeze_at = int(options.rate * (options.warmup + options.seconds / 3))
    counted = max(1, int(options.rate * options.freeze * COUNTED))
    here = [sys.executable, __file__, "--serve", *map(str, (port, freeze_at, options.freeze, counted))]
    server = subprocess.Popen(["taskset", "-c", str(options.server_core), *here], stdout=subprocess.PIPE, text=True)
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 5).close()
                break
            except OSError:
                time.sleep(0.01)
        load = os.getloadavg()[0]
        command = [options.mocker, "load-test", f"http://127.0.0.1:{port}/", "--rps", str(options.rate)]
        command += ["-c", str(options.connections), "-d", f"{options.seconds}s", "--warmup", f"{options.warmup}s"]
        command += ["--threads", "1", "--no-tui", "-o", "json"]
        shown = subprocess.run(
            ["taskset", "-c", str(options.client_core), *command], capture_output=True, text=True, check=False
        )
        report = json.loads(shown.stdout)
    finally:
        server.send_signal(signal.SIGTERM)
        told = json.loads(server.communicate(timeout=15)[0])
    response = report["latency"]["response"]
    computed = simulate(
        options.rate, options.seconds, options.connections, options.seconds / 3, told["froze_seconds"],
        one_by_one=1 / max(1.0, told["drained_per_s"]),
    )
    return {
        "load": round(load, 2),
        "valid": report["generator"]["valid"],
        "sched_lag_p99_us": report["generator"]["sched_lag"]["p99_us"],
        "froze_ms": round(told["froze_seconds"] * 1e3, 2),
        "drained_per_s": round(told["drained_per_s"]),
        "computed_ms": {name: round(value, 2) for name, value in percentiles(computed).items()},
        "measured_ms": {name: round(response[f"{name}_us"] / 1e3, 2) for name in PERCENTILES},
    }


def difference(figures, name):
    return figures["measured_ms"][name] / figures["computed_ms"][name] - 1


def show_theory(options):
    print(f"computed, frozen {options.freeze * 1e3:.0f} ms once in {options.seconds} s at {options.rate}/s, "
          f"{options.connections} connections:")
    for words, each in (("answers that take no time", 0.0), ("answers of 0.3 ms", 0.0003)):
        times = simulate(options.rate, options.seconds, options.connections, options.seconds / 3, options.freeze, each)
        at = percentiles(times)
        print(f"  {words:<28}p99 {at['p99']:7.2f} ms   p99.9 {at['p999']:7.2f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mocker", default=str(run.ROOT / "target/release/mocker"), help="the binary [%(default)s]")
    parser.add_argument("--rate", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--warmup", type=int, default=1)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--freeze", type=float, default=0.5, help="seconds [%(default)s]")
    parser.add_argument("--tries", type=int, default=3)
    parser.add_argument("--within", type=float, default=0.03, help="part that p99 and p99.9 may be off [%(default)s]")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    parser.add_argument("--results", default=str(run.ROOT / "benches/results"), help="[%(default)s]")
    options = parser.parse_args()
    show_theory(options)
    results = run.Results(options.results, "frozen")
    results.add(scenario="machine", **servers.machine())
    held = valid = near = 0
    for number in range(options.tries):
        figures = visit(options, servers.free_port())
        load = {key: getattr(options, key) for key in ("rate", "seconds", "connections", "freeze")}
        results.add(scenario="frozen", round=number, **load, **figures)
        word = "VALID" if figures["valid"] else "INVALID"
        print(f"try {number + 1}: {word}, load {figures['load']}, the server stood still {figures['froze_ms']} ms and then "
              f"gave {figures['drained_per_s']} answers a second")
        for name in ("p99", "p999"):
            print(f"  {name:<6}computed {figures['computed_ms'][name]:8.2f} ms   measured "
                  f"{figures['measured_ms'][name]:8.2f} ms   {difference(figures, name):+.2%}")
        is_near = all(abs(difference(figures, name)) <= options.within for name in ("p99", "p999"))
        valid, near, held = valid + figures["valid"], near + is_near, held + (figures["valid"] and is_near)
    print(f"of {options.tries} tries {near} are within {options.within:.0%} and {valid} VALID, {held} both; raw figures in "
          f"{results.path}")
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
    main()
