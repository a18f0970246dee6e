"""Wraps what carries requests: transports of httpx and its successors, and openers of urllib. Imports neither client."""

import asyncio
import io
import socket
import sys
import urllib.request
import urllib.response
from email.message import Message

from . import bodies
from .contained import ContainedError, refusal
from .exchange import ALL_HEADERS, Exchange, Refused


def _library_of(thing):
    return sys.modules[type(thing).__module__.partition(".")[0]]


def _response(library, request, answer):
    status, headers, body = answer
    return library.Response(status, headers=headers, content=body.encode(), request=request)


def _sent(library, request, exchange):
    """The request as it leaves: without our headers, with the body that is ordered."""
    names = {"content-length", "transfer-encoding"} if exchange.body is not None else set()
    if exchange.reads_answer:
        names.add("accept-encoding")
    drop = ALL_HEADERS | names
    if exchange.body is None and not any(name.lower() in drop for name in request.headers):
        return request
    headers = [(name, value) for name, value in request.headers.multi_items() if name.lower() not in drop]
    if exchange.reads_answer:
        headers.append(("accept-encoding", "identity"))
    content = request.content if exchange.body is None else exchange.body
    extensions = request.extensions
    return library.Request(request.method, request.url, headers=headers, content=content, extensions=extensions)


def _cut_of(response):
    """Frees a thread that waits for more of an answer."""
    stream = response.extensions.get("network_stream")

    def cut():
        found = None if stream is None else stream.get_extra_info("socket")
        if found is not None:
            try:
                found.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    return cut


def _content_type(response):
    return response.headers.get("content-type", "")


def _judged(library, response, exchange, content):
    """An answer that came whole: itself, or a refusal."""
    value = bodies.parsed(content)
    if value is not None:
        exchange.judge_answer(bodies.answer_text(value))
    return library.Response(
        response.status_code, headers=response.headers, content=content, extensions=response.extensions
    )


class Transport:
    def __init__(self, guard, inner, asking):
        self._guard = guard
        self._inner = inner
        self._asking = asking

    def handle_request(self, request):
        library = _library_of(request)
        try:
            exchange = Exchange(self._guard, self._asking, request.url.path, request.headers, request.read())
        except Refused as refused:
            return _response(library, request, refused.answer)
        exchange.fly()
        try:
            response = self._inner.handle_request(_sent(library, request, exchange))
            if exchange.error is not None:
                response.close()
                raise exchange.error
            if exchange.reads_answer and "json" in _content_type(response):
                content = response.read()
                response.close()
                exchange.over()
                return _judged(library, response, exchange, content)
        except BaseException as error:
            exchange.over()
            ended = error if isinstance(error, ContainedError) else exchange.error
            if ended is None or not isinstance(error, Exception):
                raise
            return _response(library, request, refusal(ended))
        exchange.cut_by(_cut_of(response))
        response.stream = _guarded(library, response.stream, exchange, exchange.reader(_content_type(response)))
        return response

    def close(self):
        self._inner.close()

    def __enter__(self):
        self._inner.__enter__()
        return self

    def __exit__(self, *given):
        return self._inner.__exit__(*given)


def _guarded(library, inner, exchange, read):
    class GuardedStream(library.SyncByteStream):
        def __iter__(self):
            try:
                for chunk in inner:
                    if exchange.error is not None:
                        break
                    read(chunk)
                    yield chunk
            except Exception:
                # A connection that was cut says so in its own words.
                if exchange.error is None:
                    raise
            finally:
                exchange.over()
            if exchange.error is not None:
                raise exchange.error

        def close(self):
            exchange.over()
            inner.close()

    return GuardedStream()


class AsyncTransport:
    def __init__(self, guard, inner, asking):
        self._guard = guard
        self._inner = inner
        self._asking = asking

    async def handle_async_request(self, request):
        library = _library_of(request)
        try:
            exchange = Exchange(self._guard, self._asking, request.url.path, request.headers, await request.aread())
        except Refused as refused:
            return _response(library, request, refused.answer)
        loop = asyncio.get_running_loop()
        stopped = asyncio.Event()
        exchange.fly(lambda: loop.call_soon_threadsafe(stopped.set))
        try:
            sent = _sent(library, request, exchange)
            response = await _unless(stopped, exchange, self._inner.handle_async_request(sent))
            if exchange.reads_answer and "json" in _content_type(response):
                content = await _unless(stopped, exchange, response.aread())
                await response.aclose()
                exchange.over()
                return _judged(library, response, exchange, content)
        except ContainedError as error:
            exchange.over()
            return _response(library, request, refusal(error))
        except BaseException:
            exchange.over()
            raise
        read = exchange.reader(_content_type(response))
        response.stream = _async_guarded(library, response.stream, exchange, stopped, read)
        return response

    async def aclose(self):
        await self._inner.aclose()

    async def __aenter__(self):
        await self._inner.__aenter__()
        return self

    async def __aexit__(self, *given):
        return await self._inner.__aexit__(*given)


