import { createHmac } from 'node:crypto';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { people } from '@firebreak/contract/prepare/people';
import { breakGlass } from '@firebreak/contract/respond/break-glass';
import { containment } from '@firebreak/contract/respond/containment';
import { controlTests } from '@firebreak/contract/respond/control-tests';
import { executors } from '@firebreak/contract/respond/executors';
import { incidents } from '@firebreak/contract/respond/incidents';
import { links } from '@firebreak/contract/respond/links';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { openWorld, type Someone, type World } from '@firebreak/world';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeOutside } from './outside.fixture.ts';

let world: World;
let outside: FakeOutside;
let ben: Someone;
let count = 0;

const code = (call: Promise<unknown>) =>
  call.then(
    () => 'nothing was refused',
    (problem: { code?: string }) => problem.code ?? String(problem),
  );

beforeAll(async () => {
  outside = await new FakeOutside().open();
  world = await openWorld({ env: { FIREBREAK_OUTBOUND_PRIVATE: '127.0.0.0/8' } });
  ben = await world.person('Ben Lead', ['lead']);
});
afterAll(async () => {
  await world.close();
  outside.close();
});
beforeEach(() => {
  outside.heard.length = 0;
  outside.faults.length = 0;
  outside.flags = { unleash: true, launchdarkly: true, flagsmith: true };
  outside.scale = { spec: 3, status: 3 };
  outside.runs = [];
  outside.annotations = {};
  outside.webhook = () => [200, ''];
});

type Kind =
  | 'unleash'
  | 'launchdarkly'
  | 'flagsmith'
  | 'github'
  | 'kubernetes-scale'
  | 'kubernetes-annotate'
  | 'webhook'
  | 'script';
const SETTINGS: Record<Kind, Record<string, string>> = {
  unleash: { project: 'bots', flag: 'answers' },
  launchdarkly: { flag: 'answers' },
  flagsmith: { environment: 'ENV', flag: 'answers' },
  github: { owner: 'acme', repository: 'bot', workflow: 'stop.yml' },
  'kubernetes-scale': { deployment: 'bot' },
  'kubernetes-annotate': { deployment: 'bot', annotation: 'example.com/held' },
  webhook: {},
  script: { runner: 'edge-1', script: 'stop.sh', parameters: 'SERVICE=bot' },
};

/** A system with one control, and an executor of some kind that acts for it. */
async function wired(kind: Kind, over: { settings?: Record<string, string>; secret?: string } = {}) {
  const { client } = world.ana;
  const system = `bot-${++count}`;
  await client.call(inventory.register, {
    body: {
      key: system,
      name: system,
      type: 'generative',
      owner: 'Support',
      features: [{ key: 'answers', name: 'Answers' }],
    },
  });
  const what = { kind: 'disable', feature: 'answers' } as const;
  const { control } = await client.call(containment.declareControl, {
    params: { system },
    body: { name: 'Stop answers', what, sideEffects: '', expiry: { mode: 'until-lifted' } } as never,
  });
  const url = kind === 'webhook' ? { url: `${outside.url}/hook` } : kind === 'script' ? {} : { url: outside.url };
  const secret = kind === 'script' || kind === 'webhook' ? over.secret : (over.secret ?? 'good');
  const declared = await client.call(executors.declare, {
    body: {
      kind,
      name: `${kind} ${count}`,
      settings: { ...url, ...SETTINGS[kind], ...over.settings },
      controls: [control],
      ...(secret !== undefined && { secret }),
    },
  });
  const executor = declared.executor.id;
  const incidentOf = async () =>
    (await client.call(incidents.declare, { body: { title: 'it lies', systems: [system] } })).incident.id;
  const incident = await incidentOf();
  const hold = async (of = incident, body: object = { control }) => {
    const { hold: id, label } = await client.call(containment.order, {
      params: { incident: of },
      body: { reason: 'it lies', ...body } as never,
    });
    await world.settle();
    return { id, label };
  };
  const lift = async (id: `hld_${string}`, of = incident) => {
    await ben.client.call(containment.lift, { params: { incident: of, hold: id }, body: { reason: 'fixed' } });
    await world.settle();
  };
  const show = () => client.call(executors.show, { params: { executor } });
  const order = async (way: 'hold' | 'let-go') => (await show()).orders.find((each) => each.way === way);
  const again = (id: `hld_${string}`, way: 'hold' | 'let-go' = 'hold') =>
    client.call(executors.again, { params: { executor }, body: { hold: id, way } });
  return {
    system,
    what,
    control,
    executor,
    secret: declared.secret,
    incident,
    incidentOf,
    hold,
    lift,
    show,
    order,
    again,
  };
}
const factsOf = async (incident: string) =>
  (await world.ana.client.call(warRoom.facts, { params: { incident }, query: { limit: '200' } as never })).facts.filter(
    ({ type }) => type.startsWith('executor.'),
  );

