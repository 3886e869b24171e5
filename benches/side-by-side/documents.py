#!/usr/bin/env python3
"""How long documents take from the command to the first answer, and the memory they are served in.

Each argument is a document and a path to ask of it: `github.json::/zen`."""

import argparse
import http.client
import statistics
import sys
import time

sys.dont_write_bytecode = True  # the folder stays as it was checked out
import run  # noqa: E402
import servers  # noqa: E402


class Document(servers.Server):
    """A server that is asked once; a refusal is an answer too."""

    def _await_answer(self, patience=30):
        while time.monotonic() < self.started + patience:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", self.path)
                length = len(connection.getresponse().read())
                connection.close()
                return round((time.monotonic() - self.started) * 1000, 1), length
            except OSError:
                time.sleep(0.001)
        raise SystemExit(f"{self.name} does not answer on port {self.port}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="+", metavar="FILE::PATH")
    parser.add_argument("--mocker", default=str(run.ROOT / "target/release/mocker"), help="the binary [%(default)s]")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--results", default=str(run.ROOT / "benches/results"), help="[%(default)s]")
    options = parser.parse_args()
    results = run.Results(options.results, "documents")
    results.add(scenario="machine", **servers.machine())
    print(f"{'document':<44}{'first answer ms':>16}{'MiB':>8}")
    for document in options.documents:
        file, path = document.split("::", 1)
        times, memory = [], []
        for number in range(options.rounds):
            port = servers.free_port()
            command = [options.mocker, "start", "--spec", file, "--host", "127.0.0.1", "--port", str(port), "--threads", "1"]
            server = Document(file, command, port, path, options.server_core)
            time.sleep(0.3)  # what is freed after the start is freed by now
            times.append(server.first_answer_ms)
            memory.append(server.memory_kib()[0] / 1024)
            results.add(scenario="document", round=number, document=file, first_answer_ms=times[-1], rss_mib=memory[-1])
            server.stop()
        print(f"{file[-42:]:<44}{statistics.median(times):>16.1f}{statistics.median(memory):>8.1f}")


if __name__ == "__main__":
    main()
