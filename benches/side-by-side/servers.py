"""The servers that are compared: how each is started, and what it costs while it runs."""

import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log stderr crit;
worker_rlimit_nofile 20000;
events {{ worker_connections 16384; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} reuseport backlog=4096;
    default_type application/json;
    location / {{ return 200 '{body}'; }}
  }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running server, bound to one core."""

    def __init__(self, name, command, port, path, core, scheme="http"):
        self.name, self.port, self.path, self.scheme = name, port, path, scheme
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            ["taskset", "-c", str(core), *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self.first_answer_ms, self.body_bytes = self._await_answer()

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}{self.path}"

    def _connection(self):
        if self.scheme == "https":
            context = ssl._create_unverified_context()
            return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=5, context=context)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)

    def _await_answer(self, patience=60):
        while time.monotonic() < self.started + patience:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} ended: {self.process.stderr.read().strip()}")
            try:
                connection = self._connection()
                connection.request("GET", self.path)
                answer = connection.getresponse()
                body = answer.read()
                connection.close()
            except OSError:
                time.sleep(0.002)
                continue
            if answer.status >= 300:
                raise SystemExit(f"{self.name} answers {self.path} with {answer.status}: {body[:200]!r}")
            return round((time.monotonic() - self.started) * 1000, 1), len(body)
        raise SystemExit(f"{self.name} does not answer on port {self.port}")

    def pids(self):
        """The process that was started and its children (nginx has a worker)."""
        children = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                except OSError:
                    continue
                children.setdefault(parent, []).append(int(entry.name))
        found, queue = [], [self.process.pid]
        while queue:
            pid = queue.pop()
            found.append(pid)
            queue += children.get(pid, [])
        return found

    def cpu_seconds(self):
        """Time on a CPU of all threads, kernel work included, to the nanosecond."""
        total = 0
        for pid in self.pids():
            for task in Path(f"/proc/{pid}/task").iterdir():
                try:
                    total += int((task / "schedstat").read_text().split()[0])
                except OSError:
                    pass
        return total / 1e9

    def memory_kib(self):
        """Resident memory (RSS) of all processes, and the peak it had."""
        resident = peak = 0
        for pid in self.pids():
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith("VmRSS:"):
                    resident += int(line.split()[1])
                elif line.startswith("VmHWM:"):
                    peak += int(line.split()[1])
        return resident, peak

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stderr.close()


def start_nginx(core, body_bytes, folder):
    port = free_port()
    body = '{"data":"' + "x" * (body_bytes - 11) + '"}'
    config = Path(folder) / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, body=body))
    # In the foreground, with a prefix of its own: nothing of an installed nginx is touched.
    return Server("nginx", ["nginx", "-p", folder, "-c", str(config)], port, "/", core)


def start_mocker(options, core, name="mocker", path=None, extra=()):
    port = free_port()
    command = [options.mocker, "start", "--spec", options.spec, "--host", "127.0.0.1", "--port", str(port)]
    return Server(name, [*command, "--threads", "1", *extra], port, path or options.path, core)


def start_command(name, template, path, core):
    port = free_port()
    return Server(name, [word.replace("{port}", str(port)) for word in template.split()], port, path, core)


def knows_fresh(mocker):
    shown = subprocess.run([mocker, "start", "--help"], capture_output=True, text=True, check=False)
    return "--fresh" in shown.stdout


def start_all(options):
    """The subject first, then every rival that is installed. Returns the servers and what is missing."""
    core, servers, missing = options.server_core, [], []
    folder = tempfile.mkdtemp(prefix="side-by-side-")
    try:
        if Path(options.mocker).exists():
            servers.append(start_mocker(options, core))
            if knows_fresh(options.mocker):
                fresh = options.fresh_path or options.path
                servers.append(start_mocker(options, core, "mocker --fresh", fresh, ("--fresh",)))
        else:
            missing.append(f"mocker (no {options.mocker}: cargo build --release)")
        for extra in options.server:
            name, template = extra.split("=", 1)
            servers.append(start_command(name, template, options.path, core))
        if shutil.which("nginx"):
            servers.append(start_nginx(core, options.body, folder))
        else:
            missing.append("nginx (apt-get install nginx-light)")
        if shutil.which("prism") and Path(options.spec).exists():
            command = f"prism mock --host 127.0.0.1 --port {{port}} --verboseLevel silent {options.spec}"
            servers.append(start_command("prism", command, options.path, core))
        else:
            missing.append("prism")
    except BaseException:
        stop_all(servers, folder)
        raise
    return servers, missing, folder


def stop_all(servers, folder):
    for server in servers:
        server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def machine():
    """What a reader of the figures should know about where they were taken."""
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    return {"cpu": model, "cores": os.cpu_count(), "kernel": os.uname().release, "load": os.getloadavg()}
