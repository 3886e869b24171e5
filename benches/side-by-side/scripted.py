#!/usr/bin/env python3
"""What scripts, state and templates cost: each against the prepared answer of the same ten fields, and a script against
nginx with Lua doing the same.

The servers are up at once on one core and visited in turn, as in run.py. See README.md.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True  # the folder stays as it was checked out
import run  # noqa: E402
import servers  # noqa: E402

HERE = Path(__file__).resolve().parent / "scripted"
MODULES = Path("/usr/lib/nginx/modules")
PATHS = {"script": "/script/7", "state": "/count", "template": "/template/7"}


def start_lua(core, folder):
    port = servers.free_port()
    config = Path(folder) / "lua.conf"
    config.write_text((HERE / "nginx.conf").read_text().format(modules=MODULES, folder=folder, port=port))
    return servers.Server("nginx lua", ["nginx", "-p", folder, "-c", str(config)], port, PATHS["script"], core)


def start_mocker(options, core, name):
    port = servers.free_port()
    command = [options.mocker, "start", "--config", str(HERE / "mocker.yaml"), "--host", "127.0.0.1"]
    return servers.Server(name, [*command, "--port", str(port), "--threads", "1"], port, "/plain", core)


def compare(options, plain, other, lua, results):
    for name, path in PATHS.items():
        other.path = path
        subjects = [plain, other, *([lua] if lua and name == "script" else [])]
        figures = run.rounds(options, subjects, results, name, connections=64)
        run.show(name, figures, plain.name)
        print(f"{name}: {run.ratios(figures, other.name, plain.name, 'rps'):.2f} of the requests a second")
        if lua and name == "script":
            print(f"script: {run.ratios(figures, other.name, lua.name, 'cpu_us'):.2f} of the server CPU of nginx with Lua")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mocker", default=str(run.ROOT / "target/release/mocker"), help="the binary [%(default)s]")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of each visit [%(default)s]")
    parser.add_argument("--server-core", type=int, default=0)
    parser.add_argument("--client-core", type=int, default=1)
    parser.add_argument("--results", default=str(run.ROOT / "benches/results"), help="[%(default)s]")
    options = parser.parse_args()
    results = run.Results(options.results, "scripted")
    subjects, folder = [], tempfile.mkdtemp(prefix="side-by-side-")
    try:
        plain = start_mocker(options, options.server_core, "prepared")
        subjects.append(plain)
        other = start_mocker(options, options.server_core, "mocker")
        subjects.append(other)
        lua = None
        if servers.shutil.which("nginx") and (MODULES / "ngx_http_lua_module.so").exists():
            lua = start_lua(options.server_core, folder)
            subjects.append(lua)
        else:
            print("without nginx and Lua (apt-get install libnginx-mod-http-lua lua-cjson)")
        results.add(scenario="machine", **servers.machine())
        compare(options, plain, other, lua, results)
    finally:
        servers.stop_all(subjects, folder)
    print(f"\nraw figures in {results.path}")


if __name__ == "__main__":
    main()
