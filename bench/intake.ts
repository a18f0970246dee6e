import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { signals } from '@firebreak/contract/detect/signals';
import type { Database } from '@firebreak/server';
import type { SenderTask } from './intake-sender.ts';
import { signalToCandidate } from './intake-signals.ts';
import { interaction } from './interactions.ts';
import { type BenchRow, median } from './row.ts';
import { onPostgres, openBenchServer } from './server.ts';

const BATCH = 250;
const BATCHES = 32;
const ROUNDS = 6;
const CONNECTIONS = 4;
const BAR = 0.7;

function bodiesOf(round: string): string[] {
  return Array.from({ length: BATCHES }, (_, b) =>
    JSON.stringify(Array.from({ length: BATCH }, (_, i) => interaction(`${round}-${b}-${i}`, b * BATCH + i))),
  );
}

/** The bare thing: the same rows as JSON into a table with the same indexes, one transaction a batch, from this process. */
async function bare(db: Database, bodies: readonly string[]): Promise<number> {
  const began = performance.now();
  for (const body of bodies)
    await db.transaction(async (tx) => {
      await tx.query(
        `insert into bench_bare (id, system, key, given_id, received_at, at, feature, prompt, model, session, intake, data)
         select data->>'id', data->>'system', data->>'id', data->>'id', $2, $2, data->>'feature', data->'versions'->>'prompt',
           data->'versions'->>'model', data->>'session', $2, data from jsonb_array_elements($1::jsonb) as data`,
        [body, new Date().toISOString()],
      );
    });
  return (BATCHES * BATCH * 1_000) / (performance.now() - began);
}

setFlagsFromString('--expose-gc');
/** What preparing a round left behind is collected before either is measured. */
const collect = runInNewContext('gc') as () => void;

/** Processor time each interaction took since then, this process with its threads, microseconds. */
function cpuMicros(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / (BATCHES * BATCH);
}

async function sent(task: SenderTask): Promise<{ rate: number; cost: number }> {
  const sender = fork(fileURLToPath(new URL('./intake-sender.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  sender.send(task);
  await once(sender, 'message');
  collect();
  const cpu = process.cpuUsage();
  sender.send('go');
  const [{ ms, refused }] = (await once(sender, 'message')) as [{ ms: number; refused: number }];
  const cost = cpuMicros(cpu);
  sender.kill();
  if (refused > 0) throw new Error(`${refused} batches were refused`);
  return { rate: (BATCHES * BATCH * 1_000) / ms, cost };
}

async function measure(engine: string, databaseUrl: string | null, rounds: number): Promise<BenchRow[]> {
  const { server, url, admin, key, close } = await openBenchServer(
    databaseUrl === null ? {} : { FIREBREAK_DATABASE_URL: databaseUrl },
  );
  try {
    const { db } = server.deps;
    await db.query('create table bench_bare (like interaction including all)');
    const accepted: number[] = [];
    const bareRates: number[] = [];
    const looked: number[] = [];
    const costs: { bare: number; real: number }[] = [];
    for (let round = 0; round <= rounds; round++) {
      // The first round warms both up and is not counted.
      const bareBodies = bodiesOf(`bare-${round}`);
      collect();
      const bareCpu = process.cpuUsage();
      const bareRate = await bare(db, bareBodies);
      const bareCost = cpuMicros(bareCpu);
      const bodies = bodiesOf(`real-${round}`);
      const began = performance.now();
      const task = { url: `${url}${signals.sendInteractions.path}`, key, bodies, connections: CONNECTIONS };
      const { rate, cost } = await sent(task);
      while ((await admin.call(signals.telemetryState, {})).waiting > 0)
        await new Promise((resolve) => setTimeout(resolve, 50));
      if (round === 0) continue;
      bareRates.push(bareRate);
      costs.push({ bare: bareCost, real: cost });
      accepted.push(rate);
      looked.push((BATCHES * BATCH * 1_000) / (performance.now() - began));
    }
    const share = median(accepted) / median(bareRates);
    return [
      {
        name: `intake, 3 KB interactions, ${engine}`,
        value: Math.round(median(accepted)),
        unit: 'interactions/s accepted',
        bar: '≥ 70 % of the bare batched insert',
        pass: share >= BAR,
        beside: [
          { name: 'bare batched insert', value: Math.round(median(bareRates)) },
          { name: 'accepted and looked at by all detectors', value: Math.round(median(looked)) },
        ],
        note: `${Math.round(share * 100)} % of the bare insert; ${BATCH} in a batch over HTTP, sealed and inspected behind it, ${CONNECTIONS} connections; processor time of this process ${Math.round(median(costs.map((c) => c.real)))} µs each, bare ${Math.round(median(costs.map((c) => c.bare)))} µs`,
      },
    ];
  } finally {
    await close();
  }
}

/** Interactions accepted each second beside the bare insert of the same rows, on both engines; then how soon a signal is in its candidate. */
export async function run({ short }: { readonly short: boolean } = { short: false }): Promise<BenchRow[]> {
  const rounds = short ? 3 : ROUNDS;
  return [
    ...(await measure('embedded database', null, rounds)),
    ...(await onPostgres('intake, 3 KB interactions, PostgreSQL', (url) => measure('PostgreSQL', url, rounds))),
    ...(await signalToCandidate(short ? 3 : 10)),
  ];
}
