"""In charge of a server for the tests of kronicle-sdk, with a user for each lane."""

import os
import re
import secrets
import subprocess

import requests

USERS = {lane: f"{lane}@example.org" for lane in ("reader", "writer", "admin")}
PASSWORD = secrets.token_hex(12)


class Serving:
    """The server, from `start` to `stop`; `url` is where it listens meanwhile."""

    url = ""

    def start(self):
        environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environment |= {"KRONICLE_FIRST_ADMIN_EMAIL": USERS["admin"], "KRONICLE_FIRST_ADMIN_PASSWORD": PASSWORD}
        environment |= {"KRONICLE_PORT": "0", "KRONICLE_DATA_DIR": ":memory:", "KRONICLE_VALIDATE_RESPONSES": "true"}
        command = ["node_modules/.bin/node", "server/src/main.ts"]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if found := re.match(r"Kronicle listens on (http://\S+)", line):
                self.url = found[1]
                self.make_users()
                return
        raise RuntimeError("the server ended before it listened")

    def make_users(self):
        login = {"login": USERS["admin"], "password": PASSWORD}
        token = requests.post(f"{self.url}/auth/v1/login", json=login, timeout=30).json()["access_token"]
        for lane in ("reader", "writer"):
            user = {"email": USERS[lane], "role": lane, "password": PASSWORD}
            made = requests.post(f"{self.url}/rbac/v1/users", json=user, headers={"Authorization": f"Bearer {token}"}, timeout=30)
            made.raise_for_status()

    def stop(self):
        self.process.terminate()
        self.process.wait()
