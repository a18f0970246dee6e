import type { Asking, Verdict } from '@firebreak/core/respond/containment';
import type { PublicKey } from './crypto.ts';

export interface GuardOptions {
  /** Address of Firebreak, `http://127.0.0.1:7373`. */
  readonly url: string;
  /** API key of scope `guard`, `fbk_…`. */
  readonly key: string;
  /** Key of the AI system this process runs, or `*` for a gateway that serves all of them. */
  readonly system: string;
  /** What to do before any state is known (first start without Firebreak and without a state file). An explicit choice. */
  readonly bootFailMode: 'allow' | 'deny';
  /** What to do when contact is lost: keep the last known holds (default), or refuse everything. */
  readonly failMode?: 'last-known' | 'deny';
  /** Where the last signed state is kept, so that holds survive a restart without Firebreak. */
  readonly stateFile?: string;
  /** Public keys to believe: base64, or as `GET /api/v1/guard/keys` gives them. Without them the first key met is pinned. */
  readonly trustedKeys?: readonly (string | PublicKey)[];
  /** Unique per running process; host, process id and a random part unless said. */
  readonly instance?: string;
  readonly kind?: 'guard' | 'gateway' | 'other';
  /** Of a gateway: sends a made-up request to its own front door, and says what it met there. Undefined: none fits. */
  readonly atTheDoor?: (system: string, asking: Asking) => Promise<Verdict | undefined>;
  /** `auto`: socket first, polling while it fails. `poll`: never a socket. */
  readonly transport?: 'auto' | 'poll';
  /** Milliseconds between two polls; 2,000 unless said. */
  readonly pollMs?: number;
}

export interface Settings {
  readonly url: string;
  readonly key: string;
  readonly system: string;
  readonly bootFailMode: 'allow' | 'deny';
  readonly failMode: 'last-known' | 'deny';
  readonly instance: string;
  readonly host: string;
  readonly kind: 'guard' | 'gateway' | 'other';
  readonly transport: 'auto' | 'poll';
  readonly pollMs: number;
}

function need(good: boolean, why: string): void {
  if (!good) throw new TypeError(`createGuard: ${why}`);
}

/** Throws TypeError with a sentence for options that cannot work: a guard set up wrongly must not start in silence. */
export function settingsOf(options: GuardOptions, host: string): Settings {
  const { url, key, system, bootFailMode, failMode = 'last-known', transport = 'auto', pollMs = 2_000 } = options;
  need(typeof url === 'string' && /^https?:\/\//.test(url), 'url must be the http(s) address of Firebreak');
  need(typeof key === 'string' && key !== '', 'key must be an API key of scope guard (fbk_…)');
  need(typeof system === 'string' && system !== '', 'system must be the key of the AI system, or *');
  need(bootFailMode === 'allow' || bootFailMode === 'deny', 'bootFailMode must be "allow" or "deny": choose');
  need(failMode === 'last-known' || failMode === 'deny', 'failMode must be "last-known" or "deny"');
  need(Number.isFinite(pollMs) && pollMs >= 100, 'pollMs must be at least 100');
  const random = Math.random().toString(36).slice(2, 8);
  const pid = typeof process === 'undefined' ? 'edge' : process.pid;
  return {
    url: url.replace(/\/+$/, ''),
    key,
    system,
    bootFailMode,
    failMode,
    transport,
    pollMs,
    host,
    kind: options.kind ?? 'guard',
    instance: options.instance ?? `${host || 'instance'}-${pid}-${random}`,
  };
}

export function keysOf(trusted: GuardOptions['trustedKeys']): readonly PublicKey[] | undefined {
  return trusted?.map((each) => (typeof each === 'string' ? { key: '', publicKey: each } : each));
}