describe('a hold and its letting go', () => {
  it.each<[Kind, () => unknown, unknown]>([
    ['unleash', () => outside.flags.unleash, false],
    ['launchdarkly', () => outside.flags.launchdarkly, false],
    ['flagsmith', () => outside.flags.flagsmith, false],
    ['kubernetes-annotate', () => outside.annotations['example.com/held'], 'true'],
  ])('turn the switch of %s, read it back, and set it back', async (kind, state, held) => {
    const before = state();
    const it_ = await wired(kind);
    const { id, label } = await it_.hold();
    expect(state()).toBe(held);
    const order = await it_.order('hold');
    expect(order).toMatchObject({ state: 'confirmed', label, failures: 0, ms: 0 });
    expect(outside.changes()).toHaveLength(1);
    expect((await it_.show()).executor).toMatchObject({
      holding: [{ label }],
      proof: 'proven',
      was: { says: expect.any(String) },
    });
    await it_.lift(id);
    expect(state()).toBe(before);
    expect(await it_.order('let-go')).toMatchObject({ state: 'confirmed' });
    expect((await it_.show()).executor).toMatchObject({ holding: [], was: null });
    expect((await factsOf(it_.incident)).map(({ type }) => type)).toEqual([
      'executor.ordered',
      'executor.seen',
      'executor.confirmed',
      'executor.ordered',
      'executor.confirmed',
    ]);
  });

  it('leave off what was off before', async () => {
    outside.flags.unleash = false;
    const it_ = await wired('unleash');
    const { id } = await it_.hold();
    await it_.lift(id);
    expect(outside.flags.unleash).toBe(false);
    expect(outside.changes()).toEqual([]);
    expect(await it_.order('let-go')).toMatchObject({ state: 'confirmed', says: 'flag answers is off in production' });
  });

  it('of two incidents on one control: only the last one sets the switch back', async () => {
    const it_ = await wired('unleash');
    const first = await it_.hold();
    const other = await it_.incidentOf();
    const second = await it_.hold(other);
    expect(outside.changes()).toHaveLength(1);
    await it_.lift(first.id);
    expect(outside.flags.unleash).toBe(false);
    const { orders } = await it_.show();
    expect(orders.find(({ hold, way }) => hold === first.id && way === 'let-go')).toMatchObject({
      state: 'stayed',
      says: `stays: ${second.label} still in force`,
    });
    await it_.lift(second.id, other);
    expect(outside.flags.unleash).toBe(true);
  });

  it('ordered by hand with what the control does pull it too; an executor bound later takes it up', async () => {
    const it_ = await wired('unleash');
    await it_.hold(it_.incident, { system: it_.system, what: it_.what });
    expect(outside.flags.unleash).toBe(false);
    await world.ana.client.call(executors.declare, {
      body: {
        kind: 'launchdarkly',
        name: 'Later',
        settings: { url: outside.url, flag: 'answers' },
        controls: [it_.control],
        secret: 'good',
      },
    });
    await world.settle();
    expect(outside.flags.launchdarkly).toBe(false);
    const { orders } = await world.ana.client.call(executors.ofIncident, { params: { incident: it_.incident } });
    expect(orders.map(({ name, state }) => [name, state])).toEqual(expect.arrayContaining([['Later', 'confirmed']]));
  });

  it('follows a broken glass: set back while everybody may, turned again when the hour is over', async () => {
    const it_ = await wired('unleash');
    const { id, label } = await it_.hold();
    expect(outside.flags.unleash).toBe(false);
    await world.ana.client.call(people.confirm, { body: { password: world.ana.password } });
    const params = { incident: it_.incident, hold: id };
    await world.ana.client.call(breakGlass.break, { params, body: { reason: 'the emergency line needs it' } });
    await world.settle();
    expect(outside.flags.unleash).toBe(true);
    expect((await it_.show()).executor.holding).toEqual([]);
    // Bound anew meanwhile it takes nothing up: the hold is there, and holds nobody.
    await world.ana.client.call(executors.again, {
      params: { executor: it_.executor },
      body: { hold: id, way: 'let-go' },
    });
    await world.settle();
    expect(outside.flags.unleash).toBe(true);
    await world.advance('61m');
    expect(outside.flags.unleash).toBe(false);
    expect((await it_.show()).executor).toMatchObject({ holding: [{ label }], was: { says: expect.any(String) } });
    await it_.lift(id);
    expect(outside.flags.unleash).toBe(true);
  });

  it('is watched while it is held: somebody who turns the switch back is told of, and one press turns it again', async () => {
    const it_ = await wired('unleash');
    const { id, label } = await it_.hold();
    await world.advance('5m');
    // What cannot be read says nothing about the switch.
    outside.faults.push({ at: /^GET/, how: { status: 500 } });
    await world.advance('3m');
    expect(await it_.order('hold')).toMatchObject({ state: 'confirmed' });
    outside.flags.unleash = true;
    await world.advance('3m');
    expect(await it_.order('hold')).toMatchObject({
      state: 'given-up',
      says: 'somebody changed it while it was held: flag answers is on in production',
      escalated: { owner: 'Support' },
    });
    expect((await factsOf(it_.incident)).slice(-2).map(({ type }) => type)).toEqual([
      'executor.failed',
      'executor.escalated',
    ]);
    const { items: raised } = await world.ana.client.call(signals.listSignals, { query: { detector: 'executors' } });
    expect(raised.filter(({ text }) => text.includes(label))).toMatchObject([
      { kind: 'hold-undone', archetype: 'control-failure', evidenceClass: 'strong' },
    ]);
    expect((await it_.show()).executor.holding).toMatchObject([{ label }]);
    await it_.again(id);
    await world.settle();
    expect(outside.flags.unleash).toBe(false);
    await it_.lift(id);
    outside.heard.length = 0;
    await world.advance('10m');
    expect(outside.heard).toEqual([]);
  });

  it('ends by itself and is set back', async () => {
    const it_ = await wired('unleash');
    await it_.hold(it_.incident, { control: it_.control, expiry: { mode: 'auto-after', minutes: 5 } });
    expect(outside.flags.unleash).toBe(false);
    await world.advance('6m');
    expect(outside.flags.unleash).toBe(true);
  });

  it('waits for the pods to go, and for all of them to come back', async () => {
    const it_ = await wired('kubernetes-scale');
    const { id } = await it_.hold();
    expect(outside.scale.spec).toBe(0);
    expect(await it_.order('hold')).toMatchObject({
      state: 'under-way',
      says: 'deployment bot is set to 0 replicas, 3 run',
    });
    await world.advance('5s');
    outside.scale.status = 0;
    await world.advance('15s');
    expect(await it_.order('hold')).toMatchObject({
      state: 'confirmed',
      says: 'deployment bot is set to 0 replicas, 0 run',
      ms: 20_000,
    });
    await it_.lift(id);
    expect(outside.scale.spec).toBe(3);
    outside.scale.status = 3;
    await world.advance('5s');
    expect(await it_.order('let-go')).toMatchObject({ state: 'confirmed' });
    expect(outside.changes()).toHaveLength(2);
  });

  it('dispatches a workflow once, finds its run, and tries anew when that fails', async () => {
    const it_ = await wired('github');
    const { id } = await it_.hold();
    expect(outside.changes()).toHaveLength(1);
    await world.advance('10s');
    expect(await it_.order('hold')).toMatchObject({ state: 'under-way' });
    Object.assign(outside.runs[0]!, { status: 'completed', conclusion: 'failure' });
    await world.advance('15s');
    expect(await it_.order('hold')).toMatchObject({
      state: 'failed',
      failures: 1,
      says: expect.stringContaining('failure'),
    });
    await world.advance('3s');
    expect(outside.runs).toHaveLength(2);
    Object.assign(outside.runs[0]!, { status: 'completed', conclusion: 'success' });
    await world.advance('15s');
    expect(await it_.order('hold')).toMatchObject({ state: 'confirmed', says: expect.stringContaining('success') });
    await it_.lift(id);
    expect(outside.runs[0]!.display_title).toMatch(/let-go/);
    Object.assign(outside.runs[0]!, { status: 'completed', conclusion: 'success' });
    await world.advance('15s');
    expect(await it_.order('let-go')).toMatchObject({ state: 'confirmed' });
  });
});

