import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { incidents } from '@firebreak/contract/respond/incidents';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
let lea: Awaited<ReturnType<World['person']>>;
/** Sessions end in the meantime; keys do not. */
let judge: typeof sender;
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('signals:write', 'read');
  lea = await world.person('Lea Lead', ['lead']);
  judge = await world.program('respond');
});
afterAll(() => world.close());

let count = 0;
const raise = async (system: string, text: string, more: object = {}) => {
  await sender.call(signals.sendSignals, {
    body: {
      id: `s-${++count}`,
      system,
      kind: 'claim',
      detector: 'claims',
      channel: 'output-filter',
      evidenceClass: 'strong',
      archetype: 'misinformation-cascade',
      text,
      ...more,
    },
  });
  await world.settle();
};
const all = async (system: string) =>
  (await sender.call(candidates.listCandidates, { query: { system, state: 'all' } })).items;
const read = (candidate: `cnd_${string}`) => sender.call(candidates.readCandidate, { params: { candidate } });
const refused = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error) => error.code,
  );
const REFUNDS = 'Refunds are promised within one hour of the purchase.';
const DEVICES = 'Each subscription is limited to a single device.';
const reason = 'looked at both';

describe('a merge', () => {
  it('is taken back: both stand as before, and are kept apart from then on', async () => {
    await raise('merge-bot', REFUNDS);
    await raise('merge-bot', DEVICES);
    const [devices, refunds] = await all('merge-bot');
    expect([devices!.summary.count, refunds!.summary.count]).toEqual([1, 1]);
    const { client } = lea;
    const merge = () =>
      client.call(candidates.mergeCandidates, {
        params: { candidate: devices!.id },
        body: { into: refunds!.id, reason },
      });
    await merge();
    await raise('merge-bot', REFUNDS);
    expect(await read(refunds!.id)).toMatchObject({ summary: { count: 3 }, absorbed: [devices!.id] });
    const back = await client.call(candidates.unmergeCandidate, {
      params: { candidate: devices!.id },
      body: { reason },
    });
    expect(back).toMatchObject({ state: 'forming', summary: { count: 1 }, mergedInto: null, ended: null });
    expect(await read(refunds!.id)).toMatchObject({ summary: { count: 2 }, absorbed: [] });
    expect((await read(devices!.id)).signals.map((it_) => it_.text)).toEqual([DEVICES]);
    await raise('merge-bot', DEVICES);
    expect(await read(devices!.id)).toMatchObject({ summary: { count: 2 } });
    expect(
      await refused(client.call(candidates.unmergeCandidate, { params: { candidate: devices!.id }, body: { reason } })),
    ).toBe('candidate.cannot-undo');
    // Saying once more that they are one forgets that they were parted.
    await merge();
    await raise('merge-bot', DEVICES);
    expect(await read(refunds!.id)).toMatchObject({ summary: { count: 5 } });
    const { rows } = await world.server.deps.db.query('select 1 from candidate_apart');
    expect(rows).toEqual([]);
  });
});

describe('a split', () => {
  it('teaches “never join”, also for later candidates, and taking it back forgets that', async () => {
    const twin = `${DEVICES} It is a security feature.`;
    await raise('split-bot', DEVICES);
    await raise('split-bot', twin);
    const [whole] = await all('split-bot');
    expect(whole!.summary.count).toBe(2);
    const { signals: held } = await read(whole!.id);
    const leaving = held.find(({ text }) => text === twin)!;
    const { client } = lea;
    const split = await client.call(candidates.splitCandidate, {
      params: { candidate: whole!.id },
      body: { signals: [leaving.id], reason },
    });
    for (const candidate of [whole!.id, split.id])
      await client.call(candidates.dismissCandidate, { params: { candidate }, body: { as: 'expected', reason } });
    await raise('split-bot', DEVICES);
    await raise('split-bot', twin);
    const now = (await all('split-bot')).filter(({ state }) => state !== 'dismissed');
    expect(now.map(({ summary }) => summary.count)).toEqual([1, 1]);

    await raise('undo-bot', DEVICES);
    await raise('undo-bot', twin);
    const [one] = await all('undo-bot');
    const second = (await read(one!.id)).signals.find(({ text }) => text === twin)!;
    const parted = await client.call(candidates.splitCandidate, {
      params: { candidate: one!.id },
      body: { signals: [second.id], reason },
    });
    const params = { candidate: parted.id };
    const joined = await client.call(candidates.unsplitCandidate, { params, body: { reason } });
    expect(joined).toMatchObject({ id: one!.id, summary: { count: 2 } });
    await raise('undo-bot', twin);
    expect(await read(one!.id)).toMatchObject({ summary: { count: 3 } });
    expect(await refused(client.call(candidates.unsplitCandidate, { params, body: { reason } }))).toBe(
      'candidate.cannot-undo',
    );
    expect(
      await refused(client.call(candidates.unmergeCandidate, { params: { candidate: 'cnd_none' }, body: { reason } })),
    ).toBe('candidate.unknown');
  });
});

