import { createServer, type Server } from 'node:http';
import { candidates } from '@firebreak/contract/detect/candidates';
import { paging } from '@firebreak/contract/detect/paging';
import { signals } from '@firebreak/contract/detect/signals';
import { incidents } from '@firebreak/contract/respond/incidents';
import { links } from '@firebreak/contract/respond/links';
import { addMs } from '@firebreak/core/kernel';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
let rae: Awaited<ReturnType<World['person']>>;
let lea: Awaited<ReturnType<World['person']>>;
let pager: Server;
let pagerUrl = '';
const pages: { type: string; data: Record<string, unknown> }[] = [];
let answers = 200;

beforeAll(async () => {
  pager = createServer((request, reply) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      pages.push(JSON.parse(body));
      reply.writeHead(answers).end();
    });
  });
  await new Promise<void>((resolve) => pager.listen(0, '127.0.0.1', resolve));
  pagerUrl = `http://127.0.0.1:${(pager.address() as { port: number }).port}/page`;
  world = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.0/8' } });
  sender = await world.program('signals:write', 'read');
  rae = await world.person('Rae Responder', ['responder']);
  lea = await world.person('Lea Lead', ['lead']);
});
afterAll(async () => {
  await world.close();
  await new Promise((resolve) => pager.close(resolve));
});

let count = 0;
const raise = async (system: string, more: object = {}) => {
  await sender.call(signals.sendSignals, {
    body: {
      id: `s-${++count}`,
      system,
      kind: 'secret-disclosed',
      detector: 'secrets',
      channel: 'output-filter',
      evidenceClass: 'verified',
      archetype: 'data-exfiltration',
      text: 'An answer repeated a deployment key.',
      ...more,
    },
  });
  await world.settle();
};
const claim = {
  kind: 'ungrounded-claim',
  detector: 'claims',
  evidenceClass: 'strong',
  archetype: 'misinformation-cascade',
  text: 'One device per subscription.',
};
const complaint = { ...claim, kind: 'complaint', detector: 'desk', channel: 'feedback', evidenceClass: 'weak' };
const only = async (system: string) => {
  const { items } = await sender.call(candidates.listCandidates, { query: { system, state: 'all' } });
  expect(items).toHaveLength(1);
  return items[0]!;
};
const why = async (system: string) => sender.call(paging.why, { params: { candidate: (await only(system)).id } });
const inAnHour = () => addMs(world.now(), 3_600_000);
const silence = (more: object = {}) => ({
  body: { system: 'quiet-bot', reason: 'planned test', owner: 'QA', until: inAnHour(), ...more },
});