describe('a signed webhook', () => {
  it('carries hold and control, signed with the secret it was given once', async () => {
    outside.webhook = () => [200, '{"state":"confirmed","says":"two pods stopped"}'];
    const it_ = await wired('webhook');
    expect(it_.secret).toMatch(/^whsec_/);
    const { label } = await it_.hold();
    expect(await it_.order('hold')).toMatchObject({ state: 'confirmed', says: 'two pods stopped' });
    const { headers, body } = outside.heard.at(-1)!;
    expect(JSON.parse(body)).toMatchObject({
      type: 'executor.hold',
      data: { label, system: it_.system, control: it_.control },
    });
    const { 'webhook-id': message, 'webhook-timestamp': time, 'webhook-signature': signature } = headers;
    const key = Buffer.from(it_.secret!.slice(6), 'base64');
    expect(signature).toBe(`v1,${createHmac('sha256', key).update(`${message}.${time}.${body}`).digest('base64')}`);
  });

  it('may say later what became of it, once, with the token of that try', async () => {
    let token = '';
    outside.webhook = ({ data }) => {
      token = data.report.token;
      return [202, ''];
    };
    const it_ = await wired('webhook');
    const { id } = await it_.hold();
    const report = (body: object) =>
      world.send('POST', executors.report.path, {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, ...body }),
      });
    expect(await it_.order('hold')).toMatchObject({ state: 'under-way', says: 'answered 202' });
    const forged = token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const refused = await report({ token: forged.slice(0, -3), state: 'confirmed' });
    expect((await refused.json()).type).toContain('executor.report-refused');
    expect(await (await report({ state: 'failed', says: 'pod hangs' })).json()).toEqual({ state: 'failed' });
    expect((await report({ state: 'confirmed' })).status).toBe(403);
    await world.advance('3s');
    expect(await (await report({ state: 'confirmed', says: 'stopped' })).json()).toEqual({ state: 'confirmed' });
    expect((await report({ state: 'failed' })).status).toBe(403);
    const ids = outside.heard.flatMap(({ headers }) => headers['webhook-id'] ?? []);
    expect(new Set(ids).size).toBe(1);
    await it_.lift(id);
    expect(JSON.parse(outside.heard.at(-1)!.body).type).toBe('executor.let-go');
    await world.advance('11m');
    expect(await it_.order('let-go')).toMatchObject({ says: expect.stringContaining('not done after 600 seconds') });
  });
});

