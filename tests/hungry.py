"""A process that takes memory, or time, for the tests of limits: `python -m tests.hungry`, an order on its stdin."""

from __future__ import annotations

import json
import sys
import time

order = json.loads(sys.stdin.readline())
print(json.dumps({"began": True}), flush=True)
held = bytearray()
while order["memory"]:
    held += b"x" * (50 << 20)
    time.sleep(0.05)
time.sleep(order["seconds"])
if order.get("words"):
    sys.exit(order["words"])
