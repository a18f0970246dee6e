import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { records } from '@firebreak/contract/prepare/records';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, expect, it } from 'vitest';

let world: World;
/** Keys outlast the days that pass here; sessions do not. */
type Client = Awaited<ReturnType<World['program']>>;
let ana: Client;
let bo: Client;
let sender: Client;
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('telemetry:write', 'feedback:write', 'signals:write', 'read');
  ana = await world.program('admin');
  bo = await world.program('admin');
  for (const key of ['bot', 'mailer', 'sorter'])
    await ana.call(inventory.register, { body: { key, name: key, type: 'generative' } });
});
afterAll(() => world.close());

let n = 0;
async function say(system: string, part: object = {}): Promise<string> {
  const id = `say-${++n}`;
  await sender.call(signals.sendInteractions, { body: { id, system, input: 'Hello', output: 'Hi', ...part } });
  return id;
}
const rule = (system: string, body: object) =>
  ana.call(records.rule, { params: { system }, body: { reason: 'Our rule', ...body } });
const idsOf = async (system: string) =>
  (await sender.call(signals.listInteractions, { query: { system, limit: 200 } })).items.length;
const seal = async () => {
  await world.settle();
  await world.advance('3s');
};
const read = async (id: string) =>
  (await sender.call(signals.readInteraction, { params: { interaction: id } })).interaction;

it('takes out of every text what the rule names, before anything is kept, and still tells that it was there', async () => {
  await rule('bot', { takesOut: ['secret', 'EMAIL_ADDRESS'] });
  const key = `ghp_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL3oR6'}`;
  const id = await say('bot', {
    input: 'I am jo@customer.example, card 4539 1488 0343 6467',
    output: `Your key is ${key}. Write to max@other.example.`,
    retrieved: [{ id: 'd', title: 'Letter to bo@customer.example', text: 'Contact: eva@customer.example' }],
    toolCalls: [{ name: 'mail', arguments: '{"to":"jo@customer.example"}', result: `sent with ${key}` }],
  });
  await sender.call(signals.sendFeedback, {
    body: { system: 'bot', kind: 'comment', text: 'Wrong! Call me: jo@customer.example' },
  });
  await sender.call(signals.sendSignals, {
    body: { system: 'bot', kind: 'complaint', text: 'jo@customer.example complained' },
  });
  await seal();
  const kept = await read(id);
  expect(JSON.stringify(kept)).not.toMatch(/ghp_|@customer|@other/);
  expect(kept.input![0]!.content).toBe('I am [EMAIL_ADDRESS taken out], card 4539 1488 0343 6467');
  expect(kept.output).toBe('Your key is [SECRET taken out]. Write to [EMAIL_ADDRESS taken out].');
  expect(kept.toolCalls![0]).toMatchObject({
    arguments: '{"to":"[EMAIL_ADDRESS taken out]"}',
    result: 'sent with [SECRET taken out]',
  });
  const everything = await world.server.deps.db.query<{ n: number }>(
    `select (select count(*) from signal where data::text like '%@customer%')::int
       + (select count(*) from feedback where data::text like '%@customer%')::int as n`,
  );
  expect(everything.rows[0]!.n).toBe(0);
  const { items } = await sender.call(signals.listSignals, { query: { system: 'bot', detector: 'taken-out' } });
  expect(items.map(({ kind, evidenceClass }) => [kind, evidenceClass])).toEqual([['secret-disclosed', 'strong']]);
  const state = await sender.call(signals.telemetryState, {});
  expect(state.takenOut).toEqual([
    { system: 'bot', kind: 'EMAIL_ADDRESS', count: 7 },
    { system: 'bot', kind: 'secret', count: 2 },
  ]);
  // Another system keeps what its own rule lets it keep.
  expect((await read(await say('mailer', { output: 'jo@customer.example' }))).output).toBe('jo@customer.example');
});

