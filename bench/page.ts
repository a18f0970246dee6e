import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@firebreak/client';
import { signals } from '@firebreak/contract/detect/signals';
import { people } from '@firebreak/contract/prepare/people';
import { links } from '@firebreak/contract/respond/links';
import { firstLink, openServer, readConfig, slices } from '@firebreak/server';
import { type BenchRow, quantile } from './row.ts';

const BAR_MS = 5_000;
/** What comes in meanwhile, a second: weak signals of other systems, in batches. */
const BESIDE = 200;
const TICKS = 10;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** From sending a finding that proves itself at Sev 1 to the moment the webhook of a subscriber has the page. */
async function pageTimes(rounds: number, besides: number): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-bench-'));
  const heard = new Map<string, number>();
  const pager = createServer((request, reply) => {
    const at = performance.now();
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      const { data } = JSON.parse(body) as { data: { system: string } };
      if (!heard.has(data.system)) heard.set(data.system, at);
      reply.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => pager.listen(0, '127.0.0.1', resolve));
  const server = await openServer(
    readConfig({
      FIREBREAK_DATA: folder,
      FIREBREAK_PORT: '0',
      FIREBREAK_LOG_LEVEL: 'error',
      FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.0/8',
    }),
    slices,
  );
  let beside = true;
  try {
    const url = await server.listen();
    const welcome = await fetch(`${url}${people.welcome.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        token: (await firstLink(server.deps))!.split('token=')[1],
        name: 'Bench',
        email: 'bench@example.test',
        password: 'correct horse battery',
      }),
    });
    const admin = createClient({
      baseUrl: url,
      headers: { cookie: welcome.headers.getSetCookie()[0]!.split(';')[0]! },
    });
    const { secret: key } = await admin.call(people.createKey, { body: { name: 'bench', scopes: ['signals:write'] } });
    const sender = createClient({ baseUrl: url, key });
    await admin.call(links.subscribe, {
      body: {
        name: 'Pager',
        url: `http://127.0.0.1:${(pager.address() as AddressInfo).port}/`,
        events: ['candidate.paged'],
      },
    });
    const noise = (async () => {
      for (let tick = 0; beside && besides > 0; tick++) {
        const began = performance.now();
        await sender.call(signals.sendSignals, {
          body: Array.from({ length: besides / TICKS }, (_, i) => ({
            id: `n-${tick}-${i}`,
            system: `noise-${i % 5}`,
            kind: 'monitor-alert',
            feature: `feature-${i % 10}`,
            text: `Story ${'abcdefghij'[i % 10]!.repeat(6)} seen again in answer ${tick * 20 + i} of the assistant`,
          })),
        });
        await pause(Math.max(0, 1_000 / TICKS - (performance.now() - began)));
      }
    })();
    const took: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const system = `bot-${round}`;
      const sentAt = performance.now();
      await sender.call(signals.sendSignals, {
        body: {
          system,
          kind: 'secret-disclosed',
          detector: 'secrets',
          channel: 'output-filter',
          evidenceClass: 'verified',
          archetype: 'data-exfiltration',
          severityHint: 1,
          text: 'An answer repeated the key of the payment service.',
        },
      });
      while (!heard.has(system) && performance.now() - sentAt < 4 * BAR_MS) await pause(2);
      took.push((heard.get(system) ?? Number.POSITIVE_INFINITY) - sentAt);
      await pause(150);
    }
    beside = false;
    await noise;
    return took;
  } finally {
    beside = false;
    await server.close();
    pager.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const rowsOf = (took: readonly number[], when: string): BenchRow[] => {
  const slowest = Math.max(...took);
  return [
    { name: `Sev 1 that proves itself → page at the channel, ${when}, p50`, value: quantile(took, 0.5), unit: 'ms' },
    {
      name: `… slowest of ${took.length}`,
      value: slowest,
      unit: 'ms',
      bar: '≤ 5 s',
      pass: slowest <= BAR_MS,
    },
  ];
};

export async function run({ short }: { readonly short: boolean }): Promise<BenchRow[]> {
  const rounds = short ? 10 : 50;
  return [
    ...rowsOf(await pageTimes(rounds, 0), 'quiet'),
    ...rowsOf(await pageTimes(rounds, BESIDE), `${BESIDE} signals/s beside it`),
  ];
}
