import { type HoldInForce, isNack, KIND_NAMES, type Nack, type Signed } from '@firebreak/core/respond/containment';
import type { PublicKey } from './crypto.ts';
import type { Applied, Keeper } from './keeper.ts';
import { why } from './later.ts';
import type { Settings } from './options.ts';
import type { HoldChecked } from './self-check.ts';
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
const QUIET_MS = 4;
/** So often acknowledgements give way to guards of the same process that are still being told. */
const MOST_WAITS = 20;
/** When one of the guards of this process last took an order, on the monotonic clock, and those that have to say so. */
let obeyedAt = 0;
const waiting: (() => void)[] = [];

function whenAllObey(sayAll: () => void): void {
  if (waiting.push(sayAll) > 1) return;
  let waits = MOST_WAITS;
  const wait = (ms: number) => unref(setTimeout(look, ms));
  const look = () => {
    if (waits-- > 0 && performance.now() - obeyedAt < QUIET_MS) return wait(QUIET_MS);
    for (const each of waiting.splice(0)) each();
  };
  wait(ACK_FIRST_MS + Math.random() * ACK_SPREAD_MS);
}
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
  check(holds: readonly string[]): Promise<readonly HoldChecked[]>;
  /** What they would meet if this order were obeyed here. */
  try(hold: HoldInForce): Promise<Pick<HoldChecked, 'state' | 'says'>>;
}

const CHECKED_AT_ONCE = 100;

export interface Line {
  readonly transport: 'socket' | 'poll' | 'none';
  close(): void;
}

