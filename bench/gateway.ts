import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { build } from 'esbuild';
import OpenAI from 'openai';
import { holdOf, openStandIn, type StandIn, until } from '../conformance/stand-in-control-plane.ts';
import { openStandInVendor } from '../conformance/stand-in-vendor.ts';
import { type BenchRow, median } from './row.ts';

const ROUNDS = 3;
const SECONDS = 3;
/** Until what runs often is compiled. */
const WARM_SECONDS = 5;
const CONNECTIONS = 32;
const STREAMS = 80;
const STOPS = 20;
const MOST_TRIES = 1_000;

const prompt = `You are a support bot. ${'Answer only from the handbook. '.repeat(30)}`;
const messages = [
  { role: 'system', content: prompt },
  { role: 'user', content: 'May I use my subscription on two devices?' },
];
const BODY = JSON.stringify({ model: 'm', messages });
const STREAMED = JSON.stringify({ model: 'm', messages, stream: true });
/** How an application names itself to the gateway. */
export const CHAT_HEADERS = {
  'content-type': 'application/json',
  authorization: 'Bearer sk-bench',
  'x-firebreak-system': 'support-bot',
  'x-firebreak-feature': 'answers',
  'x-firebreak-country': 'DE',
  'x-firebreak-prompt': 'v40',
};

export function start(file: string): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
}

