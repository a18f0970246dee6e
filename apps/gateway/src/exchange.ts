import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Verdict } from '@firebreak/core/respond/containment';
import { orderOf, outcomeOf, retryAfterMs } from '@firebreak/core/respond/gateways';
import type { Question } from '@firebreak/guard';
import {
  ASKING_HEADERS,
  AWAITS_REVIEW,
  askingFrom,
  FIREBREAK_HEADER_NAMES,
  putIn,
  SYSTEM_HEADER,
  withoutTools,
  withSettings,
} from '@firebreak/guard/calls';
import { scriptedAnswer } from '@firebreak/guard/scripted';
import type { Dispatcher } from 'undici';
import { type Answer, readAnswer } from './answer.ts';
import type { Known } from './clients.ts';
import type { House, RouteInForce } from './house.ts';
import { type Interaction, inputOf, traceOf, word } from './interaction.ts';
import { judgeWhole, streamJudge } from './judge.ts';
import { DOOR_HEADER } from './made-up.ts';
import { type GatewayProblem, lastEvent, sendProblem, sendRefusal } from './problem.ts';
import type { Vendor } from './vendor.ts';

type Json = Readonly<Record<string, unknown>>;

/** What of an answer is kept to be recorded; the rest passes by. */
const MOST_CAPTURED = 2 * 1024 * 1024;
/** An answer that has to be read before it is given; a longer one is refused. */
const MOST_HELD = 16 * 1024 * 1024;
/** Of one line of a streamed answer. */
const MOST_TAIL = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

const MOST_NAMED = 20;
/** Names as they may stand in a header. */
const headerOf = (names: readonly string[]): string => names.slice(0, MOST_NAMED).map(encodeURIComponent).join(', ');
/** A client that does not read its last words is cut off without them. */
const LAST_WORDS_MS = 1_000;

/** Never passed on, RFC 9110 section 7.6.1. `accept-encoding`: what is judged and recorded has to be read. */
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
  'x-firebreak-key',
  DOOR_HEADER,
  ...FIREBREAK_HEADER_NAMES,
]);
/** What opens the door of one vendor, or of the gateway, is never shown to another. */
const CREDENTIALS = new Set([
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'openai-organization',
  'openai-project',
  'cookie',
]);
const HOP_BACK = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'trailer', 'transfer-encoding', 'upgrade']);

const RUN = randomBytes(6).toString('hex');
const NOTHING_SAID: Answer = {};
let counter = 0;

const one = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value);

/** One request to one upstream. Whatever it says after another took its place is heard by nobody. */
class Attempt implements Dispatcher.DispatchHandler {
  controller: Dispatcher.DispatchController | undefined;

  constructor(
    private readonly of: Exchange,
    readonly vendor: Vendor,
  ) {}

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (!this.of.listensTo(this)) controller.abort(new Error('nobody waits any more'));
  }
  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (this.of.listensTo(this)) this.of.begins(this, status, headers);
  }
  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.of.listensTo(this)) this.of.piece(controller, chunk);
  }
  onResponseEnd(): void {
    if (this.of.listensTo(this)) this.of.ends();
  }
  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.of.listensTo(this)) this.of.fails(this, error);
  }
}

/** One request and its answer: judged, passed on byte by byte, ended at once when it is stopped, recorded. */
export class Exchange {
  readonly startedAt = performance.now();
  private readonly at = Date.now();
  private chunks: Buffer[] = [];
  private size = 0;
  private raw: Buffer | null = null;
  private body: Json | undefined;
  private question: Question = {};
  private verdict: Verdict = { action: 'allow', epoch: 0 };
  private modelAsked: string | undefined;
  private served: string | undefined;
  private left: readonly Vendor[] = [];
  private attempt: Attempt | undefined;
  private vendor: Vendor;
  private landed: (() => void) | undefined;
  private stream = false;
  private captured: Buffer[] = [];
  private capturedSize = 0;
  /** Status and headers of an answer that is read before it is given. */
  private held: { readonly status: number; readonly headers: Record<string, string | string[]> } | undefined;
  /** Of an event that is judged: what has come of its last line. */
  private tail: Buffer | undefined;
  private judge: ((chunk: Uint8Array) => Verdict | undefined) | undefined;
  private over = false;
  /** Something of the answer was passed on. */
  private begun = false;
  private cutShort = false;
  private system: string | undefined;
  private known: Known | undefined;
  private latencyMs = 0;
  private why: string | undefined;
  private reviewing: AbortController | undefined;
  /** Made up by this gateway to try what is in force; with the mark of the test, where it is one. */
  private madeUp: { readonly test: string | undefined } | undefined;
  /** Tools that were not offered to the model. */
  private withheld: readonly string[] = [];

