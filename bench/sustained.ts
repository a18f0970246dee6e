import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { signals } from '@firebreak/contract/detect/signals';
import { incidents } from '@firebreak/contract/respond/incidents';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { type BenchOptions, type BenchRow, quantile } from './row.ts';
import { onPostgres, openBenchServer } from './server.ts';
import type { PacedResult, PacedTask } from './sustained-sender.ts';

const SIGNALS = 200;
const ON_SCREEN_MS = 1_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A steady stream for minutes: nothing accepted may be lost, the detectors have to keep up, a signal has to be in its
 * candidate within a second, and the memory may not grow with the number of records.
 */
async function measure(engine: string, databaseUrl: string | null, rate: number, seconds: number): Promise<BenchRow[]> {
  const { server, url, admin, key, close } = await openBenchServer(
    databaseUrl === null ? {} : { FIREBREAK_DATABASE_URL: databaseUrl },
  );
  const sender = fork(fileURLToPath(new URL('./sustained-sender.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  try {
    const { db } = server.deps;
    const memory: number[] = [];
    const waiting: number[] = [];
    const firstSeen = new Map<string, number>();
    let going = true;
    const watching = (async () => {
      let after = '';
      while (going) {
        const { rows } = await db.query<{ id: string }>(
          'select id from signal where candidate is not null and id > $1 order by id limit 5000',
          [after],
        );
        const now = Date.now();
        for (const { id } of rows) if (!firstSeen.has(id)) firstSeen.set(id, now);
        // Ids follow their time: what is not placed within ten seconds has missed by far.
        const old = rows.filter(({ id }) => now - firstSeen.get(id)! > 10_000).at(-1);
        if (old) after = old.id;
        memory.push(process.memoryUsage.rss() / 2 ** 20);
        await pause(200);
      }
    })();
    const counting = (async () => {
      while (going) {
        waiting.push((await admin.call(signals.telemetryState, {})).waiting);
        await pause(2_000);
      }
    })();
    const { incident } = await admin.call(incidents.declare, { body: { title: 'While it streams' } });
    const acts: number[] = [];
    const acting = (async () => {
      while (going) {
        const asked = performance.now();
        await admin.call(warRoom.note, { params: { incident: incident.id }, body: { text: `note ${acts.length}` } });
        acts.push(performance.now() - asked);
        await pause(500);
      }
    })();
    const began = performance.now();
    const cpu = process.cpuUsage();
    sender.send({ url, key, seconds, interactionsPerSecond: rate, signalsPerSecond: SIGNALS } satisfies PacedTask);
    const [sent] = (await once(sender, 'message')) as [PacedResult];
    const tookSeconds = (performance.now() - began) / 1_000;
    const own = process.cpuUsage(cpu);
    const shareOf = (ms: number) => `${Math.round((ms / tookSeconds / 1_000) * 100)} %`;
    const drained = performance.now();
    while ((await admin.call(signals.telemetryState, {})).waiting > 0 && performance.now() - drained < 120_000)
      await pause(100);
    const behindMs = performance.now() - drained;
    await pause(1_000);
    going = false;
    await Promise.all([watching, counting, acting]);
    const stored = await db.query<{ interactions: number; signals: number }>(
      "select (select count(*)::int from interaction) as interactions, (select count(*)::int from signal where system = 'bench-monitor') as signals",
    );
    const { interactions, signals: kept } = stored.rows[0]!;
    const took = sent.acceptedAt.flatMap(([id, at]) => {
      const seen = firstSeen.get(id);
      return seen === undefined ? [] : [Math.max(0, seen - at)];
    });
    const p99 = quantile(took, 0.99);
    const lost = sent.interactions - interactions + (sent.signals - kept);
    const held = sent.interactions / tookSeconds;
    const third = Math.max(1, Math.floor(memory.length / 3));
    const early = Math.max(...memory.slice(third, 2 * third));
    const late = Math.max(...memory.slice(2 * third));
    const of = `${rate.toLocaleString('en')} interactions/s and ${SIGNALS} signals/s for ${seconds} s, ${engine}`;
    return [
      {
        name: `sustained, ${of}: held`,
        value: Math.round(held),
        unit: 'interactions/s',
        bar: `≥ ${rate.toLocaleString('en')}, none lost`,
        pass: held >= rate * 0.99 && lost === 0 && behindMs < 60_000,
        note: `${interactions.toLocaleString('en')} kept, ${lost} lost; asked to wait ${sent.askedToWait} times; at most ${Math.max(...waiting).toLocaleString('en')} waited for the detectors, ${Math.round(behindMs / 100) / 10} s behind at the end; of one processor the server with the bench took ${shareOf((own.user + own.system) / 1_000)}, the sender ${shareOf(sent.cpuMs)}`,
      },
      {
        name: `sustained, ${engine}: signal accepted → in its candidate, p99`,
        value: Math.round(p99),
        unit: 'ms',
        bar: `≤ ${ON_SCREEN_MS.toLocaleString('en')} ms`,
        pass: p99 <= ON_SCREEN_MS,
        note: `median ${Math.round(quantile(took, 0.5))} ms of ${took.length.toLocaleString('en')}, looked at every 200 ms`,
      },
      {
        name: `sustained, ${engine}: a decision by somebody meanwhile, p99`,
        value: Math.round(quantile(acts, 0.99)),
        unit: 'ms',
        note: `median ${Math.round(quantile(acts, 0.5))} ms, at most ${Math.round(Math.max(...acts))} ms, of ${acts.length} over HTTP, one each half second`,
      },
      {
        name: `sustained, ${engine}: memory of the server with the bench`,
        value: Math.round(late),
        unit: 'MiB',
        note: `at most ${Math.round(early)} MiB in the second third of the time, ${Math.round(late)} MiB in the last`,
      },
    ];
  } finally {
    sender.kill();
    await close();
  }
}

/** The whole intake under a steady stream, on both engines; ten minutes each, or a quarter of one. */
export async function run({ short, seconds = short ? 15 : 600 }: BenchOptions = { short: false }): Promise<BenchRow[]> {
  return [
    ...(await measure('embedded database', null, 1_000, seconds)),
    ...(await onPostgres('sustained, PostgreSQL', (url) => measure('PostgreSQL', url, 2_000, seconds))),
  ];
}
