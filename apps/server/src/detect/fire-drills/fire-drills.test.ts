import { createServer, type Server } from 'node:http';
import { candidates } from '@firebreak/contract/detect/candidates';
import { fireDrills } from '@firebreak/contract/detect/fire-drills';
import { oversight } from '@firebreak/contract/detect/oversight';
import { paging } from '@firebreak/contract/detect/paging';
import { quality } from '@firebreak/contract/detect/quality';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { links } from '@firebreak/contract/respond/links';
import { KNOWN_FAILURES } from '@firebreak/core/detect/fire-drills';
import { addMs } from '@firebreak/core/kernel';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { telemetryOf } from '../signals/index.ts';

let world: World;
let rae: Awaited<ReturnType<World['program']>>;
let pager: Server;
const pages: { data: Record<string, unknown> }[] = [];
const refused = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error) => error.code,
  );

beforeAll(async () => {
  pager = createServer((request, reply) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      pages.push(JSON.parse(body));
      reply.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => pager.listen(0, '127.0.0.1', resolve));
  world = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.0/8' } });
  rae = await world.program('respond', 'read');
  await world.ana.client.call(inventory.register, {
    body: {
      key: 'drill-bot',
      name: 'Drill bot',
      type: 'generative',
      purpose: 'test',
      owner: 'Team',
      riskClass: 'limited',
      population: '',
      regions: [],
      features: [],
    },
  });
});
afterAll(async () => {
  await world.close();
  await new Promise((resolve) => pager.close(resolve));
});
const run = (failure: string) => rae.call(fireDrills.run, { body: { system: 'drill-bot', failure } });
/** The signals of what no detector sees, as the real thing has them. */
const TOLD_BY: Readonly<Record<string, readonly string[]>> = {
  'golden-set-drop': ['complaint weak', 'golden-set-regressed strong'],
  'vendor-outage': ['complaint weak', 'rate-moved strong', 'vendor-incident strong'],
  'review-bypassed': ['review-bypassed verified'],
};
const show = (drill: `fdr_${string}`) => rae.call(fireDrills.show, { params: { drill } });

describe('a fire drill', () => {
  it('goes the whole way, says that nobody could be told, and puts away what came of it', async () => {
    expect((await rae.call(fireDrills.list, { query: {} })).systems).toMatchObject([
      { system: 'drill-bot', lastAt: null, stale: true },
    ]);
    const { id } = await run('leaked-secret');
    expect(await refused(run('leaked-secret'))).toBe('fire-drill.running');
    await world.settle();
    await world.advance('1s');
    const drill = await show(id);
    expect(drill).toMatchObject({ ended: { outcome: 'nobody-told' }, stages: { handed: null } });
    expect(drill.stages.paged).not.toBeNull();
    const held = await rae.call(candidates.readCandidate, { params: { candidate: drill.candidate! } });
    expect(held).toMatchObject({ mark: `drill:${id}`, state: 'dismissed', ended: { as: 'expected' } });
    expect(held.signals[0]).toMatchObject({ mark: `drill:${id}`, detector: 'secrets' });
  });

  it.each(KNOWN_FAILURES.map(({ key }) => key))(
    '%s reaches the channel in time, with its watermark',
    async (failure) => {
      if (failure === KNOWN_FAILURES[0]!.key)
        await world.ana.client.call(links.subscribe, {
          body: {
            name: 'Pager',
            url: `http://127.0.0.1:${(pager.address() as { port: number }).port}/`,
            events: ['candidate.paged'],
          },
        });
      const { id } = await run(failure);
      for (let i = 0; i < 4; i++) await world.advance('1s');
      // A look at what was agreed comes twice a minute, and what proves itself mildly waits a minute for companions.
      for (let i = 0; i < 4 && (await show(id)).ended === null; i++) await world.advance('40s');
      const drill = await show(id);
      expect(drill).toMatchObject({ ended: { outcome: 'met' } });
      const { items } = await rae.call(candidates.listCandidates, { query: { system: 'drill-bot', state: 'all' } });
      const made = items.filter(({ mark }) => mark === `drill:${id}`);
      expect(made.every(({ state }) => state === 'dismissed')).toBe(true);
      const seen = await Promise.all(
        made.map(async (it) => (await rae.call(candidates.readCandidate, { params: { candidate: it.id } })).signals),
      );
      const told = seen.flat().map(({ kind, evidenceClass }) => `${kind} ${evidenceClass}`);
      expect(told.sort()).toEqual(TOLD_BY[failure] ?? told);
      expect(pages.at(-1)!.data).toMatchObject({ mark: `drill:${id}`, title: expect.stringMatching(/^DRILL: /) });
      const { systems } = await rae.call(fireDrills.list, { query: { system: 'drill-bot' } });
      expect(systems).toMatchObject([{ outcome: 'met', stale: false }]);
    },
  );

  it('leaves nothing behind but its candidates: no run, no alarm, no entry of a page, no answer that waits', async () => {
    const { db } = world.server.deps;
    for (const table of ['eval_run_board', 'watch_alarm', 'monitor_item', 'measure_delta', 'oversight_answered'])
      expect((await db.query(`select 1 from ${table} limit 1`)).rows).toEqual([]);
    expect((await world.ana.client.call(oversight.list, {})).agreements).toMatchObject([{ waiting: 0, bypassed: 0 }]);
  });

  it('is honest about a silence, and never joins what is real', async () => {
    await rae.call(paging.silence, {
      body: { system: 'drill-bot', reason: 'planned work', owner: 'QA', until: addMs(world.now(), 3_600_000) },
    });
    const { id } = await run('invented-rule');
    const sender = await world.program('telemetry:write');
    await sender.call(signals.sendInteractions, {
      body: {
        id: 'real',
        system: 'drill-bot',
        feature: 'fire-drill',
        input: 'How many?',
        output: 'Each subscription is limited to one device.',
        retrieved: [{ id: 'x', title: 'Devices', text: 'You can use up to five devices with one subscription.' }],
      },
    });
    await world.settle();
    const { items } = await rae.call(candidates.listCandidates, { query: { system: 'drill-bot' } });
    expect(items.map(({ mark }) => mark).sort()).toEqual([`drill:${id}`, null]);
    await world.advance('11m');
    expect((await show(id)).ended).toMatchObject({
      outcome: 'not-paged',
      says: expect.stringContaining('planned work'),
    });
  });

  it('refuses what makes no sense', async () => {
    expect(await refused(run('nothing'))).toBe('fire-drill.unknown-failure');
    expect(await refused(rae.call(fireDrills.run, { body: { system: 'nobody', failure: 'leaked-secret' } }))).toBe(
      'system.unknown',
    );
    expect(await refused(show('fdr_none'))).toBe('fire-drill.unknown');
    const reader = await world.program('read');
    expect(
      await refused(reader.call(fireDrills.run, { body: { system: 'drill-bot', failure: 'leaked-secret' } })),
    ).toBe('authority.missing');
  });
});

