import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { FIREBREAK_HEADER_NAMES } from '@firebreak/guard/calls';
import type { Dispatcher } from 'undici';
import { traceOf } from '../interaction.ts';
import { DOOR_HEADER } from '../made-up.ts';
import { sendProblem } from '../problem.ts';
import { dataOf, Events, withData } from './events.ts';
import { type McpHouse, type McpServer, offeredTo, one, placeOf } from './house.ts';
import { type Call, callIn, denialOf, filteredList, type Place, type Refused } from './judge.ts';
import {
  BadMessage,
  disagreement,
  isJson,
  isStateless,
  type Json,
  type Message,
  RPC,
  readMessage,
  versionOf,
} from './message.ts';
import { type CallRecord, type Ended, interactionOf } from './record.ts';

/** RFC 9110 section 7.6.1, and what would keep answers from being read. */
const NOT_PASSED = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'expect',
  'accept-encoding',
  'cookie',
  'origin',
  DOOR_HEADER,
]);
const NOT_BACK = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'trailer', 'transfer-encoding', 'upgrade']);
/** Answers that are read are held; larger ones are not passed on. */
const MOST_ANSWER = 8 * 1024 * 1024;
const METHODS = new Set(['POST', 'GET', 'DELETE']);
const LAST_WORDS_MS = 1_000;
const LIST_CHANGED = 'notifications/tools/list_changed';
const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';

/** Only pages of this machine may speak to it from a browser: MCP asks for this against DNS rebinding. */
const isLocalOrigin = (origin: string): boolean =>
  /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(origin);

/** One request of the Streamable HTTP transport and its answer, in either era of the protocol. */
export class McpExchange implements Dispatcher.DispatchHandler {
  private readonly startedAt = performance.now();
  private readonly at = new Date().toISOString();
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private over = false;
  private place: Place | undefined;
  private message: Message | undefined;
  private call: Call | undefined;
  private upstream: Dispatcher.DispatchController | undefined;
  private landed: (() => void) | undefined;
  private readonly gone = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private events: Events | undefined;
  private answer: Buffer[] | undefined;
  private answerSize = 0;
  private status = 0;
  private headersBack: Record<string, string | string[]> = {};
  private ended: Ended | undefined;
  private shown: string | undefined;
  /** Of the tools that were offered when the call was judged. */
  private toolsDigest: string | undefined;

  constructor(
    private readonly house: McpHouse,
    private readonly server: McpServer,
    private readonly query: string,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    /** Keeps streams on which a changed list can be told. */
    private readonly listening: (exchange: McpExchange) => void,
  ) {}

  begin(): void {
    const { request, response } = this;
    response.once('close', () => this.left());
    const origin = request.headers.origin;
    if (origin !== undefined && !isLocalOrigin(origin)) {
      request.resume();
      this.fail(403, new BadMessage(RPC.invalid, 'Pages of other origins may not speak to this server.'));
      return;
    }
    if (!METHODS.has(request.method ?? '')) {
      request.resume();
      response.setHeader('allow', 'GET, POST, DELETE');
      this.fail(405, new BadMessage(RPC.invalid, 'Use POST, GET or DELETE.'));
      return;
    }
    this.place = placeOf(this.house, this.server, request.headers);
    if (this.place === undefined) {
      request.resume();
      this.over = true;
      sendProblem(
        response,
        'gateway.system-missing',
        'Say which AI system this is of: x-firebreak-system: support-bot',
      );
      return;
    }
    request.on('data', (chunk: Buffer) => this.read(chunk));
    request.once('end', () => void this.judge().catch((error: unknown) => this.broke(error)));
    request.once('error', () => this.left());
  }

  cut(): void {
    this.upstream?.abort(new Error('the gateway closes'));
    this.response.destroy();
  }

  private read(chunk: Buffer): void {
    if (this.over) return;
    this.size += chunk.length;
    if (this.size <= this.house.bodyLimit) {
      this.chunks.push(chunk);
      return;
    }
    this.response.setHeader('connection', 'close');
    this.fail(413, new BadMessage(RPC.invalid, `A message may hold ${this.house.bodyLimit} bytes.`));
  }

