#!/usr/bin/env python3
"""The torture table: the largest documents there are, by size, and one of Microsoft Graph's size.

For each: how long from the start of the process to the first answer, the memory that took, how many operations there are
and how many are proved. Beside it Prism, where it is installed. Writes docs/torture.md."""

import argparse
import http.client
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PRISM_PACKAGE = "@stoplight/prism-cli@5.16.0"
PATIENCE = 120
VERDICTS = ("proved", "inPart", "failed", "unsatisfiable", "notJson", "nothing")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def memory_mib(pid):
    """Resident memory (VmRSS) and its peak (VmHWM)."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


def cpu_seconds(pid):
    """Time on a CPU, of all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def descendants(pid):
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout.split()
    return [pid, *(each for child in listed for each in descendants(int(child)))]


def first_answer(command, port, path):
    """Seconds from the start of the process to the end of its first answer, those on a CPU, its memory in MiB then, and the
    status of the answer."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while time.monotonic() < started + PATIENCE:
            if process.poll() is not None:
                return None
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
            except OSError:
                time.sleep(0.002)
                continue
            took = time.monotonic() - started
            connection.close()
            pids = descendants(process.pid)
            memory = [memory_mib(pid) for pid in pids]
            cpu = sum(cpu_seconds(pid) for pid in pids)
            return took, cpu, sum(now for now, _ in memory), sum(peak for _, peak in memory), answer.status
        return None
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def median_of(rounds, command, path):
    """The medians of several starts; `None` where one of them gave no answer."""
    seen = []
    for _ in range(rounds):
        port = free_port()
        seen.append(first_answer([*command, "--port", str(port)], port, path))
    return None if None in seen else tuple(statistics.median(column) for column in zip(*seen))


def proof(mocker, document, samples):
    """What `check --prove` says, how long it took, and its peak of memory in MiB."""
    started = time.monotonic()
    arguments = ["check", "--prove", "--samples", str(samples), "--format", "json", str(document)]
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen([mocker, *arguments], stdout=out, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        took = time.monotonic() - started
        out.seek(0)
        checked = json.load(out)[0]
    return checked, took, usage.ru_maxrss / 1024


def asked(checked):
    """The path of the first GET, one without variables if there is any."""
    paths = [row["path"] for row in checked["operations"] if row["method"] == "GET"]
    plain = [path for path in paths if "{" not in path]
    return (plain or [path.replace("{", "").replace("}", "") for path in paths] or ["/"])[0]


class Prism:
    """Prism on the path, or in a folder of its own; `command` is `None` where it is not there."""

    def __init__(self, folder, installs):
        if installs:
            self.install(folder)
        own = folder / "node_modules/.bin/prism"
        found = shutil.which("prism") or (str(own) if own.exists() else None)
        self.command = found and [found, "mock", "--host", "127.0.0.1"]
        self.version = found and subprocess.run([found, "--version"], capture_output=True, text=True).stdout.strip()
        if not found:
            print("SKIPPED: Prism is not installed (--install-prism asks npm for it); nothing stands beside mocker", file=sys.stderr)

    @staticmethod
    def install(folder):
        if shutil.which("npm") is None:
            print("SKIPPED: there is no npm to install Prism with", file=sys.stderr)
            return
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), PRISM_PACKAGE]
        if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            print(f"SKIPPED: npm could not install {PRISM_PACKAGE}", file=sys.stderr)


def first(served):
    """Milliseconds to the first answer; with its status where that is none of success."""
    status = "" if served[4] < 300 else f" ({served[4]:.0f})"
    return f"{served[0] * 1000:.0f}{status}"


def row(name, document, samples, options, prism):
    """One line of the table; without samples it is served and not proved, nor by Prism, which has had it in JSON."""
    size = document.stat().st_size / 1e6
    if samples:
        checked, took, peak = proof(options.mocker, document, samples)
        path, operations, proved = asked(checked), len(checked["operations"]), checked["proof"]
        judged = [str(proved["operations"][key]) for key in VERDICTS]
        judged.append(str(sum(proved[part]["all"] for part in ("responses", "entities", "requestBodies", "parameters"))))
        judged += [f"{took:.1f}", f"{peak:.0f}"]
    else:
        path, operations, judged = "/groups", options.graph, ["-"] * (len(VERDICTS) + 3)
    served = median_of(options.rounds, [options.mocker, "start", "--spec", str(document), "--host", "127.0.0.1"], path)
    cells = [name, f"{size:.1f}", str(operations)]
    cells += ["no answer"] * 4 if served is None else [first(served), f"{served[1] * 1000:.0f}", f"{served[2]:.0f}", f"{served[3]:.0f}"]
    cells += judged
    if prism.command and not samples:
        cells += ["-"] * 2
    elif prism.command:
        rival = median_of(1, [*prism.command, str(document)], path)
        cells += ["no answer"] * 2 if rival is None else [first(rival), f"{rival[2]:.0f}"]
    print(" | ".join(cells), file=sys.stderr, flush=True)
    return cells


def documents(options, folder):
    """Names, files and samples: the largest of the corpus, then the made ones, of which a smaller one is proved."""
    found = sorted(options.corpus.glob("*.*"), key=lambda path: -path.stat().st_size)
    described = {line.split("\t")[0] for line in (options.corpus / "INDEX.tsv").read_text().splitlines()}
    for path in [path for path in found if path.name in described][: options.largest]:
        yield path.name, path, options.samples
    made = [("graph.json", options.graph, options.graph_samples), ("graph.yaml", options.graph, 0)]
    for name, operations, samples in made if options.graph else []:
        path = Path(folder) / name
        subprocess.run([sys.executable, HERE / "graph.py", path, "--operations", str(operations)], check=True, stdout=subprocess.DEVNULL)
        yield f"{name} (made)", path, samples


def page(rows, options, prism):
    heads = ["document", "MB", "operations", "first answer, ms", "of it on a CPU", "memory then, MiB", "its peak, MiB"]
    heads += ["proved", "in part", "failed", "no value found", "not JSON", "nothing", "parts", "proof, s", "its peak, MiB"]
    heads += ["Prism: first answer, ms", "memory then, MiB"] if prism.command else []
    version = subprocess.run([options.mocker, "--version"], capture_output=True, text=True).stdout.strip()
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows])
    beside = f"Beside it Prism {prism.version}, one start each." if prism.command else "Prism was not installed."
    return f"""# The torture table

