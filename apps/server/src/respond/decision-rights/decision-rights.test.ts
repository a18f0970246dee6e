import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { roleDirectory } from '@firebreak/contract/prepare/role-directory';
import { breakGlass } from '@firebreak/contract/respond/break-glass';
import { containment } from '@firebreak/contract/respond/containment';
import { decisionRights, type Rule } from '@firebreak/contract/respond/decision-rights';
import { incidents } from '@firebreak/contract/respond/incidents';
import { links } from '@firebreak/contract/respond/links';
import { restorations } from '@firebreak/contract/respond/restorations';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { SHIPPED } from '@firebreak/core/respond/decision-rights';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let ana: Someone;
let ben: Someone;
let cem: Someone;

const ANSWERS = { kind: 'disable', feature: 'answers' } as const;
const EVERYTHING = { kind: 'disable' } as const;
const code = (call: Promise<unknown>) =>
  call.then(
    () => 'nothing was refused',
    (problem: { code?: string }) => problem.code ?? String(problem),
  );
const why = (call: Promise<unknown>) =>
  call.then(
    () => 'nothing was refused',
    (problem: { detail?: string }) => problem.detail ?? '',
  );

beforeAll(async () => {
  world = await openWorld();
  ana = world.ana;
  ben = await world.person('Ben Lead', ['lead']);
  cem = await world.person('Cem Responder', ['responder']);
});
afterAll(() => world.close());

async function aSystem(key: string, owner = '') {
  await ana.client.call(inventory.register, {
    body: { key, name: key, type: 'generative', owner, features: [{ key: 'answers', name: 'Answers' }] },
  });
  const { incident } = await ana.client.call(incidents.declare, { body: { title: 'it lies', systems: [key] } });
  return { key, params: { incident: incident.id } };
}
const set = (system: string, of: 'narrow' | 'wide' | `ctl_${string}`, over: Partial<Rule> | null, by = ana) =>
  by.client.call(decisionRights.set, {
    params: { system, of },
    body: { rule: over && { ...SHIPPED.narrow, ...over }, reason: 'agreed with the owner' },
  });
const who = (
  act: keyof Rule['who'],
  roles: Rule['who']['pull']['roles'],
  seats: Rule['who']['pull']['seats'] = [],
) => ({
  who: { ...SHIPPED.narrow.who, [act]: { roles, seats } },
});
const order = (by: Pick<Someone, 'client'>, incident: string, body: object) =>
  by.client.call(containment.order, { params: { incident }, body: { reason: 'lies', ...body } as never });
const fresh = (by: Someone, password = by.password) => by.client.call(people.confirm, { body: { password } });

