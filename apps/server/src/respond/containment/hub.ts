import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CHECKED_AT_ONCE, FRAME_UP, GuardUp, guardChannel } from '@firebreak/contract/respond/guard-channel';
import { isRefusal } from '@firebreak/core/kernel';
import type { Signed } from '@firebreak/core/respond/containment';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { App, Caller, Deps } from '../../platform/index.ts';
import type { Confirmation } from './confirmation.ts';
import type { ControlState } from './control-state.ts';
import type { Instance, Roster } from './roster.ts';

const BEAT_MS = 5_000;
const SILENT_AFTER_MS = 12_500;
const HELLO_MS = 10_000;
const MOST_SOCKETS = 5_000;
const MOST_BUFFERED = 8 * 1024 * 1024;
const MESSAGES_PER_SECOND = 50;
const MESSAGES_AT_ONCE = 300;
const MOST_TRIALS = 1_000;
const PROTOCOL = 'firebreak.v1';

interface Line {
  readonly socket: WebSocket;
  readonly openedAt: number;
  subscription: string | undefined;
  instance: string | undefined;
  heardAt: number;
  allowance: number;
}

type Said<T extends GuardUp['type']> = Extract<ReturnType<typeof GuardUp.parse>, { type: T }>;
export type Told = Omit<Said<'ack'>, 'type'>;
export type Refused = Omit<Said<'nack'>, 'type'>;
export type Tried = Omit<Said<'tried'>, 'type' | 'trial'>;
export type Counted = NonNullable<Said<'beat'>['counters']>;

