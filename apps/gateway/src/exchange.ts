import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Verdict, Versions } from '@firebreak/core/respond/containment';
import { askingFrom, FIREBREAK_HEADER_NAMES, type Question, SYSTEM_HEADER } from '@firebreak/guard';
import type { Dispatcher } from 'undici';
import { readAnswer } from './answer.ts';
import type { House } from './house.ts';
import { type Interaction, inputOf, traceOf, word } from './interaction.ts';
import { lastEvent, sendProblem, sendRefusal } from './problem.ts';
import type { Vendor } from './vendor.ts';

type Json = Readonly<Record<string, unknown>>;

/** What of an answer is kept to be recorded; the rest passes by. */
const MOST_CAPTURED = 2 * 1024 * 1024;

/** A client that does not read its last words is cut off without them. */
const LAST_WORDS_MS = 1_000;

/** Never passed on, RFC 9110 section 7.6.1. `accept-encoding`: what is recorded has to be read. */
const OURS = new Set([
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
]);
/** What opens the door of one vendor is never shown to another. */
const CREDENTIALS = new Set([
  'authorization',
  'x-api-key',
  'api-key',
  'openai-organization',
  'openai-project',
  'cookie',
]);
const HOP_BACK = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'trailer', 'transfer-encoding', 'upgrade']);

const RUN = randomBytes(6).toString('hex');
let counter = 0;

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** One request and its answer: judged, passed on byte by byte, ended at once when it is stopped, recorded. */
export class Exchange implements Dispatcher.DispatchHandler {
  private readonly startedAt = performance.now();
  private readonly at = new Date().toISOString();
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private body: Json | undefined;
  private question: Question = {};
  private verdict: Verdict = { action: 'allow', epoch: 0 };
  private served: string | undefined;
  private modelAsked: string | undefined;
  private upstream: Dispatcher.DispatchController | undefined;
  private landed: (() => void) | undefined;
  private stream = false;
  private captured: Buffer[] = [];
  private capturedSize = 0;
  private over = false;
  private cutShort = false;
  /** Sent to another vendor than the client chose. */
  private elsewhere = false;
  private system: string | undefined;

  constructor(
    private readonly house: House,
    private vendor: Vendor,
    private readonly path: string,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {}

  begin(): void {
    const { request, response, house } = this;
    this.system = word(one(request.headers[SYSTEM_HEADER])) ?? house.system;
    if (this.system === undefined) {
      request.resume();
      sendProblem(response, 'gateway.system-missing', `Say which AI system this is of: ${SYSTEM_HEADER}: support-bot`);
      return;
    }
    response.once('close', () => this.left());
    request.on('data', (chunk: Buffer) => this.read(chunk));
    request.once('end', () => this.judge());
    request.once('error', () => this.left());
  }

  /** The house closes. */
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
    this.over = true;
    this.response.setHeader('connection', 'close');
    sendProblem(this.response, 'gateway.too-large', `The body may hold ${this.house.bodyLimit} bytes.`);
  }

  private judge(): void {
    if (this.over || this.response.destroyed) return;
    const { headers } = this.request;
    let body: Buffer | null =
      this.chunks.length === 0 ? null : this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    this.chunks.length = 0;
    this.body = jsonIn(body, headers);
    const model = word(this.body?.model);
    this.modelAsked = model;
    this.served = model;
    const asking = askingFrom((name) => one(headers[name]));
    this.question = { ...asking, system: this.system!, model, provider: this.vendor.name };
    this.verdict = this.house.guard.check(this.question);
    const { verdict } = this;
    const why = verdict.to === undefined ? undefined : this.beyondReach(verdict.to);
    if (verdict.action === 'deny' || why !== undefined) {
      this.refuse(verdict, why);
      return;
    }
    if (verdict.to !== undefined) body = this.reroute(verdict.to, body);
    this.pass(body);
  }

  /** What the gateway cannot change for the application, as a sentence. The withdrawn version is never used instead. */
  private beyondReach({ prompt, provider, model }: Versions): string | undefined {
    if (prompt !== undefined)
      return `Prompt ${prompt} is ordered. Send the request with that prompt and say so: x-firebreak-prompt: ${prompt}`;
    if (provider !== undefined && !this.house.vendors.has(provider))
      return `Vendor ${provider} is ordered, but this gateway has no upstream of that name.`;
    if (model !== undefined && this.body === undefined)
      return `Model ${model} is ordered, but this body is not JSON and cannot be changed.`;
    return undefined;
  }

  private reroute(to: Versions, body: Buffer | null): Buffer | null {
    this.question = { ...this.question, ...to };
    if (to.provider !== undefined) {
      this.vendor = this.house.vendors.get(to.provider)!;
      this.elsewhere = true;
    }
    if (to.model === undefined) return body;
    this.served = to.model;
    return Buffer.from(JSON.stringify({ ...this.body, model: to.model }));
  }

  private refuse(verdict: Verdict, detail?: string): void {
    this.over = true;
    sendRefusal(this.response, verdict, detail);
    // A re-route that cannot be carried out is a refusal.
    this.write({ ...verdict, action: 'deny' }, {});
  }

