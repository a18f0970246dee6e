import json
import os
import tempfile
import unittest
from pathlib import Path

from firebreak_guard import ContainedError, create_guard

from .stand_in import KEY, StandIn, hold_of, until

ANSWERS = {"kind": "disable", "feature": "answers"}


class Guarded(unittest.TestCase):
    def serve(self, **options):
        server = StandIn(**options)
        self.addCleanup(server.close)
        return server

    def guard_of(self, server, **options):
        url = server if isinstance(server, str) else server.url
        guard = create_guard(
            **{"url": url, "key": KEY, "system": "support-bot", "boot_fail_mode": "deny", **options}
        )
        self.addCleanup(guard.close)
        return guard

    def caught_up(self, guard, server):
        until("caught up", lambda: guard.stats()["epoch"] == server.state["epoch"])


class AGuard(Guarded):
    def test_gives_a_cache_of_answers_another_namespace_after_every_order(self):
        server = self.serve()
        guard = self.guard_of(server)
        guard.ready()
        seen = [guard.cache_namespace()]
        for holds in ([hold_of(ANSWERS)], []):
            server.hold(*holds)
            self.caught_up(guard, server)
            seen.append(guard.cache_namespace())
        self.assertEqual(len(set(seen)), 3)

    def test_stops_a_feature_and_lets_go_again_acknowledging_each_step(self):
        server = self.serve()
        guard = self.guard_of(server)
        guard.ready()
        self.assertEqual(guard.check(feature="answers").action, "allow")
        self.assertEqual(guard.stats()["transport"], "socket")
        server.hold(hold_of(ANSWERS))
        self.caught_up(guard, server)
        verdict = guard.check(feature="answers")
        self.assertEqual((verdict.action, verdict.hold, verdict.incident), ("deny", "hld_t1", "inc_t1"))
        self.assertEqual(guard.check(feature="summary").action, "allow")
        with self.assertRaises(ContainedError):
            guard.enforce(feature="answers")
        server.hold()
        self.caught_up(guard, server)
        self.assertEqual(guard.check(feature="answers").action, "allow")
        until("three acknowledgements", lambda: len(server.acks()) == 3)
        self.assertEqual([each["epoch"] for each in server.acks()], [1, 2, 3])
        self.assertRegex(server.acks()[1]["stateHash"], "^[0-9a-f]{64}$")
        until("a count", lambda: any("hld_t1" in each.get("counters", {}).get("holds", {}) for each in server.heard))

    def test_chooses_versions_and_settings(self):
        server = self.serve()
        guard = self.guard_of(server)
        guard.ready()
        server.hold(
            hold_of({"kind": "route", "from": {"prompt": "v41"}, "to": {"prompt": "v40"}}),
            hold_of({"kind": "settings", "values": {"answer_threshold": 0.9}}, 2),
        )
        self.caught_up(guard, server)
        self.assertEqual([guard.resolve_prompt("v41"), guard.resolve_prompt("v39")], ["v40", "v39"])
        self.assertEqual(guard.resolve_model("m1"), "m1")
        self.assertEqual(guard.settings()["values"], {"answer_threshold": 0.9})

    def test_counts_limits_and_says_how_long_to_wait(self):
        server = self.serve()
        guard = self.guard_of(server)
        guard.ready()
        server.hold(hold_of({"kind": "limit", "requests": 1, "seconds": 60, "per": "subject"}))
        self.caught_up(guard, server)
        guard.enforce(subject="u1")
        guard.enforce(subject="u2")
        with self.assertRaises(ContainedError) as caught:
            guard.enforce(subject="u1")
        self.assertEqual(caught.exception.status, 429)
        self.assertGreater(caught.exception.retry_after, 50)

    def test_wraps_tools_triggers_and_retrievers(self):
        server = self.serve()
        guard = self.guard_of(server)
        guard.ready()
        called = []

        @guard.tool
        def send_mail(to):
            called.append(to)

        @guard.trigger(name="nightly")
        def nightly():
            called.append("nightly")

        @guard.retriever(index="handbook")
        def search(_query):
            return ["a page"]

        send_mail("a")
        nightly()
        self.assertEqual(search("x"), ["a page"])
        server.hold(
            hold_of({"kind": "revoke", "tools": ["send_mail"]}),
            hold_of({"kind": "pause", "trigger": "nightly"}, 2),
            hold_of({"kind": "retrieval", "index": "handbook"}, 3),
        )
        self.caught_up(guard, server)
        with self.assertRaises(ContainedError):
            send_mail("b")
        self.assertIsNone(nightly())
        self.assertEqual(search("x"), [])
        self.assertEqual(called, ["a", "nightly"])

    def test_has_a_person_decide(self):
        server = self.serve()
        guard = self.guard_of(server)
        guard.ready()
        decision = guard.review(text="All sales are final.", hold="hld_t1", wait=0)
        self.assertEqual(decision.state, "timed-out")
        server.decisions["rvw_1"] = {"state": "edited", "text": "You have 14 days."}
        decision = guard.review(text="All sales are final.", feature="answers", wait=10)
        self.assertEqual((decision.state, decision.text), ("edited", "You have 14 days."))
        asked = [each for each in server.heard if each["type"] == "review"][-1]
        self.assertEqual((asked["system"], asked["feature"]), ("support-bot", "answers"))

    def test_follows_its_boot_fail_mode_before_any_state_is_known(self):
        nowhere = "http://127.0.0.1:9"
        closed = self.guard_of(nowhere)
        self.assertEqual((closed.check().action, closed.check().epoch), ("deny", 0))
        self.assertEqual(self.guard_of(nowhere, boot_fail_mode="allow").check().action, "allow")
        with self.assertRaisesRegex(TimeoutError, "no state from http://127.0.0.1:9"):
            closed.ready(0.2)

    def test_says_no_for_a_system_whose_state_it_does_not_hold(self):
        guard = self.guard_of(self.serve())
        guard.ready()
        self.assertEqual(guard.check(system="sales-bot").action, "deny")

    def test_refuses_options_that_cannot_work(self):
        for options, why in [
            ({"url": "firebreak"}, "url"),
            ({"key": ""}, "key"),
            ({"boot_fail_mode": "maybe"}, "boot_fail_mode"),
            ({"poll_seconds": 0}, "poll_seconds"),
        ]:
            with self.subTest(why), self.assertRaisesRegex(TypeError, why):
                self.guard_of("http://127.0.0.1:9", **options)
        with self.assertRaisesRegex(TypeError, "does not know 'featur'"):
            self.guard_of("http://127.0.0.1:9").check(featur="x")

    @unittest.skipUnless(hasattr(os, "fork"), "this system has no fork")
    def test_goes_on_in_a_process_that_was_forked(self):
        server = self.serve()
        guard = self.guard_of(server)
        guard.ready()
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            until("stopped in the child", lambda: guard.check(feature="answers").denied)
            os.write(write, guard.instance.encode())
            os._exit(0)
        until("two instances", lambda: len({each["instance"] for each in server.heard if each["type"] == "hello"}) == 2)
        server.hold(hold_of(ANSWERS))
        self.assertNotEqual(os.read(read, 200).decode(), guard.instance)
        os.waitpid(child, 0)
        os.close(read)
        os.close(write)


