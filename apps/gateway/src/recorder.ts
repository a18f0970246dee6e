import type { Interaction } from './interaction.ts';

export interface RecorderOptions {
  /** Address of Firebreak. */
  readonly url: string;
  /** API key of scope `telemetry:write`. */
  readonly key: string;
}

export interface RecorderStats {
  readonly sent: number;
  /** Lost because Firebreak could not be reached for long: the oldest go first. */
  readonly dropped: number;
  /** Not accepted by Firebreak. */
  readonly refused: number;
  readonly waiting: number;
}

export interface Recorder {
  record(interaction: Interaction): void;
  stats(): RecorderStats;
  /** Sends what waits, for at most `ms`. */
  close(ms?: number): Promise<void>;
}

const MOST_WAITING = 5_000;
const MOST_BYTES = 64 * 1024 * 1024;
const AT_ONCE = 100;
const BYTES_AT_ONCE = 1024 * 1024;
const SOON_MS = 200;
const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;
const ANSWER_MS = 10_000;

/** Interactions wait here in memory and go out in batches, never on the path of a request. */
export function createRecorder({ url, key }: RecorderOptions): Recorder {
  const waiting: string[] = [];
  let bytes = 0;
  let sent = 0;
  let dropped = 0;
  let refused = 0;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;

  function soon(ms: number): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      sending ??= send().finally(() => {
        sending = undefined;
        if (waiting.length > 0) soon(failures > 0 ? RETRY_MS[Math.min(failures, RETRY_MS.length) - 1]! : 0);
      });
    }, ms);
    timer.unref();
  }

  function take(): string[] {
    const batch: string[] = [];
    let size = 0;
    while (batch.length < AT_ONCE && batch.length < waiting.length) {
      const next = waiting[batch.length]!;
      if (batch.length > 0 && size + next.length > BYTES_AT_ONCE) break;
      batch.push(next);
      size += next.length;
    }
    return batch;
  }

  function forget(batch: readonly string[]): void {
    // While it was sent, the oldest may have been dropped already.
    let place = 0;
    for (const line of batch) {
      if (waiting[place] !== line) continue;
      place += 1;
      bytes -= line.length;
    }
    waiting.splice(0, place);
  }

  async function send(): Promise<void> {
    const batch = take();
    if (batch.length === 0) return;
    try {
      const response = await fetch(`${url}/api/v1/interactions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: `[${batch.join(',')}]`,
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      // Our key or our server is at fault, not these interactions: they wait.
      if ([401, 403, 408, 429].includes(response.status) || response.status >= 500)
        throw new Error(`answered ${response.status}`);
      const answer = (await response.json().catch(() => ({}))) as { rejected?: readonly unknown[] };
      const count = response.ok ? (answer.rejected?.length ?? 0) : batch.length;
      failures = 0;
      forget(batch);
      refused += count;
      sent += batch.length - count;
    } catch {
      failures += 1;
    }
  }

  return {
    record(interaction) {
      const line = JSON.stringify(interaction);
      waiting.push(line);
      bytes += line.length;
      while (waiting.length > MOST_WAITING || bytes > MOST_BYTES) {
        bytes -= waiting.shift()!.length;
        dropped += 1;
      }
      soon(SOON_MS);
    },
    stats: () => ({ sent, dropped, refused, waiting: waiting.length }),
    async close(ms = 3_000) {
      clearTimeout(timer);
      const end = performance.now() + ms;
      await sending;
      while (waiting.length > 0 && performance.now() < end) {
        const before = failures;
        await send();
        if (failures > before) await new Promise((resolve) => setTimeout(resolve, 100));
      }
      clearTimeout(timer);
    },
  };
}