it('takes it out of alerts of other products, and by the rules of all of what names no system', async () => {
  const firing = (alertname: string) =>
    world.send('POST', '/intake/alertmanager?system=bot', {
      headers: { authorization: `Bearer ${sender.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        status: 'firing',
        alerts: [
          {
            status: 'firing',
            labels: { alertname, severity: 'critical' },
            annotations: { summary: `${alertname}: jo@customer.example waits` },
            startsAt: world.now(),
            fingerprint: alertname,
          },
        ],
      }),
    });
  expect((await firing('Queue')).status).toBe(200);
  const { items } = await sender.call(signals.listSignals, { query: { system: 'bot', detector: 'alertmanager' } });
  expect(items).toHaveLength(1);
  expect(items[0]!.text).toContain('[EMAIL_ADDRESS taken out] waits');
  expect(JSON.stringify(items)).not.toContain('@customer');
  const state = await sender.call(signals.telemetryState, {});
  expect(state.takenOut).toContainEqual({ system: 'bot', kind: 'EMAIL_ADDRESS', count: 8 });
  // What names no system may be about the one whose rule takes it out.
  expect((await read(await say('unnamed', { output: 'jo@customer.example' }))).output).toBe(
    '[EMAIL_ADDRESS taken out]',
  );
});

it('keeps each system as long as its rule says, and everything while a legal hold lies on it', async () => {
  await rule('mailer', { keptDays: 90 });
  await rule('sorter', { keptDays: 2 });
  await ana.call(records.hold, {
    params: { system: 'sorter' },
    body: { reason: 'A customer claims damages', matter: 'INC-2026-0007' },
  });
  const before = { bot: await idsOf('bot'), mailer: await idsOf('mailer') };
  await say('sorter');
  await seal();
  await world.advance('3d');
  await world.settle();
  expect(await idsOf('sorter')).toBe(1);
  expect(await idsOf('bot')).toBe(before.bot);

  const { rules } = await ana.call(records.rules, {});
  const hold = rules.find(({ system }) => system === 'sorter')!.legalHolds[0]!;
  const lift = (who: Client, id = hold.id) =>
    who.call(records.lift, { params: { system: 'sorter', hold: id }, body: { reason: 'settled' } });
  await expect(lift(ana)).rejects.toMatchObject({ code: 'records.same-person' });
  await expect(lift(bo, 'lgh_none')).rejects.toMatchObject({ code: 'records.unknown-hold' });
  await lift(bo);
  await world.advance('11m');
  await world.settle();
  expect(await idsOf('sorter')).toBe(0);

  await world.advance('30d');
  await world.settle();
  expect([await idsOf('bot'), await idsOf('mailer')]).toEqual([0, before.mailer]);
  // What proves the older ones unchanged is there as long as they are.
  const [oldest] = (await sender.call(signals.listInteractions, { query: { system: 'mailer' } })).items;
  const { sealed } = await sender.call(signals.readInteraction, { params: { interaction: oldest!.id } });
  expect(sealed).not.toBeNull();
  const gone = await world.server.deps.db.query<{ data: { system?: string; keptDays: number; count: number } }>(
    "select data from fact where type = 'telemetry.deleted' order by seq",
  );
  expect(gone.rows.map(({ data }) => data)).toContainEqual(
    expect.objectContaining({ system: 'sorter', keptDays: 2, count: 1 }),
  );
});

it('refuses enough holds and systems nobody knows', async () => {
  await expect(rule('nobody', {})).rejects.toMatchObject({ code: 'system.unknown' });
  const place = () => ana.call(records.hold, { params: { system: 'bot' }, body: { reason: 'r' } });
  for (let i = 0; i < 50; i++) await place();
  await expect(place()).rejects.toMatchObject({ code: 'records.too-many-holds' });
});

it('finds records by person, tool, score, detector and what became of them', async () => {
  await say('mailer', { subject: 'u-1', toolCalls: [{ name: 'refund', arguments: '{}', result: null }] });
  await say('mailer', { subject: 'u-2', error: 'timeout' });
  const leak = await say('mailer', { output: `Your key is ghp_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL3oR6'}` });
  await seal();
  const find = async (query: object) =>
    (await sender.call(signals.listInteractions, { query: { system: 'mailer', ...query } })).items.length;
  expect(await find({ subject: 'u-1' })).toBe(1);
  expect(await find({ tool: 'refund' })).toBe(1);
  expect(await find({ tool: 'refun' })).toBe(0);
  expect(await find({ with: 'error' })).toBe(1);
  expect(await find({ with: 'refused' })).toBe(0);
  expect(await find({ score: 0.85 })).toBe(1);
  expect(await find({ detector: 'secrets', text: 'your KEY' })).toBe(1);
  expect(await find({ detector: 'secrets', text: '%' + '_' })).toBe(0);
  expect((await read(leak)).output).toContain('ghp_');
  expect(
    (await sender.call(signals.listInteractions, { query: { system: 'mailer', with: 'error' } })).readTo,
  ).toBeNull();
});

it('finds records by the version of index and tools, by the digest of those offered, and by the build of the supplier', async () => {
  const built = { index: 'i-7', tools: 't-3', fingerprint: 'fp_4f2' };
  const [one, two] = ['one', 'two'];
  await say('builder', { output: one, versions: built });
  await say('builder', { output: two, versions: { index: 'i-8', toolsDigest: 'd1g3' } });
  const find = async (query: object) =>
    (await sender.call(signals.listInteractions, { query: { system: 'builder', ...query } })).items.map(
      ({ answer }) => answer,
    );
  expect(await find({ index: 'i-7' })).toEqual([one]);
  expect(await find({ index: 'i-8' })).toEqual([two]);
  expect(await find({ tools: 't-3' })).toEqual([one]);
  expect(await find({ tools: 'd1g3' })).toEqual([two]);
  expect(await find({ fingerprint: 'fp_4f2' })).toEqual([one]);
  expect(await find({ fingerprint: 'fp_4f2', index: 'i-8' })).toEqual([]);
});

it('says how much of it all a sender keeps, where its traces say so', async () => {
  const trace = (traceState: string) =>
    world.send('POST', '/v1/traces', {
      headers: { authorization: `Bearer ${sender.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceSpans: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'sampled-bot' } }] },
            scopeSpans: [{ spans: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'chat', traceState }] }],
          },
        ],
      }),
    });
  await trace('vendor=x,ot=th:e666666666666;rv:1');
  const { sampled } = await sender.call(signals.telemetryState, {});
  expect(sampled).toMatchObject([{ system: 'sampled-bot' }]);
  expect(sampled[0]!.share).toBeCloseTo(0.1, 3);
});

it('says which traces look like calls of models and could not be read, to who sent them and to who looks', async () => {
  const send = async (attributes: Readonly<Record<string, string>>) => {
    const answer = await world.send('POST', '/v1/traces', {
      headers: { authorization: `Bearer ${sender.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceSpans: [
          {
            resource: { attributes: [{ key: 'service.name', value: { stringValue: 'acme-bot' } }] },
            scopeSpans: [
              {
                spans: [
                  {
                    traceId: '5b8efff798038103d269b633813fc60e',
                    spanId: 'eee19b7ec3c1b176',
                    name: 'llm',
                    attributes: Object.entries(attributes).map(([key, stringValue]) => ({
                      key,
                      value: { stringValue },
                    })),
                  },
                ],
              },
            ],
          },
        ],
      }),
    });
    return answer.json();
  };
  const acme = { 'acme.llm.prompt': 'hello', 'acme.llm.\u0000model': 'm' };
  expect(await send(acme)).toMatchObject({
    partialSuccess: {
      rejectedSpans: '0',
      errorMessage: expect.stringMatching(/^1 span looks like a call of a model.*acme/),
    },
  });
  await send(acme);
  expect(await send({ 'http.request.method': 'POST' })).toEqual({});
  const { unread } = await sender.call(signals.telemetryState, {});
  expect(unread).toMatchObject([{ system: 'acme-bot', spans: 2 }]);
  expect(unread[0]!.names).toContain('acme.llm.prompt');
});
