import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clients } from './clients.ts';
import type { RecorderOptions, RecorderStats } from './recorder.ts';
import type { Vendor } from './vendor.ts';

/** How a gateway is, as `POST /api/v1/gateways/reports` takes it. No secret is in it. */
export interface GatewayReport {
  readonly instance: string;
  readonly address: string;
  readonly startedAt: string;
  /** Where its setup comes from: `environment`, or the name of a file. */
  readonly source: string;
  readonly loadedAt: string;
  /** Why the newest setup was not taken. */
  readonly fault: string | null;
  readonly requests: number;
  readonly refused: number;
  readonly running: number;
  readonly routes: readonly {
    readonly name: string;
    readonly shape: string;
    readonly upstreams: readonly string[];
    readonly system: string | null;
    readonly feature: string | null;
    readonly clients: 'known' | 'open';
    readonly record: 'all' | 'figures' | 'nothing';
  }[];
  readonly upstreams: readonly ReturnType<Vendor['report']>[];
  readonly clients: readonly { readonly name: string; readonly lastUsedAt: string | null }[];
  readonly adapters: readonly string[];
  readonly recorder: RecorderStats | null;
}

export interface Reports {
  /** Tells Firebreak now rather than at the next beat. */
  soon(): void;
  close(): Promise<void>;
}

interface GivenKeys {
  readonly version: string;
  readonly clients: readonly { readonly hash: string; readonly name: string }[];
}

const BEAT_MS = 5_000;
const ANSWER_MS = 10_000;
/** Seconds for which Firebreak holds the question which keys it has given; it answers at once when one is revoked. */
const WAIT = 20;
const RETRY_MS = 1_000;
const FIRST_MS = 1_500;
const LAST_MS = 1_000;

/** Keeps the keys that Firebreak has given in step, and says how the gateway is. */
export async function openReports(
  { url, key, clientsFile }: RecorderOptions & { readonly clientsFile?: string },
  clients: Clients,
  report: () => GatewayReport,
): Promise<Reports> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const stopped = new AbortController();
  let version = '';
  let timer: NodeJS.Timeout | undefined;

  async function fetchKeys(wait: number): Promise<void> {
    const query = new URLSearchParams({ since: version, wait: String(wait) });
    const response = await fetch(`${url}/api/v1/gateways/clients?${query}`, {
      headers,
      signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(wait * 1_000 + ANSWER_MS)]),
    });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    const given = (await response.json()) as GivenKeys;
    if (given.version === version) return;
    clients.give(given.clients);
    version = given.version;
    if (clientsFile !== undefined) await keep(clientsFile, given).catch(() => undefined);
  }

  async function follow(): Promise<void> {
    while (!stopped.signal.aborted) {
      const began = performance.now();
      const good = await fetchKeys(WAIT).then(
        () => true,
        () => false,
      );
      // A server that does not wait must not be asked all the time.
      if (!good || performance.now() - began < 50) await pause(good ? 100 : RETRY_MS, stopped.signal);
    }
  }

  async function tell(): Promise<void> {
    clearTimeout(timer);
    try {
      await fetch(`${url}/api/v1/gateways/reports`, {
        method: 'POST',
        headers,
        body: JSON.stringify(report()),
        signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(ANSWER_MS)]),
      });
    } catch {
      // The next beat says it all again.
    }
    if (stopped.signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(() => void tell(), BEAT_MS);
    timer.unref();
  }

  // While Firebreak is away the keys it gave last are good; those it has revoked since cannot be known.
  const kept = clientsFile === undefined ? undefined : await read(clientsFile).catch(() => undefined);
  if (kept !== undefined) clients.give(kept.clients);
  const first = fetchKeys(0).catch(() => undefined);
  await Promise.race([first, pause(FIRST_MS, stopped.signal)]);
  void first.then(follow);
  void tell();
  return {
    soon: () => void tell(),
    async close() {
      stopped.abort();
      clearTimeout(timer);
      await fetch(`${url}/api/v1/gateways/reports`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ ...report(), leaving: true }),
        signal: AbortSignal.timeout(LAST_MS),
      }).catch(() => undefined);
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

async function read(file: string): Promise<GivenKeys | undefined> {
  const given = JSON.parse(await readFile(file, 'utf8')) as GivenKeys;
  return Array.isArray(given.clients) ? given : undefined;
}

/** Never leaves half a file. */
async function keep(file: string, given: GivenKeys): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  const handle = await open(beside, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(given));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, file);
}
