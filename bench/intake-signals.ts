import { createClient } from '@firebreak/client';
import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { type BenchRow, quantile } from './row.ts';
import { openBenchServer } from './server.ts';

const PER_SECOND = 200;
const TICKS = 10;
const STORIES = 10;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** From the moment a signal was accepted to the moment its candidate can be read, at 200 signals a second, ten stories at once. */
export async function signalToCandidate(seconds: number): Promise<BenchRow[]> {
  const { server, url, admin, key, close } = await openBenchServer();
  try {
    const sender = createClient({ baseUrl: url, key });
    const sentAt = new Map<string, number>();
    const took: number[] = [];
    let sending = true;
    const watching = (async () => {
      const waiting = new Set<string>();
      while (sending || sentAt.size > 0) {
        for (const id of sentAt.keys()) waiting.add(id);
        const { rows } = await server.deps.db.query<{ id: string }>(
          'select id from signal where id = any($1) and candidate is not null',
          [[...waiting]],
        );
        const now = performance.now();
        for (const { id } of rows) {
          took.push(now - sentAt.get(id)!);
          sentAt.delete(id);
          waiting.delete(id);
        }
        await pause(20);
      }
    })();
    for (let tick = 0; tick < seconds * TICKS; tick++) {
      const began = performance.now();
      const body = Array.from({ length: PER_SECOND / TICKS }, (_, i) => ({
        id: `s-${tick}-${i}`,
        system: 'bench-bot',
        kind: 'monitor-alert',
        evidenceClass: 'strong' as const,
        feature: `feature-${i % STORIES}`,
        text: `Story ${'abcdefghij'[i % STORIES]!.repeat(6)} seen again in answer ${tick * 20 + i} of the assistant`,
      }));
      const { ids } = await sender.call(signals.sendSignals, { body });
      for (const id of ids) if (id !== null) sentAt.set(id, performance.now());
      await pause(Math.max(0, 1_000 / TICKS - (performance.now() - began)));
    }
    sending = false;
    await Promise.race([watching, pause(20_000)]);
    const { open } = await admin.call(candidates.listCandidates, { query: {} });
    const p99 = quantile(took, 0.99);
    return [
      {
        name: 'signal accepted → in its candidate, p99 at 200 signals/s',
        value: Math.round(p99),
        unit: 'ms',
        bar: '≤ 1,000 ms',
        pass: p99 <= 1_000 && sentAt.size === 0,
        note: `median ${Math.round(quantile(took, 0.5))} ms; ${took.length} signals of ${STORIES} stories in ${open} candidates, embedded database`,
      },
    ];
  } finally {
    await close();
  }
}