The largest documents of a collection of real ones, and one of Microsoft Graph's size and shape that a script makes: inheritance with
discriminators, and navigation from every type to every other.

```sh
cargo build --release
benches/torture/run.py --corpus PATH
```

{version}, {os.cpu_count()} cores, median of {options.rounds} starts. {beside} {options.remark}

{table}

- *First answer*: from the start of the process to the last byte of the answer to the first GET of the document. Memory is that of the
  process at this moment (`VmRSS`) and at most until then (`VmHWM`). A status stands in brackets where it tells of no success: an
  operation that asks for credentials, or a path that is not served.
- *Proved* to *nothing* count operations, as [prove.md](prove.md) says; *parts* are the responses (those made of entities twice),
  request bodies and parameters that they have. The proof makes {options.samples} values of each part, {options.graph_samples} of the made
  document's, on all cores; the time has reading, checking and proving in it.
- *No answer*: none within {PATIENCE} seconds, or the process ended.
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of documents with an INDEX.tsv that lists them")
    parser.add_argument("--mocker", default=str(ROOT / "target/release/mocker"))
    parser.add_argument("--largest", type=int, default=8, help="how many of the corpus")
    parser.add_argument("--samples", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--graph", type=int, default=16_000, help="operations of the document that is made; 0 for none")
    parser.add_argument("--graph-samples", type=int, default=5, help="values of each of its schemas in the proof; 0 for no proof")
    parser.add_argument("--prism", type=Path, default=ROOT / "target/torture/prism", help="folder in which Prism is looked for, beside the path")
    parser.add_argument("--install-prism", action="store_true", help="install it there with npm")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/torture.md")
    parser.add_argument("--remark", default="", help="a sentence for the page, such as what else ran on the machine")
    options = parser.parse_args()
    prism = Prism(options.prism, options.install_prism)
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(*each, options, prism) for each in documents(options, folder)]
    options.out.write_text(page(rows, options, prism))


if __name__ == "__main__":
    main()