describe('a simulated signal', () => {
  it('takes the same path with its mark, and a second one may join it', async () => {
    const body = {
      system: 'drill-bot',
      channel: 'output-filter',
      kind: 'trial',
      detector: 'trial',
      evidenceClass: 'weak',
      text: 'A trial of the path',
    } as const;
    const first = await rae.call(fireDrills.simulate, {
      body: { ...body, channel: 'telemetry', evidenceClass: 'strong' },
    });
    await world.settle();
    for (let i = 0; i < 2; i++) await rae.call(fireDrills.simulate, { body: { ...body, mark: first.mark } });
    await world.settle();
    const { items } = await rae.call(candidates.listCandidates, { query: { system: 'drill-bot' } });
    expect(items.filter(({ mark }) => mark === first.mark)).toMatchObject([{ summary: { count: 3 } }]);
    expect(await refused(rae.call(fireDrills.simulate, { body: { ...body, system: 'nobody' } }))).toBe(
      'system.unknown',
    );
    const telemetry = telemetryOf(world.server.deps);
    telemetry.waiting = 60_000;
    expect(await refused(rae.call(fireDrills.simulate, { body }))).toBe('simulation.not-taken');
    telemetry.waiting = null;
    const real = world.server.deps.slices.find(({ name }) => name === 'fire-drills')!;
    expect(await real.authenticate!({ bearer: 'drill_guessed', session: null }, world.server.deps)).toBeNull();
    expect(await refused(rae.call(fireDrills.simulate, { body: { ...body, text: 'x'.repeat(4), kind: ' ' } }))).toBe(
      'request.invalid',
    );
  });
});

describe('the figures of detection', () => {
  it('leave out everything that was made on purpose, and open what they count', async () => {
    const { items } = await rae.call(candidates.listCandidates, { query: { system: 'drill-bot' } });
    const real = items.find(({ mark }) => mark === null)!;
    await rae.call(candidates.dismissCandidate, {
      params: { candidate: real.id },
      body: { as: 'false-alarm', reason: 'a trial' },
    });
    const figures = await rae.call(quality.figures, { query: { system: 'drill-bot' } });
    expect(figures).toMatchObject({
      candidates: 1,
      precision: { x: 0, n: 1, share: 0 },
      falsePages: { n: 0, share: null, interval: null },
    });
    expect(figures.madeOnPurpose).toBeGreaterThan(KNOWN_FAILURES.length);
    const behind = await rae.call(quality.candidates, { query: { system: 'drill-bot', figure: 'precision' } });
    expect(behind.items).toMatchObject([{ candidate: real.id, counted: false, says: 'dismissed: false-alarm' }]);
    expect(
      (await rae.call(quality.figures, { query: { system: 'drill-bot', to: addMs(world.now(), -86_400_000) } }))
        .candidates,
    ).toBe(0);
  });
});

describe('a backtest from the screen', () => {
  const rows = ['one device only', 'one device only', 'refunds in an hour']
    .map((text, i) => JSON.stringify({ id: i, text, group: text }))
    .join('\n');
  it('is worked out beside everything else, kept, and its rows are forgotten', async () => {
    const { backtest } = await rae.call(quality.ask, {
      body: { topic: 'signal-grouping', name: 'Press of spring', rows },
    });
    expect(backtest).toMatchObject({ rows: 3, done: null });
    await world.settle();
    const { backtests } = await rae.call(quality.backtests, {});
    expect(backtests).toMatchObject([
      { id: backtest.id, failed: null, done: { scores: { labelled: 3, baseline_same_words_b3_f1: 1 } } },
    ]);
    expect((await world.server.deps.db.query('select 1 from backtest_input')).rows).toEqual([]);
  });
  it('is refused where it cannot be read, is too large, or too many wait', async () => {
    const ask = (body: object) =>
      refused(rae.call(quality.ask, { body: { topic: 'pii', name: 'x', rows, ...body } as never }));
    expect(await ask({ rows: '{"a":1}\nno' })).toBe('backtest.unreadable');
    expect(await ask({ topic: 'similar' })).toBe('backtest.unreadable');
    expect(await ask({ rows: '{}\n'.repeat(5_001) })).toBe('backtest.too-large');
    for (let i = 0; i < 5; i++) expect(await ask({})).toBeNull();
    expect(await ask({})).toBe('backtest.too-many');
  });
});