describe('rights', () => {
  it('say for each control who may do what, and what the asker may', async () => {
    const { key } = await aSystem('matrix-bot');
    const body = { name: 'Stop answers', what: ANSWERS };
    const { control } = await ana.client.call(containment.declareControl, { params: { system: key }, body });
    const { rows } = await cem.client.call(decisionRights.show, { params: { system: key } });
    expect(rows.map(({ of, width, set }) => [of, width, set])).toEqual([
      ['narrow', 'narrow', false],
      ['wide', 'wide', false],
      [control, 'narrow', false],
    ]);
    expect(rows[0]).toMatchObject({
      mine: ['pull', 'extend', 'ask'],
      says: { approve: 'lead or administrator', pull: 'responder, lead or administrator' },
    });
    expect(await code(set(key, control, who('pull', ['lead']), cem))).toBe('authority.missing');
    expect(await code(set(key, 'ctl_unknown', who('pull', ['lead'])))).toBe('control.unknown');
    expect(await code(set(key, control, who('approve', ['responder'])))).toBe('right.bad-rule');
    const after = await set(key, control, who('pull', ['lead']), ben);
    expect(after.rows[2]).toMatchObject({ set: true, says: { pull: 'lead' }, mine: expect.arrayContaining(['pull']) });
    expect((await set(key, control, null)).rows[2]).toMatchObject({ set: false });
  });

  it('of a control bind whoever pulls it, by account and by key, and nothing else that is pulled in its name', async () => {
    const { key, params } = await aSystem('bound-bot');
    const { control } = await ana.client.call(containment.declareControl, {
      params: { system: key },
      body: { name: 'Stop answers', what: ANSWERS },
    });
    await set(key, control, who('pull', ['lead']));
    await set(key, 'wide', who('pull', ['administrator'], ['security']));
    expect(await why(order(cem, params.incident, { control }))).toBe(
      'You may not pull it. That is for: lead. Who may: Ben Lead.',
    );
    expect(await code(order(ben, params.incident, { control, what: EVERYTHING }))).toBe('right.missing');
    expect((await order(ben, params.incident, { control })).state).toBe('active');

    await ana.client.call(roleDirectory.seat, {
      params: { role: 'security' },
      body: { primary: cem.id as never, secondary: null },
    });
    const whole = { system: key, what: EVERYTHING, typed: key };
    expect(await code(order(ben, params.incident, whole))).toBe('right.missing');
    const held = await order(cem, params.incident, whole);
    const extend = { params: { ...params, hold: held.hold }, body: { expiry: { mode: 'until-lifted' }, reason: 'r' } };
    expect((await cem.client.call(containment.extend, extend as never)).state).toBe('active');
    await set(key, 'wide', who('extend', ['administrator']));
    expect(await code(cem.client.call(containment.extend, extend as never))).toBe('right.missing');
    await set(key, 'wide', who('ask', ['administrator']));
    const ask = { params: { ...params, hold: held.hold }, body: { reason: 'v42' } };
    expect(await code(ben.client.call(restorations.ask, ask))).toBe('right.missing');
  });

  it('a whole system asks for its name, one part of it does not', async () => {
    const { key, params } = await aSystem('typed-bot');
    expect(await code(order(cem, params.incident, { system: key, what: EVERYTHING }))).toBe('scope.not-typed');
    expect(await code(order(cem, params.incident, { system: key, what: EVERYTHING, typed: 'bot' }))).toBe(
      'scope.not-typed',
    );
    expect((await order(cem, params.incident, { system: key, what: ANSWERS })).state).toBe('active');
    expect((await order(cem, params.incident, { system: key, what: EVERYTHING, typed: key })).state).toBe('active');
  });

  it('to all of a system are told to its owner and the executive on duty, once, and it is a fact; a part is not', async () => {
    const { key, params } = await aSystem('wide-bot', 'Claims');
    await ana.client.call(roleDirectory.seat, {
      params: { role: 'executive-sponsor' },
      body: { primary: ben.id as never, secondary: null },
    });
    const made = await ana.client.call(links.subscribe, {
      body: { name: 'Pager', url: 'https://pager.example.com/in', events: ['candidate.paged'] },
    });
    await order(cem, params.incident, { system: key, what: ANSWERS });
    await order(cem, params.incident, { system: key, what: EVERYTHING, typed: key });
    await world.settle();
    const { facts } = await ana.client.call(warRoom.facts, { params, query: {} });
    const told = facts.filter(({ type }) => type === 'containment.told');
    expect(told.map(({ data }) => data)).toMatchObject([
      { owner: 'Claims', executives: ['Ben Lead'], to: [{ id: made.subscription.id, name: 'Pager' }] },
    ]);
    const quiet = await aSystem('quiet-bot');
    const { rows } = await ana.client.call(decisionRights.show, { params: { system: quiet.key } });
    const { rule } = rows.find(({ of }) => of === 'wide')!;
    await ana.client.call(decisionRights.set, {
      params: { system: quiet.key, of: 'wide' },
      body: { rule: { ...rule, quiet: true }, reason: 'it is tried every day' },
    });
    await order(cem, quiet.params.incident, { system: quiet.key, what: EVERYTHING, typed: quiet.key });
    await world.settle();
    const hushed = await ana.client.call(warRoom.facts, { params: quiet.params, query: {} });
    expect(hushed.facts.filter(({ type }) => type === 'containment.told')).toEqual([]);
    await ana.client.call(links.unsubscribe, {
      params: { subscription: made.subscription.id },
      body: { reason: 'over' },
    });
  });

  it('to let go come from before the incident: not from a role, a seat, a rule or a key given meanwhile', async () => {
    const { key, params } = await aSystem('late-bot');
    const { hold } = await order(ana, params.incident, { system: key, what: ANSWERS });
    const at = { params: { ...params, hold }, body: { reason: 'mended' } };
    await world.advance('1m');
    const dia = await world.person('Dia Late', ['lead']);
    expect(await code(dia.client.call(containment.lift, at))).toBe('right.granted-late');
    const refused = await why(dia.client.call(containment.lift, at));
    expect(refused).toContain('after this incident was declared');
    expect(refused).toMatch(/Who may: Ben[^,]*\.$/);
    await cem.client.call(restorations.ask, at);
    expect(await code(dia.client.call(restorations.approve, { params: at.params, body: {} }))).toBe(
      'right.granted-late',
    );
    await ana.client.call(people.setRoles, {
      params: { person: cem.id as `usr_${string}` },
      body: { roles: ['lead'] },
    });
    expect(await code(cem.client.call(containment.lift, at))).toBe('right.granted-late');
    await ana.client.call(people.setRoles, {
      params: { person: cem.id as `usr_${string}` },
      body: { roles: ['responder'] },
    });
    await set(key, 'narrow', who('approve', ['administrator']));
    expect(await why(ben.client.call(containment.lift, at))).toMatch(
      /That is for: administrator\. Nobody else here may\.$/,
    );
    await set(key, 'narrow', null);
    expect((await ben.client.call(containment.lift, at)).state).toBe('lifted');
  });

  it('to take over from somebody else’s override are those to let go', async () => {
    const { key, params } = await aSystem('taken-bot');
    const to = (prompt: string) => ({ system: key, what: { kind: 'route', feature: 'answers', to: { prompt } } });
    const first = await order(ben, params.incident, to('v40'));
    const over = { ...to('v41'), supersedes: first.hold };
    expect(await code(order(cem, params.incident, over))).toBe('authority.missing');
    expect(await code(order(ben, params.incident, over))).toBe('hold.same-person');
    expect((await order(ana, params.incident, over)).state).toBe('active');
  });
});

