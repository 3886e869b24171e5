#!/usr/bin/env python3
"""`mocker load-test` beside wrk, oha, hey and ab, where they are installed: each drives the same server in turn, on the
other core, as fast as it can. What is compared is what a client gets out of a server, and what it takes itself. A
client that is faster than the server only shows with a faster server: `--server mocker`."""

import argparse
import json
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True  # the folder stays as it was checked out
import run  # noqa: E402
import servers  # noqa: E402


def commands(mocker, url, connections, seconds):
    """The command of each client, and how the number of requests is read from what it prints."""
    found = {
        "mocker": (
            [mocker, "load-test", url, "-c", connections, "-d", f"{seconds}s", "--warmup", "0s", "--threads", "1",
             "--no-tui", "-o", "json"],
            lambda text: json.loads(text)["requests"]["completed"],
        ),
        "wrk": (["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", url], r"(\d+) requests in"),
        "oha": (["oha", "--no-tui", "-c", connections, "-z", f"{seconds}s", url], r"\[200\] (\d+) responses"),
        "hey": (["hey", "-c", connections, "-z", f"{seconds}s", url], r"\[200\]\s+(\d+) responses"),
        "ab": (["ab", "-k", "-q", "-c", connections, "-t", str(seconds), "-n", "100000000", url],
               r"Complete requests:\s+(\d+)"),
    }
    return {name: found[name] for name in found if name == "mocker" or shutil.which(name)}


def visit(command, read, core, seconds):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    shown = subprocess.run(["taskset", "-c", str(core), *map(str, command)], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    count = read(shown.stdout) if callable(read) else int(re.search(read, shown.stdout).group(1))
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"requests": count, "rps": round(count / seconds), "cpu_us": round(used * 1e6 / max(1, count), 3)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mocker", default=str(run.ROOT / "target/release/mocker"), help="the binary [%(default)s]")
    parser.add_argument("--server", default="nginx", help="what is driven: nginx, mocker, or a command with {port} [%(default)s]")
    parser.add_argument("--spec", default=str(run.ROOT / "specs/petstore/openapi.yaml"), help="of mocker [%(default)s]")
    parser.add_argument("--path", default="/pets/1", help="of mocker [%(default)s]")
    parser.add_argument("--clients", default="mocker,wrk,oha,hey,ab", help="which of them [%(default)s]")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of each visit [%(default)s]")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    parser.add_argument("--results", default=str(run.ROOT / "benches/results"), help="[%(default)s]")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="side-by-side-")
    if options.server == "nginx":
        server = servers.start_nginx(options.server_core, 600, folder)
    elif options.server == "mocker":
        server = servers.start_mocker(options, options.server_core)
    else:
        server = servers.start_command("server", options.server, "/", options.server_core)
    results = run.Results(options.results, "generators")
    results.add(scenario="machine", **servers.machine())
    try:
        known = commands(options.mocker, server.url, options.connections, options.seconds)
        known = {name: known[name] for name in known if name in options.clients.split(",")}
        figures = {name: [] for name in known}
        for number in range(options.rounds):
            for name in known if number % 2 == 0 else reversed(known):
                figures[name].append(visit(*known[name], options.client_core, options.seconds))
                results.add(scenario="generators", server=options.server, round=number, client=name, **figures[name][-1])
    finally:
        servers.stop_all([server], folder)
    base = "wrk" if "wrk" in figures else "mocker"
    print("{:<10}{:>10}{:>14}{:>14}{:>16}".format("client", "req/s", f"req/s/{base}", "cpu us/req", f"cpu/{base}"))
    for name, visits in figures.items():
        rps, cpu = (statistics.median(each[key] for each in visits) for key in ("rps", "cpu_us"))
        ratio = {key: run.ratios(figures, name, base, key) for key in ("rps", "cpu_us")}
        print(f"{name:<10}{rps:>10.0f}{ratio['rps']:>14.2f}{cpu:>14.2f}{ratio['cpu_us']:>16.2f}")
    print(f"raw figures in {Path(results.path)}")


if __name__ == "__main__":
    main()