/** Starts the gateway as the product is built and run: one bundle, without a loader of TypeScript in its way. */
export async function startGateway(): Promise<ChildProcess> {
  const file = fileURLToPath(new URL('../dist/bench/gateway-process.js', import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL('./gateway-process.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    plugins: [
      {
        name: 'packages of others stay where they are',
        setup(it) {
          it.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
            kind === 'entry-point' || path.startsWith('@firebreak/') ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  return fork(file, { execArgv: ['--no-parallel-scavenge'] });
}

export async function answerOf<T>(child: ChildProcess, task?: object): Promise<T> {
  const answered = once(child, 'message');
  if (task !== undefined) child.send(task);
  return (await answered)[0] as T;
}

interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly total: number;
}
export async function load(
  url: string,
  connections: number,
  seconds: number,
  headers: Record<string, string> = CHAT_HEADERS,
): Promise<Load> {
  const result = await autocannon({
    url: `${url}/v1/chat/completions`,
    method: 'POST',
    headers,
    body: BODY,
    connections,
    duration: seconds,
  });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} failed`);
  return { perSecond: result.requests.average, p50: result.latency.p50, total: result.requests.total };
}

/** Milliseconds to the first event of a stream. */
export async function firstEvent(url: string, headers: Record<string, string> = CHAT_HEADERS): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body: STREAMED });
  if (!response.ok) throw new Error(`a stream was refused with ${response.status}`);
  const reader = response.body!.getReader();
  await reader.read();
  const ms = performance.now() - began;
  while (!(await reader.read()).done);
  return ms;
}

/**
 * What an order does to somebody at the OpenAI SDK, over the same channel as everywhere: milliseconds until a refusal is
 * read, until a running stream ends with an error, and until the vendor is let go; requests a refused client made.
 */
async function stopping(url: string, control: StandIn, endless: Awaited<ReturnType<typeof openStandInVendor>>) {
  const before = control.snapshot().holds;
  const openai = new OpenAI({
    apiKey: 'sk',
    baseURL: `${url}/endless/v1`,
    defaultHeaders: Object.fromEntries(Object.entries(CHAT_HEADERS).filter(([name]) => name.startsWith('x-firebreak'))),
  });
  const refused: number[] = [];
  const raised: number[] = [];
  const closed: number[] = [];
  let silent = 0;
  endless.mode = 'endless';
  for (let round = 0; round < STOPS; round += 1) {
    const asked = endless.asked.length;
    const open = () => openai.chat.completions.create({ model: 'm', messages: [], stream: true });
    let stream = await open().catch(() => undefined);
    // The step that lifts the order before may still be on its way.
    for (let tries = 0; stream === undefined && tries < MOST_TRIES; tries += 1)
      stream = await open().catch(() => undefined);
    if (stream === undefined) throw new Error('a stream that nothing forbids is refused');
    let ordered = 0;
    let words = 0;
    endless.cutOff = 0;
    const letGo = until('the vendor is let go', () => endless.cutOff > 0).then(() => performance.now());
    await (async () => {
      for await (const _ of stream) {
        words += 1;
        if (words !== 5) continue;
        ordered = performance.now();
        control.hold(...before, holdOf({ kind: 'disable', feature: 'answers' }));
      }
      silent += 1;
    })().catch(() => undefined);
    raised.push(performance.now() - ordered);
    closed.push((await letGo) - ordered);
    const began = performance.now();
    await openai.chat.completions.create({ model: 'm', messages: [] }).catch(() => undefined);
    refused.push(performance.now() - began);
    if (endless.asked.length !== asked + 1) throw new Error('a refused request reached the vendor');
    control.hold(...before);
  }
  if (silent > 0) throw new Error(`${silent} streams ended in silence`);
  return { refused: median(refused), raised: median(raised), closed: median(closed) };
}

/** What the gateway costs: CPU per proxied chat completion, and time added to the first event of a stream. */
export async function run({ short = false }: { readonly short?: boolean } = {}): Promise<BenchRow[]> {
  const control = await openStandIn({ system: '*' });
  control.hold(
    holdOf({ kind: 'fence', feature: 'answers', countries: { mode: 'deny', list: ['US', 'FR'] } }),
    holdOf({ kind: 'route', feature: 'answers', from: { prompt: 'v41' }, to: { prompt: 'v40' } }),
    holdOf({ kind: 'disable', feature: 'refunds' }),
  );
  const vendor = start('./gateway-vendor.ts');
  const gateway = await startGateway();
  const endless = await openStandInVendor('endless');
  try {
    const { url: vendorUrl } = await answerOf<{ url: string }>(vendor);
    const { url } = await answerOf<{ url: string }>(gateway, {
      controlUrl: control.url,
      vendorUrl,
      endlessUrl: endless.url,
    });
    const proxied = `${url}/openai`;
    await load(proxied, CONNECTIONS, WARM_SECONDS);

    const cpu: number[] = [];
    const rates: number[] = [];
    const direct: number[] = [];
    for (let round = 0; round < (short ? 1 : ROUNDS); round += 1) {
      direct.push((await load(vendorUrl, CONNECTIONS, 2)).perSecond);
      const before = await answerOf<{ us: number }>(gateway, { cpu: true });
      const loaded = await load(proxied, CONNECTIONS, SECONDS);
      const after = await answerOf<{ us: number }>(gateway, { cpu: true });
      cpu.push((after.us - before.us) / loaded.total);
      rates.push(loaded.perSecond);
    }
    const near: number[] = [];
    const far: number[] = [];
    for (let count = 0; count < STREAMS; count += 1) {
      near.push(await firstEvent(vendorUrl));
      far.push(await firstEvent(proxied));
    }
    const added = median(far) - median(near);
    const stopped = await stopping(url, control, endless);
    return [
      {
        name: 'gateway CPU per chat completion, judged and recorded',
        value: median(cpu),
        unit: 'µs',
        bar: '≤ 120 µs',
        pass: median(cpu) <= 120,
        note: 'user and system time of its process; JSON parsed, three holds in force, answer read and recorded',
      },
      {
        name: `gateway throughput, ${CONNECTIONS} connections`,
        value: median(rates),
        unit: 'requests/s',
        beside: [{ name: 'the stand-in vendor itself', value: median(direct) }],
      },
      {
        name: 'gateway, time added to the first event of a stream, median',
        value: added,
        unit: 'ms',
        bar: '≤ 1 ms',
        pass: added <= 1,
        beside: [{ name: 'without a gateway', value: median(near) }],
      },
      {
        name: 'gateway, a refusal read by the OpenAI SDK, one attempt, median',
        value: stopped.refused,
        unit: 'ms',
        bar: '≤ 20 ms',
        pass: stopped.refused <= 20,
      },
      {
        name: 'gateway, order → error in a running stream, median',
        value: stopped.raised,
        unit: 'ms',
        bar: '≤ 20 ms',
        pass: stopped.raised <= 20,
        note: 'the signed step on its way to the gateway included',
      },
      {
        name: 'gateway, order → the vendor is let go, median',
        value: stopped.closed,
        unit: 'ms',
        bar: '≤ 50 ms',
        pass: stopped.closed <= 50,
      },
    ];
  } finally {
    gateway.kill();
    vendor.kill();
    await endless.close();
    await control.close();
  }
}
