"""Whether Slack sent a request: its signature over the bytes as they came, before anybody reads them.

Bolt looks at the signature only after it has parsed the body, and a stranger's body can make a parser stumble.
"""

import hashlib
import hmac
from datetime import datetime

OLDEST_S = 5 * 60  # Slack's own rule: what is older may be a recording


def is_slacks(secret: str, timestamp: str, signature: str, body: bytes, *, now: datetime) -> bool:
    """Whether `signature` is Slack's for this body at this time. The headers may be anything, and nothing is raised."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= len("9999999999")):
        return False
    if abs(now.timestamp() - int(timestamp)) > OLDEST_S:
        return False
    signed = b"v0:%b:%b" % (timestamp.encode(), body)
    expected = f"v0={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape"))
