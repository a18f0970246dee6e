import {
  afterOutcome,
  asked,
  type Candidate,
  type Health,
  type HealthPolicy,
  type Outcome,
  stateOf,
  WELL,
  withdrawn,
} from '@firebreak/core/respond/gateways';
import { type Dispatcher, Pool } from 'undici';
import type { Shape, Upstream } from './options.ts';

const CONNECTIONS = 256;
const CONNECT_MS = 10_000;

/** What is known of an upstream since the gateway started. */
export interface Figures {
  requests: number;
  failed: number;
  lastSentAt: number | null;
  lastAnsweredAt: number | null;
  lastFailure: string | null;
  lastFailureAt: number | null;
}

/** One upstream: its pool of connections, its credential, its health. */
export class Vendor implements Candidate {
  readonly provider: string;
  readonly shape: Shape;
  readonly origin: string;
  /** Set on every request, by lower-case name; the credential among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly headerList: readonly string[];
  readonly credential: string | undefined;
  readonly models: Readonly<Record<string, string>> | undefined;
  /** In lower case. */
  readonly cacheHeader: string | undefined;
  readonly figures: Figures = {
    requests: 0,
    failed: 0,
    lastSentAt: null,
    lastAnsweredAt: null,
    lastFailure: null,
    lastFailureAt: null,
  };
  health: Health = WELL;
  private readonly prefix: string;
  private readonly suffix: string | undefined;
  private readonly pool: Pool;

  constructor(
    readonly name: string,
    upstream: Upstream,
    limits: { readonly answerMs: number; readonly silenceMs: number },
    private readonly policy: HealthPolicy,
  ) {
    if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(name))
      throw new TypeError(`upstream “${name}”: use small letters, digits, -`);
    if (!URL.canParse(upstream.url) || !/^https?:$/.test(new URL(upstream.url).protocol))
      throw new TypeError(`upstream ${name}: its address is no http(s) URL`);
    const { origin, pathname } = new URL(upstream.url);
    this.origin = origin;
    this.prefix = pathname.replace(/\/$/, '');
    this.provider = upstream.provider ?? name;
    this.shape = upstream.shape ?? (name === 'anthropic' ? 'anthropic' : 'openai');
    this.models = upstream.models;
    this.cacheHeader = upstream.cacheHeader?.toLowerCase();
    const { credential } = upstream;
    this.credential = credential?.name;
    this.suffix =
      credential?.query && `${encodeURIComponent(credential.query)}=${encodeURIComponent(credential.secret)}`;
    const own: Record<string, string> = {};
    for (const [header, value] of Object.entries(upstream.headers ?? {})) own[header.toLowerCase()] = value;
    if (credential !== undefined && credential.query === undefined) {
      const header = credential.header ?? (this.shape === 'anthropic' ? 'x-api-key' : 'authorization');
      const prefix = credential.prefix ?? (header.toLowerCase() === 'authorization' ? 'Bearer ' : '');
      own[header.toLowerCase()] = `${prefix}${credential.secret}`;
    }
    this.headers = own;
    this.headerList = Object.entries(own)
      .filter(([header]) => header !== this.cacheHeader)
      .flat();
    this.pool = new Pool(origin, {
      connections: CONNECTIONS,
      pipelining: 1,
      connect: { timeout: CONNECT_MS },
      headersTimeout: limits.answerMs,
      bodyTimeout: limits.silenceMs,
    });
  }

  dispatch(
    method: string,
    path: string,
    headers: string[],
    body: Buffer | null,
    handler: Dispatcher.DispatchHandler,
  ): void {
    this.figures.requests += 1;
    this.figures.lastSentAt = Date.now();
    if (this.health.until !== 0) this.health = asked(this.health, performance.now());
    const query = this.suffix === undefined ? '' : `${path.includes('?') ? '&' : '?'}${this.suffix}`;
    this.pool.dispatch(
      { method: method as Dispatcher.HttpMethod, path: `${this.prefix}${path}${query}`, headers, body },
      handler,
    );
  }

  note(outcome: Outcome, why: string, retryAfterMs = 0): void {
    const { figures } = this;
    if (outcome === 'answered') figures.lastAnsweredAt = Date.now();
    else {
      figures.failed += 1;
      figures.lastFailure = why;
      figures.lastFailureAt = Date.now();
    }
    this.health = afterOutcome(this.health, outcome, performance.now(), this.policy, retryAfterMs);
  }

  /** A request to it ended without saying anything about it. */
  withdraw(): void {
    this.health = withdrawn(this.health);
  }

  report() {
    const now = performance.now();
    const { name, provider, shape, origin, health, figures } = this;
    const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
    return {
      name,
      provider,
      shape,
      address: origin,
      state: stateOf(health, now),
      failures: health.failures,
      outForMs: Math.max(0, Math.round(health.until - now)),
      requests: figures.requests,
      failed: figures.failed,
      credential: this.credential ?? null,
      lastSentAt: iso(figures.lastSentAt),
      lastAnsweredAt: iso(figures.lastAnsweredAt),
      lastFailure: figures.lastFailure,
      lastFailureAt: iso(figures.lastFailureAt),
    };
  }

  /** Lets what is running end, for at most `ms`. */
  async close(ms = 0): Promise<void> {
    if (ms > 0) {
      const timer = setTimeout(() => void this.pool.destroy(), ms);
      timer.unref();
      await this.pool.close().finally(() => clearTimeout(timer));
    } else await this.pool.destroy();
  }
}
