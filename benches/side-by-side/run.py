#!/usr/bin/env python3
"""Mocker beside nginx and whatever else is installed, on the same machine at the same time.

All servers are up at once on one core and visited in turn, forwards and backwards, by a client on
another core. Each round gives one ratio to nginx; what is printed is the median of these. See README.md.
"""

import argparse
import datetime
import json
import shutil
import statistics
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True  # the folder stays as it was checked out
import clients  # noqa: E402
import servers  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]

# name, connections, pipelining depth
SCENARIOS = [("64 connections", 64, 1), ("256 connections", 256, 1), ("64, 16 pipelined", 64, 16)]
# the same, driven by an io_uring client that is faster than the servers
SATURATED = [("64 connections, saturated", 64), ("256 connections, saturated", 256)]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mocker", default=str(ROOT / "target/release/mocker"), help="the binary [%(default)s]")
    parser.add_argument("--spec", default=str(Path(__file__).with_name("customer.yaml")), help="[%(default)s]")
    parser.add_argument("--path", default="/written", help="what is asked for [%(default)s]")
    parser.add_argument("--fresh-path", default="/generated", help="what is asked of `mocker --fresh` [%(default)s]")
    parser.add_argument("--server", action="append", default=[], metavar="NAME=COMMAND",
                        help="another server; {port} in the command is replaced")
    parser.add_argument("--body", type=int, default=600, help="bytes of nginx's body [%(default)s]")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of each visit [%(default)s]")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    parser.add_argument("--idle", type=int, default=10_000, help="idle connections; 0 for none [%(default)s]")
    parser.add_argument("--settle", type=int, default=6, help="seconds before memory is read [%(default)s]")
    parser.add_argument("--soak", type=int, default=0, help="seconds at full speed, watching memory [%(default)s]")
    parser.add_argument("--results", default=str(ROOT / "benches/results"), help="[%(default)s]")
    return parser.parse_args()


class Results:
    """Every figure of the run as a line of JSON, kept by date."""

    def __init__(self, folder, name="side-by-side"):
        now = datetime.datetime.now()
        folder = Path(folder) / now.strftime("%Y-%m-%d")
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}-{now.strftime('%H%M%S')}.jsonl"
        self.file = self.path.open("w")

    def add(self, **record):
        self.file.write(json.dumps(record) + "\n")
        self.file.flush()


def rounds(options, subjects, results, scenario, client=clients.wrk, **how):
    """Visits all servers `--rounds` times; the list of figures of each."""
    figures = {server.name: [] for server in subjects}
    for number in range(options.rounds):
        for server in subjects if number % 2 == 0 else reversed(subjects):
            visit = client(server, options.client_core, seconds=options.seconds, **how)
            figures[server.name].append(visit)
            results.add(scenario=scenario, round=number, server=server.name, **visit)
    return figures


def ratios(figures, name, base, key):
    return statistics.median(a[key] / max(1e-9, b[key]) for a, b in zip(figures[name], figures[base]))


def show(scenario, figures, base):
    print(f"\n{scenario}")
    heads = ["server", "cpu us/req", f"cpu/{base}", "req/s", f"req/s/{base}", "p50 us", "p99 us", "p99.9 us", "MiB", "failed"]
    print("  {:<18}{:>11}{:>11}{:>9}{:>12}{:>9}{:>9}{:>10}{:>7}{:>8}".format(*heads))
    for name, visits in figures.items():
        median = {key: statistics.median(visit[key] for visit in visits) for key in visits[0]}
        failed = sum(visit["failed"] + visit["not_2xx"] for visit in visits)
        print(
            f"  {name:<18}{median['cpu_us']:>11.2f}{ratios(figures, name, base, 'cpu_us'):>11.2f}"
            f"{median['rps']:>9.0f}{ratios(figures, name, base, 'rps'):>12.2f}{median['p50_us']:>9.0f}"
            f"{median['p99_us']:>9.0f}{median['p999_us']:>10.0f}{median['rss_kib'] / 1024:>7.1f}{failed:>8}"
        )