describe('a page', () => {
  it('says so where nobody can be told, before and after', async () => {
    await raise('lonely-bot', claim);
    expect(await why('lonely-bot')).toMatchObject({
      paged: false,
      channels: [],
      hindrances: [{ kind: 'no-channel' }, { kind: 'forming' }],
    });
    await raise('lonely-bot');
    // A secret is another story than a claim: two candidates, of which the secret paged nobody.
    const { items } = await sender.call(candidates.listCandidates, { query: { system: 'lonely-bot' } });
    const secret = items.find(({ state }) => state === 'paged')!;
    expect(secret.pages).toMatchObject([{ cause: 'proves-itself', severity: 2, to: [] }]);
    expect(await sender.call(paging.why, { params: { candidate: secret.id } })).toMatchObject({
      paged: false,
      says: expect.stringContaining('nobody could be told'),
      hindrances: [{ kind: 'no-channel' }, { kind: 'told' }],
    });
  });

  it('goes to every subscribed channel, once, and comes back as taken', async () => {
    const told = async () => (await world.ana.client.call(paging.channels, {})).channels.map(({ name }) => name);
    expect(await told()).toEqual([]);
    await world.ana.client.call(links.subscribe, {
      body: { name: 'Pager', url: pagerUrl, events: ['candidate.paged'] },
    });
    expect(await told()).toEqual(['Pager']);
    await raise('support-bot');
    expect(pages).toHaveLength(1);
    expect(pages[0]).toMatchObject({
      type: 'candidate.paged',
      data: { system: 'support-bot', severity: 2, page: 1, url: expect.stringContaining('/candidates/cnd_') },
    });
    const it_ = await only('support-bot');
    expect(it_).toMatchObject({
      state: 'paged',
      pages: [{ to: [{ name: 'Pager' }], handed: [{ taken: true, says: 'answered 200' }] }],
    });
    for (let i = 0; i < 3; i++) await raise('support-bot', { text: 'An answer repeated a deployment key again.' });
    expect(pages).toHaveLength(1);
    expect(await why('support-bot')).toMatchObject({
      paged: true,
      says: expect.stringContaining('1 of 1 channel took it'),
    });
  });

  it('is told again while nobody looks, and not once somebody does', async () => {
    await world.advance('16m');
    expect((await only('support-bot')).pages.map(({ cause }) => cause)).toEqual(['proves-itself', 'not-acknowledged']);
    const { id } = await only('support-bot');
    await expect(sender.call(paging.acknowledge, { params: { candidate: id } })).rejects.toMatchObject({
      code: 'authority.missing',
    });
    const looked = await rae.client.call(paging.acknowledge, { params: { candidate: id } });
    expect(looked.acknowledged).toMatchObject({ by: { id: rae.id } });
    const before = pages.length;
    await world.advance('2h');
    expect(pages.filter(({ data }) => data.id === id)).toHaveLength(2);
    expect(pages.length).toBeGreaterThanOrEqual(before);
    expect((await why('support-bot')).hindrances[0]).toMatchObject({ kind: 'acknowledged' });
  });

  it('names a channel that never took it', async () => {
    answers = 410;
    await raise('gone-bot');
    answers = 200;
    expect((await only('gone-bot')).pages[0]).toMatchObject({ handed: [{ taken: false }] });
    expect((await why('gone-bot')).says).toContain('1 never did');
    await world.ana.client.call(links.subscribe, {
      body: { name: 'Second pager', url: pagerUrl, events: ['candidate.paged'] },
    });
  });

  it('is sent within five seconds of a Sev 1 that proves itself, also where it joins a flood', async () => {
    const send = (n: number, part: object = {}) =>
      sender.call(signals.sendSignals, {
        body: Array.from({ length: n }, () => ({
          id: `f-${++count}`,
          system: 'flood-bot',
          kind: 'ungrounded-claim',
          detector: 'claims',
          channel: 'output-filter' as const,
          evidenceClass: 'weak' as const,
          archetype: 'misinformation-cascade' as const,
          text: 'One device per subscription.',
          ...part,
        })),
      });
    for (let i = 0; i < 3; i++) {
      await send(150);
      await world.settle();
      await world.advance('31s');
    }
    expect(await only('flood-bot')).toMatchObject({ state: 'coherent', summary: { count: 450 }, pages: [] });
    await send(40);
    await world.settle();
    // More of the same waits to be told in one fact.
    expect((await only('flood-bot')).summary.count).toBe(450);
    await send(1, { evidenceClass: 'verified', severityHint: 1 });
    await world.advance('2s');
    expect(await only('flood-bot')).toMatchObject({
      summary: { count: 451, evidence: { verified: 1 } },
      pages: [{ cause: 'proves-itself', severity: 1, handed: [{ taken: true }] }],
    });
    // Another one changes nothing any more, and waits like the rest.
    await send(1, { evidenceClass: 'verified', severityHint: 1 });
    await world.advance('2s');
    expect((await only('flood-bot')).summary.count).toBe(451);
    await world.advance('31s');
    expect(await only('flood-bot')).toMatchObject({ summary: { count: 492 }, pages: [{ page: 1 }] });
  });

  it('ends with its incident, and is closed when that is', async () => {
    const { id } = await only('support-bot');
    const { incident } = await lea.client.call(incidents.declare, { body: { title: 'A key leaked', candidate: id } });
    await world.settle();
    expect((await why('support-bot')).hindrances[0]).toMatchObject({ kind: 'over' });
    for (const to of ['contained', 'resolved', 'closed'] as const)
      await lea.client.call(incidents.move, {
        params: { incident: incident.id },
        body: { to, reason: 'done with it' },
      });
    await world.settle();
    expect((await only('support-bot')).state).toBe('closed');
    await expect(rae.client.call(paging.acknowledge, { params: { candidate: id } })).rejects.toMatchObject({
      code: 'candidate.ended',
    });
  });

  it('cannot be acknowledged where there was none', async () => {
    await raise('calm-bot', claim);
    const { id } = await only('calm-bot');
    await expect(rae.client.call(paging.acknowledge, { params: { candidate: id } })).rejects.toMatchObject({
      code: 'candidate.not-paged',
    });
    await expect(rae.client.call(paging.acknowledge, { params: { candidate: 'cnd_none' } })).rejects.toMatchObject({
      code: 'candidate.unknown',
    });
  });
});