describe('trouble outside', () => {
  it.each<[string, 'drop' | 'hang' | { status: number; headers?: Record<string, string> }, RegExp]>([
    ['409', { status: 409 }, /409/],
    ['500', { status: 500 }, /500/],
    ['a broken line', 'drop', /no answer/],
    ['silence', 'hang', /no whole answer within 6 seconds/],
  ])(
    '%s: it is tried again, and then it works',
    async (_, how, says) => {
      const it_ = await wired('unleash');
      outside.faults.push({ at: /off$/, how });
      await it_.hold();
      expect(await it_.order('hold')).toMatchObject({
        state: 'failed',
        failures: 1,
        says: expect.stringMatching(says),
      });
      expect(outside.flags.unleash).toBe(true);
      await world.advance('2s');
      expect(await it_.order('hold')).toMatchObject({ state: 'confirmed', failures: 1 });
    },
    20_000,
  );

  it('that dies between the change and the reading does no harm', async () => {
    const it_ = await wired('unleash');
    outside.faults.push({ at: /off$/, how: 'change-then-drop' });
    const { id } = await it_.hold();
    expect(await it_.order('hold')).toMatchObject({ state: 'failed' });
    await world.advance('2s');
    expect(await it_.order('hold')).toMatchObject({ state: 'confirmed' });
    expect(outside.changes()).toHaveLength(1);
    await it_.lift(id);
    expect(outside.flags.unleash).toBe(true);
  });

  it('is left alone as long as it asks for', async () => {
    const it_ = await wired('unleash');
    outside.faults.push({ at: /^GET .api.admin/, how: { status: 429, headers: { 'retry-after': '60' } } });
    await it_.hold();
    await world.advance('30s');
    expect(outside.heard.filter(({ path }) => path.startsWith('/api/admin/'))).toHaveLength(1);
    await world.advance('30s');
    expect(await it_.order('hold')).toMatchObject({ state: 'confirmed' });
  });

  it.each([
    ['GitHub, in seconds', 403, 1_000],
    ['LaunchDarkly, in milliseconds', 429, 1],
  ])('is left alone until its limit begins anew, said as by %s', async (_, status, unit) => {
    const it_ = await wired('unleash');
    const reset = String(Math.ceil(Date.parse(world.now()) / 1_000 + 60) * (1_000 / unit));
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    outside.faults.push({ at: /^GET .api.admin/, how: { status, headers } });
    await it_.hold();
    await world.advance('30s');
    expect(outside.heard.filter(({ path }) => path.startsWith('/api/admin/'))).toHaveLength(1);
    await world.advance('35s');
    expect(await it_.order('hold')).toMatchObject({ state: 'confirmed' });
  });

  it('that nothing would help against is told at once, with the owner, to whoever is paged', async () => {
    const pager: string[] = [];
    outside.webhook = (message) => {
      pager.push(JSON.stringify(message));
      return [200, ''];
    };
    await world.ana.client.call(links.subscribe, {
      body: { name: 'Pager', url: `${outside.url}/hook`, events: ['candidate.paged'] },
    });
    const it_ = await wired('unleash', { secret: 'bad' });
    const { id, label } = await it_.hold();
    expect(await it_.order('hold')).toMatchObject({
      state: 'given-up',
      failures: 1,
      says: expect.stringContaining('401'),
      escalated: { owner: 'Support', to: [{ name: 'Pager' }] },
    });
    expect(pager).toHaveLength(1);
    expect(JSON.parse(pager[0]!)).toMatchObject({
      type: 'executor.given-up',
      data: { hold: label, owner: 'Support', system: it_.system, why: expect.stringContaining('401') },
    });
    expect((await it_.show()).executor).toMatchObject({ proof: 'failing', givenUp: 1 });
    await world.ana.client.call(executors.key, { params: { executor: it_.executor }, body: { secret: 'good' } });
    await it_.again(id);
    await world.settle();
    expect(await it_.order('hold')).toMatchObject({ state: 'confirmed' });
    expect(pager).toHaveLength(1);
  });

  it('that nothing would help against is a sign that the control failed, unless it is a drill or a switch set back', async () => {
    const raised = async (system: string) =>
      (await world.ana.client.call(signals.listSignals, { query: { system, detector: 'executors' } })).items;
    const real = await wired('unleash', { secret: 'bad' });
    const { label } = await real.hold();
    expect(await raised(real.system)).toMatchObject([
      {
        kind: 'control-failed',
        archetype: 'control-failure',
        channel: 'telemetry',
        evidenceClass: 'strong',
        rule: 'a switch does as it is ordered',
        pagesAlone: { as: 'duty', because: expect.stringContaining('does not hold what it was ordered to hold') },
        text: expect.stringContaining(label),
      },
    ]);
    const later = await wired('unleash');
    const { id } = await later.hold();
    outside.faults.push({ at: /on$/, how: { status: 401 } });
    await later.lift(id);
    expect(await later.order('let-go')).toMatchObject({ state: 'given-up' });
    expect(await raised(later.system)).toEqual([]);
    const drilled = await wired('unleash', { secret: 'bad' });
    const { incident } = await world.ana.client.call(incidents.declare, {
      body: { title: 'it lies', systems: [drilled.system], drill: true },
    });
    await drilled.hold(incident.id);
    expect(await drilled.order('hold')).toMatchObject({ state: 'given-up' });
    expect(await raised(drilled.system)).toEqual([]);
  });

  it('is given up after five tries, and a lift still sets back what was never changed', async () => {
    const it_ = await wired('unleash');
    for (let n = 0; n < 9; n++) outside.faults.push({ at: /off$/, how: { status: 503 } });
    const { id } = await it_.hold();
    for (const wait of ['2s', '10s', '30s', '120s'] as const) await world.advance(wait);
    expect(await it_.order('hold')).toMatchObject({ state: 'given-up', failures: 5 });
    await world.advance('2h');
    expect(outside.changes().filter((each) => each.endsWith('/off'))).toHaveLength(5);
    outside.faults.length = 0;
    await it_.lift(id);
    expect(outside.flags.unleash).toBe(true);
    expect(await it_.order('let-go')).toMatchObject({ state: 'confirmed' });
    expect(await code(it_.again(id))).toBe('executor.no-order');
  });

  it('that repeats the secret does not put it into the record', async () => {
    const it_ = await wired('unleash', { secret: 'very-secret-token' });
    const body = '{"message":"very-secret-token may not do this"}';
    outside.faults.push({ at: /^GET .api.admin/, how: { status: 403, body } });
    await it_.hold();
    expect(await it_.order('hold')).toMatchObject({ says: expect.stringMatching(/\(403\): … may not do this/) });
  });

  it('of this server itself is made good: an order nobody looks after is taken up again', async () => {
    const it_ = await wired('unleash');
    outside.faults.push({ at: /off$/, how: { status: 503 } });
    await it_.hold();
    await world.server.deps.db.query("delete from job where kind = 'executors.work'");
    await world.advance('10m');
    expect(await it_.order('hold')).toMatchObject({ state: 'failed' });
    await world.advance('11m');
    expect(await it_.order('hold')).toMatchObject({ state: 'confirmed' });
  });

  it('never reaches a private address that was not allowed', async () => {
    const it_ = await wired('unleash', { settings: { url: 'http://10.0.0.9' } });
    await it_.hold();
    expect(await it_.order('hold')).toMatchObject({
      state: 'given-up',
      says: expect.stringContaining('FIREBREAK_OUTBOUND_PRIVATE'),
    });
  });
});

