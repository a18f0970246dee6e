import base64
import json
import os
import tempfile
from pathlib import Path

from . import signing
from .stand_in import until
from .test_guard import Guarded

VECTORS = json.loads(
    (Path(__file__).resolve().parents[3] / "conformance" / "capsules.json").read_text(encoding="utf-8")
)
NOWHERE = "http://127.0.0.1:9"
AT = "2026-12-01T10:00:00.000Z"


class Capsules(Guarded):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "state.json")
        self.server = self.serve()

    def apply(self, payload, applied_at=AT, other=False):
        signed = self.server.signed(payload, b"x" * 32 if other else None)
        Path(f"{self.path}.capsules").write_text(json.dumps([{**signed, "appliedAt": applied_at}]), encoding="utf-8")

    def guard(self, **options):
        trusted = [base64.b64encode(signing.public_of(self.server.seed)).decode()]
        return self.guard_of(
            options.pop("url", NOWHERE),
            **{"state_file": self.path, "trusted_keys": trusted, "boot_fail_mode": "allow", **options},
        )

    def test_every_vector_is_answered_as_everywhere_else(self):
        for vector in VECTORS:
            with self.subTest(vector["name"]):
                self.apply(vector["payload"], vector["appliedAt"], vector.get("otherKey", False))
                guard = self.guard(system=vector["system"])
                self.assertEqual(guard.check(**vector["request"]).action, vector["expect"])
                guard.close()

    def test_is_obeyed_by_a_process_that_runs_and_let_go_by_a_signed_word_alone(self):
        guard = self.guard(url=self.server.url)
        guard.ready()
        self.assertEqual(guard.check(feature="answers").action, "allow")
        self.apply(VECTORS[0]["payload"])
        until("the capsule is obeyed", lambda: guard.check(feature="answers").action == "deny")
        until("it is told", lambda: any(each.get("capsules") == ["cap_1"] for each in self.server.heard))
        os.remove(f"{self.path}.capsules")
        self.server.hold()
        self.caught_up(guard, self.server)
        self.assertEqual(guard.check(feature="answers").action, "deny")
        state = {**self.server.state, "epoch": self.server.state["epoch"] + 1, "ended": ["cap_1"]}
        self.server.send({"type": "snapshot", **self.server.signed(state)})
        until("it is let go", lambda: guard.check(feature="answers").action == "allow")
        self.assertEqual(guard.stats()["capsules"], [])

    def test_says_what_is_refused_and_not_what_is_allowed(self):
        self.apply(VECTORS[0]["payload"])
        self.assertEqual(self.guard(boot_fail_mode="deny").check(feature="refunds").action, "deny")
