import { candidates } from '@firebreak/contract/detect/candidates';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { records } from '@firebreak/contract/prepare/records';
import { evidence } from '@firebreak/contract/prove/evidence';
import { containment } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { recordLocks } from '@firebreak/contract/respond/record-locks';
import { warRoom } from '@firebreak/contract/respond/war-room';
import { verifyBundle } from '@firebreak/core/evidence';
import { openWorld, type World } from '@firebreak/world';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { retentionWith } from '../../detect/signals/retention.ts';
import { readBoards, sha256, verifyEd25519 } from '../../platform/index.ts';
import { keptForIncidents, lockEarlierIncidents } from './board.ts';

/** Keys outlast the days that pass here; sessions do not. */
type Client = Awaited<ReturnType<World['program']>>;
const LEAK = `Your key is ghp_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL3oR6'}`;

let world: World;
let ana: Client;
let bo: Client;
let sender: Client;
beforeAll(async () => {
  world = await openWorld();
  ana = await world.program('admin');
  bo = await world.program('admin');
  sender = await world.program('telemetry:write', 'feedback:write', 'signals:write', 'read');
});
afterAll(() => world.close());

async function aSystem(key: string, keptDays: number | null = 1): Promise<string> {
  await ana.call(inventory.register, { body: { key, name: key, type: 'generative' } });
  await ana.call(records.rule, { params: { system: key }, body: { keptDays, reason: 'little is kept' } });
  return key;
}
let n = 0;
async function say(system: string, part: object = {}): Promise<string> {
  const id = `say-${++n}`;
  await sender.call(signals.sendInteractions, { body: { id, system, input: 'Hello', output: 'Hi', ...part } });
  const { items } = await sender.call(signals.listInteractions, { query: { system, limit: 1 } });
  return items[0]!.id;
}
const there = async (system: string): Promise<string[]> =>
  (await sender.call(signals.listInteractions, { query: { system, limit: 200 } })).items.map(({ id }) => id).sort();
async function pass(...times: Parameters<World['advance']>[0][]) {
  for (const time of times) await world.advance(time);
  await world.settle();
}
async function candidateOf(system: string): Promise<string> {
  await pass('3s', '1m');
  const { items } = await ana.call(candidates.listCandidates, { query: { system } });
  return items[0]!.id;
}
const declare = async (body: object = {}) =>
  (await ana.call(incidents.declare, { body: { title: 'It goes wrong', summary: 'as told', ...body } })).incident.id;
const order = (incident: string, system: string, feature = 'answers') =>
  ana.call(containment.order, {
    params: { incident },
    body: { system, what: { kind: 'disable', feature }, reason: 'stop it' },
  });
const close = (incident: string, to: 'open' | 'closed' = 'closed') =>
  ana.call(incidents.move, { params: { incident }, body: { to, reason: 'settled' } });
const release = (who: Client, incident: string) =>
  who.call(recordLocks.release, { params: { incident }, body: { reason: 'nothing is asked any more' } });
const summaryOf = (incident: string) => ana.call(evidence.summary, { params: { incident } });

async function bundleOf(incident: string) {
  const response = await world.send('GET', evidence.bundlePath(incident), {
    headers: { authorization: `Bearer ${ana.key}` },
  });
  const files = new Map(Object.entries(unzipSync(new Uint8Array(await response.arrayBuffer()))));
  const text = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const check = verifyBundle(files, { sha256, verify: verifyEd25519, text });
  const rows = text(files.get('telemetry.jsonl')!)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { row: { id: string } }).row.id);
  return { ok: check.ok, ids: rows };
}