  private async judge(): Promise<void> {
    if (this.over || this.response.destroyed) return;
    const body = this.chunks.length === 0 ? null : Buffer.concat(this.chunks);
    this.chunks.length = 0;
    if (this.request.method !== 'POST') {
      if (this.request.method === 'GET') this.listening(this);
      this.pass(null);
      return;
    }
    const { headers } = this.request;
    let message: Message;
    try {
      if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
        throw new BadMessage(RPC.invalid, 'Send application/json.');
      message = readMessage(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body ?? Buffer.alloc(0)));
      const lie = disagreement(message, {
        version: one(headers['mcp-protocol-version']),
        method: one(headers['mcp-method']),
        name: one(headers['mcp-name']),
      });
      if (lie !== undefined) throw new BadMessage(RPC.mismatch, lie, message.id ?? null);
    } catch (error) {
      const bad = error instanceof BadMessage ? error : new BadMessage(RPC.parse, 'The message is not UTF-8.');
      this.fail(400, bad);
      return;
    }
    this.message = message;
    if (message.method === 'subscriptions/listen' && isJson(message.params.notifications))
      if (message.params.notifications.toolsListChanged === true) this.listening(this);
    if (message.method !== 'tools/call') {
      this.pass(body);
      return;
    }
    this.call = callIn(message);
    this.toolsDigest = this.server.offered.to(this.offeredTo());
    if (this.call === undefined || message.id === undefined) {
      this.fail(400, new BadMessage(RPC.invalid, 'A call names a tool and has an id.', message.id ?? null));
      return;
    }
    const [doorWord, test] = one(headers[DOOR_HEADER])?.split(' ') ?? [];
    if (doorWord === this.house.doorWord) return this.answerMadeUp(this.call, test);
    const refused =
      (await this.house.judge.refusalOf(this.call, this.place!, this.gone.signal)) ??
      this.house.judge.refusalNow(this.call, this.place!);
    if (this.over) return;
    if (refused !== undefined) this.refuse(refused);
    else this.pass(body);
  }

  /** What it met is its answer. Nothing is called, counted or recorded. */
  private answerMadeUp({ tool }: Call, test: string | undefined): void {
    this.over = true;
    const question = this.house.judge.questionOf(this.place!, tool);
    this.send(200, { ...this.house.guard.peek({ ...question, test }) });
  }

  private get stateless(): boolean {
    return this.message !== undefined && isStateless(versionOf(this.message));
  }

  private fail(status: number, bad: BadMessage): void {
    this.over = true;
    this.send(status, { jsonrpc: '2.0', id: bad.id, error: { code: bad.code, message: bad.message } });
  }

  private broke(error: unknown): void {
    if (this.over) return;
    this.fail(500, new BadMessage(RPC.internal, 'The proxy could not judge this message.', this.message?.id ?? null));
    this.finish({ error: String(error) });
  }

  private send(status: number, body: Json): void {
    const { response } = this;
    if (response.headersSent || response.destroyed) return;
    const text = JSON.stringify(body);
    const length = Buffer.byteLength(text);
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': length });
    response.end(text);
  }

  private refuse(refused: Refused): void {
    this.over = true;
    this.send(200, denialOf(this.message?.id, refused, this.house.deny, this.stateless));
    this.write({ refused });
  }

  private pass(body: Buffer | null): void {
    const { call, place } = this;
    if (call !== undefined) {
      const question = this.house.judge.questionOf(place!, call.tool);
      this.landed = this.house.guard.track(question, (error) =>
        this.stop({ rule: 'hold', message: error.message, verdict: error.verdict }),
      );
      this.timer = setTimeout(() => this.tooLong(), this.house.callMs);
    }
    const method = this.request.method ?? 'POST';
    this.server.upstream.dispatch(method, this.query, this.headersUp(), body, this);
  }

  private headersUp(): string[] {
    const out: string[] = [];
    const { headers } = this.request;
    const own = this.server.upstream.headers;
    const listed = headers.connection
      ?.toLowerCase()
      .split(',')
      .map((name) => name.trim());
    for (const name in headers) {
      if (NOT_PASSED.has(name) || FIREBREAK_HEADER_NAMES.has(name) || own[name] !== undefined) continue;
      if (listed?.includes(name)) continue;
      const value = headers[name];
      if (typeof value === 'string') out.push(name, value);
      else for (const each of value ?? []) out.push(name, each);
    }
    for (const name in own) out.push(name, own[name]!);
    return out;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.upstream = controller;
    if (this.over || this.response.destroyed) controller.abort(new Error('nobody waits any more'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.over) return;
    this.status = status;
    for (const name in headers) {
      const value = headers[name];
      if (value !== undefined && !NOT_BACK.has(name)) this.headersBack[name] = value;
    }
    const type = headers['content-type'] ?? '';
    if (/^text\/event-stream\b/i.test(type)) {
      this.events = new Events();
      delete this.headersBack['content-length'];
      this.response.writeHead(status, this.headersBack);
      this.response.flushHeaders();
    } else if (this.request.method === 'POST' && /\bjson\b/i.test(type)) this.answer = [];
    else this.response.writeHead(status, this.headersBack);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.over) return;
    let out: string | Buffer = chunk;
    if (this.answer !== undefined) {
      this.answerSize += chunk.length;
      if (this.answerSize > MOST_ANSWER) {
        controller.abort(new Error('the answer is too large'));
        this.gateFailed(`The answer of ${this.server.name} is larger than ${MOST_ANSWER} bytes.`);
      } else this.answer.push(chunk);
      return;
    }
    if (this.events !== undefined) {
      try {
        out = this.events
          .take(chunk)
          .map((event) => this.eventBack(event))
          .join('');
      } catch {
        controller.abort(new Error('an event is too large'));
        this.gateFailed(`An event of ${this.server.name} is too large.`);
        return;
      }
      if (out === '') return;
    }
    if (this.response.write(out)) return;
    controller.pause();
    this.response.once('drain', () => controller.resume());
  }

  /** An event as it is passed on: byte for byte, but for lists with tools in them that may not be called. */
  private eventBack(event: string): string {
    const data = dataOf(event);
    if (data === undefined || data === '') return event;
    const isOurs = this.call !== undefined;
    if (!isOurs && !data.includes('"tools"')) return event;
    let parsed: unknown;
    try {
      parsed = JSON.parse(data);
    } catch {
      return event;
    }
    if (isOurs && isJson(parsed) && parsed.id === this.message?.id && parsed.method === undefined)
      this.ended = { answer: parsed };
    const filtered = this.filtered(parsed);
    return filtered === undefined ? event : withData(event, JSON.stringify(filtered));
  }

  private offeredTo(): readonly string[] {
    return offeredTo(this.place!, one(this.request.headers['mcp-session-id']));
  }

  private filtered(answer: unknown): Json | undefined {
    if (this.call !== undefined) return undefined;
    const { message } = this;
    if (message?.method === 'tools/list' && isJson(answer) && answer.id === message.id)
      this.server.offered.note(this.offeredTo(), message.params.cursor, answer);
    const { judge } = this.house;
    return filteredList(answer, (tool) => judge.shows(tool, this.place!), this.server.seen);
  }

  onResponseEnd(): void {
    if (this.over) return;
    if (this.answer !== undefined) {
      let body = Buffer.concat(this.answer);
      let parsed: unknown;
      try {
        parsed = JSON.parse(body.toString());
      } catch {
        parsed = undefined;
      }
      if (this.call !== undefined) this.ended = { answer: parsed };
      const filtered = this.filtered(parsed);
      if (filtered !== undefined) body = Buffer.from(JSON.stringify(filtered));
      this.response.writeHead(this.status, { ...this.headersBack, 'content-length': String(body.length) });
      this.response.write(body);
    } else if (this.events !== undefined) {
      const rest = this.events.rest();
      if (rest !== '') this.response.write(rest);
    }
    this.over = true;
    this.response.end();
    this.finish(this.ended ?? { error: this.status >= 400 ? `answered ${this.status}` : 'ended without an answer' });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.over) return;
    this.gateFailed(`${this.server.name} cannot be reached.`, error.message);
  }

  private gateFailed(why: string, detail = why): void {
    this.over = true;
    const body = { jsonrpc: '2.0', id: this.message?.id ?? null, error: { code: RPC.internal, message: why } };
    if (this.response.headersSent) this.response.destroy();
    else this.send(502, body);
    this.finish({ error: detail });
  }

  private tooLong(): void {
    if (this.over) return;
    this.upstream?.abort(new Error('it takes too long'));
    this.cancelUpstream();
    this.gateFailed(`${this.server.name} did not answer in time.`);
  }

  /** Revoked while it runs: the agent is told, and so is the server. */
  private stop(refused: Refused): void {
    if (this.over) return;
    this.over = true;
    const { response } = this;
    const answer = denialOf(this.message?.id, refused, this.house.deny, this.stateless);
    this.upstream?.abort(new Error('contained'));
    this.cancelUpstream();
    if (!response.headersSent) this.send(200, answer);
    else {
      response.write(`event: message\ndata: ${JSON.stringify(answer)}\n\n`, () => response.destroy());
      setTimeout(() => response.destroy(), LAST_WORDS_MS).unref();
    }
    this.landed?.();
    this.landed = undefined;
    clearTimeout(this.timer);
    this.write({
      refused,
      ended: { error: 'revoked while it ran; the server was told to stop, and may have done it' },
    });
  }

  /** With sessions, a lost connection cancels nothing: it has to be said. Without them the connection says it. */
  private cancelUpstream(): void {
    if (this.stateless || this.message?.id === undefined) return;
    const params = { requestId: this.message.id, reason: 'revoked' };
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }));
    const headers = this.headersUp();
    this.server.upstream.dispatch('POST', this.query, headers, body, {
      onRequestStart: () => undefined,
      onResponseError: () => undefined,
      onResponseEnd: () => undefined,
    });
  }

  /** Says that the tools may have changed, where the client reads; only if what it would be shown has. */
  tellChanged(): void {
    if (this.over || this.events === undefined || this.response.destroyed) return;
    const now = this.house.judge.picture(this.server.seen, this.place!);
    if (this.shown === now) return;
    this.shown = now;
    const id = this.message?.id;
    const params = id === undefined ? {} : { params: { _meta: { [SUBSCRIPTION]: id } } };
    const data = JSON.stringify({ jsonrpc: '2.0', method: LIST_CHANGED, ...params });
    this.response.write(`event: message\ndata: ${data}\n\n`);
  }

  private left(): void {
    this.gone.abort();
    if (this.over) return;
    this.over = true;
    this.upstream?.abort(new Error('the client is gone'));
    if (this.call !== undefined && this.landed !== undefined) this.finish({ error: 'the client left before the end' });
  }

  private finish(ended: Ended): void {
    clearTimeout(this.timer);
    const ran = this.landed !== undefined;
    this.landed?.();
    this.landed = undefined;
    if (ran) this.write({ ended });
  }

  private write(outcome: Parameters<typeof interactionOf>[1]): void {
    const { record } = this.house;
    if (record === undefined || this.call === undefined) return;
    const kept: CallRecord = {
      instance: this.house.guard.instance,
      place: this.place!,
      call: this.call,
      at: this.at,
      startedAt: this.startedAt,
      session: one(this.request.headers['mcp-session-id']),
      toolsDigest: this.toolsDigest,
      traceId: traceOf(one(this.request.headers.traceparent)).traceId,
    };
    // After the answer is out: writing it down is not on anybody's time.
    setImmediate(() => record(interactionOf(kept, outcome)));
  }
}