describe('a password given again', () => {
  it('is asked for where a rule says so, of people; a key never has one', async () => {
    const { key, params } = await aSystem('fresh-bot');
    await set(key, 'narrow', { freshMinutes: 10 });
    await world.advance('11m');
    const pull = { system: key, what: ANSWERS };
    expect(await code(order(ben, params.incident, pull))).toBe('session.stale');
    expect(await code(fresh(ben, 'not my password'))).toBe('session.refused');
    expect(await code(order(ben, params.incident, pull))).toBe('session.stale');
    await fresh(ben);
    const { hold } = await order(ben, params.incident, pull);
    const lift = { params: { ...params, hold }, body: { reason: 'mended' } };
    const key_ = await world.program('admin');
    expect(await code(key_.call(containment.lift, lift))).toBe('session.stale');
    expect(await code(key_.call(people.confirm, { body: { password: ana.password } }))).toBe('session.missing');
    expect(await code(ana.client.call(containment.lift, lift))).toBe('session.stale');
    await fresh(ana);
    expect((await ana.client.call(containment.lift, lift)).state).toBe('lifted');
  });

  it('cannot be guessed', async () => {
    for (let count = 0; count < 10; count += 1) expect(await code(fresh(cem, 'wrong'))).toBe('session.refused');
    expect(await code(fresh(cem))).toBe('session.too-many-tries');
    await world.advance('61s');
    expect(await code(fresh(cem))).toBe('nothing was refused');
  });
});

