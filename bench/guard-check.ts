import { createGuard, type Guard } from '@firebreak/guard';
import { InMemoryProvider, OpenFeature } from '@openfeature/server-sdk';
import { holdOf, openStandIn, STAND_IN_KEY, until } from '../conformance/stand-in-control-plane.ts';
import { type BenchRow, median } from './row.ts';

const ROUNDS = 7;

/** Nanoseconds of one call, the median of seven rounds; the loop's own cost is left in. */
function nanoseconds(calls: number, call: (index: number) => unknown): number {
  const rounds: number[] = [];
  let kept: unknown;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const began = process.hrtime.bigint();
    for (let index = 0; index < calls; index += 1) kept = call(index);
    const ns = Number(process.hrtime.bigint() - began) / calls;
    // The first round warms up.
    if (round > 0) rounds.push(ns);
  }
  if (kept === undefined) throw new Error('the calls gave nothing');
  return median(rounds);
}

async function openFeatureNanoseconds(): Promise<number> {
  const flag = { variants: { on: true, off: false }, defaultVariant: 'on', disabled: false };
  await OpenFeature.setProviderAndWait(new InMemoryProvider({ 'contain.bot.answers.allowed': flag }));
  const client = OpenFeature.getClient();
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const began = process.hrtime.bigint();
    for (let index = 0; index < 5_000; index += 1)
      await client.getBooleanValue('contain.bot.answers.allowed', false, { targetingKey: 'u1' });
    if (round > 0) rounds.push(Number(process.hrtime.bigint() - began) / 5_000);
  }
  await OpenFeature.close();
  return median(rounds);
}

/** Bytes allocated by a million checks while nothing is in force. */
function idleBytes(guard: Guard): number {
  const question = { feature: 'answers', model: 'm1', country: 'DE' };
  for (let index = 0; index < 100_000; index += 1) guard.check(question);
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < 1_000_000; index += 1) guard.check(question);
  return Math.max(0, process.memoryUsage().heapUsed - before);
}

/** What the check in the process of the application costs. */
export async function run(): Promise<BenchRow[]> {
  const server = await openStandIn({ system: 'bot' });
  const guard = await createGuard({ url: server.url, key: STAND_IN_KEY, system: 'bot', bootFailMode: 'deny' });
  await guard.ready();
  const caughtUp = () => until('caught up', () => guard.stats().epoch === server.snapshot().epoch, 20_000);
  const question = { feature: 'answers', model: 'm1', prompt: 'v40', country: 'DE', authenticated: true };

  const idle = nanoseconds(20_000_000, () => guard.check(question));
  const bytes = idleBytes(guard);
  const kinds = [
    { kind: 'disable', feature: 'f' },
    { kind: 'route', feature: 'f', from: { model: 'm0' }, to: { model: 'm2' } },
    { kind: 'fence', feature: 'f', countries: { mode: 'deny', list: ['US', 'FR'] } },
  ];
  const elsewhere = Array.from({ length: 997 }, (_, index) =>
    holdOf({ ...kinds[index % 3]!, feature: `feature-${index}` }, { system: 'bot' }),
  );
  const near = [
    { kind: 'route', feature: 'answers', from: { model: 'm0' }, to: { model: 'm2' } },
    { kind: 'fence', feature: 'answers', countries: { mode: 'deny', list: ['US', 'FR'] } },
    { kind: 'fence', feature: 'answers', audience: 'authenticated' },
  ].map((what) => holdOf(what, { system: 'bot' }));
  server.hold(...elsewhere, ...near);
  await caughtUp();
  if (guard.check(question).action !== 'allow') throw new Error('the measured request must pass');
  const busy = nanoseconds(5_000_000, () => guard.check(question));
  const none = nanoseconds(5_000_000, () => guard.check({ feature: 'untouched' }));
  const refused = nanoseconds(2_000_000, () => guard.check({ feature: 'feature-0' }));
  guard.close();
  await server.close();
  const peer = await openFeatureNanoseconds();

  const beside = [{ name: 'OpenFeature server SDK, in-memory provider', value: peer }];
  return [
    { name: 'guard check, nothing in force', value: idle, unit: 'ns', bar: '≤ 5 ns', pass: idle <= 5, beside },
    {
      name: 'guard check, 1,000 holds, three of them on this feature, none refuses',
      value: busy,
      unit: 'ns',
      bar: '≤ 150 ns, and 100x an OpenFeature in-process provider',
      pass: busy <= 150 && peer / busy >= 100,
      beside,
    },
    {
      name: 'guard check, 1,000 holds, none on this feature',
      value: none,
      unit: 'ns',
      bar: '≤ 150 ns',
      pass: none <= 150,
    },
    { name: 'guard check that refuses (counted)', value: refused, unit: 'ns' },
    {
      name: 'memory of a million checks, nothing in force',
      value: bytes / 1_000_000,
      unit: 'bytes each',
      bar: '< 1: nothing is allocated',
      pass: bytes < 1_000_000,
    },
  ];
}