/** Sockets of guards: state down, acknowledgements up. Holds no rules; whatever it is sent is bounded. */
export class Hub {
  private readonly lines = new Set<Line>();
  private readonly byInstance = new Map<string, Line>();
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_UP,
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has(PROTOCOL) ? PROTOCOL : false),
  });
  private readonly beat: NodeJS.Timeout;

  constructor(
    private readonly deps: Deps,
    private readonly state: ControlState,
    private readonly roster: Roster,
    private readonly confirmation: Confirmation,
  ) {
    this.beat = setInterval(() => this.beats(), BEAT_MS);
    this.beat.unref();
    state.on((changes) => {
      for (const { subscription, delta } of changes) {
        // Encoded once, not once for each socket.
        const bytes = Buffer.from(JSON.stringify({ type: 'delta', ...delta }));
        for (const line of this.lines) if (line.subscription === subscription) this.send(line, bytes);
      }
    });
  }

  /** Upgraded sockets: the HTTP server no longer counts them, so it would wait for them for ever when it closes. */
  private readonly sockets = new Set<Duplex>();
  private closing = false;

  listenOn(app: App): void {
    app.server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      if (this.closing) return void socket.destroy();
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      this.upgrade(request, socket, head).catch((error) => {
        this.deps.log.warn({ err: error }, 'a guard could not be connected');
        refuse(socket, 503, 'server.busy');
      });
    });
    app.addHook('preClose', async () => this.close());
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (new URL(request.url ?? '/', 'http://here').pathname !== guardChannel.streamPath)
      return refuse(socket, 404, 'address.unknown');
    const bearer = bearerOf(request);
    if (bearer === null) return refuse(socket, 401, 'session.missing');
    const caller = await this.callerBy(bearer);
    if (caller === null) return refuse(socket, 401, 'key.refused');
    if (caller.may !== 'everything' && !caller.may.has('guard.obey')) return refuse(socket, 403, 'authority.missing');
    if (this.lines.size >= MOST_SOCKETS) return refuse(socket, 503, 'server.busy');
    if (this.closing) return void socket.destroy();
    this.server.handleUpgrade(request, socket, head, (opened) => this.open(opened));
  }

  private async callerBy(bearer: string): Promise<Caller | null> {
    for (const slice of this.deps.slices) {
      const caller = await slice.authenticate?.({ bearer, session: null }, this.deps);
      if (caller && !isRefusal(caller)) return caller;
    }
    return null;
  }

  private open(socket: WebSocket): void {
    const now = performance.now();
    const line: Line = {
      socket,
      openedAt: now,
      subscription: undefined,
      instance: undefined,
      heardAt: now,
      allowance: MESSAGES_AT_ONCE,
    };
    this.lines.add(line);
    socket.on('message', (data, binary) => this.hear(line, data, binary));
    socket.on('error', () => socket.terminate());
    socket.on('close', (code) => this.gone(line, code));
  }

  private gone(line: Line, code: number): void {
    this.lines.delete(line);
    if (line.instance === undefined) return;
    if (this.byInstance.get(line.instance) === line) this.byInstance.delete(line.instance);
    // A newer connection of the same instance speaks for it now.
    for (const other of this.lines) if (other.instance === line.instance) return;
    const known = this.roster.here.get(line.instance);
    if (known === undefined || known.presence === 'silent') return;
    this.roster.put({ ...who(known), presence: code === 1000 || code === 1001 ? 'closed' : 'lost' });
  }

  private hear(line: Line, data: RawData, binary: boolean): void {
    const now = performance.now();
    line.allowance =
      Math.min(MESSAGES_AT_ONCE, line.allowance + ((now - line.heardAt) / 1_000) * MESSAGES_PER_SECOND) - 1;
    line.heardAt = now;
    if (line.allowance < 0) {
      line.socket.close(1008, 'too many messages');
      return;
    }
    const message = binary ? undefined : read(data);
    if (message === undefined) {
      line.socket.close(1007, 'a message was not understood');
      return;
    }
    if (message.type === 'hello') {
      this.hello(line, message);
      return;
    }
    const known = line.instance === undefined ? undefined : this.roster.here.get(line.instance);
    if (known !== undefined) this.roster.gone.heard(known.instance);
    if (known === undefined) line.socket.close(1008, 'say hello first');
    else if (message.type === 'ack') this.ack(known, message);
    else if (message.type === 'nack') this.nack(known, message);
    else if (message.type === 'checked') this.confirmation.checked(known, message.holds);
    else if (message.type === 'tried') this.took(line, message);
    else {
      this.count(known, message.counters);
      this.state.reportCapsules({ instance: known.instance, host: known.host, capsules: message.capsules });
    }
  }

  private hello(line: Line, said: Said<'hello'>): void {
    if (!this.state.knows(said.system)) {
      line.socket.close(4404, `no system is registered as ${said.system}`);
      return;
    }
    const { instance, system, host, kind, version, failMode, checks: tries } = said;
    const kinds = said.kinds.length > 0 ? said.kinds : null;
    const put = this.roster.put({
      kinds,
      instance,
      system,
      host,
      kind,
      version,
      tries,
      transport: 'socket',
      presence: 'connected',
      fail_mode: failMode,
      connected_at: this.deps.now(),
    });
    if (put === undefined) {
      line.socket.close(1013, 'too many instances');
      return;
    }
    this.roster.gone.heard(instance);
    line.instance = instance;
    line.subscription = system;
    this.byInstance.set(instance, line);
    this.send(line, JSON.stringify({ type: 'snapshot', ...this.state.signed(system) }));
    this.state.reportCapsules({ instance, host, capsules: said.capsules });
  }

  /** What an instance holds now. A state that is not ours under our epoch is no acknowledgement, nor one we have not given yet. */
  ack(known: Instance, { generation, epoch, stateHash, unsupported }: Told): void {
    const nack = this.unlike(known.system, generation, epoch, stateHash);
    const put = this.roster.put({
      ...who(known),
      ...(nack === null ? { generation, epoch, unsupported } : {}),
      nack,
      presence: known.transport === 'socket' ? 'connected' : 'polling',
    });
    if (put !== undefined && nack === null) this.confirmation.heard(put);
  }

  private unlike(system: string, generation: number, epoch: number, stateHash: string): string | null {
    const newest = this.state.epochOf(system);
    if (generation !== this.state.generation || epoch < newest) return null;
    if (epoch > newest) return 'says that it holds a state newer than the newest here';
    return stateHash === this.state.stateHash(system) ? null : 'holds a different state under the same epoch';
  }

  nack(known: Instance, { code, why }: Refused): void {
    this.roster.put({ ...who(known), nack: `${code}: ${why}`.slice(0, 300) });
    this.deps.log.warn({ instance: known.instance, code, why }, 'an instance refused the state of control');
  }

  count(known: Instance, counters: Counted | undefined): void {
    const { checks, refused, rerouted } = counters ?? known;
    this.roster.put({ ...who(known), checks, refused, rerouted });
    for (const [hold, touched] of Object.entries(counters?.holds ?? {}))
      if (this.state.knowsHold(hold)) this.roster.touched(hold, known.instance, touched.refused, touched.rerouted);
  }

  private lineOf(instance: string): Line | undefined {
    return this.byInstance.get(instance);
  }

  /** Has an instance that is connected here try holds with made-up requests. */
  ask(instance: string, holds: readonly string[]): void {
    const line = this.lineOf(instance);
    if (line === undefined) return;
    this.send(line, JSON.stringify({ type: 'check', holds: holds.slice(0, CHECKED_AT_ONCE) }));
  }

  private readonly trials = new Map<string, { readonly line: Line; readonly done: (tried: Tried) => void }>();

  /** Whether an order can be tried there first. */
  reaches(instance: string): boolean {
    return this.lineOf(instance)?.subscription !== undefined;
  }

  /** Has one instance try an order before it is given. Undefined: it did not answer in time. */
  try(instance: string, trial: string, signed: Signed, ms: number): Promise<Tried | undefined> {
    const line = this.lineOf(instance);
    if (line === undefined || this.trials.size >= MOST_TRIALS) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const settle = (tried: Tried | undefined) => {
        clearTimeout(timer);
        this.trials.delete(trial);
        resolve(tried);
      };
      const timer = setTimeout(() => settle(undefined), ms);
      this.trials.set(trial, { line, done: settle });
      this.send(line, JSON.stringify({ type: 'try', ...signed }));
    });
  }

  private took(line: Line, { trial, state, says }: Said<'tried'>): void {
    const waiting = this.trials.get(trial);
    if (waiting?.line === line) waiting.done({ state, ...(says === undefined ? {} : { says }) });
  }

  private send(line: Line, text: string | Buffer): void {
    if (line.socket.bufferedAmount > MOST_BUFFERED) line.socket.terminate();
    else line.socket.send(text, { binary: false });
  }

  private beats(): void {
    const now = performance.now();
    const at = this.deps.now();
    const { generation } = this.state;
    for (const line of this.lines) {
      if (line.subscription === undefined || line.instance === undefined) {
        if (now - line.openedAt > HELLO_MS) line.socket.close(1008, 'say hello first');
        continue;
      }
      if (now - line.heardAt > SILENT_AFTER_MS) {
        const known = this.roster.here.get(line.instance);
        if (known !== undefined) {
          known.presence = 'silent';
          this.roster.mark(known.instance);
        }
        line.socket.terminate();
        continue;
      }
      this.send(line, JSON.stringify({ type: 'beat', generation, epoch: this.state.epochOf(line.subscription), at }));
    }
  }

  close(): void {
    this.closing = true;
    clearInterval(this.beat);
    for (const { socket } of this.lines) socket.terminate();
    for (const socket of this.sockets) socket.destroy();
  }
}

const who = ({ instance, system }: Instance) => ({ instance, system });

function read(data: RawData): ReturnType<typeof GuardUp.parse> | undefined {
  try {
    const parsed = GuardUp.safeParse(JSON.parse(String(data)));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** From the header, or, where a runtime cannot send one, from a second sub-protocol `bearer.fbk_…`. */
function bearerOf(request: IncomingMessage): string | null {
  const header = request.headers.authorization?.match(/^Bearer\s+(\S+)$/i)?.[1];
  if (header !== undefined) return header;
  const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  return protocols.find((each) => each.startsWith('bearer.'))?.slice('bearer.'.length) ?? null;
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  503: 'Service Unavailable',
};

function refuse(socket: Duplex, status: number, code: string): void {
  const body = JSON.stringify({ type: `/problems/${code}`, title: REASONS[status], status });
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\ncontent-type: application/problem+json\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
