import { candidates } from '@firebreak/contract/detect/candidates';
import { measures } from '@firebreak/contract/detect/measures';
import { signals } from '@firebreak/contract/detect/signals';
import { watches } from '@firebreak/contract/detect/watches';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

describe('watches', () => {
  let world: World;
  let sender: Awaited<ReturnType<World['program']>>;
  let sent = 0;
  beforeAll(async () => {
    world = await openWorld();
    sender = await world.program('telemetry:write', 'read');
    await world.ana.client.call(inventory.register, { body: { key: 'bot', name: 'Bot', type: 'generative' } });
    await world.ana.client.call(inventory.register, { body: { key: 'phone', name: 'Phone', type: 'voice' } });
    await world.ana.client.call(inventory.deploy, {
      params: { system: 'bot' },
      body: { versions: { model: 'm1', prompt: 'v1' } },
    });
  });
  afterAll(() => world.close());

  /** One minute of traffic: so many interactions, of which so many fail. */
  const minute = async (all: number, failed: number, part: object = {}) => {
    await sender.call(signals.sendInteractions, {
      body: Array.from({ length: all }, (_, i) => ({
        id: `i${sent++}`,
        system: 'bot',
        versions: { model: 'm1', prompt: 'v1' },
        output: 'You can cancel the order in your account and it is done for you.',
        latencyMs: 1_000 + 10 * i,
        error: i < failed ? 'timeout' : null,
        ...part,
      })) as never,
    });
    await world.advance('1m');
  };
  const list = async (query: object = {}) => world.ana.client.call(watches.list, { query });
  const named = async (usual: string) => (await list({ system: 'bot' })).watches.find((each) => each.usual === usual);
  const told = async (system = 'bot') =>
    (await sender.call(signals.listSignals, { query: { system, channel: 'telemetry' } })).items.filter(({ detector }) =>
      detector.startsWith('watch '),
    );

  it('appear by themselves once there is enough to learn from, and say how often all of them are wrong', async () => {
    for (let i = 0; i < 5; i++) await minute(10, 0);
    expect((await list()).watches).toEqual([]);
    for (let i = 0; i < 40; i++) await minute(8, i % 20 === 0 ? 1 : 0);
    await world.advance('2m');
    const { watches: rows, budget } = await list({ system: 'bot' });
    expect(rows.map(({ usual }) => usual).sort()).toEqual(
      ['blocked', 'complaints', 'errors', 'language', 'latency', 'length', 'refusals', 'refusals-down'].sort(),
    );
    expect(await named('errors')).toMatchObject({
      state: 'watching',
      pages: true,
      method: 'e-detector',
      falseAlarmDays: 180,
      changedBy: { kind: 'system' },
    });
    expect(budget).toMatchObject({ perWeek: 1, watches: 2, expected: expect.closeTo(14 / 180) });
    expect(await told()).toEqual([]);
  });

  it('tell once when a rate moves, with the numbers, the version it has in common and the change before', async () => {
    await world.ana.client.call(inventory.deploy, {
      params: { system: 'bot' },
      body: { versions: { model: 'm1', prompt: 'v2' } },
    });
    for (let i = 0; i < 12; i++) await minute(8, 4, { versions: { model: 'm1', prompt: 'v2' } });
    await world.advance('2m');
    const raised = await told();
    expect(raised).toMatchObject([
      {
        kind: 'rate-moved',
        evidenceClass: 'strong',
        detector: 'watch Errors go up',
        rule: 'rate of errors',
        versions: { model: 'm1', prompt: 'v2' },
        text: expect.stringMatching(
          /^Errors: \d+ of \d+ \(.*95 % interval.*The newest change before: prompt v1 → v2, \d+ min before\.$/,
        ),
      },
    ]);
    const { alarms } = await world.ana.client.call(watches.alarms, { query: { system: 'bot' } });
    expect(alarms).toMatchObject([
      {
        watchName: 'Errors go up',
        measure: 'errors',
        endedAt: null,
        signal: raised[0]!.id,
        change: expect.stringContaining('v1 → v2'),
      },
    ]);
    expect(await named('errors')).toMatchObject({ state: 'alarming', alarms: 1, alarm: { at: alarms[0]!.at } });
    const waiting = await world.ana.client.call(candidates.listCandidates, { query: { system: 'bot' } });
    expect(waiting.items.length).toBeGreaterThan(0);
    for (let i = 0; i < 20; i++) await minute(8, 0);
    await world.advance('2m');
    expect((await told()).map(({ text }) => text)).toEqual([raised[0]!.text]);
    expect((await world.ana.client.call(watches.alarms, { query: {} })).alarms[0]!.endedAt).not.toBeNull();
    expect(await named('errors')).toMatchObject({ state: 'watching' });
  });

  const business = (body: object[]) => sender.call(measures.send, { body: body as never });

  it('of voice are Sev 2 when fewer than half of the tasks are completed', async () => {
    for (let i = 0; i < 40; i++) {
      await business([{ system: 'phone', name: 'task-completion', count: i < 20 ? 8 : 2, of: 10 }]);
      await world.advance('1m');
    }
    await world.advance('2m');
    const [signal] = await told('phone');
    expect(signal).toMatchObject({
      kind: 'limit-passed',
      severityHint: 2,
      evidenceClass: 'strong',
      text: expect.stringMatching(/^Task completion: \d+ % of the last \d+, below 50 %/),
    });
  });

  it('of voice hold from the first day: the limits are said, and nothing has to be learned for them', async () => {
    await world.ana.client.call(inventory.register, { body: { key: 'new-phone', name: 'New phone', type: 'voice' } });
    await business([{ system: 'new-phone', name: 'task-completion', count: 0, of: 200 }]);
    await world.advance('4m');
    expect(await told('new-phone')).toMatchObject([{ kind: 'limit-passed', severityHint: 1, evidenceClass: 'strong' }]);
  });

  it('of what is spent appear as well, once a program sends it', async () => {
    for (let i = 0; i < 3; i++) {
      const points = Array.from({ length: 70 }, (_, k) => ({
        system: 'spender',
        name: 'cost',
        count: 1,
        id: `c${i}-${k}`,
      }));
      await business(points);
      await world.advance('1m');
    }
    await world.advance('2m');
    const { watches: rows } = await list({ system: 'spender' });
    expect(rows).toMatchObject([{ usual: 'cost', rule: { kind: 'season', aspect: 'sum' }, pages: false }]);
  });

  const backlog = { system: 'desk', measure: 'review-backlog' };
  it('are made, tried on what is stored, changed, paused and removed by people', async () => {
    const { client } = world.ana;
    for (let i = 0; i < 30; i++) {
      await business([{ system: 'desk', name: 'review-backlog', value: 40 + (i % 3) }]);
      await world.advance('1m');
    }
    const rule = { kind: 'budget', limit: 41.5, per: 'hour' } as const;
    const { trial } = await client.call(watches.trial, { body: { ...backlog, rule } });
    expect(trial).toMatchObject({
      steps: 30,
      falseAlarmDays: null,
      alarms: [{ text: expect.stringContaining('the budget is 41.5') }, {}].slice(0, trial.alarms.length),
    });
    expect(await told('desk')).toEqual([]);
    const { watch } = await client.call(watches.add, { body: { ...backlog, name: 'Backlog', rule, pages: true } });
    await world.advance('1m');
    expect((await told('desk')).length).toBeGreaterThan(0);
    const described = await client.call(watches.describe, {
      params: { watch: watch.id },
      body: { name: 'Backlog too long', rule: { kind: 'limit', share: 0.5, steps: [{ limit: 100, severity: 3 }] } },
    });
    expect(described.watch).toMatchObject({ name: 'Backlog too long', state: 'alarming', limit: null, pages: false });
    await client.call(watches.pause, { params: { watch: watch.id }, body: { reason: 'Holidays' } });
    expect((await list({ system: 'desk' })).watches).toMatchObject([{ state: 'paused', paused: 'Holidays' }]);
    await client.call(watches.resume, { params: { watch: watch.id } });
    await client.call(watches.remove, { params: { watch: watch.id }, body: { reason: 'Not needed' } });
    expect((await list({ system: 'desk' })).watches).toEqual([]);
    expect((await client.call(watches.setBudget, { body: { perWeek: 0.5 } })).budget).toMatchObject({ perWeek: 0.5 });
  });

  it('are tried on the newest minutes, where more are stored than a trial reads', async () => {
    const { client } = world.ana;
    const [long, now] = [6_500, Date.parse(world.now())];
    const points = Array.from({ length: long }, (_, i) => ({
      system: 'yard',
      name: 'review-backlog',
      value: i < 20 ? 90 : 40,
      // Minutes of the last two days, five minutes before.
      at: new Date(now - (Math.min(long - i, 2_500) + 5 * Math.max(0, long - i - 2_500)) * 60_000).toISOString(),
    }));
    for (let i = 0; i < long; i += 1_000) await business(points.slice(i, i + 1_000));
    await world.advance('5s');
    const rule = { kind: 'budget', limit: 41.5, per: 'hour' } as const;
    const { trial } = await client.call(watches.trial, { body: { system: 'yard', measure: 'review-backlog', rule } });
    expect(trial).toMatchObject({ steps: 6_000, to: `${points.at(-1)!.at.slice(0, 16)}:00.000Z`, alarms: [] });
  });

  it('refuse what makes no sense', async () => {
    const { client } = world.ana;
    const bad = { name: 'x', rule: { kind: 'shape' } } as const;
    await expect(client.call(watches.add, { body: { ...backlog, ...bad } })).rejects.toMatchObject({
      code: 'watch.bad-rule',
    });
    await expect(client.call(watches.trial, { body: { ...backlog, rule: { kind: 'shape' } } })).rejects.toMatchObject({
      code: 'watch.bad-rule',
    });
    await expect(client.call(watches.add, { body: { ...backlog, measure: 'unheard', ...bad } })).rejects.toMatchObject({
      code: 'measure.unknown',
    });
    await expect(client.call(watches.resume, { params: { watch: 'wch_none' } })).rejects.toMatchObject({
      code: 'watch.unknown',
    });
    await expect(sender.call(watches.setBudget, { body: { perWeek: 1 } })).rejects.toMatchObject({
      code: 'authority.missing',
    });
    await world.server.deps.db.query(
      `insert into watch_board (id, system, measure, active, removed, pages, data)
       select 'wch_x' || i, 'x', 'x', false, false, false, '{}' from generate_series(1, 1000) as i`,
    );
    await expect(
      client.call(watches.add, { body: { ...backlog, name: 'x', rule: { kind: 'budget', limit: 1, per: 'day' } } }),
    ).rejects.toMatchObject({ code: 'watch.too-many' });
    await world.server.deps.db.query("delete from watch_board where system = 'x'");
  });

  it('do not come back by themselves when somebody removed them', async () => {
    const watch = (await named('blocked'))!;
    await world.ana.client.call(watches.remove, {
      params: { watch: watch.id },
      body: { reason: 'Never says anything' },
    });
    for (let i = 0; i < 3; i++) await minute(2, 0);
    expect(await named('blocked')).toBeUndefined();
  });
});