describe('a silence', () => {
  it('holds pages back, keeps the signals, and is broken by what proves itself at Sev 1', async () => {
    const { silence: set } = await rae.client.call(paging.silence, silence());
    await raise('quiet-bot', claim);
    await raise('quiet-bot', complaint);
    expect(await only('quiet-bot')).toMatchObject({ summary: { count: 2 }, pages: [] });
    expect(await why('quiet-bot')).toMatchObject({
      paged: false,
      hindrances: [{ kind: 'silence', of: set.id, signals: 2 }],
    });
    const held = await sender.call(paging.silencedSignals, { params: { silence: set.id } });
    expect(held.signals.map(({ signal }) => signal.kind)).toEqual(['complaint', 'ungrounded-claim']);
    const asked = await sender.call(paging.whySignal, { params: { signal: held.signals[0]!.signal.id } });
    expect(asked).toMatchObject({ paged: false, says: expect.stringContaining('planned test') });
    await raise('quiet-bot', { ...claim, evidenceClass: 'verified', severityHint: 1 });
    expect((await only('quiet-bot')).pages).toMatchObject([{ cause: 'proves-itself', severity: 1 }]);
    await world.advance('61m');
    const { silences } = await sender.call(paging.silences, {});
    expect(silences).toMatchObject([{ id: set.id, silenced: 3, over: { reason: 'its time came', silenced: 3 } }]);
  });

  it('is bounded in time, is extended and ended, and refuses what is not there', async () => {
    const refused = (call: Promise<unknown>) =>
      call.then(
        () => null,
        (error) => error.code,
      );
    const { client } = rae;
    expect(await refused(client.call(paging.silence, silence({ until: addMs(world.now(), 8 * 86_400_000) })))).toBe(
      'silence.bad-expiry',
    );
    expect(await refused(client.call(paging.silence, silence({ system: null })))).toBe('silence.matches-all');
    const { silence: set } = await client.call(paging.silence, silence());
    const params = { silence: set.id };
    const until = addMs(world.now(), 7_200_000);
    expect(
      (await client.call(paging.extendSilence, { params, body: { until, reason: 'still testing' } })).silence.until,
    ).toBe(until);
    expect(
      (await client.call(paging.endSilence, { params, body: { reason: 'test is done' } })).silence.over,
    ).toMatchObject({ reason: 'test is done' });
    expect(await refused(client.call(paging.extendSilence, { params, body: { until, reason: 'once more' } }))).toBe(
      'silence.over',
    );
    expect(
      await refused(client.call(paging.endSilence, { params: { silence: 'sil_none' }, body: { reason: 'gone' } })),
    ).toBe('silence.unknown');
    expect(await refused(sender.call(paging.silencedSignals, { params: { silence: 'sil_none' } }))).toBe(
      'silence.unknown',
    );
    expect(await refused(sender.call(paging.silence, silence()))).toBe('authority.missing');
  });
});

describe('a condition', () => {
  it('holds a page back until it is met, and is read by the same rule', async () => {
    const { condition } = await lea.client.call(paging.setCondition, {
      body: {
        system: 'rate-bot',
        detector: 'claims',
        rule: { kind: 'rate', over: 2, minutes: 10 },
        reason: 'noisy at deploys',
      },
    });
    expect(condition).toMatchObject({ says: 'page only on more than 2 in 10 min', met: false });
    await raise('rate-bot', complaint);
    await raise('rate-bot', claim);
    await raise('rate-bot', claim);
    expect(await why('rate-bot')).toMatchObject({
      paged: false,
      hindrances: [{ kind: 'forming' }, { kind: 'condition', of: condition.id, signals: 2 }],
    });
    await raise('rate-bot', claim);
    expect((await only('rate-bot')).pages).toMatchObject([{ cause: 'two-agree' }]);
  });

  it('is changed and removed, and refused where it makes no sense', async () => {
    const refused = (call: Promise<unknown>) =>
      call.then(
        () => null,
        (error) => error.code,
      );
    const { client } = lea;
    const { conditions } = await client.call(paging.conditions, {});
    const params = { condition: conditions[0]!.id };
    const rule = { kind: 'warm-up', observations: 200, days: 7 } as const;
    expect(
      (await client.call(paging.changeCondition, { params, body: { rule, reason: 'a new detector' } })).condition,
    ).toMatchObject({ met: false, stands: 'warming up: 0 of 200 observations, 0 of 7 days' });
    const never = { kind: 'n-of-m', n: 5, m: 3, minutes: 10 } as const;
    expect(
      await refused(client.call(paging.changeCondition, { params, body: { rule: never, reason: 'no sense' } })),
    ).toBe('condition.bad-rule');
    expect(await refused(client.call(paging.setCondition, { body: { rule, reason: 'everything' } }))).toBe(
      'condition.matches-all',
    );
    await client.call(paging.removeCondition, { params, body: { reason: 'not needed' } });
    expect((await client.call(paging.conditions, {})).conditions).toEqual([]);
    expect(await refused(client.call(paging.changeCondition, { params, body: { rule, reason: 'gone' } }))).toBe(
      'condition.unknown',
    );
    expect(
      await refused(rae.client.call(paging.setCondition, { body: { system: 'x1', rule, reason: 'may not' } })),
    ).toBe('authority.missing');
  });
});