describe('a second person', () => {
  const ask = (by: Someone, incident: string, body: object) =>
    by.client.call(containment.askPull, { params: { incident }, body: { reason: 'lies', ...body } as never });
  const answer = (
    by: Someone,
    incident: string,
    pull: { pull: `pul_${string}`; change: string },
    change = pull.change,
  ) => by.client.call(containment.approvePull, { params: { incident, pull: pull.pull }, body: { change } });

  it('agrees before it goes, to exactly what was asked; it is ordered then, with evidence', async () => {
    const { key, params } = await aSystem('four-eyes-bot');
    await set(key, 'narrow', { second: { when: 'before', minutes: 10 } });
    const pull = { system: key, what: ANSWERS };
    expect(await code(order(cem, params.incident, pull))).toBe('pull.needs-second');
    const asked = await ask(cem, params.incident, pull);
    expect(asked).toMatchObject({
      state: 'waiting',
      says: 'disable answers',
      change: expect.stringMatching(/^sha256:/),
    });
    const waiting = (by: Someone) => by.client.call(breakGlass.waiting, { query: { incident: params.incident } });
    expect((await waiting(ben)).items).toMatchObject([{ kind: 'pull', id: asked.pull, blocked: null }]);
    expect((await waiting(cem)).items).toMatchObject([{ blocked: expect.stringContaining('Somebody else') }]);
    expect(await code(answer(cem, params.incident, asked))).toBe('pull.same-person');
    expect(await code(answer(ben, params.incident, asked, 'sha256:something-else'))).toBe('pull.changed');
    const held = await answer(ben, params.incident, asked);
    expect(held).toMatchObject({ state: 'active', orderedBy: { id: cem.id }, seconded: { id: ben.id } });
    expect(held.manifest).not.toBeNull();
    expect(await code(answer(ana, params.incident, asked))).toBe('pull.over');
    expect((await waiting(ben)).items).toEqual([]);
  });

  it('who does not answer in time lets it lapse; it can be withdrawn', async () => {
    const { key, params } = await aSystem('lapsing-bot');
    await set(key, 'narrow', { second: { when: 'before', minutes: 10 } });
    const asked = await ask(cem, params.incident, { system: key, what: ANSWERS });
    await world.advance('10m');
    expect((await ana.client.call(containment.listPulls, { params })).pulls).toMatchObject([{ state: 'lapsed' }]);
    expect(await code(answer(ben, params.incident, asked))).toBe('pull.over');
    const again = await ask(cem, params.incident, { system: key, what: ANSWERS });
    const withdraw = { params: { ...params, pull: again.pull }, body: { reason: 'mended' } };
    expect((await ben.client.call(containment.withdrawPull, withdraw)).state).toBe('withdrawn');
    expect(await code(answer(ben, params.incident, { ...again, pull: 'pul_none' }))).toBe('pull.unknown');
  });

  it('adopts afterwards what went at once; nobody does, and it ends by itself', async () => {
    const { key, params } = await aSystem('adopted-bot');
    await set(key, 'narrow', { second: { when: 'after', minutes: 20 } });
    const adopt = (by: Pick<Someone, 'client'>, hold: `hld_${string}`) =>
      by.client.call(containment.adopt, { params: { ...params, hold }, body: { note: 'seen' } });
    const held = await order(cem, params.incident, { system: key, what: ANSWERS });
    expect(held).toMatchObject({ expiry: { mode: 'auto' }, adopt: { after: { mode: 'until-lifted' } } });
    expect(await code(adopt(cem, held.hold))).toBe('hold.same-person');
    const longer = { params: { ...params, hold: held.hold }, body: { expiry: { mode: 'until-lifted' }, reason: 'r' } };
    expect(await code(ben.client.call(containment.extend, longer as never))).toBe('hold.not-adopted');
    expect(await adopt(ben, held.hold)).toMatchObject({
      expiry: { mode: 'until-lifted' },
      adopted: { by: { id: ben.id } },
    });
    await world.advance('21m');
    expect((await ana.client.call(containment.showHold, { params: { hold: held.hold } })).state).toBe('active');
    const other = { kind: 'retrieval', index: 'faq' };
    const lost = await order(cem, params.incident, { system: key, what: other });
    await world.advance('20m');
    expect((await ana.client.call(containment.showHold, { params: { hold: lost.hold } })).state).toBe('expired');
  });

  it('has to be a person where a program pulled on its own', async () => {
    const { key, params } = await aSystem('automatic-bot');
    const program = await world.program('respond');
    const held = await order({ client: program }, params.incident, { system: key, what: ANSWERS, automatic: true });
    expect(Date.parse(held.adopt!.by) - Date.parse(world.now())).toBe(15 * 60_000);
    const { items } = await ben.client.call(breakGlass.waiting, { query: {} });
    expect(items).toMatchObject([{ kind: 'adoption', hold: held.hold, blocked: null }]);
    const adopt = { params: { ...params, hold: held.hold }, body: {} };
    expect(await code(program.call(containment.adopt, adopt))).toBe('hold.person-needed');
    expect((await ben.client.call(containment.adopt, adopt)).adopt).toBeNull();
  });
});

describe('an agreement to let go', () => {
  it('is to one plan, and no other', async () => {
    const { key, params } = await aSystem('planned-bot');
    const { hold } = await order(ana, params.incident, { system: key, what: ANSWERS });
    const at = { ...params, hold };
    const first = await cem.client.call(restorations.ask, { params: at, body: { reason: 'v42' } });
    await cem.client.call(restorations.withdraw, { params: at, body: { reason: 'no' } });
    await cem.client.call(restorations.ask, { params: at, body: { reason: 'v43' } });
    const agree = (change: string) => ben.client.call(restorations.approve, { params: at, body: { change } });
    expect(await code(agree(first.change))).toBe('restoration.changed');
    const { items } = await ben.client.call(breakGlass.waiting, { query: { incident: params.incident } });
    expect(items).toMatchObject([{ kind: 'restoration', given: 0, needed: 1 }]);
    expect((await agree(items[0]!.change)).state).toBe('watched');
  });
});