async def _unless(stopped, exchange, work):
    """What the work gives, or the error that ended it."""
    task = asyncio.ensure_future(work)
    stop = asyncio.ensure_future(stopped.wait())
    try:
        await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        if exchange.error is not None:
            task.cancel()
            await asyncio.wait({task})
            raise exchange.error
        return task.result()
    except asyncio.CancelledError:
        task.cancel()
        raise
    finally:
        stop.cancel()


def _async_guarded(library, inner, exchange, stopped, read):
    class GuardedStream(library.AsyncByteStream):
        async def __aiter__(self):
            pieces = inner.__aiter__()
            try:
                while True:
                    try:
                        chunk = await _unless(stopped, exchange, _next(pieces))
                    except _Over:
                        break
                    read(chunk)
                    yield chunk
            finally:
                exchange.over()

        async def aclose(self):
            exchange.over()
            await inner.aclose()

    return GuardedStream()


class _Over(Exception):
    """StopAsyncIteration may not leave a coroutine."""


async def _next(pieces):
    try:
        return await pieces.__anext__()
    except StopAsyncIteration:
        raise _Over from None


class _Answer:
    """A response of urllib that can be ended while it is read."""

    def __init__(self, inner, exchange):
        self._inner = inner
        self._exchange = exchange
        self._read = exchange.reader(inner.headers.get("content-type", ""))

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def _piece(self, take):
        try:
            data = take()
        except Exception:
            if self._exchange.error is None:
                raise
            data = b""
        if self._exchange.error is not None:
            raise self._exchange.error
        if not data:
            self._exchange.over()
        self._read(data)
        return data

    def read(self, *size):
        return self._piece(lambda: self._inner.read(*size))

    def read1(self, *size):
        return self._piece(lambda: self._inner.read1(*size))

    def readline(self, *size):
        return self._piece(lambda: self._inner.readline(*size))

    def __iter__(self):
        while True:
            line = self.readline()
            if not line:
                return
            yield line

    def close(self):
        self._exchange.over()
        self._inner.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self):
        self._exchange.over()


def _whole(url, answer):
    status, headers, body = answer
    fields = Message()
    for name, value in headers.items():
        fields[name] = value
    response = urllib.response.addinfourl(io.BytesIO(body if isinstance(body, bytes) else body.encode()), fields, url, status)
    response.msg = "Forbidden" if status == 403 else "Too Many Requests" if status == 429 else "OK"
    return response


class _Handler(urllib.request.BaseHandler):
    # Before the handlers that connect.
    handler_order = 400

    def __init__(self, guard, asking):
        self._guard = guard
        self._asking = asking

    def http_request(self, request):
        headers = {name.lower(): value for name, value in request.header_items()}
        body = request.data if isinstance(request.data, (bytes, bytearray)) else None
        request._firebreak = None
        try:
            exchange = Exchange(self._guard, self._asking, request.selector, headers, body)
        except Refused as refused:
            request._firebreak = refused
            return request
        for name in ALL_HEADERS:
            request.remove_header(name.capitalize())
        if exchange.body is not None:
            request.data = exchange.body
            request.remove_header("Content-length")
        request._firebreak = exchange
        return request

    https_request = http_request

    def http_open(self, request):
        refused = request._firebreak
        return _whole(request.full_url, refused.answer) if isinstance(refused, Refused) else None

    https_open = http_open

    def http_response(self, request, response):
        exchange = getattr(request, "_firebreak", None)
        if not isinstance(exchange, Exchange):
            return response
        # What was ordered while the answer began; a connection that failed has nothing to end.
        exchange.fly()
        exchange.judge_again()
        if exchange.error is not None:
            exchange.over()
            response.close()
            return _whole(request.full_url, refusal(exchange.error))
        if exchange.reads_answer and "json" in response.headers.get("content-type", ""):
            content = response.read()
            exchange.over()
            value = bodies.parsed(content)
            try:
                if value is not None:
                    exchange.judge_answer(bodies.answer_text(value))
            except ContainedError as error:
                return _whole(request.full_url, refusal(error))
            return _whole(request.full_url, (response.status, dict(response.headers), content))

        def cut():
            raw = getattr(getattr(response, "fp", None), "raw", None)
            found = getattr(raw, "_sock", None)
            if found is not None:
                try:
                    found.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

        exchange.cut_by(cut)
        return _Answer(response, exchange)

    https_response = http_response


def handler(guard, asking):
    return _Handler(guard, asking)
