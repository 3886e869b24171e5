#!/usr/bin/env python3
"""What scripts that mean harm cost those who do not ask for them.

A server with one worker has a prepared answer and an operation for each script of scripting/tests/script/hostile. An open
loop asks for the prepared answer, and its p99 is noted three times a round: while nobody else asks; while other
connections ask for the hostile scripts, one after the other; and while the same connections ask for the prepared answer,
which is what they cost as clients. The hostile begin --lead seconds before anything is noted: each worker allows all
calls together that end at a budget 100 ms at once, and one part in 500 of its time from then on. See README.md.
"""

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True  # the folder stays as it was checked out
import run  # noqa: E402
import servers  # noqa: E402

SCRIPTS = run.ROOT / "scripting/tests/script/hostile"
# It takes half a minute of its client's time and none of the core's.
WAITING = {"sleep-long"}
OPERATION = "  /%s: { get: { operationId: %s, responses: { '200': { description: D } } } }\n"
QUIET = "  /quiet: { get: { responses: { '200': { description: D, content: { text/plain: { example: quiet } } } } } }\n"


def folder_of(names):
    """A document with an operation for each script, and the configuration that binds them."""
    folder = Path(tempfile.mkdtemp(prefix="side-by-side-"))
    paths = "".join(OPERATION % (name, name) for name in names)
    (folder / "api.yaml").write_text(f"openapi: 3.1.0\ninfo: {{ title: Hostile, version: 1.0.0 }}\npaths:\n{QUIET}{paths}")
    rules = "".join(f"  {name}: {name}.rhai\n" for name in names)
    (folder / "mocker.yaml").write_text(f"specs: api.yaml\nscripts:\n{rules}")
    for name in names:
        (folder / f"{name}.rhai").write_text((SCRIPTS / f"{name}.rhai").read_text())
    return folder


class Clients:
    """Connections that ask for paths in turn until they are told to stop; each request is of a scope of its own."""

    def __init__(self, port, paths, connections, rate, core):
        self.port, self.paths, self.gap, self.core = port, paths, connections / rate, core
        self.statuses, self.is_over = Counter(), threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=(number,)) for number in range(connections)]
        for thread in self.threads:
            thread.start()

    def ask(self, number):
        # Both are of the thread alone. Who measures shares the core, and goes first.
        os.sched_setaffinity(0, {self.core})
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        due = time.monotonic()
        for turn in range(number, 1_000_000_000):
            due += self.gap
            if self.is_over.wait(max(0.0, due - time.monotonic())):
                return
            path = self.paths[turn % len(self.paths)]
            connection.request("GET", path, headers={"X-Mocker-Session": f"{number}-{turn % 10_000}"})
            answer = connection.getresponse()
            answer.read()
            self.statuses[answer.status] += 1

    def stop(self):
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        return dict(sorted(self.statuses.items()))


def p99(options, port):
    command = [options.mocker, "load-test", f"http://127.0.0.1:{port}/quiet", "--rps", str(options.rate)]
    command += ["-c", "8", "-d", f"{options.seconds}s", "--warmup", f"{options.lead}s", "--threads", "1", "--no-tui"]
    shown = subprocess.run(
        ["taskset", "-c", str(options.client_core), *command, "-o", "json"], capture_output=True, text=True, check=False
    )
    return json.loads(shown.stdout)["latency"]["response"]["p99_us"]


def visit(options, port, paths):
    clients = Clients(port, paths, options.connections, options.hostile_rate, options.client_core) if paths else None
    try:
        micros = p99(options, port)
    finally:
        statuses = clients.stop() if clients else {}
    return {"p99_us": micros, "statuses": statuses}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mocker", default=str(run.ROOT / "target/release/mocker"), help="the binary [%(default)s]")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=25, help="of each visit; one call may take 50 ms [%(default)s]")
    parser.add_argument("--lead", type=int, default=2, help="seconds before that, not noted [%(default)s]")
    parser.add_argument("--rate", type=int, default=2000, help="requests a second for the prepared answer [%(default)s]")
    parser.add_argument("--hostile-rate", type=int, default=200, help="most requests a second for scripts [%(default)s]")
    parser.add_argument("--connections", type=int, default=4, help="that ask for scripts [%(default)s]")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    parser.add_argument("--results", default=str(run.ROOT / "benches/results"), help="[%(default)s]")
    options = parser.parse_args()
    names = sorted(path.stem for path in SCRIPTS.glob("*.rhai") if path.stem not in WAITING)
    folder, port = folder_of(names), servers.free_port()
    command = [options.mocker, "start", "--config", str(folder / "mocker.yaml"), "--host", "127.0.0.1"]
    command += ["--port", str(port), "--threads", "1", "--admin", "off"]
    server = servers.Server("mocker", command, port, "/quiet", options.server_core)
    results = run.Results(options.results, "hostile")
    kinds = {"quiet": [], "hostile": [f"/{name}" for name in names], "harmless": ["/quiet"]}
    figures = {kind: [] for kind in kinds}
    try:
        for turn in range(options.rounds):
            for kind, paths in list(kinds.items())[:: 1 if turn % 2 == 0 else -1]:
                seen = visit(options, port, paths)
                results.add(scenario=kind, round=turn, **seen)
                figures[kind].append(seen["p99_us"])
                print(f"{kind:9} p99 {seen['p99_us']:9.1f} us  {seen['statuses'] or ''}", flush=True)
    finally:
        server.stop()
    for base in ("quiet", "harmless"):
        ratio = statistics.median(a / b for a, b in zip(figures["hostile"], figures[base]))
        print(f"p99 beside hostile scripts: {ratio:.2f} of {base}")


if __name__ == "__main__":
    main()