def at_half_rate(options, subjects, results, base, highest):
    """Latency at half of the base's highest rate, counted from when requests were due: a server that stands still
    holds back nothing. Rounds in which the client itself was late are shown, and are part of the medians."""
    rate = highest // 2
    how = {"client": clients.load_test, "connections": 64, "rate": rate, "mocker": options.mocker}
    figures = rounds(options, subjects, results, "half rate", **how)
    show(f"64 connections, {rate} requests/s: half of {base}'s highest rate", figures, base)
    for name, visits in figures.items():
        late = sum(not visit["valid"] for visit in visits)
        ratio = ratios(figures, name, base, "p99_us")
        print(f"  {name}: p99 is {ratio:.2f} of {base}'s; the client was late in {late} of {len(visits)} rounds")


def idle(options, subjects, results):
    print(f"\n{options.idle} idle kept-alive connections (MiB resident)")
    print("  {:<18}{:>9}{:>9}{:>9}{:>9}".format("server", "before", "at once", "settled", "peak"))
    for server in subjects:
        figures = clients.idle_connections(server, options.idle, options.settle)
        results.add(scenario="idle", server=server.name, **figures)
        if "skipped" in figures:
            print(f"  {server.name:<18} skipped: {figures['skipped']}")
            continue
        columns = [figures[key] / 1024 for key in ("before_kib", "at_once_kib", "settled_kib", "peak_kib")]
        print("  {:<18}{:>9.1f}{:>9.1f}{:>9.1f}{:>9.1f}".format(server.name, *columns))


def soak(options, server, results):
    print(f"\n{server.name} at full speed for {options.soak} s")
    for second in range(0, options.soak, 5):
        figures = clients.wrk(server, options.client_core, 64, 5)
        results.add(scenario="soak", server=server.name, second=second, **figures)
        print(f"  {second + 5:>4} s {figures['rps']:>9} req/s {figures['rss_kib'] / 1024:>8.1f} MiB")


def compare(options, subjects, results):
    base = "nginx" if any(server.name == "nginx" for server in subjects) else subjects[0].name
    for server in subjects:
        resident, _ = server.memory_kib()
        results.add(scenario="start", server=server.name, first_answer_ms=server.first_answer_ms, rss_kib=resident,
                    body_bytes=server.body_bytes)
        print(f"{server.name:<18} first answer after {server.first_answer_ms} ms, {resident / 1024:.1f} MiB, "
              f"a body of {server.body_bytes} bytes")
        clients.wrk(server, options.client_core, 64, 1)  # warms up, unrecorded
    highest = 1
    for name, connections, depth in SCENARIOS:
        figures = rounds(options, subjects, results, name, connections=connections, depth=depth)
        show(name, figures, base)
        if depth == 1:
            highest = max(highest, *(visit["rps"] for visit in figures[base]))
        if depth == 1 and "mocker --fresh" in figures:
            ratio = ratios(figures, "mocker --fresh", "mocker", "cpu_us")
            print(f"  a fresh body costs {ratio:.2f} of a precomputed one")
    for name, connections in SATURATED:
        how = {"client": clients.load_test, "connections": connections, "mocker": options.mocker}
        figures = rounds(options, subjects, results, name, **how)
        show(name, figures, base)
    at_half_rate(options, subjects, results, base, highest)
    if options.idle:
        idle(options, subjects, results)
    if options.soak:
        soak(options, subjects[0], results)


def main():
    options = arguments()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is needed (apt-get install wrk)")
    results = Results(options.results)
    begun = time.monotonic()
    subjects, missing, folder = servers.start_all(options)
    try:
        if not subjects:
            raise SystemExit("no server to compare: " + ", ".join(missing))
        where = servers.machine()
        results.add(scenario="machine", **where)
        print(f"{where['cpu']}, {where['cores']} cores, Linux {where['kernel']}, load {where['load'][0]:.1f}")
        print("not installed: " + (", ".join(missing) or "nothing"))
        compare(options, subjects, results)
    finally:
        servers.stop_all(subjects, folder)
    print(f"\n{time.monotonic() - begun:.0f} s, raw figures in {results.path}")


if __name__ == "__main__":
    main()
