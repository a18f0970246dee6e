import asyncio
import importlib.util
import json
import threading
import time
import unittest
import urllib.error
import urllib.request

from firebreak_guard import ContainedError
from firebreak_guard import bodies

from .stand_in import Vendor, hold_of, until
from .test_guard import ANSWERS, Guarded

HAS = {name: importlib.util.find_spec(name) is not None for name in ("openai", "anthropic")}


def library_of(client):
    """The library that this version of a client sends with."""
    import sys

    return sys.modules[type(client._client).__mro__[-2].__module__.partition(".")[0]]


class WithVendor(Guarded):
    def setUp(self):
        self.server = self.serve()
        self.vendor = Vendor()
        self.addCleanup(self.vendor.close)
        self.guard = self.guard_of(self.server)
        self.guard.ready()

    def order(self, *controls):
        self.server.hold(*(hold_of(each, at + 1) for at, each in enumerate(controls)))
        self.caught_up(self.guard, self.server)


class Urllib(WithVendor):
    def ask(self, body, **headers):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), self.guard.handler(feature="answers"))
        request = urllib.request.Request(
            f"{self.vendor.url}/chat/completions",
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json", **headers},
        )
        return opener.open(request, timeout=10)

    BODY = {"model": "m2", "messages": [{"role": "user", "content": "hello there"}]}

    def test_passes_and_keeps_our_headers_to_itself(self):
        with self.ask(self.BODY, **{"x-firebreak-country": "DE"}) as answer:
            self.assertIn(b"Hello from vendor", answer.read())
        sent = {name.lower() for name in self.vendor.asked[0]["headers"]}
        self.assertFalse([name for name in sent if name.startswith("x-firebreak")])
        self.assertEqual(self.guard.stats()["in_flight"], 0)

    def test_refuses_before_anything_is_sent(self):
        self.order(ANSWERS)
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.ask(self.BODY)
        with caught.exception as error:
            self.assertEqual((error.code, error.headers["x-should-retry"]), (403, "false"))
            self.assertEqual(json.loads(error.read())["hold"], "hld_t1")
        self.assertEqual(self.vendor.asked, [])

    def test_changes_the_model_and_the_settings(self):
        self.order(
            {"kind": "route", "from": {"model": "m2"}, "to": {"model": "m1"}},
            {"kind": "settings", "temperature": 0.2, "maxTokens": 50},
        )
        self.ask({**self.BODY, "max_tokens": 400}).close()
        body = self.vendor.asked[0]["body"]
        self.assertEqual((body["model"], body["temperature"], body["max_tokens"]), ("m1", 0.2, 50))

    def test_limits(self):
        self.order({"kind": "limit", "requests": 1, "seconds": 60, "per": "everyone"})
        self.ask(self.BODY).close()
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.ask(self.BODY)
        with caught.exception as error:
            self.assertEqual(error.code, 429)
            self.assertGreater(int(error.headers["retry-after"]), 50)

    def test_blocks_words_on_the_way_in_and_on_the_way_out(self):
        self.order({"kind": "block", "phrases": ["two devices"]})
        for body, says, asked in [
            ({**self.BODY, "messages": [{"role": "user", "content": "Two devices?"}]}, "fine", 0),
            (self.BODY, "Only two devices are allowed", 1),
        ]:
            self.vendor.says = says
            with self.assertRaises(urllib.error.HTTPError) as caught:
                self.ask(body)
            caught.exception.close()
            self.assertEqual((caught.exception.code, len(self.vendor.asked)), (403, asked))
        self.vendor.says = "As many as you like"
        with self.ask(self.BODY) as answer:
            self.assertIn(b"as you like", answer.read())

    def test_ends_a_running_answer_with_an_error(self):
        self.vendor.mode = "endless"
        answer = self.ask({**self.BODY, "stream": True})
        answer.readline()
        self.order(ANSWERS)
        with self.assertRaises(ContainedError):
            for _ in answer:
                pass
        answer.close()
        until("cut off", lambda: self.vendor.cut_off == 1)

    def test_lets_a_running_answer_finish_where_the_order_says_so(self):
        drain = {**ANSWERS, "inFlight": "drain"}
        others = {"kind": "block", "phrases": ["nobody says this"], "direction": "output"}
        self.order(others)
        self.vendor.mode = "endless"
        answer = self.ask({**self.BODY, "stream": True})
        answer.readline()
        self.order(others, drain)
        for _ in range(20):
            self.assertTrue(answer.readline())
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.ask(self.BODY)
        caught.exception.close()
        self.assertEqual((caught.exception.code, len(self.vendor.asked)), (403, 1))
        self.order(others, drain, ANSWERS)
        with self.assertRaises(ContainedError):
            for _ in answer:
                pass
        answer.close()

    def test_ends_a_stream_that_begins_to_say_what_is_blocked(self):
        self.order({"kind": "block", "phrases": ["two devices"], "direction": "output"})
        self.vendor.says = "You may use two devices at most"
        heard = b""
        with self.assertRaises(ContainedError), self.ask({**self.BODY, "stream": True}) as answer:
            for line in answer:
                heard += line
        self.assertIn(b"use", heard)
        self.assertNotIn(b"devices", heard)


