# SPDX-License-Identifier: GPL-3.0-or-later
"""yarrow-server under test: one process or several on one database, on a loopback port with a throw-away certificate."""

import datetime
import ipaddress
import os
import pathlib
import signal
import socket
import subprocess
import time

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = pathlib.Path(__file__).resolve().parents[3]
PASSWORD = "violet anchor tram 19"


def program():
    """The server under test: YARROW_SERVER, else the newest one built here."""
    if "YARROW_SERVER" in os.environ:
        return pathlib.Path(os.environ["YARROW_SERVER"])
    built = [p for p in ROOT.glob("build/*/bin/yarrow-server") if p.is_file()]
    if not built:
        raise SystemExit("yarrow-server is not built; set YARROW_SERVER to its path")
    return max(built, key=lambda p: p.stat().st_mtime)


def clean_environment(**more):
    """Nothing of the caller's settings reaches the program."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("YARROW", "PG"))}
    return {**kept, "LC_ALL": "C.UTF-8", **more}


def run(*words, password=None, check=True):
    """A command of yarrow-server that ends by itself; what it printed."""
    more = {"YARROW_PASSWORD": password} if password is not None else {}
    ran = subprocess.run([str(program()), *map(str, words)], capture_output=True, text=True, timeout=120,
                         stdin=subprocess.DEVNULL, env=clean_environment(**more))
    if check and ran.returncode != 0:
        raise RuntimeError(f"yarrow-server {words[0]} ended with {ran.returncode}\n{ran.stdout}{ran.stderr}")
    return ran


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_ready(url, certificate, timeout=30, look=lambda: None):
    """Until /health/ready is 200. `look` is called in between and may raise."""
    until = time.monotonic() + timeout
    while True:
        look()
        try:
            answer = requests.get(f"{url}/health/ready", verify=str(certificate), timeout=5)
            if answer.status_code == 200:
                return
            last = f"{answer.status_code} {answer.text}"
        except requests.RequestException as error:
            last = str(error)
        if time.monotonic() > until:
            raise TimeoutError(f"{url} is not ready after {timeout} s: {last}")
        time.sleep(0.02)


class Certificate:
    """Self-signed, for localhost and 127.0.0.1; clients trust it by its file."""

    def __init__(self, folder, days=30):
        self.file = pathlib.Path(folder) / "certificate.pem"
        self.key = pathlib.Path(folder) / "certificate.key"
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        now = datetime.datetime.now(datetime.timezone.utc)
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                       .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
                       .not_valid_after(now + datetime.timedelta(days=days))
                       .add_extension(x509.SubjectAlternativeName(names), critical=False)
                       .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
                       .sign(key, hashes.SHA256()))
        self.file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        self.key.touch(mode=0o600)
        self.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                               serialization.NoEncryption()))


class Server:
    """A process of `yarrow-server serve`. Start it from a thread that lives as long as it: the kernel kills it when that
    thread ends, so that it never outlives the test."""

    def __init__(self, database_uri, folder, certificate, options=None, port=None, tls=True):
        """`folder` holds the log and the key file, which all processes on one database share. `options` are flags:
        {"workers": 2} is --workers 2; True stands for a flag without a value. Without `tls` a proxy stands before it."""
        self.database_uri = database_uri
        self.folder = pathlib.Path(folder)
        self.certificate = certificate
        self.port = port or free_port()
        self.tls = tls
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self.log = self.folder / f"server-{self.port}.log"
        self.options = dict(options or {})
        self.process = None

    def start(self, ready=True, timeout=30):
        words = ["setpriv", "--pdeathsig", "KILL", str(program()), "serve", "--listen", f"127.0.0.1:{self.port}",
                 "--database", self.database_uri, "--key-file", str(self.folder / "server.key")]
        if self.tls:
            words += ["--tls-certificate", str(self.certificate.file), "--tls-key", str(self.certificate.key)]
        for name, value in self.options.items():
            words += [f"--{name}"] if value is True else [f"--{name}", str(value)]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True, env=clean_environment())
        if ready:
            self.wait_ready(timeout)
        return self

    def wait_ready(self, timeout=30):
        def ended():
            if self.process.poll() is not None:
                raise RuntimeError(f"yarrow-server ended with {self.process.returncode}\n{self.log_text()[-4000:]}")

        try:
            wait_ready(self.url, self.certificate.file, timeout, ended)
        except TimeoutError as error:
            raise RuntimeError(f"{error}\n{self.log_text()[-4000:]}") from None

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, timeout=60):
        """SIGTERM, and how the process ended."""
        if self.running:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=timeout) if self.process else None

    def kill(self):
        if self.running:
            self.process.kill()
        if self.process:
            self.process.wait()

    def log_text(self):
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
