"""What survives a restart: the keys pinned, the last signed snapshot, and the signed steps since. The format of all guards."""

import json
import os

_LARGEST = 32 * 1024 * 1024


def _is_sound(saved):
    def texts(each, *members):
        return isinstance(each, dict) and all(isinstance(each.get(member), str) for member in members)

    return (
        isinstance(saved, dict)
        and saved.get("schema") == 1
        and isinstance(saved.get("pinned"), list)
        and all(texts(each, "key", "publicKey") for each in saved["pinned"])
        and isinstance(saved.get("signed"), list)
        and all(texts(each, "payload", "key", "signature") for each in saved["signed"])
    )


def read(path):
    """None: there is none. Raises OSError or ValueError when it cannot be used."""
    if not os.path.exists(path):
        return None
    if os.path.getsize(path) > _LARGEST:
        raise ValueError("it is too large")
    with open(path, encoding="utf-8") as file:
        saved = json.load(file)
    if not _is_sound(saved):
        raise ValueError("it is not a state file of the guard")
    return saved


def capsules(path):
    """Text of the capsules applied by hand, beside the state file; empty: none."""
    try:
        if os.path.getsize(f"{path}.capsules") > _LARGEST:
            return ""
        with open(f"{path}.capsules", encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def write(path, saved):
    """Never leaves half a file: writes beside it, syncs, renames."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    beside = f"{path}.{os.getpid()}.tmp"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(saved, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
