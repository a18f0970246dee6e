import { type HoldInForce, isNack, KIND_NAMES, type Nack, type Signed } from '@firebreak/core/respond/containment';
import type { PublicKey } from './crypto.ts';
import type { Applied, Keeper } from './keeper.ts';
import type { Settings } from './options.ts';
import { type HoldChecked, tryHold } from './self-check.ts';
import { openSocket } from './socket.ts';
import type { Tally } from './tally.ts';
import type { Socket } from './text-socket.ts';
import { VERSION } from './version.ts';

const BEAT_MS = 5_000;
/** Two beats missed, and a little grace. */
const STALE_MS = 12_500;
const REPORT_MS = 500;
const RETRY_FIRST_MS = 50;
const RETRY_MOST_MS = 5_000;
const ANSWER_MS = 5_000;
const ACK_FIRST_MS = 8;
const ACK_SPREAD_MS = 12;
/** The newest ones say it all. */
const MOST_UNSAID = 50;

export interface LineEvents {
  applied(applied: Applied): void;
  /** Contact, as often as it is heard. */
  heard(): void;
  stale(): void;
  /** More is enforced than before, without a word from Firebreak. */
  changed(): void;
  fault(why: string): void;
  /** What made-up requests meet here, for those of these holds that are held. */
  check(holds: readonly string[]): Promise<readonly Checked[]>;
}

export interface Checked extends HoldChecked {
  /** Of a gateway: what one met that was sent to its own front door. */
  readonly door?: HoldChecked['state'];
}

const CHECKED_AT_ONCE = 100;

/** The connection to Firebreak: a socket that is mended for ever, and polling for as long as there is none. */
export class Line {
  transport: 'socket' | 'poll' | 'none' = 'none';
  private socket: Socket | undefined;
  private failures = 0;
  private closed = false;
  private etag: string | undefined;
  private lastHeard = performance.now();
  private isStale = false;
  private lastBeat = 0;
  private reported = 0;
  private isNewLine = true;
  private readonly unsaid: object[] = [];
  private queue: Promise<void> = Promise.resolve();
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly watch: ReturnType<typeof setInterval>;