/** The connection to Firebreak: a socket that is mended for ever, and polling for as long as there is none. */
export function openLine(settings: Settings, keeper: Keeper, tally: Tally, on: LineEvents): Line {
  const { url, key, instance, system, host, kind, failMode } = settings;
  const about = { instance, system, host, kind, version: VERSION, failMode };
  let transport: Line['transport'] = 'none';
  let socket: Socket | undefined;
  let failures = 0;
  let closed = false;
  let etag: string | undefined;
  let lastHeard = performance.now();
  let isStale = false;
  let lastBeat = 0;
  let reported = 0;
  let isNewLine = true;
  const unsaid: object[] = [];
  let queue: Promise<void> = Promise.resolve();
  let retry: ReturnType<typeof setTimeout> | undefined;

  const epochHeld = (): number => keeper.applied?.snapshot.epoch ?? 0;
  const say = (message: object) => socket?.send(JSON.stringify(message));

  async function connect(): Promise<void> {
    if (closed) return;
    try {
      if (keeper.trustsNobodyYet) {
        const { keys } = (await (await ask('keys')).json()) as { keys: PublicKey[] };
        keeper.pin(keys);
      }
      if (settings.transport === 'poll') {
        await poll();
        return again(settings.pollMs);
      }
      await open();
    } catch (error) {
      lost(why(error));
    }
  }

  /** A good answer, or 304; what is posted may be refused. */
  async function ask(path: string, request?: RequestInit): Promise<Response> {
    const response = await fetch(`${url}/api/v1/guard/${path}`, {
      ...request,
      headers: { authorization: `Bearer ${key}`, ...request?.headers },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (response.ok || response.status === 304 || request?.method === 'POST') return response;
    throw new Error(`the server answered ${response.status} when asked for ${path.split('?')[0]}`);
  }

  async function open(): Promise<void> {
    let opened = false;
    const opening = await openSocket(`${url.replace(/^http/, 'ws')}/api/v1/guard/stream`, key, {
      open() {
        opened = true;
        queueMicrotask(() => {
          socket = opening;
          isNewLine = true;
          transport = 'socket';
          hello();
        });
      },
      text(text) {
        const receivedAt = new Date().toISOString();
        queue = queue.then(() => handle(text, receivedAt)).catch((error) => on.fault(String(error)));
      },
      close(code, said) {
        if (socket === opening) socket = undefined;
        if (!closed) lost(said || `the socket closed with ${code}`, opened);
      },
    });
    if (closed) opening.close();
  }

  function hello(): void {
    const { generation = null, epoch = null } = keeper.applied?.snapshot ?? {};
    say({ type: 'hello', ...about, kinds: KIND_NAMES, capsules: keeper.capsules, generation, epoch, checks: true });
  }

  /** Answers beside everything else: a front door that is slow must not hold up the next order. */
  function check(holds: unknown): void {
    if (!Array.isArray(holds)) return;
    const asked = holds.filter((each): each is string => typeof each === 'string').slice(0, CHECKED_AT_ONCE);
    on.check(asked).then(
      (checked) => say({ type: 'checked', epoch: epochHeld(), holds: checked }),
      (error) => on.fault(String(error)),
    );
  }

  /** A canary takes an order before everybody else does, and says what it makes of it. */
  async function tryOrder(signed: Signed): Promise<void> {
    const asked = await keeper.said(signed);
    if (asked === undefined) return on.fault('refused to try an order that is not signed by a trusted key');
    const { trial, hold } = asked as { readonly trial?: unknown; readonly hold?: HoldInForce };
    if (typeof trial !== 'string' || hold === undefined) return;
    const tried = await on.try(hold).catch((error) => ({ state: 'fault', says: String(error).slice(0, 200) }));
    say({ type: 'tried', trial, ...tried });
  }

  async function handle(text: string, receivedAt: string): Promise<void> {
    let message: { type?: unknown; epoch?: unknown; generation?: unknown; holds?: unknown } & Partial<Signed>;
    try {
      message = JSON.parse(text);
    } catch {
      return on.fault('the server sent something that is not JSON');
    }
    const { type } = message;
    if (type === 'beat') {
      const held = keeper.applied?.snapshot;
      if (held?.epoch !== message.epoch || held?.generation !== message.generation) hello();
      else heard();
      return;
    }
    if (type === 'check') return check(message.holds);
    if (type === 'try') return tryOrder(message as Signed);
    if (type !== 'snapshot' && type !== 'delta') return;
    const result = await take(message as Signed);
    if (isNack(result)) {
      say({ type: 'nack', ...refusalIn(result) });
      if (result.nack === 'gap') hello();
      return;
    }
    failures = 0;
    acknowledge(ackOf(result, receivedAt));
    if (type === 'delta' && keeper.wantsSnapshot) hello();
  }

  /**
   * Every guard obeys before any of them says so: saying it at once would get in the way of those still being told. What
   * piles up meanwhile is said in the order it was obeyed.
   */
  function acknowledge(ack: object): void {
    obeyedAt = performance.now();
    unsaid.push(ack);
    if (unsaid.length > MOST_UNSAID) unsaid.shift();
    if (unsaid.length > 1) return;
    whenAllObey(() => {
      for (const each of unsaid.splice(0)) say({ type: 'ack', ...each });
    });
  }

  const refusalIn = ({ nack: code, why: said }: Nack) => ({ code, why: said, epoch: epochHeld() });

  function ackOf({ snapshot, stateHash, compiled }: Applied, receivedAt: string) {
    const { generation, epoch } = snapshot;
    const unsupported = compiled.unsupported.slice(0, 1_000);
    return { generation, epoch, stateHash, unsupported, receivedAt, appliedAt: new Date().toISOString() };
  }

  /** Applied means: the next check of this process is already judged by it. */
  async function take(signed: Signed): Promise<Applied | Nack> {
    const before = keeper.applied;
    const result = await keeper.take(signed);
    if (isNack(result)) {
      on.fault(`refused a message (${result.nack}): ${result.why}`);
      if (keeper.behind) on.changed();
      return result;
    }
    if (result !== before) on.applied(result);
    heard();
    return result;
  }

  function heard(): void {
    lastHeard = performance.now();
    isStale = false;
    on.heard();
  }

  async function poll(): Promise<void> {
    const query = new URLSearchParams({ system, instance, host, kind, version: VERSION });
    const receivedAt = new Date().toISOString();
    const response = await ask(`snapshot?${query}`, { headers: etag === undefined ? {} : { 'if-none-match': etag } });
    let said: object = {};
    if (response.status === 304) heard();
    else {
      const result = await take((await response.json()) as Signed);
      if (isNack(result)) said = { nack: refusalIn(result) };
      else {
        etag = response.headers.get('etag') ?? undefined;
        said = { ack: ackOf(result, receivedAt) };
      }
    }
    transport = 'poll';
    const ours = { ...about, capsules: keeper.capsules, checks: true };
    const asked = await post({ ...ours, counters: tally.report(true), ...said });
    const holds = Array.isArray(asked.check) ? asked.check.slice(0, CHECKED_AT_ONCE) : [];
    if (holds.length > 0) await post({ ...ours, checked: await on.check(holds) });
  }

  async function post(said: object): Promise<{ readonly check?: readonly string[] }> {
    const headers = { 'content-type': 'application/json' };
    const response = await ask('ack', { method: 'POST', headers, body: JSON.stringify(said) });
    return response.ok ? response.json() : {};
  }

  /** Tries again with full jitter, 50 ms to 5 s; meanwhile asks by HTTP, so that a lost socket does not hide an order. */
  function lost(said: string, wasOpen = false): void {
    if (closed) return;
    transport = 'none';
    failures = wasOpen && failures === 0 ? 1 : failures + 1;
    on.fault(said);
    const most = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 10));
    const wait = RETRY_FIRST_MS + Math.random() * (most - RETRY_FIRST_MS);
    const asked = failures >= 3 && settings.transport === 'auto' ? poll() : Promise.reject();
    asked.then(
      () => again(Math.min(wait, settings.pollMs)),
      () => again(wait),
    );
  }

  function again(ms: number): void {
    if (closed) return;
    retry = setTimeout(() => void connect(), ms);
    unref(retry);
  }

  function tick(): void {
    const now = performance.now();
    void keeper.look().then((more) => {
      if (!more) return;
      on.changed();
      lastBeat = 0;
    });
    if (!isStale && now - lastHeard > STALE_MS) {
      isStale = true;
      on.stale();
      socket?.close();
    }
    if (socket === undefined) return;
    const touched = tally.refused + tally.rerouted;
    if (now - lastBeat < BEAT_MS && touched === reported) return;
    lastBeat = now;
    reported = touched;
    say({ type: 'beat', epoch: epochHeld(), counters: tally.report(isNewLine), capsules: keeper.capsules });
    isNewLine = false;
  }

  const watch = setInterval(tick, REPORT_MS);
  unref(watch);
  void connect();
  return {
    get transport() {
      return transport;
    },
    close() {
      closed = true;
      clearInterval(watch);
      clearTimeout(retry);
      socket?.close();
      socket = undefined;
    },
  };
}

/** The guard never keeps a process alive. */
function unref(timer: unknown): void {
  (timer as { unref?(): void }).unref?.();
}