  private pass(body: Buffer | null): void {
    this.landed = this.house.guard.track(this.question, (error) => this.stop(error.verdict));
    const headers = this.headersUp();
    this.vendor.dispatch({ method: this.request.method ?? 'GET', path: this.path, headers, body }, this);
  }

  private headersUp(): string[] {
    const out: string[] = [];
    const { headers } = this.request;
    const own = this.vendor.headers;
    const listed = headers.connection
      ?.toLowerCase()
      .split(',')
      .map((name) => name.trim());
    for (const name in headers) {
      if (OURS.has(name) || FIREBREAK_HEADER_NAMES.has(name) || own[name] !== undefined) continue;
      if (listed?.includes(name) || (this.elsewhere && CREDENTIALS.has(name))) continue;
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
    const { response, verdict } = this;
    this.stream = headers['content-type']?.startsWith('text/event-stream') === true;
    const back: Record<string, string | string[]> = {};
    for (const name in headers) {
      const value = headers[name];
      if (value !== undefined && !HOP_BACK.has(name)) back[name] = value;
    }
    if (verdict.hold !== undefined) back['x-firebreak-control'] = verdict.control ?? verdict.hold;
    response.writeHead(status, back);
    if (this.stream) response.flushHeaders();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.over) return;
    if (this.house.record !== undefined && this.capturedSize < MOST_CAPTURED) {
      this.captured.push(chunk);
      this.capturedSize += chunk.length;
    }
    if (this.response.write(chunk)) return;
    controller.pause();
    this.response.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    if (this.over) return;
    this.over = true;
    this.response.end();
    this.finish();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.failed(error);
  }

  private failed(error: Error & { readonly code?: string }): void {
    if (this.over) return;
    this.over = true;
    const timeout = error.code === 'UND_ERR_HEADERS_TIMEOUT' || error.code === 'UND_ERR_BODY_TIMEOUT';
    const code = timeout ? 'gateway.upstream-timeout' : 'gateway.upstream-unreachable';
    if (this.response.headersSent) this.response.destroy();
    else
      sendProblem(
        this.response,
        code,
        timeout ? `${this.vendor.name} did not answer in time.` : `${this.vendor.name} cannot be reached.`,
      );
    this.finish(`${code}: ${error.code ?? error.message}`);
  }

  /** The feature is stopped while this answer runs: never a silent end. */
  private stop(verdict: Verdict): void {
    if (this.over) return;
    this.over = true;
    this.cutShort = true;
    this.verdict = verdict;
    const { response } = this;
    this.upstream?.abort(new Error('contained'));
    if (!response.headersSent) sendRefusal(response, verdict);
    else if (this.stream) {
      response.write(lastEvent(verdict), () => response.destroy());
      setTimeout(() => response.destroy(), LAST_WORDS_MS).unref();
    } else response.destroy();
    this.finish();
  }

  /** The client is gone, or everything is said. */
  private left(): void {
    if (this.over) return;
    this.over = true;
    this.upstream?.abort(new Error('the client is gone'));
    if (this.landed !== undefined) this.finish('the client left before the end');
  }

  private finish(error?: string): void {
    this.landed?.();
    this.landed = undefined;
    // Looking around (a list of models) is no interaction.
    if (this.house.record === undefined || this.request.method !== 'POST') return;
    const captured = this.captured;
    this.captured = [];
    // After the answer is out: reading it is not on anybody's time.
    setImmediate(() => {
      const answer = readAnswer(Buffer.concat(captured).toString(), this.stream);
      const cut = this.cutShort ? 'ended while it was running: contained' : undefined;
      const why = error ?? cut ?? answer.error;
      this.write(this.verdict, { ...answer, ...(why === undefined ? {} : { error: why }) });
    });
  }

  private write(verdict: Verdict, answer: ReturnType<typeof readAnswer>): void {
    if (this.house.record === undefined) return;
    const { model, ...said } = answer;
    const { country } = this.question;
    const feature = word(this.question.feature);
    const prompt = word(this.question.prompt);
    const subject = word(this.question.subject);
    const input = this.body === undefined ? undefined : inputOf(this.body);
    const served = verdict.action === 'deny' && !this.cutShort ? undefined : (model ?? this.served);
    counter += 1;
    const interaction: Interaction = {
      id: `gateway-${RUN}-${counter}`,
      system: this.system!,
      at: this.at,
      source: 'gateway',
      versions: {
        ...(served === undefined ? {} : { model: served }),
        ...(this.modelAsked === undefined ? {} : { modelAsked: this.modelAsked }),
        ...(prompt === undefined ? {} : { prompt }),
      },
      provider: this.vendor.name,
      ...(feature === undefined ? {} : { feature }),
      ...(subject === undefined ? {} : { subject }),
      ...(country !== undefined && /^[A-Za-z]{2}$/.test(country) ? { country } : {}),
      ...traceOf(one(this.request.headers.traceparent)),
      ...(input === undefined ? {} : { input }),
      ...said,
      latencyMs: Math.round((performance.now() - this.startedAt) * 10) / 10,
      verdict: { action: verdict.action, ...(verdict.hold === undefined ? {} : { hold: verdict.hold }) },
    };
    this.house.record(interaction);
  }
}

function jsonIn(body: Buffer | null, headers: IncomingHttpHeaders): Json | undefined {
  if (body === null || !(headers['content-type'] ?? '').includes('json')) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