describe('a rehearsal', () => {
  const rehearse = async (executor: `exe_${string}`) =>
    (await world.ana.client.call(executors.rehearse, { params: { executor } })).executor;

  it('reads the switch and the rights of the secret, changes nothing', async () => {
    const it_ = await wired('unleash');
    expect((await it_.show()).executor.proof).toBe('not-proven');
    expect(await rehearse(it_.executor)).toMatchObject({
      proof: 'proven',
      rehearsed: { ok: true, may: 'yes', says: 'flag answers is on in production' },
    });
    expect(outside.changes()).toEqual([]);
  });

  it.each<[Kind, string, object]>([
    ['launchdarkly', 'good', { ok: true, may: 'unsaid' }],
    ['flagsmith', 'good', { ok: true, may: 'yes' }],
    ['github', 'good', { ok: true, may: 'yes' }],
    ['kubernetes-scale', 'good', { ok: true, may: 'yes' }],
    ['kubernetes-annotate', 'bad', { ok: false, says: expect.stringContaining('401') }],
  ])('of %s with a %s secret', async (kind, secret, rehearsed) => {
    const it_ = await wired(kind, { secret });
    expect(await rehearse(it_.executor)).toMatchObject({ rehearsed });
    expect(outside.changes().filter((each) => !each.includes('accessreviews'))).toEqual([]);
  });

  it('of a webhook says that it is one; of a token that may not patch, says so', async () => {
    const hook = await wired('webhook');
    expect(await rehearse(hook.executor)).toMatchObject({ rehearsed: { ok: true, says: 'answered 200' } });
    expect(JSON.parse(outside.heard[0]!.body)).toMatchObject({ type: 'executor.rehearsal' });
    outside.mayPatch = false;
    const scale = await wired('kubernetes-scale');
    expect(await rehearse(scale.executor)).toMatchObject({ proof: 'failing', rehearsed: { ok: false, may: 'no' } });
    outside.mayPatch = true;
  });
});