describe('what an incident rests on', () => {
  it('stays while it is open, whatever the rules say, and goes when it is closed and released', async () => {
    const [bot, mailer] = [await aSystem('bot'), await aSystem('mailer')];
    const around = await say(bot);
    const quoted = await say(bot, { output: LEAK });
    const named = await say(mailer);
    const other = await say(mailer);
    const incident = await declare({ candidate: await candidateOf(bot) });
    await order(incident, bot);
    await ana.call(warRoom.note, { params: { incident }, body: { text: `Compare ${named}.` } });
    await pass('1h');
    const after = await say(bot);
    await pass('3s');
    expect(await there(bot)).toEqual([around, quoted, after].sort());
    expect(await there(mailer)).toEqual([named, other].sort());

    await pass('40d', '11m');
    expect(await there(bot)).toEqual([around, quoted].sort());
    expect(await there(mailer)).toEqual([named]);
    expect(await summaryOf(incident)).toMatchObject({ interactions: 2, signals: 1 });
    expect((await summaryOf(incident)).around).toBeGreaterThanOrEqual(2);
    const bundle = await bundleOf(incident);
    expect(bundle.ok).toBe(true);
    expect(bundle.ids).toEqual(expect.arrayContaining([around, quoted, named]));
    expect(bundle.ids).not.toContain(other);

    const { locks } = await ana.call(recordLocks.list, {});
    const lock = await ana.call(recordLocks.read, { params: { incident } });
    expect(locks).toEqual([lock]);
    expect(lock).toMatchObject({
      records: expect.arrayContaining([named]),
      spans: [{ system: bot }],
      until: null,
      stands: true,
    });

    await expect(release(bo, incident)).rejects.toMatchObject({ code: 'evidence.still-open' });
    await close(incident);
    await pass('11m');
    expect(await there(bot)).toHaveLength(2);
    await expect(release(ana, incident)).rejects.toMatchObject({ code: 'evidence.same-person' });
    expect(await release(bo, incident)).toMatchObject({ stands: false, released: { reason: expect.any(String) } });
    await pass('11m', '11m');
    expect([await there(bot), await there(mailer)]).toEqual([[], []]);
    expect((await bundleOf(incident)).ids).toEqual([]);
    expect(await ana.call(recordLocks.list, {})).toEqual({ locks: [], more: false });
    // Nor is anything left that said where they were sealed.
    const places = await world.server.deps.db.query('select 1 from telemetry_intake where received_at < $1', [
      lock.since,
    ]);
    expect(places.count).toBe(0);
    await expect(release(bo, 'inc_nobody')).rejects.toMatchObject({ code: 'incident.unknown' });
  });

  it('goes by itself 90 days after closing, and not while it was opened again', async () => {
    const system = await aSystem('forgotten');
    await say(system);
    const incident = await declare();
    await order(incident, system);
    await close(incident);
    await pass('80d');
    await close(incident, 'open');
    await pass('80d');
    expect(await there(system)).toHaveLength(1);
    await close(incident);
    await pass('89d');
    expect(await there(system)).toHaveLength(1);
    await pass('2d');
    expect(await there(system)).toEqual([]);
  });

  it('is by system what came in before each order, and in a flood the newest of it', async () => {
    const system = await aSystem('flooded');
    const early = await say(system);
    await pass('2h');
    const ids = [await say(system), await say(system), await say(system)];
    const incident = await declare();
    await order(incident, system);
    await pass('20h');
    const between = await say(system);
    await pass('5d');
    const again = await say(system);
    await pass('1h');
    await order(incident, system, 'refunds');
    await pass('40d');
    expect(await there(system)).toEqual([early, ...ids, again].sort());
    expect(await there(system)).not.toContain(between);
    const { spans } = await ana.call(recordLocks.read, { params: { incident } });
    expect(spans).toHaveLength(2);

    await retentionWith(keptForIncidents, { signals: 10, records: 3 }).look(world.server.deps);
    expect(await there(system)).toEqual([...ids, again].sort());
    await retentionWith(keptForIncidents, { signals: 10, records: 3 }).look(world.server.deps);
    expect(await there(system)).toEqual([...ids, again].sort());
  });

  it('is of a candidate with a great many signals the earliest of them', async () => {
    const system = await aSystem('noisy');
    const ids: string[] = [];
    for (let i = 0; i < 4; i++) {
      ids.push(await say(system, { output: LEAK }));
      await pass('3s');
    }
    const incident = await declare({ candidate: await candidateOf(system) });
    await pass('40d');
    expect(await there(system)).toEqual(ids.sort());
    await retentionWith(keptForIncidents, { signals: 2, records: 3 }).look(world.server.deps);
    expect(await there(system)).toEqual(ids.slice(0, 2));
    expect(await summaryOf(incident)).toMatchObject({ signals: 2, interactions: 2, around: 0 });
  });

  it('is kept with the feedback and the evaluations about it', async () => {
    const system = await aSystem('judged');
    const quoted = await say(system, { output: LEAK });
    const given = `say-${n}`;
    await say(system);
    const other = `say-${n}`;
    await sender.call(signals.sendFeedback, { body: { system, kind: 'comment', text: 'Odd', interaction: given } });
    for (const interaction of [given, other]) {
      await sender.call(signals.sendEvaluations, { body: { system, interaction, name: 'tone', score: 0.5 } });
    }
    await declare({ candidate: await candidateOf(system) });
    await pass('40d');
    expect(await there(system)).toEqual([quoted]);
    for (const table of ['feedback', 'evaluation']) {
      const { rows } = await world.server.deps.db.query<{ interaction: string }>(
        `select interaction from ${table} where system = $1`,
        [system],
      );
      expect([table, rows.map(({ interaction }) => interaction)]).toEqual([table, [quoted]]);
    }
  });

  it('deletes nothing at all where more is kept than can be read', async () => {
    const system = await aSystem('unread');
    await say(system);
    await world.server.deps.db.query(
      "update interaction set received_at = '2020-01-01T00:00:00.000Z' where system = $1",
      [system],
    );
    await retentionWith(async () => null, { signals: 1, records: 1 }).look(world.server.deps);
    expect(await there(system)).toHaveLength(1);
    await pass('11m');
    expect(await there(system)).toEqual([]);
  });

  it('is found for incidents from before there were locks', async () => {
    const before = (await readBoards(world.server.deps)).record_lock_board!;
    expect(before.length).toBeGreaterThan(3);
    await world.server.deps.db.query('delete from record_lock_board');
    await lockEarlierIncidents(world.server.deps);
    expect((await readBoards(world.server.deps)).record_lock_board).toEqual(before);
  });
});
