import { access } from '@firebreak/contract/detect/access';
import { signals } from '@firebreak/contract/detect/signals';
import { people } from '@firebreak/contract/prepare/people';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judging } from './judging.ts';

describe('access', () => {
  let world: World;
  let sender: Awaited<ReturnType<World['program']>>;
  beforeAll(async () => {
    world = await openWorld();
    sender = await world.program('telemetry:write', 'read');
  });
  afterAll(() => world.close());

  let n = 0;
  const ask = async (system: string, who: object, texts: readonly string[], part: object = {}) => {
    const at = Date.parse(world.now()) - texts.length * 1_000;
    await sender.call(signals.sendInteractions, {
      body: texts.map((input, i) => ({
        id: `acc-${n++}`,
        system,
        at: new Date(at + i * 1_000).toISOString(),
        input,
        output: 'Here it is.',
        ...who,
        ...part,
      })) as never,
    });
    await world.settle();
  };
  const told = async (system: string) => (await sender.call(access.list, { query: { system } })).told;
  const invoices = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => `Please show me the invoice ${from + i} of last year`);

  it('tells who goes through numbers one after the other, with every interaction of it', async () => {
    await ask('desk', { subject: 'u-1' }, invoices(4_100, 12));
    await ask('desk', { session: 's-2' }, invoices(100, 3));
    expect(await told('desk')).toEqual([]);
    // Nothing of it is held in memory: what another process would find is all there is.
    const held = await world.server.deps.db.query<{ data: { walks: object } }>(
      "select data from access_principal where system = 'desk' and kind = 'person'",
    );
    expect(held.rows[0]!.data.walks).toMatchObject({ 'question#0': { last: 4_111, length: 12 } });
    await ask('desk', { subject: 'u-1' }, invoices(4_112, 8));
    const [one, ...more] = await told('desk');
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      kind: 'numbers-in-sequence',
      of: 'person',
      who: 'u-1',
      seen: 20,
      evidenceClass: 'strong',
    });
    expect(one!.interactions).toHaveLength(20);
    const last = await sender.call(signals.readInteraction, { params: { interaction: one!.interactions.at(-1)! } });
    expect(last.interaction.input![0]!.content).toContain('4119');
    expect(last.signals).toMatchObject([
      {
        id: one!.signal,
        detector: 'access',
        archetype: 'data-exfiltration',
        text: expect.not.stringContaining('u-1'),
        quotes: [{ field: 'input/0/content', text: expect.stringContaining('4119') }],
      },
    ]);
  });

  it('lets those that come after many wait a little, and judges each once', async () => {
    const { db } = world.server.deps;
    const waiting = async () =>
      (await db.query<{ n: number }>('select coalesce(sum(count), 0)::int as n from access_seen')).rows[0]!.n;
    const asked = async () => {
      const { rows } = await db.query<{ n: number }>(
        "select coalesce(sum((data->>'total')::int), 0)::int as n from access_principal where system = 'flood'",
      );
      return rows[0]!.n;
    };
    await ask(
      'flood',
      { subject: 'u-9' },
      Array.from({ length: 600 }, (_, i) => `Where is the parcel of today, question ${i}?`),
    );
    expect([await waiting(), await asked()]).toEqual([0, 600]);
    await ask('flood', { subject: 'u-9' }, ['Where is the parcel of tomorrow?']);
    expect([await waiting(), await asked()]).toEqual([1, 600]);
    await world.advance('30s');
    expect([await waiting(), await asked()]).toEqual([0, 601]);
  });

  it('lets the quicker of two servers judge, and forgets nothing for the slower one', async () => {
    const { deps } = world.server;
    const about = { subject: 'u-9' };
    // So many that the next ones wait.
    await ask(
      'race',
      about,
      Array.from({ length: 600 }, (_, i) => `Where is the parcel of last week, question ${i}?`),
    );
    await ask('race', about, ['Where is the parcel of tomorrow?']);
    const asked = async () => {
      const { rows } = await deps.db.query<{ n: number }>(
        "select sum((data->>'total')::int)::int as n from access_principal where system = 'race'",
      );
      return rows[0]!.n;
    };
    expect(await asked()).toBe(600);
    let calls = 0;
    const slow = {
      ...deps,
      db: {
        ...deps.db,
        transaction: (async (work, lane) => {
          // It has read the request and what was remembered; before it writes, another server writes, and writes again.
          if (++calls === 2) {
            await judging.look({ ...deps });
            await ask('race', about, ['Where is the parcel of the day after?']);
            await judging.look({ ...deps });
          }
          return deps.db.transaction(work, lane);
        }) satisfies typeof deps.db.transaction as typeof deps.db.transaction,
      },
    };
    await judging.look(slow);
    expect([calls >= 2, await asked()]).toEqual([true, 602]);
    await world.advance('30s');
  });

  it('tells who spends far more tokens than anybody, and lists who spent most of the day', async () => {
    const one = (subject: string, tokens: number) => ({
      id: `acc-${n++}`,
      system: 'dear',
      subject,
      input: 'What is my order doing?',
      output: 'It is on its way.',
      tokens: { input: tokens, output: 100 },
    });
    const send = async (interactions: readonly object[]) => {
      await sender.call(signals.sendInteractions, { body: interactions as never });
      await world.settle();
    };
    const people = Array.from({ length: 210 }, (_, i) => `p-${i}`);
    await send(people.map((who, i) => one(who, 300 + 7 * (i % 40))));
    await world.advance('1h');
    await send(people.slice(0, 60).map((who) => one(who, 400)));
    expect(await told('dear')).toEqual([]);
    await send(Array.from({ length: 6 }, () => one('spender', 30_000)));
    const [first, ...more] = await told('dear');
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      kind: 'many-tokens',
      who: 'spender',
      evidenceClass: 'weak',
      text: expect.stringMatching(/spent [\d,]+ tokens within the hour; about \d+ is usual/),
    });
    const [usual] = (await sender.call(access.list, { query: { system: 'dear' } })).usual;
    expect(usual).toMatchObject({
      tokensPerHour: expect.any(Number),
      spentOn: expect.stringMatching(/^2026-11-2\dT00:00/),
      spent: expect.any(Number),
    });
    expect(usual!.spenders).toHaveLength(10);
    // It took the place of one who spent less, and may be counted too high by as much.
    const most = usual!.spenders[0]!;
    expect([most.who, most.tokens - most.over]).toEqual(['spender', 6 * 30_100]);
  });

  it('looks at no drill, and at nothing that is old news', async () => {
    await ask('drilled', { subject: 'u-1' }, invoices(1_000, 25), {});
    expect(await told('drilled')).toHaveLength(1);
    const old = new Date(Date.parse(world.now()) - 3 * 86_400_000).toISOString();
    await ask('history', { subject: 'u-1' }, invoices(1_000, 25), { at: old });
    expect(await told('history')).toEqual([]);
    expect((await sender.call(access.list, { query: { system: 'history' } })).usual).toEqual([]);
  });

  it('says what is usual, and knows it only after enough', async () => {
    await ask('quiet', { subject: 'u-1' }, ['May I ask you something about my order today?']);
    expect((await sender.call(access.list, { query: { system: 'quiet' } })).usual).toMatchObject([
      { of: 'person', principals: 1, windows: 1, known: false, perHour: 1, nearShare: null },
    ]);
  });

  it('takes sign-ins, each once, names the bad ones, and tells of refusals in a row and of who got in after them', async () => {
    const at = (i: number) => new Date(Date.parse(world.now()) - 60_000 + i * 1_000).toISOString();
    const tries = Array.from({ length: 12 }, (_, i) => ({
      id: `try-${i}`,
      system: 'portal',
      at: at(i),
      who: 'u-7',
      outcome: 'refused' as const,
      country: 'sg',
      reason: 'wrong password',
    }));
    const send = (body: object) => sender.call(access.sendSignIns, { body: body as never });
    expect(await send([...tries, { system: 'portal', who: 'u-7', outcome: 'maybe' }])).toMatchObject({
      accepted: 12,
      duplicate: 0,
      rejected: [{ index: 12, pointer: '/12/outcome' }],
    });
    expect(await send(tries)).toMatchObject({ accepted: 0, duplicate: 12 });
    await send({ system: 'portal', at: at(20), who: 'u-7', outcome: 'let-in' });
    expect(await told('portal')).toMatchObject([
      { kind: 'let-in-after-refusals', of: 'sign-in', evidenceClass: 'strong' },
      {
        kind: 'refused-sign-ins',
        evidenceClass: 'weak',
        signIns: Array.from({ length: 10 }, () => ({ outcome: 'refused', country: 'SG', reason: 'wrong password' })),
      },
    ]);
    await expect(send({ system: 'portal' })).rejects.toMatchObject({ code: 'telemetry.batch-refused' });
  });

  it('reads interactions that ended in a refused key as refused sign-ins', async () => {
    await ask('gate', { subject: 'p-1' }, invoices(1, 11), { error: '401 Unauthorized: invalid api key' });
    const [one] = await told('gate');
    expect(one).toMatchObject({ kind: 'refused-sign-ins', seen: 10, who: 'p-1' });
    expect(one!.signIns[0]!.interaction).toMatch(/^int_/);
  });

  it('looks at its own door as well', async () => {
    for (let i = 0; i < 12; i++) {
      await world.send('POST', people.signIn.path, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'nobody@example.org', password: `wrong password ${i}` }),
      });
      if (i % 5 === 4) await world.advance('61s');
    }
    await world.settle();
    expect(await told('firebreak')).toMatchObject([{ kind: 'refused-sign-ins', of: 'sign-in', who: null }]);
  });

  it('forgets who does not come back', async () => {
    const count = async () =>
      (await world.server.deps.db.query<{ n: number }>('select count(*)::int as n from access_principal')).rows[0]!.n;
    expect(await count()).toBeGreaterThan(5);
    await world.advance('31d');
    await world.settle();
    expect(await count()).toBe(0);
  });
});