describe('a test of the control', () => {
  it('rehearses the switches that follow it, and says what cannot be tried without effect', async () => {
    const flag = await wired('unleash');
    const workflow = await wired('github');
    for (const { system, control } of [flag, workflow])
      await world.ana.client.call(controlTests.begin, { params: { system, control }, body: {} });
    await world.settle();
    expect((await flag.show()).executor).toMatchObject({
      proof: 'proven',
      rehearsed: { ok: true, says: 'flag answers is on in production' },
    });
    expect((await workflow.show()).executor.rehearsed).toMatchObject({
      ok: true,
      says: expect.stringMatching(/cannot be tried without its effect$/),
    });
    expect(outside.changes()).toEqual([]);
    await world.advance('2m');
  });
});

describe('a script on a runner', () => {
  it('is handed out by name with its parameters, once, and its report settles it', async () => {
    const runner = await world.program('runner');
    const it_ = await wired('script');
    const poll = (scripts = ['stop.sh']) =>
      runner.call(executors.runnerOrders, { params: { runner: 'edge-1' }, body: { scripts, waitSeconds: 0 } });
    const { executor } = await world.ana.client.call(executors.rehearse, { params: { executor: it_.executor } });
    expect(executor.rehearsed).toMatchObject({ ok: false, says: expect.stringContaining('no runner edge-1') });
    expect((await poll()).orders).toEqual([]);
    const { label } = await it_.hold();
    const { orders } = await poll();
    expect(orders).toMatchObject([
      {
        script: 'stop.sh',
        way: 'hold',
        seconds: 60,
        environment: { SERVICE: 'bot', FIREBREAK_STATE: 'hold', FIREBREAK_HOLD: label, FIREBREAK_SYSTEM: it_.system },
      },
    ]);
    expect((await poll()).orders).toEqual([]);
    const { token } = orders[0]!;
    await runner.call(executors.report, { body: { token, state: 'failed', says: 'exit 3: no such service' } });
    expect(await it_.order('hold')).toMatchObject({ state: 'failed', says: 'exit 3: no such service' });
    await world.advance('2s');
    const next = (await poll()).orders[0]!;
    expect(next.attempt).toBe(2);
    await runner.call(executors.report, { body: { token: next.token, state: 'confirmed', says: 'exit 0' } });
    expect(await it_.order('hold')).toMatchObject({ state: 'confirmed', says: 'exit 0' });
    expect((await world.ana.client.call(executors.runners, {})).runners).toMatchObject([
      { name: 'edge-1', scripts: ['stop.sh'] },
    ]);
  });

  it('whose runner is gone, or has no such script, fails in words', async () => {
    const runner = await world.program('runner');
    const it_ = await wired('script', { settings: { runner: 'edge-2' } });
    await runner.call(executors.runnerOrders, { params: { runner: 'edge-2' }, body: { scripts: ['other.sh'] } });
    await it_.hold();
    expect(await it_.order('hold')).toMatchObject({ state: 'failed', says: 'runner edge-2 has no script stop.sh' });
    await world.advance('2m');
    expect(await it_.order('hold')).toMatchObject({ says: expect.stringContaining('was last heard at') });
  });

  it('takes the scope of a runner', async () => {
    const reader = await world.program('read');
    expect(await code(reader.call(executors.runnerOrders, { params: { runner: 'edge-1' }, body: {} }))).toBe(
      'authority.missing',
    );
  });
});