  constructor(
    private readonly house: House,
    private readonly route: RouteInForce,
    private readonly path: string,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {
    this.vendor = route.vendors[0]!;
  }

  begin() {
    const { request, house, route } = this;
    const { headers } = request;
    const [doorWord, test] = one(headers[DOOR_HEADER])?.split(' ') ?? [];
    if (doorWord === house.doorWord) this.madeUp = { test };
    const known = house.clients.in(headers);
    this.known = known;
    if (known === undefined && route.knownOnly && this.madeUp === undefined)
      return this.turnAway(
        'gateway.key-refused',
        'Send a key of this gateway (scope gateway, or a client of its configuration) where the SDK puts the vendor’s.',
      );
    if (known?.routes !== undefined && !known.routes.includes(route.name))
      return this.turnAway('gateway.not-yours', `The key “${known.name}” may not use the route ${route.name}.`);
    const said = word(one(headers[SYSTEM_HEADER]));
    if (known?.system !== undefined && said !== undefined && said !== known.system)
      return this.turnAway('gateway.not-yours', `The key “${known.name}” is of ${known.system}, not of ${said}.`);
    this.system = known?.system ?? said ?? route.system;
    if (this.system === undefined)
      return this.turnAway('gateway.system-missing', `Say which AI system this is of: ${SYSTEM_HEADER}: support-bot`);
    request.on('data', (chunk: Buffer) => this.read(chunk));
    request.once('end', () => this.weigh());
  }

  private turnAway(code: GatewayProblem, why: string): void {
    this.over = true;
    this.request.resume();
    sendProblem(this.response, code, why, this.route.shape);
  }

  listensTo(attempt: Attempt): boolean {
    return this.attempt === attempt && !this.over;
  }

  /** The house closes. */
  cut(): void {
    this.attempt?.controller?.abort(new Error('the gateway closes'));
    this.response.destroy();
  }

  /** It has taken as long as a request may. */
  expire(): void {
    if (this.over) return;
    // First: an abort comes back as an error of the upstream.
    this.breakOff('gateway.upstream-timeout', 'The request has taken as long as this gateway allows.');
    this.attempt?.vendor.withdraw();
    this.attempt?.controller?.abort(new Error('too long'));
    this.reviewing?.abort();
  }

  private read(chunk: Buffer): void {
    if (this.over) return;
    this.size += chunk.length;
    if (this.size <= this.house.limits.bodyBytes) {
      this.chunks.push(chunk);
      return;
    }
    this.over = true;
    this.chunks = [];
    this.response.setHeader('connection', 'close');
    const most = this.house.limits.bodyBytes;
    sendProblem(this.response, 'gateway.too-large', `The body may hold ${most} bytes.`, this.route.shape);
  }

  private weigh() {
    if (this.over || this.response.destroyed) return;
    const { house, known, route, chunks } = this;
    const { headers } = this.request;
    this.raw = chunks.length === 0 ? null : chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    this.chunks = [];
    this.body = jsonIn(this.raw, headers);
    const model = word(this.body?.model);
    this.modelAsked = model;
    this.served = model;
    const asking = askingFrom((name) => headers[name] as string | undefined) as {
      -readonly [K in keyof Question]: Question[K];
    };
    if (this.body !== undefined) Object.assign(asking, putIn(this.body));
    asking.system = this.system!;
    asking.model = model;
    asking.provider = this.vendor.provider;
    asking.feature = known?.feature ?? asking.feature ?? route.feature;
    if (known !== undefined) {
      // Who proves who he is cannot say that he is somebody else.
      asking.credential = known.name;
      if (known.agent !== undefined) asking.agent = known.agent;
    }
    this.question = asking;
    if (this.madeUp !== undefined) return this.answerMadeUp(asking, word(one(headers[ASKING_HEADERS.provider])));
    const verdict = house.guard.admit(asking);
    this.verdict = verdict;
    const reviewed = verdict.action === 'review' && route.reviewMs > 0;
    const why = verdict.action === 'review' && !reviewed ? AWAITS_REVIEW : this.beyondReach(verdict);
    if (verdict.action === 'deny' || why !== undefined) return this.refuse(verdict, why);
    this.send(verdict);
  }

  /** What it met is its answer. Nothing is sent on, counted or recorded: it must not be taken for traffic. */
  private answerMadeUp(asking: Question, provider: string | undefined): void {
    this.over = true;
    const { test } = this.madeUp!;
    const verdict = this.house.guard.peek({ ...asking, provider: provider ?? asking.provider, test });
    this.response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    this.response.end(JSON.stringify(verdict));
  }

  /** What the gateway cannot change for the application, as a sentence. The withdrawn version is never used instead. */
  private beyondReach({ to: { prompt, provider, model } = {}, settings }: Verdict): string | undefined {
    if (prompt !== undefined)
      return `Prompt ${prompt} is ordered. Send the request with that prompt and say so: x-firebreak-prompt: ${prompt}`;
    if (provider !== undefined && this.candidates(provider).length === 0)
      return `Vendor ${provider} is ordered, but this gateway has no upstream of it that speaks ${this.route.shape}.`;
    if (settings !== undefined && this.body === undefined)
      return 'Other generation settings are ordered, but this body is not JSON and cannot be changed.';
    if (model !== undefined && this.body === undefined)
      return `Model ${model} is ordered, but this body is not JSON and cannot be changed.`;
    return undefined;
  }

  /** Upstreams of the route; for an ordered vendor those of the route that are of it, or else any that speak the same. */
  private candidates(ordered: string | undefined): readonly Vendor[] {
    const { route, house } = this;
    if (ordered === undefined) return route.vendors;
    const of = ({ name, provider }: Vendor) => name === ordered || provider === ordered;
    const own = route.vendors.filter(of);
    return own.length > 0 ? own : [...house.vendors.values()].filter((each) => of(each) && each.shape === route.shape);
  }

  private send(verdict: Verdict): void {
    const ordered = verdict.to?.provider;
    const candidates = this.candidates(ordered);
    this.left = candidates.length === 1 ? candidates : orderOf(candidates, healthOf, performance.now(), ordered);
    if (verdict.to !== undefined) this.question = { ...this.question, ...verdict.to };
    if (verdict.settings !== undefined) this.body = withSettings(this.body!, verdict.settings);
    if (verdict.to?.model !== undefined) {
      this.body = { ...this.body, model: verdict.to.model };
      this.served = verdict.to.model;
    }
    const offered = this.body && withoutTools(this.body, (tool) => this.mayCall(tool));
    if (offered !== undefined) {
      this.body = offered.body;
      this.withheld = offered.withheld;
    }
    if (verdict.settings !== undefined || verdict.to?.model !== undefined || offered !== undefined)
      this.raw = Buffer.from(JSON.stringify(this.body));
    this.landed = this.house.guard.track(this.question, (error) => this.stop(error.verdict));
    const none = this.next();
    if (none === undefined) return;
    if (none === 'nobody') this.nobody();
    else this.stop(none);
  }

  /** A tool nobody may call is not offered to the model: it works on with the others. */
  private mayCall(tool: string): boolean {
    const asked = { ...this.question, text: undefined, attachments: undefined, tool };
    return this.house.guard.peek(asked).action !== 'deny';
  }

  /** Asks the next upstream that may serve. Says why not: nobody is left, or those who are were contained. */
  private next(): 'nobody' | Verdict | undefined {
    const { path } = this;
    let contained: Verdict | undefined;
    while (this.left.length > 0) {
      const vendor = this.left[0]!;
      this.left = this.left.slice(1);
      const by = this.against(vendor);
      if (by !== undefined) {
        contained ??= by;
        continue;
      }
      this.vendor = vendor;
      const attempt = new Attempt(this, vendor);
      this.attempt = attempt;
      vendor.dispatch(this.request.method ?? 'GET', path, this.headersUp(vendor), this.bodyFor(vendor), attempt);
      return undefined;
    }
    return contained ?? 'nobody';
  }

  /** What forbids this upstream though the request may run: its vendor was withdrawn, or the credential held for it revoked. */
  private against(vendor: Vendor): Verdict | undefined {
    const { house } = this;
    // Another upstream than the first goes on with a request that runs already.
    const question = this.attempt === undefined ? this.question : { ...this.question, running: true };
    if (vendor.provider !== question.provider && this.verdict.to?.provider === undefined) {
      const there = house.guard.peek({ ...question, provider: vendor.provider });
      if (there.action === 'deny' || there.to?.provider !== undefined) return there;
    }
    if (vendor.credential === undefined) return undefined;
    const held = house.guard.peek({ ...question, credential: vendor.credential });
    return held.action === 'deny' ? held : undefined;
  }

  private bodyFor({ models }: Vendor): Buffer | null {
    const other = models === undefined || this.served === undefined ? undefined : models[this.served];
    return other === undefined ? this.raw : Buffer.from(JSON.stringify({ ...this.body, model: other }));
  }

  private refuse(verdict: Verdict, detail?: string): void {
    this.over = true;
    sendRefusal(this.response, verdict, this.route.shape, detail);
    // A re-route that cannot be carried out is a refusal.
    this.verdict = { ...verdict, action: 'deny' };
    this.finish();
  }

  private nobody(): void {
    this.over = true;
    const outs = this.candidates(this.verdict.to?.provider).map(({ health }) => health.until);
    const wait = Math.max(1, Math.ceil((Math.min(...outs) - performance.now()) / 1_000));
    const why = `No upstream of ${this.route.name} is well at the moment.`;
    const headers = { 'retry-after': String(Number.isFinite(wait) ? wait : 1) };
    if (this.response.headersSent) this.response.destroy();
    else sendProblem(this.response, 'gateway.no-upstream', why, this.route.shape, headers);
    this.finish(`gateway.no-upstream: ${why}`);
  }

  private headersUp(vendor: Vendor): string[] {
    const out: string[] = [];
    const { headers } = this.request;
    const { headers: own, cacheHeader } = vendor;
    const listed =
      headers.connection === undefined || headers.connection === 'keep-alive' ? undefined : headers.connection;
    const strip = this.known !== undefined || vendor.credential !== undefined || vendor !== this.route.vendors[0];
    for (const name in headers) {
      if (OURS.has(name) || own[name] !== undefined || name === cacheHeader) continue;
      if (strip && CREDENTIALS.has(name)) continue;
      if (listed !== undefined && namesIn(listed).includes(name)) continue;
      const value = headers[name];
      if (typeof value === 'string') out.push(name, value);
      else for (const each of value ?? []) out.push(name, each);
    }
    for (const each of vendor.headerList) out.push(each);
    if (cacheHeader !== undefined) {
      const said = own[cacheHeader] ?? one(headers[cacheHeader]);
      const namespace = this.house.guard.cacheNamespace();
      out.push(cacheHeader, said === undefined ? namespace : `${said}-${namespace}`);
    }
    return out;
  }

  begins(attempt: Attempt, status: number, headers: IncomingHttpHeaders) {
    const { response, verdict, route, house } = this;
    const { vendor } = attempt;
    const outcome = outcomeOf(status, vendor.credential !== undefined);
    vendor.note(outcome, `answered ${status}`, retryAfterMs(one(headers['retry-after']), Date.now()));
    if (outcome !== 'answered' && this.tryAnother(attempt)) return;
    const type = headers['content-type'];
    this.stream = type?.startsWith('text/event-stream') === true;
    const back: Record<string, string | string[]> = {};
    for (const name in headers) {
      const value = headers[name];
      if (value !== undefined && !HOP_BACK.has(name)) back[name] = value;
    }
    if (verdict.hold !== undefined) back['x-firebreak-control'] = verdict.control ?? verdict.hold;
    if (vendor !== route.vendors[0]) back['x-firebreak-upstream'] = vendor.name;
    back['x-firebreak-epoch'] = String(verdict.epoch);
    if (this.withheld.length > 0) back['x-firebreak-tools-withheld'] = headerOf(this.withheld);
    const waits = verdict.action === 'review';
    if (waits || house.guard.readsAnswers(this.system)) {
      const packed = headers['content-encoding'];
      if (packed !== undefined && packed !== 'identity')
        return this.stop(
          verdict.action === 'allow' ? this.unread() : verdict,
          'The answer came packed and cannot be read.',
        );
      const words = type === undefined || type.includes('json') || type.startsWith('text/');
      if (waits || (words && !this.stream)) {
        this.held = { status, headers: back };
        return;
      }
    }
    response.sendDate = back.date === undefined;
    response.writeHead(status, back);
    // What comes in the same packet goes out in the same packet.
    if (this.stream)
      process.nextTick(() => {
        if (!this.begun && !this.over) response.flushHeaders();
      });
  }

  /** For answers that ought to be judged and cannot be. */
  private unread(): Verdict {
    return { action: 'deny', epoch: this.verdict.epoch, message: 'This answer cannot be checked at the moment.' };
  }

  /** Another upstream serves instead, as long as nothing of this one was passed on. */
  private tryAnother(attempt: Attempt): boolean {
    if (this.left.length === 0 || this.response.headersSent) return false;
    if (this.next() !== undefined) {
      // Nobody else may: what this one says is said.
      this.attempt = attempt;
      this.vendor = attempt.vendor;
      return false;
    }
    attempt.controller?.abort(new Error('another upstream serves'));
    return true;
  }

  piece(controller: Dispatcher.DispatchController, chunk: Buffer) {
    const { house, response } = this;
    if (this.held !== undefined) {
      this.capturedSize += chunk.length;
      this.captured.push(chunk);
      if (this.capturedSize > MOST_HELD)
        this.stop(this.unread(), 'The answer is too long to be read before it is given.');
      return;
    }
    const judged = this.stream && (this.judge !== undefined || house.guard.readsAnswers(this.system));
    if (judged && this.judge === undefined) {
      this.judge = streamJudge(house.guard, this.question);
      for (const each of this.captured) this.judge(each);
    }
    if (this.capturedSize < MOST_CAPTURED && house.record !== undefined && this.route.record !== 'nothing') {
      this.captured.push(chunk);
      this.capturedSize += chunk.length;
    }
    const ready = judged ? this.judgedLines(chunk) : chunk;
    if (ready === undefined) return;
    this.begun = true;
    if (response.write(ready)) return;
    controller.pause();
    response.once('drain', () => controller.resume());
  }

  /** The lines that are complete and may be said. What is left of an event waits, since nobody can judge half a word. */
  private judgedLines(chunk: Buffer): Buffer | undefined {
    const verdict = this.judge?.(chunk);
    if (verdict !== undefined) {
      this.stop(verdict);
      return undefined;
    }
    const all = this.tail === undefined ? chunk : Buffer.concat([this.tail, chunk]);
    const end = all.lastIndexOf(NEWLINE) + 1;
    this.tail = end === all.length ? undefined : all.subarray(end);
    if (all.length - end > MOST_TAIL) this.stop(this.unread(), 'An event of the answer is too long to be read.');
    return end === 0 || this.over ? undefined : all.subarray(0, end);
  }

  ends() {
    const { held, response, tail } = this;
    if (tail !== undefined) {
      this.tail = undefined;
      const verdict = this.judge?.(Buffer.of(NEWLINE));
      if (verdict !== undefined) return this.stop(verdict);
      response.write(tail);
    }
    if (held === undefined) {
      this.over = true;
      response.end();
      this.finish();
      return;
    }
    const bytes = this.captured.length === 1 ? this.captured[0]! : Buffer.concat(this.captured);
    const text = bytes.toString();
    const verdict = this.stream
      ? streamJudge(this.house.guard, this.question)(Buffer.concat([bytes, Buffer.from('\n')]))
      : judgeWhole(this.house.guard, this.question, text);
    if (verdict !== undefined) return this.stop(verdict);
    if (this.verdict.action === 'review') void this.haveReviewed(text, () => this.give(held, bytes));
    else this.give(held, bytes);
  }

  private give(held: NonNullable<Exchange['held']>, bytes: Buffer): void {
    this.over = true;
    delete held.headers['content-length'];
    this.response.writeHead(held.status, { ...held.headers, 'content-length': bytes.length });
    this.response.end(bytes);
    this.finish();
  }

  /** The answer waits for a person; whatever is no approval is a refusal. */
  private async haveReviewed(text: string, approved: () => void): Promise<void> {
    const { question, verdict, house, route } = this;
    const answer = readAnswer(text, this.stream);
    this.reviewing = new AbortController();
    const asked = this.body === undefined ? undefined : inputOf(this.body)?.at(-1)?.content;
    try {
      const decision = await house.guard.review(
        {
          system: this.system!,
          ...(question.feature === undefined ? {} : { feature: question.feature }),
          ...(question.subject === undefined ? {} : { subject: question.subject }),
          ...(verdict.hold === undefined ? {} : { hold: verdict.hold }),
          ...(verdict.incident === undefined ? {} : { incident: verdict.incident }),
          ...(verdict.review === undefined ? {} : { queue: verdict.review }),
          ...(asked === undefined ? {} : { question: asked }),
          text: answer.output ?? text.slice(0, 64 * 1024),
        },
        { timeoutMs: route.reviewMs, signal: this.reviewing.signal },
      );
      if (this.over) return;
      if (decision.state === 'approved') return approved();
      if (decision.state !== 'edited' || decision.text === undefined)
        return this.stop(verdict, 'Nobody has let this answer through.');
      const made = scriptedAnswer({ ...verdict, message: decision.text }, { url: this.path, body: this.body });
      if (made === undefined) return this.stop(verdict, 'The answer was changed, and cannot be put in this shape.');
      const bytes = Buffer.from(await made.text());
      if (this.over) return;
      this.captured = [bytes];
      this.give({ status: made.status, headers: Object.fromEntries(made.headers) }, bytes);
    } catch {
      if (!this.over) this.stop(verdict, 'Nobody could be asked to look at this answer.');
    }
  }

  fails(attempt: Attempt, error: Error & { readonly code?: string }): void {
    const timeout = error.code === 'UND_ERR_HEADERS_TIMEOUT' || error.code === 'UND_ERR_BODY_TIMEOUT';
    const { vendor } = attempt;
    vendor.note('failed', timeout ? 'did not answer in time' : (error.code ?? error.message));
    if (this.held === undefined && this.tryAnother(attempt)) return;
    const code = timeout ? 'gateway.upstream-timeout' : 'gateway.upstream-unreachable';
    this.breakOff(
      code,
      timeout ? `${vendor.name} did not answer in time.` : `${vendor.name} cannot be reached.`,
      error,
    );
  }

  private breakOff(code: GatewayProblem, why: string, error?: Error & { readonly code?: string }): void {
    this.over = true;
    const { response, stream, route } = this;
    if (!response.headersSent) sendProblem(response, code, why, route.shape);
    else if (stream) this.lastWords(code, why);
    else response.destroy();
    this.finish(`${code}: ${error?.code ?? error?.message ?? why}`);
  }

  private lastWords(code: string, message: string): void {
    const { response } = this;
    response.write(lastEvent(this.route.shape, this.path, code, message), () => response.destroy());
    setTimeout(() => response.destroy(), LAST_WORDS_MS).unref();
  }

  /** The feature is stopped while this answer runs, or the answer is: never a silent end. */
  private stop(verdict: Verdict, detail?: string): void {
    if (this.over) return;
    this.over = true;
    this.cutShort = this.attempt !== undefined;
    this.verdict = verdict.action === 'deny' ? verdict : { ...verdict, action: 'deny' };
    const { response } = this;
    this.attempt?.controller?.abort(new Error('contained'));
    this.attempt?.vendor.withdraw();
    this.reviewing?.abort();
    const why = detail ?? (verdict.action === 'review' ? AWAITS_REVIEW : undefined);
    if (!response.headersSent) sendRefusal(response, verdict, this.route.shape, why);
    else if (this.stream)
      this.lastWords('containment.denied', verdict.message ?? 'This function is paused at the moment.');
    else response.destroy();
    this.finish();
  }

  /** The client is gone, or everything is said. */
  leave(): void {
    if (this.over) return;
    this.over = true;
    this.attempt?.controller?.abort(new Error('the client is gone'));
    this.attempt?.vendor.withdraw();
    this.reviewing?.abort();
    if (this.landed !== undefined) this.finish('the client left before the end');
  }

  private finish(error?: string): void {
    this.landed?.();
    this.landed = undefined;
    const { house, route } = this;
    this.latencyMs = performance.now() - this.startedAt;
    this.why = error;
    // Looking around (a list of models) is no interaction.
    if (house.record === undefined || route.record === 'nothing' || this.request.method !== 'POST') {
      this.captured = [];
      return;
    }
    // After the answer is out: reading it is not on anybody's time.
    house.over(this);
  }

  /** Reads what was captured, and records it. */
  writeDown(): void {
    const { house, route, verdict, question, captured } = this;
    this.captured = [];
    const answer =
      captured.length === 0
        ? NOTHING_SAID
        : readAnswer((captured.length === 1 ? captured[0]! : Buffer.concat(captured)).toString(), this.stream);
    const cut = this.cutShort ? 'ended while it was running: contained' : undefined;
    const error = this.why ?? cut ?? answer.error;
    const { country } = question;
    const feature = word(question.feature);
    const prompt = word(question.prompt);
    const subject = word(question.subject);
    const words = route.record === 'all';
    const input = words && this.body !== undefined ? inputOf(this.body) : undefined;
    const served = verdict.action === 'deny' && !this.cutShort ? undefined : (answer.model ?? this.served);
    const { traceparent } = this.request.headers;
    counter += 1;
    const interaction: { -readonly [K in keyof Interaction]: Interaction[K] } = {
      id: `gateway-${RUN}-${counter}`,
      system: this.system!,
      at: new Date(this.at).toISOString(),
      source: 'gateway',
      instance: house.guard.instance,
      versions: { model: served, modelAsked: this.modelAsked, prompt, fingerprint: answer.fingerprint },
      provider: this.vendor.provider,
      latencyMs: Math.round(this.latencyMs * 10) / 10,
      verdict: { action: verdict.action, hold: verdict.hold },
    };
    if (feature !== undefined) interaction.feature = feature;
    if (subject !== undefined) interaction.subject = subject;
    if (country !== undefined && /^[A-Za-z]{2}$/.test(country)) interaction.country = country;
    if (traceparent !== undefined) Object.assign(interaction, traceOf(one(traceparent)));
    if (input !== undefined) interaction.input = input;
    if (answer.responseId !== undefined) interaction.responseId = answer.responseId;
    if (words && answer.output !== undefined) interaction.output = answer.output;
    if (answer.toolCalls !== undefined)
      interaction.toolCalls = words
        ? answer.toolCalls
        : answer.toolCalls.map(({ id, name }) => (id === undefined ? { name } : { id, name }));
    if (answer.tokens !== undefined) interaction.tokens = answer.tokens;
    if (error !== undefined) interaction.error = error;
    house.record?.(interaction);
  }
}

const healthOf = ({ health }: Vendor) => health;
const namesIn = (list: string): string[] =>
  list
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());

function jsonIn(body: Buffer | null, headers: IncomingHttpHeaders): Json | undefined {
  if (body === null || !(headers['content-type'] ?? '').includes('json')) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