  constructor(
    private readonly settings: Settings,
    private readonly keeper: Keeper,
    private readonly tally: Tally,
    private readonly on: LineEvents,
  ) {
    this.watch = setInterval(() => this.tick(), REPORT_MS);
    unref(this.watch);
    void this.connect();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.watch);
    clearTimeout(this.retry);
    this.socket?.close();
    this.socket = undefined;
  }

  private headers(): Record<string, string> {
    return { authorization: `Bearer ${this.settings.key}` };
  }

  private async connect(): Promise<void> {
    if (this.closed) return;
    try {
      if (this.keeper.trustsNobodyYet) await this.meetKeys();
      if (this.settings.transport === 'poll') {
        await this.poll();
        return this.again(this.settings.pollMs);
      }
      await this.openSocket();
    } catch (error) {
      this.lost(error instanceof Error ? error.message : String(error));
    }
  }

  private async meetKeys(): Promise<void> {
    const response = await fetch(`${this.settings.url}/api/v1/guard/keys`, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (!response.ok) throw new Error(`the server answered ${response.status} when asked for its keys`);
    const { keys } = (await response.json()) as { keys: PublicKey[] };
    this.keeper.pin(keys);
  }

  private async openSocket(): Promise<void> {
    const url = `${this.settings.url.replace(/^http/, 'ws')}/api/v1/guard/stream`;
    let opened = false;
    const socket = await openSocket(url, this.settings.key, {
      open: () => {
        opened = true;
        queueMicrotask(() => this.opened(socket));
      },
      text: (text) => {
        const receivedAt = new Date().toISOString();
        this.queue = this.queue
          .then(() => this.handle(text, receivedAt))
          .catch((error) => this.on.fault(String(error)));
      },
      close: (code, why) => {
        if (this.socket === socket) this.socket = undefined;
        if (this.closed) return;
        this.lost(why || `the socket closed with ${code}`, opened);
      },
    });
    if (this.closed) socket.close();
  }

  private opened(socket: Socket): void {
    this.socket = socket;
    this.isNewLine = true;
    this.transport = 'socket';
    this.hello();
  }

  private hello(): void {
    const { instance, system, host, kind, failMode } = this.settings;
    const held = this.keeper.applied?.snapshot;
    this.say({
      type: 'hello',
      instance,
      system,
      host,
      kind,
      version: VERSION,
      failMode,
      kinds: KIND_NAMES,
      capsules: this.keeper.capsules,
      generation: held?.generation ?? null,
      epoch: held?.epoch ?? null,
      checks: true,
    });
  }

  /** Answers beside everything else: a front door that is slow must not hold up the next order. */
  private check(holds: unknown): void {
    if (!Array.isArray(holds)) return;
    const asked = holds.filter((each): each is string => typeof each === 'string').slice(0, CHECKED_AT_ONCE);
    this.on.check(asked).then(
      (checked) => this.say({ type: 'checked', epoch: this.epoch, holds: checked }),
      (error) => this.on.fault(String(error)),
    );
  }

  /** A canary takes an order before everybody else does, and says what it makes of it. */
  private async try(signed: Signed): Promise<void> {
    const asked = await this.keeper.said(signed);
    if (asked === undefined) return this.on.fault('refused to try an order that is not signed by a trusted key');
    const { trial, hold } = asked as { readonly trial?: unknown; readonly hold?: HoldInForce };
    if (typeof trial !== 'string' || hold === undefined) return;
    this.say({ type: 'tried', trial, ...tryHold(this.keeper.applied, hold) });
  }

  private say(message: object): void {
    this.socket?.send(JSON.stringify(message));
  }

  private async handle(text: string, receivedAt: string): Promise<void> {
    let message: { type?: unknown; epoch?: unknown; generation?: unknown } & Partial<Signed>;
    try {
      message = JSON.parse(text);
    } catch {
      return this.on.fault('the server sent something that is not JSON');
    }
    if (message.type === 'beat') {
      const held = this.keeper.applied?.snapshot;
      if (held?.epoch !== message.epoch || held?.generation !== message.generation) this.hello();
      else this.heard();
      return;
    }
    if (message.type === 'check') return this.check((message as { holds?: unknown }).holds);
    if (message.type === 'try') return this.try(message as Signed);
    if (message.type !== 'snapshot' && message.type !== 'delta') return;
    const result = await this.take(message as Signed);
    if (isNack(result)) {
      this.say({ type: 'nack', code: result.nack, why: result.why, epoch: this.epoch });
      if (result.nack === 'gap') this.hello();
      return;
    }
    this.failures = 0;
    this.acknowledge(this.ackOf(result, receivedAt));
    if (message.type === 'delta' && this.keeper.wantsSnapshot) this.hello();
  }

  /**
   * Every guard obeys before any of them says so: saying it at once would get in the way of those still being told. What
   * piles up meanwhile is said in the order it was obeyed.
   */
  private acknowledge(ack: object): void {
    this.unsaid.push(ack);
    if (this.unsaid.length > MOST_UNSAID) this.unsaid.shift();
    if (this.unsaid.length > 1) return;
    unref(
      setTimeout(
        () => {
          for (const each of this.unsaid.splice(0)) this.say({ type: 'ack', ...each });
        },
        ACK_FIRST_MS + Math.random() * ACK_SPREAD_MS,
      ),
    );
  }

  private get epoch(): number {
    return this.keeper.applied?.snapshot.epoch ?? 0;
  }

  private ackOf(applied: Applied, receivedAt: string) {
    const { generation, epoch } = applied.snapshot;
    const { stateHash, compiled } = applied;
    const unsupported = compiled.unsupported.slice(0, 1_000);
    return { generation, epoch, stateHash, unsupported, receivedAt, appliedAt: new Date().toISOString() };
  }

  /** Applied means: the next check of this process is already judged by it. */
  private async take(signed: Signed): Promise<Applied | Nack> {
    const before = this.keeper.applied;
    const result = await this.keeper.take(signed);
    if (isNack(result)) {
      this.on.fault(`refused a message (${result.nack}): ${result.why}`);
      return result;
    }
    if (result !== before) this.on.applied(result);
    this.heard();
    return result;
  }

  private heard(): void {
    this.lastHeard = performance.now();
    this.isStale = false;
    this.on.heard();
  }

  private async poll(): Promise<void> {
    const { url, system, instance, host, kind, failMode } = this.settings;
    const query = new URLSearchParams({ system, instance, host, kind, version: VERSION });
    const receivedAt = new Date().toISOString();
    const response = await fetch(`${url}/api/v1/guard/snapshot?${query}`, {
      headers: { ...this.headers(), ...(this.etag === undefined ? {} : { 'if-none-match': this.etag }) },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    let ack: object = {};
    if (response.status === 304) this.heard();
    else if (response.ok) {
      const result = await this.take((await response.json()) as Signed);
      if (isNack(result)) ack = { nack: { code: result.nack, why: result.why, epoch: this.epoch } };
      else {
        this.etag = response.headers.get('etag') ?? undefined;
        ack = { ack: this.ackOf(result, receivedAt) };
      }
    } else throw new Error(`the server answered ${response.status} to the poll`);
    this.transport = 'poll';
    const { capsules } = this.keeper;
    const about = { system, instance, host, kind, failMode, version: VERSION, capsules, checks: true };
    const asked = await this.post({ ...about, counters: this.tally.report(true), ...ack });
    const check = Array.isArray(asked?.check) ? asked.check.slice(0, CHECKED_AT_ONCE) : [];
    if (check.length > 0) await this.post({ ...about, checked: await this.on.check(check) });
  }

  private async post(body: object): Promise<{ readonly check?: readonly string[] } | undefined> {
    const response = await fetch(`${this.settings.url}/api/v1/guard/ack`, {
      method: 'POST',
      headers: { ...this.headers(), 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return response.ok ? ((await response.json()) as { readonly check?: readonly string[] }) : undefined;
  }

  /** Tries again with full jitter, 50 ms to 5 s; meanwhile asks by HTTP, so that a lost socket does not hide an order. */
  private lost(why: string, wasOpen = false): void {
    if (this.closed) return;
    this.transport = 'none';
    this.failures = wasOpen && this.failures === 0 ? 1 : this.failures + 1;
    this.on.fault(why);
    const most = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** Math.min(this.failures, 10));
    const wait = RETRY_FIRST_MS + Math.random() * (most - RETRY_FIRST_MS);
    const asked = this.failures >= 3 && this.settings.transport === 'auto' ? this.poll() : Promise.reject();
    asked.then(
      () => this.again(Math.min(wait, this.settings.pollMs)),
      () => this.again(wait),
    );
  }

  private again(ms: number): void {
    if (this.closed) return;
    this.retry = setTimeout(() => void this.connect(), ms);
    unref(this.retry);
  }

  private tick(): void {
    const now = performance.now();
    void this.keeper.look().then((more) => {
      if (!more) return;
      this.on.changed();
      this.lastBeat = 0;
    });
    if (!this.isStale && now - this.lastHeard > STALE_MS) {
      this.isStale = true;
      this.on.stale();
      this.socket?.close();
    }
    if (this.socket === undefined) return;
    const touched = this.tally.refused + this.tally.rerouted;
    if (now - this.lastBeat < BEAT_MS && touched === this.reported) return;
    this.lastBeat = now;
    this.reported = touched;
    this.say({
      type: 'beat',
      epoch: this.epoch,
      counters: this.tally.report(this.isNewLine),
      capsules: this.keeper.capsules,
    });
    this.isNewLine = false;
  }
}

/** The guard never keeps a process alive. */
function unref(timer: unknown): void {
  (timer as { unref?(): void }).unref?.();
}