describe('wiring an executor', () => {
  it('is for administrators, says what is wrong, and shows its secret to nobody', async () => {
    const it_ = await wired('unleash', { secret: 'good' });
    const { client } = world.ana;
    const body = { name: 'x', settings: { url: outside.url, flag: 'answers' }, controls: [it_.control] };
    const declare = (over: object, by = client) =>
      code(by.call(executors.declare, { body: { kind: 'unleash', secret: 's', ...body, ...over } as never }));
    expect(await declare({}, ben.client)).toBe('authority.missing');
    expect(await declare({ settings: {} })).toBe('executor.bad-settings');
    expect(await declare({ secret: undefined })).toBe('executor.bad-settings');
    expect(await declare({ controls: ['ctl_none'] })).toBe('control.unknown');
    const shown = JSON.stringify(await it_.show());
    const log = await world.server.deps.db.query<{ data: unknown }>('select data from fact');
    expect(shown + JSON.stringify(log.rows)).not.toContain('"good"');
    expect(await code(client.call(executors.show, { params: { executor: 'exe_none' } }))).toBe('executor.unknown');
  });

  it('cannot be taken away while it holds, and then does nothing more', async () => {
    const it_ = await wired('unleash');
    const { client } = world.ana;
    const retire = () =>
      client.call(executors.retire, { params: { executor: it_.executor }, body: { reason: 'moved' } });
    const { id } = await it_.hold();
    expect(await code(retire())).toBe('executor.holding');
    const change = (flag: string) =>
      client.call(executors.change, {
        params: { executor: it_.executor },
        body: { name: 'y', settings: { url: outside.url, project: 'bots', flag }, controls: [it_.control] },
      });
    expect(await code(change('other'))).toBe('executor.holding');
    expect((await change('answers')).executor.name).toBe('y');
    await it_.lift(id);
    await retire();
    outside.heard.length = 0;
    await it_.hold();
    expect(outside.heard.filter(({ path }) => path.startsWith('/api/admin/'))).toEqual([]);
    expect((await client.call(executors.list, { query: { system: it_.system } })).executors).toEqual([]);
    expect(await code(client.call(executors.rehearse, { params: { executor: it_.executor } }))).toBe(
      'executor.unknown',
    );
  });

  it('has a bound', async () => {
    const it_ = await wired('unleash');
    const { db } = world.server.deps;
    const count_ = async () =>
      (await db.query<{ n: number }>('select count(*)::int as n from executor_board where not retired')).rows[0]!.n;
    const declare = () =>
      world.ana.client.call(executors.declare, {
        body: {
          kind: 'unleash',
          name: 'one of many',
          settings: { url: outside.url, flag: 'answers' },
          controls: [it_.control],
          secret: 's',
        },
      });
    for (let n = await count_(); n < 200; n++) await declare();
    expect(await code(declare())).toBe('executor.too-many');
  });
});
