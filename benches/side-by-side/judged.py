#!/usr/bin/env python3
"""What judging requests costs: mocker with and without it, beside nginx, which reads bodies and judges nothing.

The servers are up at once on one core and visited in turn, as in run.py. See README.md.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True  # the folder stays as it was checked out
import clients  # noqa: E402
import run  # noqa: E402
import servers  # noqa: E402

HERE = Path(__file__).resolve().parent
QUERY = "/orders?limit=20&status=open&since=2026-01-01&sort=-created"

ORDER = {
    "id": "6f1d2c1e-8a55-4e0b-9b5b-0c4b1c0a7f61",
    "customer": "Margaret Hamilton",
    "email": "margaret.hamilton@example.com",
    "phone": "+1 617 555 0117",
    "status": "open",
    "total": 1204.55,
    "tax": 228.86,
    "currency": "USD",
    "created": "2026-03-01T09:30:00Z",
    "due": "2026-04-01",
    "street": "77 Massachusetts Avenue",
    "city": "Cambridge",
    "zip": "02139",
    "country": "US",
    "gift": True,
    "message": "Deliveries go to the side entrance, which is open from eight until noon, and are signed for.",
    "weight": 2200,
    "coupon": "SPRING-2026",
    "tags": ["books", "fragile", "express"],
    "lines": [
        {"sku": f"BOOK-{number:05}", "count": number, "price": 19.95 * number} for number in range(1, 10)
    ],
}
# Three faults, at the end of what is read first, in the middle, and deep.
REFUSED = {**ORDER, "email": "nobody", "weight": 0, "lines": [*ORDER["lines"][:-1], {"sku": "BOOK-00009"}]}

SCENARIOS = {
    "GET with 4 parameters": (QUERY, None),
    "POST of a valid order": ("/orders", ORDER),
    "POST of an order with 3 faults": ("/orders", REFUSED),
}


def visit(options, subjects, results, name):
    """All servers in turn, `--rounds` times, with one request; the figures of each."""
    path, body = SCENARIOS[name]
    text = None if body is None else json.dumps(body, separators=(",", ":"))
    for server in subjects:
        server.path = "/" if server.name == "nginx" else path
    return run.rounds(options, subjects, results, name, connections=64, body=text)


def compare(options, subjects, results):
    figures = {name: visit(options, subjects, results, name) for name in SCENARIOS}
    for name, of_servers in figures.items():
        run.show(name, of_servers, "nginx" if "nginx" in of_servers else "mocker")
    get, post, refused = figures.values()
    print(f"\n4 parameters judged cost {run.ratios(get, 'mocker', 'mocker off', 'cpu_us'):.2f} of the same request unjudged")
    if "nginx" in post:
        print(f"a judged order costs {run.ratios(post, 'mocker', 'nginx', 'cpu_us'):.2f} of nginx")
    pairs = zip(refused["mocker"], post["mocker"])
    print(f"a refused order costs {run.statistics.median(a['cpu_us'] / b['cpu_us'] for a, b in pairs):.2f} of an accepted one")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mocker", default=str(run.ROOT / "target/release/mocker"), help="the binary [%(default)s]")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of each visit [%(default)s]")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    parser.add_argument("--results", default=str(run.ROOT / "benches/results"), help="[%(default)s]")
    options = parser.parse_args()
    options.spec, options.path = str(HERE / "orders.yaml"), QUERY
    results = run.Results(options.results, "judged")
    subjects, folder = [], tempfile.mkdtemp(prefix="side-by-side-")
    try:
        subjects.append(servers.start_mocker(options, options.server_core))
        subjects.append(servers.start_mocker(options, options.server_core, "mocker off", extra=("--validate-request=off",)))
        if servers.shutil.which("nginx"):
            subjects.append(servers.start_nginx(options.server_core, 600, folder))
        results.add(scenario="machine", **servers.machine())
        compare(options, subjects, results)
    finally:
        servers.stop_all(subjects, folder)
    print(f"\nraw figures in {results.path}")


if __name__ == "__main__":
    main()