class ContactLost(Guarded):
    def test_keeps_what_is_in_force_comes_back_and_catches_up(self):
        server = self.serve()
        guard = self.guard_of(server)
        guard.ready()
        server.hold(hold_of(ANSWERS))
        self.caught_up(guard, server)
        server.close()
        until("the line is cut", lambda: guard.stats()["transport"] == "none")
        self.assertTrue(guard.check(feature="answers").denied)
        again = self.serve(port=server.port)
        again.hold(hold_of(ANSWERS))
        again.hold(hold_of(ANSWERS), hold_of({"kind": "disable", "feature": "summary"}, 2))
        until("caught up", lambda: guard.check(feature="summary").denied)
        self.assertTrue(guard.check(feature="answers").denied)

    def test_asks_by_http_while_no_socket_is_to_be_had(self):
        server = self.serve()
        server.refuse_sockets = True
        server.hold(hold_of(ANSWERS))
        guard = self.guard_of(server)
        guard.ready()
        self.assertTrue(guard.check(feature="answers").denied)
        until("acknowledged by HTTP", lambda: any(each["type"] == "http" and "ack" in each for each in server.heard))

    def test_polls_only_when_told_to(self):
        server = self.serve()
        guard = self.guard_of(server, transport="poll", poll_seconds=0.1)
        guard.ready()
        server.hold(hold_of(ANSWERS))
        until("stopped", lambda: guard.check(feature="answers").denied)
        self.assertEqual(server.sockets, [])

    def test_a_wrong_key_is_told(self):
        guard = self.guard_of(self.serve(), key="fbk_wrong")
        until("a fault", lambda: "401" in (guard.stats()["last_fault"] or ""))


class MessagesThatMustNotBeTaken(Guarded):
    def stopped(self, **options):
        server = self.serve()
        guard = self.guard_of(server, **options)
        guard.ready()
        server.hold(hold_of(ANSWERS))
        self.caught_up(guard, server)
        return server, guard

    def nacked(self, server, code):
        until(f"a nack {code}", lambda: any(each["type"] == "nack" and each["code"] == code for each in server.heard))

    def test_tampered_signed_by_another_older_and_with_a_step_missing(self):
        server, guard = self.stopped()
        nothing = {**server.state, "epoch": 9, "holds": []}
        signed = server.signed(nothing)
        server.send({"type": "snapshot", **signed, "payload": signed["payload"].replace('"epoch": 9', '"epoch": 8')})
        self.nacked(server, "signature")
        server.heard.clear()
        server.send({"type": "snapshot", **server.signed(nothing, b"x" * 32)})
        self.nacked(server, "signature")
        server.send({"type": "snapshot", **server.signed({**nothing, "epoch": 1})})
        self.nacked(server, "older")
        step = {"schema": 1, "system": "support-bot", "generation": 1, "from": 7, "epoch": 8, "add": [], "remove": []}
        server.send({"type": "delta", **server.signed(step)})
        self.nacked(server, "gap")
        self.assertTrue(guard.check(feature="answers").denied)


class AStateFile(Guarded):
    def test_holds_survive_a_restart_without_firebreak_and_a_forged_file_does_not_lift_them(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = os.path.join(folder.name, "sub", "state.json")
        server = self.serve()
        guard = self.guard_of(server, state_file=path)
        guard.ready()
        server.hold(hold_of(ANSWERS))
        self.caught_up(guard, server)
        until("written", lambda: os.path.exists(path) and "hld_t1" in Path(path).read_text("utf-8"))
        guard.close()
        server.close()

        again = self.guard_of(server, state_file=path)
        self.assertTrue(again.check(feature="answers").denied)
        self.assertEqual(again.check(feature="summary").action, "allow")
        again.close()

        with open(path, encoding="utf-8") as file:
            saved = json.load(file)
        saved["signed"][-1]["payload"] = saved["signed"][-1]["payload"].replace("answers", "nothing")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(saved, file)
        forged = self.guard_of(server, state_file=path)
        self.assertTrue(forged.check(feature="summary").denied)
        self.assertIsNone(forged.stats()["epoch"])