describe('a parent', () => {
  it('is proposed where the system it needs began to fail first, and a person decides', async () => {
    const register = (key: string) =>
      lea.client.call(inventory.register, {
        body: {
          key,
          name: key,
          type: 'generative',
          purpose: 'test',
          owner: 'Team',
          riskClass: 'limited',
          population: '',
          regions: [],
          features: [],
        },
      });
    await register('search-index');
    await register('front-bot');
    await register('other-bot');
    await lea.client.call(systemParts.declareDependency, {
      params: { system: 'front-bot' },
      body: { on: 'search-index' },
    });
    await raise('search-index', 'The index answers with passages of last year.', { archetype: 'quality-drift' });
    await world.advance('4m');
    await raise('front-bot', DEVICES);
    await raise('other-bot', DEVICES);
    const [upstream] = await all('search-index');
    const [child] = await all('front-bot');
    expect(child!.parent).toMatchObject({
      candidate: upstream!.id,
      because: 'front-bot needs search-index, which began to fail 4 min before',
      decided: null,
    });
    expect((await all('other-bot'))[0]!.parent).toBeNull();
    expect(upstream!.parent).toBeNull();
    const decide = (candidate: `cnd_${string}`, accepted: boolean) =>
      lea.client.call(candidates.decideParent, { params: { candidate }, body: { accepted, reason } });
    expect((await decide(child!.id, true)).parent?.decided).toMatchObject({ accepted: true });
    expect(await refused(decide(upstream!.id, true))).toBe('candidate.no-parent');
    const declare = async (candidate: `cnd_${string}`, title: string) => {
      const { incident } = await lea.client.call(incidents.declare, { body: { title, candidate } });
      await world.settle();
      return incident.id;
    };
    const show = async (incident: string) => (await lea.client.call(incidents.show, { params: { incident } })).incident;
    const below = await declare(child!.id, 'Answers of last year');
    expect((await show(below)).parent).toBeNull();
    const above = await declare(upstream!.id, 'A stale index');
    expect((await show(below)).parent).toMatchObject({ incident: above });
    expect((await show(above)).children).toMatchObject([{ incident: below }]);
  });
});

