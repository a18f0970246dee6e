/** Sends interactions and signals at a steady pace, in a process of its own, and answers what became of them. */
import { createClient } from '@firebreak/client';
import { signals } from '@firebreak/contract/detect/signals';
import { interaction } from './interactions.ts';

export interface PacedTask {
  readonly url: string;
  readonly key: string;
  readonly seconds: number;
  readonly interactionsPerSecond: number;
  readonly signalsPerSecond: number;
}
export interface PacedResult {
  readonly interactions: number;
  readonly signals: number;
  /** Requests that were asked to come back later, and came back. */
  readonly askedToWait: number;
  /** How late the last batch was sent, milliseconds. */
  readonly lateMs: number;
  /** Processor time of this process since it began to send, milliseconds. */
  readonly cpuMs: number;
  /** Ids of signals and when each was accepted, milliseconds since the epoch. */
  readonly acceptedAt: readonly (readonly [string, number])[];
}

const TICKS = 10;
const STORIES = 10;
const MOST_TRIES = 200;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function paced({ url, key, seconds, interactionsPerSecond, signalsPerSecond }: PacedTask): Promise<PacedResult> {
  const client = createClient({ baseUrl: url, key });
  const acceptedAt: [string, number][] = [];
  let interactions = 0;
  let sent = 0;
  let askedToWait = 0;
  /** Comes back when asked to, as a well-behaved sender does. */
  async function patiently<T>(send: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries++)
      try {
        return await send();
      } catch (error) {
        if ((error as { status?: number }).status !== 429 || tries >= MOST_TRIES) throw error;
        askedToWait++;
        await pause(500);
      }
  }
  const each = interactionsPerSecond / TICKS;
  const began = performance.now();
  const cpu = process.cpuUsage();
  let lateMs = 0;
  const under: Promise<void>[] = [];
  for (let tick = 0; tick < seconds * TICKS; tick++) {
    const due = began + (tick * 1_000) / TICKS;
    const wait = due - performance.now();
    if (wait > 0) await pause(wait);
    else lateMs = -wait;
    // No more than two batches under way: a sender that is held up falls behind instead of piling up.
    if (under.length >= 2) await under.shift();
    const send = async () => {
      const body = Array.from({ length: each }, (_, i) => interaction(`p-${tick}-${i}`, tick * each + i));
      const kept = await patiently(() => client.call(signals.sendInteractions, { body: body as never }));
      interactions += kept.accepted + kept.duplicate;
      const told = Array.from({ length: signalsPerSecond / TICKS }, (_, i) => ({
        id: `s-${tick}-${i}`,
        system: 'bench-monitor',
        kind: 'monitor-alert',
        evidenceClass: 'strong' as const,
        feature: `feature-${i % STORIES}`,
        text: `Story ${'abcdefghij'[i % STORIES]!.repeat(6)} seen again in answer ${tick * 20 + i} of the assistant`,
      }));
      const { ids, accepted } = await patiently(() => client.call(signals.sendSignals, { body: told }));
      sent += accepted;
      const now = Date.now();
      for (const id of ids) if (id !== null) acceptedAt.push([id, now]);
    };
    under.push(send());
  }
  await Promise.all(under);
  const { user, system } = process.cpuUsage(cpu);
  return { interactions, signals: sent, askedToWait, lateMs, cpuMs: (user + system) / 1_000, acceptedAt };
}

process.once('message', (task) => {
  paced(task as PacedTask).then(
    (result) => process.send?.(result),
    (error) => {
      throw error;
    },
  );
});
