# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of the server over real HTTP: devices with a key of their own, people with a password."""

import base64
import json
import secrets
import time
import uuid

import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

EXTENSION = "https://yarrow.example/fhir/StructureDefinition/"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Key:
    """An ES256 key pair."""

    def __init__(self):
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_hex(8)

    @property
    def jwk(self):
        numbers = self._key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": self.id,
                "x": base64url(numbers.x.to_bytes(32, "big")), "y": base64url(numbers.y.to_bytes(32, "big"))}

    def sign(self, claims, **header):
        """A compact JWT; `header` overrides its members, None leaves one out."""
        head = {"alg": "ES256", "typ": "JWT", "kid": self.id, **header}
        head = {name: value for name, value in head.items() if value is not None}
        signed = f"{base64url(compact(head).encode())}.{base64url(compact(claims).encode())}"
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{signed}.{base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


class Anonymous:
    """Requests without a token. `url` may be changed: to another process, or to where a server came back."""

    def __init__(self, url, certificate, timeout=60):
        self.url = url
        self.certificate = certificate
        self.timeout = timeout
        self.session = requests.Session()
        self.session.verify = str(certificate)
        self.session.trust_env = False

    def __del__(self):
        self.session.close()

    def authorization(self):
        return {}

    def request(self, method, path, body=None, headers=None, **how):
        """`path` begins with a slash or is a whole URL. A body that is no text is sent as JSON."""
        sent = {**self.authorization(), **(headers or {})}
        if body is not None:
            if not isinstance(body, (str, bytes)):
                body = compact(body)
            if isinstance(body, str):
                body = body.encode()
            if not any(name.lower() == "content-type" for name in sent):
                sent["Content-Type"] = "application/fhir+json" if "/fhir" in path else "application/json"
        sent = {name: value for name, value in sent.items() if value is not None}
        url = path if path.startswith("https://") else self.url + path
        return self.session.request(method, url, data=body, headers=sent, timeout=self.timeout, **how)

    def get(self, path, **how):
        return self.request("GET", path, **how)

    def post(self, path, body=None, **how):
        return self.request("POST", path, body, **how)

    def put(self, path, body=None, **how):
        return self.request("PUT", path, body, **how)

    def delete(self, path, **how):
        return self.request("DELETE", path, **how)

    def form(self, path, **fields):
        return self.session.post(self.url + path, data=fields, timeout=self.timeout)


class Caller(Anonymous):
    """Somebody with an access token, renewed before it ends. `author` and `epoch` go with every write, unless empty."""

    author = None
    epoch = None

    def __init__(self, url, certificate, **how):
        super().__init__(url, certificate, **how)
        self._token = None
        self._renew_at = 0

    def token_request(self):
        raise NotImplementedError

    def token(self):
        if time.monotonic() >= self._renew_at:
            answer = self.token_request()
            if answer.status_code != 200:
                raise RuntimeError(f"no token: {answer.status_code} {answer.text}")
            said = answer.json()
            self._token = said["access_token"]
            self._renew_at = time.monotonic() + said["expires_in"] * 0.8
            self.remember(said)
        return self._token

    def remember(self, said):
        """Of a token answer, what the next request for one needs."""

    def forget_token(self):
        self._renew_at = 0

    def authorization(self):
        return {"Authorization": f"Bearer {self.token()}"}

    # ---- FHIR ---------------------------------------------------------------------------------------------------

    def write_headers(self, if_match=None, if_none_match=None, operation=None, author=None, headers=None):
        sent = {"Yarrow-Author": author or self.author, "Yarrow-Operation": operation, "Yarrow-Epoch": self.epoch,
                "If-Match": etag(if_match) if if_match else None, "If-None-Match": if_none_match}
        sent.update(headers or {})
        return {name: value for name, value in sent.items() if value is not None}

    def read(self, type_and_id, **how):
        return self.get(f"/fhir/{type_and_id}", **how)

    def save(self, resource, **how):
        """PUT of a resource (a dictionary) under its own id."""
        return self.put(f"/fhir/{resource['resourceType']}/{resource['id']}", resource,
                        headers=self.write_headers(**how))

    def save_text(self, type_and_id, text, **how):
        return self.put(f"/fhir/{type_and_id}", text, headers=self.write_headers(**how))

    def create(self, resource, **how):
        return self.post(f"/fhir/{resource['resourceType']}", resource, headers=self.write_headers(**how))

    def remove(self, type_and_id, **how):
        return self.delete(f"/fhir/{type_and_id}", headers=self.write_headers(**how))

    def send(self, kind, entries, **how):
        """A batch or a transaction. Entries without an author get this caller's."""
        for entry in entries:
            author = how.get("author") or self.author
            if author and "request" in entry and not any(
                    e["url"] == EXTENSION + "author" for e in entry.get("extension", [])):
                entry.setdefault("extension", []).append({"url": EXTENSION + "author", "valueString": author})
        headers = self.write_headers(headers=how.get("headers"))
        headers.pop("Yarrow-Author", None)
        return self.post("/fhir", {"resourceType": "Bundle", "type": kind, "entry": entries}, headers=headers)

    def batch(self, *entries, **how):
        return self.send("batch", list(entries), **how)

    def transaction(self, *entries, **how):
        return self.send("transaction", list(entries), **how)

    def feed(self, since=None, count=None):
        """The pages of the feed from `since` to the end, one after the other, links followed."""
        path = "/fhir/_history?_sort=_lastUpdated"
        if since:
            path += f"&_since={requests.utils.quote(since, safe='')}"
        if count:
            path += f"&_count={count}"
        while path:
            answer = self.get(path)
            if answer.status_code != 200:
                raise RuntimeError(f"feed: {answer.status_code} {answer.text}")
            page = answer.json()
            yield page
            path = link(page, "next")


class Device(Caller):
    """A workstation: its client id and its key."""

    def __init__(self, url, certificate, client_id, key, **how):
        super().__init__(url, certificate, **how)
        self.client_id = client_id
        self.key = key

    @property
    def tenant(self):
        return self.client_id.partition(".")[0]

    @property
    def id(self):
        return self.client_id.partition(".")[2]

    def assertion(self, **claims):
        """A client assertion; `claims` overrides its members, None leaves one out."""
        now = int(time.time())
        said = {"iss": self.client_id, "sub": self.client_id, "aud": f"{self.url}/auth/token", "iat": now,
                "exp": now + 120, "jti": str(uuid.uuid4()), **claims}
        return self.key.sign({name: value for name, value in said.items() if value is not None})

    def token_request(self, assertion=None):
        return self.form("/auth/token", grant_type="client_credentials", client_assertion_type=ASSERTION_TYPE,
                         client_assertion=assertion or self.assertion(), scope="system/*.cruds")

    def at(self, url):
        """The same device speaking to another process."""
        other = Device(url, self.certificate, self.client_id, self.key, timeout=self.timeout)
        other.author, other.epoch = self.author, self.epoch
        return other


class Person(Caller):
    """Signs in with a password, then renews by refresh token."""

    def __init__(self, url, certificate, username, password, **how):
        super().__init__(url, certificate, **how)
        self.username = username
        self.password = password
        self.refresh_token = None

    def token_request(self):
        if self.refresh_token:
            return self.form("/auth/token", grant_type="refresh_token", refresh_token=self.refresh_token)
        return self.form("/auth/token", grant_type="password", username=self.username, password=self.password)

    def remember(self, said):
        self.refresh_token = said.get("refresh_token", self.refresh_token)


# ---- reading and writing FHIR ---------------------------------------------------------------------------------------


def etag(version):
    return version if version.startswith(("W/", '"')) else f'W/"{version}"'


def version_of(answer):
    """The versionId an answer's ETag names."""
    return answer.headers["ETag"].removeprefix("W/").strip('"')


def sequence_of(version):
    return int(version.rpartition(".")[2])


def link(bundle, relation):
    return next((l["url"] for l in bundle.get("link", []) if l["relation"] == relation), None)


def extension(element, name):
    """The value of the extension of that name (the last part of its URL), whatever its type; None without one."""
    for one in element.get("extension", []):
        if one["url"].rpartition("/")[2] == name:
            return next((value for member, value in one.items() if member.startswith("value")), one)
    return None


def error_code(outcome):
    """The stable code of an OperationOutcome or a problem document."""
    if "issue" in outcome:
        return outcome["issue"][0]["details"]["coding"][0]["code"]
    return outcome.get("code")


def error_text(outcome):
    """Its sentence for people."""
    return outcome["issue"][0]["details"]["text"] if "issue" in outcome else outcome["detail"]


def entry(method, url, resource=None, *, if_match=None, if_none_match=None, if_none_exist=None, operation=None,
          author=None, full_url=None):
    """An entry of a batch or transaction."""
    request = {"method": method, "url": url}
    if if_match:
        request["ifMatch"] = etag(if_match)
    if if_none_match:
        request["ifNoneMatch"] = if_none_match
    if if_none_exist:
        request["ifNoneExist"] = if_none_exist
    made = {}
    extensions = []
    if operation:
        extensions.append({"url": EXTENSION + "operation", "valueString": operation})
    if author:
        extensions.append({"url": EXTENSION + "author", "valueString": author})
    if extensions:
        made["extension"] = extensions
    if full_url:
        made["fullUrl"] = full_url
    if resource is not None:
        made["resource"] = resource
    made["request"] = request
    return made


def put(resource, **how):
    return entry("PUT", f"{resource['resourceType']}/{resource['id']}", resource, **how)


def post(resource, **how):
    return entry("POST", resource["resourceType"], resource, **how)


def remove(type_and_id, **how):
    return entry("DELETE", type_and_id, **how)


def patient(number, **members):
    """A made-up patient; `number` gives the id, unless it is a text, which is the id."""
    made = {"resourceType": "Patient", "id": number if isinstance(number, str) else f"p{number}",
            "name": [{"use": "official", "family": f"Weidemann{number}", "given": ["Ada"]}],
            "birthDate": "1970-04-02"}
    return {**made, **members}


def appointment(number, start, end, actors, **members):
    made = {"resourceType": "Appointment", "id": number if isinstance(number, str) else f"a{number}",
            "status": "booked", "start": start, "end": end,
            "participant": [{"actor": {"reference": actor}, "status": "accepted"} for actor in actors]}
    return {**made, **members}
