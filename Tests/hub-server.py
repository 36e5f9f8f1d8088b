"""A Hugging Face-compatible endpoint on loopback, for tests: listings, redirects to a storage host, ranges, and everything that goes wrong.

    python3 Tests/hub-server.py FOLDER LOG

Every model has the files of FOLDER; the part of its name before the slash says what happens to its largest file (see FAULTS).
Prints {"endpoint": …, "storage": …} when it listens, and ends when its standard input does. LOG gets a line of JSON for each request.
"""
import hashlib
import http.server
import json
import os
import sys
import threading
import time
import urllib.parse

COMMIT = "0123456789abcdef0123456789abcdef01234567"
TOKEN = "hf_goodTokenOfTheTests"
FAULTS = """
plain   all is well                         gated    401 without the right token
cut     the first body ends half way        always-cut  every body ends after 1000 bytes more
wrong   other content than announced        longer   more content than announced
busy    503 twice, then well                down     503 always
stalled  half a body, then silence          slow     a piece at a time
whole   ranges are ignored                  shifted  another range than asked for
untold  the listing lacks sizes and hashes  outside  the listing names ../../outside
nothing  a listing without weights          babble   a listing that is no JSON
loop    redirects to itself                 sharded  the weights lie in two files
large   the weights are 30 MB
"""


class Model:
    def __init__(self, name):
        self.name, self.fault = name, name.split("/")[0]
        self.bodies, self.lock = {}, threading.Lock()
        self.files = {f: open(os.path.join(FOLDER, f), "rb").read() for f in sorted(os.listdir(FOLDER)) if os.path.isfile(os.path.join(FOLDER, f))}
        if self.fault == "sharded":
            whole = self.files.pop("model.safetensors")
            half = len(whole) // 2
            self.files.update({"model-00001-of-00002.safetensors": whole[:half], "model-00002-of-00002.safetensors": whole[half:],
                               "model.safetensors.index.json": b'{"weight_map": {}}', "model.msgpack": b"not asked for"})
        if self.fault == "large":
            self.files["model.safetensors"] = bytes(range(256)) * 120_000
        if self.fault == "nothing":
            del self.files["model.safetensors"]

    def listing(self):
        siblings = []
        for name, content in self.files.items():
            one = {"rfilename": name}
            if self.fault != "untold":
                one |= {"size": len(content), "blobId": hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()}
                if is_large(name):
                    one["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 134}
            siblings.append(one)
        if self.fault == "outside":
            siblings.append({"rfilename": "../../outside.json", "size": 3, "blobId": "0" * 40})
        return json.dumps({"id": self.name, "sha": COMMIT, "siblings": siblings}).encode()

    def count(self, file):
        with self.lock:
            self.bodies[file] = self.bodies.get(file, 0) + 1
            return self.bodies[file]


MODELS, MODELS_LOCK = {}, threading.Lock()


def model(name):
    with MODELS_LOCK:
        if name not in MODELS:
            MODELS[name] = Model(name)
        return MODELS[name]


def is_large(file):
    return file.endswith(".safetensors")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def note(self, of):
        line = json.dumps({"model": of.name, "host": self.kind, "path": self.path.split("?")[0], "range": self.headers["Range"], "authorization": self.headers["Authorization"]})
        with MODELS_LOCK:
            LOG.write(line + "\n")
            LOG.flush()

    def send_file(self, of, file):
        """The content from the range's start on, with the model's fault."""
        content, fault = of.files[file], of.fault if is_large(file) else "plain"
        turn = of.count(file)
        if fault == "down" or fault == "busy" and turn <= 2:
            return self.answer(503)
        start, asked = 0, self.headers["Range"]
        if asked and fault != "whole":
            start = int(asked.removeprefix("bytes=").split("-")[0])
            if start >= len(content):
                return self.answer(416)
        shown = start + 1 if fault == "shifted" and start else start
        body = content[shown:]
        if fault == "wrong":
            body = bytes([body[0] ^ 1]) + body[1:]
        if fault == "longer":
            body += b"more"
        self.send_response(206 if asked and fault != "whole" else 200)
        if asked and fault != "whole":
            self.send_header("Content-Range", f"bytes {shown}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(body)))
        if of.fault == "untold":
            self.send_header("ETag", '"%s"' % hashlib.sha256(content).hexdigest())
        self.end_headers()
        self.send_body(body, fault, turn)

    def send_body(self, body, fault, turn):
        half = len(body) // 2
        if fault == "cut" and turn == 1:
            self.wfile.write(body[:half])
            self.close_connection = True
        elif fault == "always-cut":
            self.wfile.write(body[:1000])
            self.close_connection = len(body) > 1000
        elif fault == "stalled" and turn == 1:
            self.wfile.write(body[:half])
            self.wfile.flush()
            time.sleep(20)
            self.close_connection = True
        elif fault == "slow":
            for at in range(0, len(body), max(1, len(body) // 8)):
                self.wfile.write(body[at:at + max(1, len(body) // 8)])
                self.wfile.flush()
                time.sleep(0.15)
        else:
            self.wfile.write(body)


class Endpoint(Handler):
    kind = "endpoint"

    def do_GET(self):
        parts = [urllib.parse.unquote(p) for p in self.path.split("?")[0].strip("/").split("/")]
        if parts[:2] == ["api", "models"]:
            return self.answer_listing(model("/".join(parts[2:4])), parts[5])
        of, file = model("/".join(parts[:2])), parts[-1]
        self.note(of)
        if self.is_locked(of):
            return self.answer(401, b"Invalid username or password.")
        if of.fault == "loop":
            return self.answer(302, headers=[("Location", self.path)])
        if parts[2:4] != ["resolve", COMMIT] or file not in of.files:
            return self.answer(404, b"Entry not found")
        if not is_large(file):
            return self.send_file(of, file)
        content = of.files[file]
        # Relative first, as the hub does for models that moved; then to the storage host with a signature.
        if "?" not in self.path and of.fault == "plain":
            return self.answer(307, headers=[("Location", self.path + "?moved=1")])
        self.answer(302, headers=[("Location", f"{STORAGE}/{of.name}/{file}?X-Signature=secretOfTheStorage"),
                                  ("X-Linked-Size", str(len(content))), ("X-Linked-ETag", '"%s"' % hashlib.sha256(content).hexdigest())])

    def answer_listing(self, of, revision):
        self.note(of)
        if self.is_locked(of):
            return self.answer(401, b"Access to this model is restricted")
        if of.fault == "unknown" or revision not in ("main", "refs/pr/1", COMMIT):
            return self.answer(404, b"Repository not found")
        self.answer(200, b"<html>" if of.fault == "babble" else of.listing())

    def is_locked(self, of):
        return of.fault == "gated" and self.headers["Authorization"] != f"Bearer {TOKEN}"


class Storage(Handler):
    kind = "storage"

    def do_GET(self):
        org, name, file = self.path.split("?")[0].strip("/").split("/")
        of = model(f"{org}/{name}")
        self.note(of)
        if "X-Signature=secretOfTheStorage" not in self.path:
            return self.answer(403)
        self.send_file(of, file)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that goes away in the middle is part of the tests."""


def listen(handler, host):
    server = Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://{host}:{server.server_address[1]}"


if __name__ == "__main__":
    FOLDER, LOG = sys.argv[1], open(sys.argv[2], "a")
    STORAGE = listen(Storage, "localhost")
    print(json.dumps({"endpoint": listen(Endpoint, "127.0.0.1"), "storage": STORAGE}), flush=True)
    sys.stdin.read()