class Bodies(unittest.TestCase):
    def test_reads_what_people_and_tools_say(self):
        facts = bodies.facts_of(
            {
                "model": "m",
                "messages": [
                    {"role": "system", "content": "secret"},
                    {"role": "user", "content": [{"type": "text", "text": "one"}, {"type": "image_url", "image_url": {}}]},
                    {"role": "assistant", "content": "mine"},
                    {"role": "tool", "content": "two"},
                ],
            }
        )
        self.assertEqual(facts, {"model": "m", "text": "one\ntwo", "attachments": 1})
        self.assertEqual(bodies.facts_of({"contents": [{"parts": [{"text": "gemini"}]}]})["text"], "gemini")
        self.assertEqual(bodies.facts_of({"input": "plain"})["text"], "plain")

    def test_never_raises_a_bound_that_was_lower(self):
        kept = bodies.with_settings({"max_tokens": 10, "temperature": 0}, {"maxTokens": 99, "temperature": 0.5}, "/x")
        self.assertEqual((kept["max_tokens"], kept["temperature"]), (10, 0))
        named = bodies.with_settings({"model": "gpt-5-mini"}, {"maxTokens": 9, "temperature": 1}, "/v1/chat/completions")
        self.assertEqual(named, {"model": "gpt-5-mini", "max_completion_tokens": 9})
        gemini = bodies.with_settings({"contents": []}, {"maxTokens": 9, "topP": 0.5}, "/x")
        self.assertEqual(gemini["generationConfig"], {"topP": 0.5, "maxOutputTokens": 9})


@unittest.skipUnless(HAS["openai"], "the openai client is not installed")
class OpenAi(WithVendor):
    MESSAGES = [{"role": "user", "content": "hello"}]

    def client(self, kind="sync"):
        import openai

        library = library_of(openai.OpenAI(api_key="k"))
        if kind == "sync":
            inner = library.Client(transport=self.guard.transport(library.HTTPTransport(), feature="answers"))
            client = openai.OpenAI(api_key="k", base_url=self.vendor.url, http_client=inner)
            self.addCleanup(client.close)
            return client
        wrapped = self.guard.async_transport(library.AsyncHTTPTransport(), feature="answers")
        inner = library.AsyncClient(transport=wrapped)
        return openai.AsyncOpenAI(api_key="k", base_url=self.vendor.url, http_client=inner)

    def test_a_refusal_is_one_attempt(self):
        import openai

        client = self.client()
        answer = client.chat.completions.create(model="m2", messages=self.MESSAGES)
        self.assertEqual(answer.choices[0].message.content, "Hello from vendor")
        self.order(ANSWERS)
        began = time.monotonic()
        with self.assertRaises(openai.PermissionDeniedError) as caught:
            client.chat.completions.create(model="m2", messages=self.MESSAGES)
        self.assertLess(time.monotonic() - began, 0.4)
        self.assertEqual(caught.exception.response.headers["x-firebreak-control"], "hld_t1")
        self.assertEqual(len(self.vendor.asked), 1)

    def test_a_running_stream_ends_with_an_error(self):
        self.vendor.mode = "endless"
        stream = self.client().chat.completions.create(model="m2", messages=self.MESSAGES, stream=True)
        next(iter(stream))
        self.order(ANSWERS)
        with self.assertRaises(ContainedError):
            for _ in stream:
                pass
        until("cut off", lambda: self.vendor.cut_off == 1)

    def test_a_limit_is_told_with_its_time(self):
        import openai

        self.order({"kind": "limit", "requests": 1, "seconds": 60, "per": "everyone"})
        client = self.client()
        client.chat.completions.create(model="m2", messages=self.MESSAGES)
        with self.assertRaises(openai.RateLimitError):
            client.chat.completions.create(model="m2", messages=self.MESSAGES)
        self.assertEqual(len(self.vendor.asked), 1)

    def test_the_asynchronous_client_is_refused_changed_and_ended(self):
        import openai

        async def run():
            async with self.client("async") as client:
                self.order({"kind": "route", "to": {"model": "m1"}}, {"kind": "block", "phrases": ["devices"]})
                await client.chat.completions.create(model="m2", messages=self.MESSAGES)
                self.assertEqual(self.vendor.asked[0]["body"]["model"], "m1")
                self.vendor.says = "two devices"
                with self.assertRaises(openai.PermissionDeniedError):
                    await client.chat.completions.create(model="m2", messages=self.MESSAGES)
                self.vendor.mode = "endless"
                stream = await client.chat.completions.create(model="m2", messages=self.MESSAGES, stream=True)
                threading.Timer(0.1, lambda: self.server.hold(hold_of(ANSWERS, 7))).start()
                with self.assertRaises(ContainedError):
                    async for _ in stream:
                        pass
                with self.assertRaises(openai.PermissionDeniedError):
                    await client.chat.completions.create(model="m2", messages=self.MESSAGES)

        asyncio.run(run())
        until("cut off", lambda: self.vendor.cut_off == 1)


@unittest.skipUnless(HAS["anthropic"], "the anthropic client is not installed")
class Anthropic(WithVendor):
    def test_a_refusal_is_one_attempt(self):
        import anthropic

        library = library_of(anthropic.Anthropic(api_key="k"))
        inner = library.Client(transport=self.guard.transport(library.HTTPTransport()))
        with anthropic.Anthropic(api_key="k", base_url=self.vendor.url, http_client=inner) as client:
            self.order({"kind": "settings", "maxTokens": 5})
            ask = lambda: client.messages.create(  # noqa: E731
                model="m2", max_tokens=10, messages=[{"role": "user", "content": "hello"}]
            )
            ask()
            self.assertEqual(self.vendor.asked[0]["body"]["max_tokens"], 5)
            self.server.hold(hold_of({"kind": "disable"}, 2))
            self.caught_up(self.guard, self.server)
            with self.assertRaises(anthropic.PermissionDeniedError):
                ask()
        self.assertEqual(len(self.vendor.asked), 1)