describe('a story whose incident is open', () => {
  it('goes on joining, is a late report after a silence, and a relapse once it was contained', async () => {
    await raise('long-bot', DEVICES);
    await raise('long-bot', DEVICES);
    await raise('long-bot', DEVICES);
    const [first] = await all('long-bot');
    const { incident } = await judge.call(incidents.declare, { body: { title: 'One device', candidate: first!.id } });
    await world.settle();
    // Heard every 50 minutes: one story, three hours long.
    for (let i = 1; i <= 4; i++) {
      await world.advance('50m');
      await raise('long-bot', DEVICES);
      expect(await all('long-bot')).toMatchObject([{ state: 'promoted', summary: { count: 3 + i }, late: null }]);
    }
    await world.advance('7h');
    await raise('long-bot', DEVICES);
    expect(await all('long-bot')).toMatchObject([
      { id: first!.id, summary: { count: 7 }, late: { summary: { count: 1 }, decided: null } },
    ]);
    expect((await sender.call(candidates.lateReports, { query: {} })).candidates).toMatchObject([
      { id: first!.id, state: 'promoted', incident: incident.id },
    ]);
    // What follows joins it again, in the list as well, and asks nobody a second time.
    await world.advance('10m');
    await raise('long-bot', DEVICES);
    expect(await all('long-bot')).toMatchObject([{ summary: { count: 8 }, late: { summary: { count: 1 } } }]);
    expect((await read(first!.id)).signals).toHaveLength(9);
    const params = { candidate: first!.id };
    await judge.call(candidates.decideLate, { params, body: { as: 'known', reason } });
    expect((await sender.call(candidates.lateReports, { query: {} })).candidates).toEqual([]);

    const move = async (to: 'contained' | 'open') => {
      await judge.call(incidents.move, { params: { incident: incident.id }, body: { to, reason } });
      await world.settle();
    };
    await move('contained');
    await world.advance('30m');
    await raise('long-bot', DEVICES);
    expect(await all('long-bot')).toMatchObject([{ summary: { count: 9 } }]);
    await move('open');
    await world.advance('50m');
    await raise('long-bot', DEVICES);
    expect(await all('long-bot')).toMatchObject([{ summary: { count: 10 } }]);
    await move('contained');
    await world.advance('50m');
    await raise('long-bot', DEVICES);
    await world.advance('50m');
    await raise('long-bot', DEVICES);
    expect((await all('long-bot')).map(({ state }) => state).sort()).toEqual(['forming', 'promoted']);
  });
});

describe('a late report', () => {
  it('joins the candidate of the closed incident; what our own detectors see opens a new one', async () => {
    const press = { channel: 'external', kind: 'news-report', detector: 'press', evidenceClass: 'weak' };
    await raise('late-bot', DEVICES);
    await raise('late-bot', `A paper writes that the support bot told people: ${DEVICES}`, press);
    const [first] = await all('late-bot');
    expect(first!.summary.count).toBe(2);
    const { incident } = await judge.call(incidents.declare, {
      body: { title: 'One device', candidate: first!.id },
    });
    for (const to of ['contained', 'resolved', 'closed'] as const)
      await judge.call(incidents.move, { params: { incident: incident.id }, body: { to, reason } });
    await world.settle();
    await world.advance('20d');
    await raise('late-bot', DEVICES, { ...press, kind: 'complaint', channel: 'feedback' });
    expect(await all('late-bot')).toHaveLength(1);
    const waiting = await sender.call(candidates.lateReports, { query: {} });
    expect(waiting.candidates).toMatchObject([
      { id: first!.id, state: 'closed', incident: incident.id, late: { summary: { count: 1 }, decided: null } },
    ]);
    await raise('late-bot', DEVICES);
    expect(await all('late-bot')).toHaveLength(2);
    const params = { candidate: first!.id };
    const decided = await judge.call(candidates.decideLate, { params, body: { as: 'known', reason } });
    expect(decided.late?.decided).toMatchObject({ as: 'known' });
    expect((await sender.call(candidates.lateReports, { query: {} })).candidates).toEqual([]);
    expect((await sender.call(candidates.lateReports, { query: { incident: incident.id } })).candidates).toHaveLength(
      1,
    );
    const [fresh] = (await all('late-bot')).filter(({ id }) => id !== first!.id);
    expect(
      await refused(
        judge.call(candidates.decideLate, { params: { candidate: fresh!.id }, body: { as: 'known', reason } }),
      ),
    ).toBe('candidate.no-late-reports');
    await judge.call(candidates.dismissCandidate, {
      params: { candidate: fresh!.id },
      body: { as: 'expected', reason },
    });
    await world.advance('80d');
    await raise('late-bot', DEVICES, { ...press, evidenceClass: 'strong', kind: 'complaint' });
    expect((await all('late-bot')).filter(({ state }) => state === 'forming')).toHaveLength(1);
  });
});
