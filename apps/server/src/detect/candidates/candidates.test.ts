import { candidates } from '@firebreak/contract/detect/candidates';
import { paging } from '@firebreak/contract/detect/paging';
import { signals } from '@firebreak/contract/detect/signals';
import { incidents } from '@firebreak/contract/respond/incidents';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let world: World;
let sender: Awaited<ReturnType<World['program']>>;
let rae: Awaited<ReturnType<World['person']>>;
beforeAll(async () => {
  world = await openWorld();
  sender = await world.program('telemetry:write', 'signals:write', 'feedback:write', 'read');
  rae = await world.person('Rae Responder', ['responder']);
});
afterAll(() => world.close());

const HELP = [{ id: 'devices', title: 'Devices', text: 'You can use up to five devices with one subscription.' }];
let count = 0;
const answered = (system: string, output: string, more: object = {}) =>
  sender.call(signals.sendInteractions, {
    body: {
      id: `i-${++count}`,
      system,
      feature: 'policy-answers',
      versions: { model: 'm-1', prompt: 'v41' },
      subject: `u-${count}`,
      input: 'How many devices may I use?',
      output,
      retrieved: HELP,
      ...more,
    },
  });
const complained = (system: string, text: string, interaction: string) =>
  sender.call(signals.sendFeedback, { body: { system, kind: 'comment', text, interaction } });
const open = async (system: string) => (await sender.call(candidates.listCandidates, { query: { system } })).items;

describe('candidates', () => {
  it('form from answers and complaints, with reasons, an early severity and what is missing', async () => {
    await answered('story', 'Each subscription is limited to one device.');
    await world.settle();
    expect(await open('story')).toMatchObject([{ state: 'forming', summary: { count: 1 } }]);
    await world.advance('2m');
    await answered('story', 'You can only use one device per subscription.');
    await answered('story', 'You can use five devices with one subscription.');
    await complained('story', 'since when is it one device?', `i-${count - 1}`);
    await world.settle();
    const [it_, ...others] = await open('story');
    expect(others).toEqual([]);
    expect(it_).toMatchObject({
      state: 'paged',
      title: 'Invented rule in policy-answers: “Each subscription is limited to one device.”',
      coheredBecause: 'seen through two channels that do not know of each other',
      archetype: 'misinformation-cascade',
      summary: {
        count: 3,
        channels: { 'output-filter': 2, feedback: 1 },
        versions: { prompt: ['v41'] },
        subjects: { length: 2 },
      },
      early: { call: { severity: 2 } },
    });
    expect(it_?.reasons.join('\n')).toContain('same prompt version v41, 2 min apart, both say “one device”');
    expect(it_?.early.because.join('\n')).toContain('2 people met it so far');
    const whole = await sender.call(candidates.readCandidate, { params: { candidate: it_!.id } });
    expect(whole.signals).toHaveLength(3);
    expect(whole.history.map((h) => h.says)[0]).toBe('Opened with one signal');
    const listed = await sender.call(signals.listSignals, { query: { candidate: it_!.id } });
    expect(listed.items).toHaveLength(3);
    const filled = await sender.call(candidates.previewDeclaration, { params: { candidate: it_!.id } });
    expect(filled).toMatchObject({ system: 'story', feature: 'policy-answers', early: { call: { severity: 2 } } });
    expect(filled.summary).toContain('3 signals');
  });

  it('keep the words of people out of the log itself', async () => {
    const { rows } = await world.server.deps.db.query<{ data: unknown }>(
      "select data from fact where type like 'candidate.%'",
    );
    expect(rows.length).toBeGreaterThan(2);
    expect(JSON.stringify(rows)).not.toContain('one device');
  });

  it('become an incident, once, and take the same story until an hour after it was contained', async () => {
    const [it_] = await open('story');
    const { incident } = await rae.client.call(incidents.declare, {
      body: { title: it_!.title, candidate: it_!.id, systems: [] },
    });
    expect(incident.systems).toEqual(['story']);
    await world.settle();
    expect(await sender.call(candidates.readCandidate, { params: { candidate: it_!.id } })).toMatchObject({
      state: 'promoted',
      incident: incident.id,
    });
    await expect(
      rae.client.call(incidents.declare, { body: { title: 'Again', candidate: it_!.id } }),
    ).rejects.toMatchObject({ code: 'candidate.ended' });
    await answered('story', 'Each subscription is limited to one device.');
    await world.settle();
    expect(await open('story')).toEqual([]);
    expect(await sender.call(candidates.readCandidate, { params: { candidate: it_!.id } })).toMatchObject({
      state: 'promoted',
      summary: { count: 4 },
    });
    await world.ana.client.call(incidents.move, {
      params: { incident: incident.id },
      body: { to: 'contained', reason: 'the feature is held' },
    });
    await world.settle();
    await world.advance('61m');
    await answered('story', 'Each subscription is limited to one device.');
    await world.settle();
    expect((await open('story')).map((c) => c.id)).not.toContain(it_!.id);
    expect(await open('story')).toHaveLength(1);
  });

  it('are dismissed with a reason, by somebody who may', async () => {
    const [it_] = await open('story');
    const dismissal = {
      params: { candidate: it_!.id },
      body: { as: 'expected' as const, reason: 'belongs to the incident' },
    };
    await expect(sender.call(candidates.dismissCandidate, dismissal)).rejects.toMatchObject({
      code: 'authority.missing',
    });
    expect(await rae.client.call(candidates.dismissCandidate, dismissal)).toMatchObject({
      state: 'dismissed',
      ended: { as: 'expected', reason: 'belongs to the incident', by: { kind: 'person', id: rae.id } },
    });
    await expect(
      rae.client.call(candidates.mergeCandidates, {
        params: { candidate: it_!.id },
        body: { into: it_!.id, reason: 'why not' },
      }),
    ).rejects.toMatchObject({ code: 'candidate.ended' });
    await expect(
      rae.client.call(candidates.dismissCandidate, {
        params: { candidate: 'cnd_nobody' },
        body: { as: 'other', reason: 'gone' },
      }),
    ).rejects.toMatchObject({ code: 'candidate.unknown' });
  });

  it('are merged and split by hand, and the split is remembered', async () => {
    await answered('parted', 'Each subscription is limited to one device.');
    await answered('parted', 'A cancellation fee of $25 applies to every plan.');
    await world.settle();
    const [fee, device] = (await open('parted')).sort((a, b) => (a.title < b.title ? -1 : 1));
    expect([fee?.title, device?.title].join()).toMatch(/fee.*device/);
    const reason = 'one release broke both';
    const merged = await rae.client.call(candidates.mergeCandidates, {
      params: { candidate: fee!.id },
      body: { into: device!.id, reason },
    });
    expect(merged).toMatchObject({ id: device!.id, summary: { count: 2 }, absorbed: [fee!.id] });
    expect(await open('parted')).toHaveLength(1);
    expect(await rae.client.call(candidates.readCandidate, { params: { candidate: fee!.id } })).toMatchObject({
      state: 'merged',
      mergedInto: device!.id,
    });
    const { items } = await sender.call(signals.listSignals, { query: { candidate: device!.id } });
    expect(items).toHaveLength(2);
    const stray = items.find((s) => s.text.includes('$25'))!;
    await expect(
      rae.client.call(candidates.splitCandidate, {
        params: { candidate: device!.id },
        body: { signals: items.map((s) => s.id), reason: 'all of them' },
      }),
    ).rejects.toMatchObject({ code: 'candidate.cannot-split' });
    const apart = await rae.client.call(candidates.splitCandidate, {
      params: { candidate: device!.id },
      body: { signals: [stray.id], reason: 'no, two stories' },
    });
    expect(apart).toMatchObject({ splitFrom: device!.id, summary: { count: 1 } });
    await answered('parted', 'A cancellation fee of $40 applies to every plan.');
    await world.settle();
    const after = await open('parted');
    expect(after.find((c) => c.id === apart.id)?.summary.count).toBe(2);
    expect(after.find((c) => c.id === device!.id)?.summary.count).toBe(1);
    await answered('elsewhere', 'Each subscription is limited to one device.');
    await world.settle();
    const [other] = await open('elsewhere');
    await expect(
      rae.client.call(candidates.mergeCandidates, {
        params: { candidate: other!.id },
        body: { into: device!.id, reason: 'same words' },
      }),
    ).rejects.toMatchObject({ code: 'candidate.cannot-merge' });
  });

  it('are not opened by a single unhappy person', async () => {
    await complained('grumble', 'the bot is slow today', 'nobody');
    await world.advance('1m');
    expect(await open('grumble')).toEqual([]);
    await complained('grumble', 'bot is very slow today', 'nobody');
    await complained('grumble', 'why is the bot slow today', 'nobody');
    await world.advance('1m');
    expect(await open('grumble')).toMatchObject([{ summary: { count: 3, channels: { feedback: 3 } } }]);
  });

  it('are made of the signals behind a row that no rule can read', async () => {
    await answered('torn', 'Each subscription is limited to one device.');
    await world.server.deps.db.query(
      `insert into signal (id, received_at, at, system, channel, detector, placement, data, dedup_key)
       select 'sig_torn', '2020-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z', system, channel, detector, 'new', data - 'versions', 'torn'
       from signal limit 1`,
    );
    await world.settle();
    expect(await open('torn')).toHaveLength(1);
    const { rows } = await world.server.deps.db.query("select placement from signal where id = 'sig_torn'");
    expect(rows).toEqual([{ placement: 'expired' }]);
  });

  it('are made of the signals around one that cannot be placed, which is set aside, shown, and tried again', async () => {
    const { db } = world.server.deps;
    // Stands for a fault nobody foresaw: whatever is called poison cannot become a candidate.
    await db.query(
      `create function no_poison() returns trigger language plpgsql as
       'begin if new.data->>''title'' like ''%poison%'' then raise exception ''poison cannot be kept''; end if; return new; end'`,
    );
    await db.query(
      'create trigger no_poison before insert on candidate_board for each row execute function no_poison()',
    );
    const send = (system: string, text: string) =>
      sender.call(signals.sendSignals, {
        body: [{ system, kind: 'alert', detector: 'probe', channel: 'telemetry', evidenceClass: 'strong', text }],
      });
    const aside = () => sender.call(candidates.setAside, {});
    await send('cell-1', 'A strange reading');
    await send('cell-2', 'poison');
    await send('cell-3', 'Another strange reading');
    await world.settle();
    expect([...(await open('cell-1')), ...(await open('cell-2')), ...(await open('cell-3'))]).toHaveLength(2);
    expect(await aside()).toMatchObject({ count: 0 });
    await world.advance('6s');
    await send('cell-1', 'Something else altogether');
    await world.advance('6s');
    expect(await aside()).toMatchObject({
      count: 1,
      signals: [{ system: 'cell-2', text: 'poison', why: expect.stringContaining('poison cannot be kept') }],
    });
    expect(await open('cell-1')).toHaveLength(2);
    const { signal } = (await aside()).signals[0]!;
    expect(await sender.call(paging.whySignal, { params: { signal } })).toMatchObject({
      paged: false,
      says: expect.stringContaining('was set aside'),
    });
    await expect(sender.call(candidates.tryAgain, {})).rejects.toMatchObject({ code: 'authority.missing' });
    await db.query('drop trigger no_poison on candidate_board');
    const admin = await world.program('admin');
    expect(await admin.call(candidates.tryAgain, {})).toEqual({ tried: 1 });
    await world.settle();
    expect(await open('cell-2')).toHaveLength(1);
    expect(await aside()).toMatchObject({ count: 0, signals: [] });
  });

  it('hold nothing against the signals where none can be placed at all', async () => {
    const { db } = world.server.deps;
    await db.query(
      'create trigger no_poison before insert on candidate_board for each row execute function no_poison()',
    );
    for (const system of ['cell-4', 'cell-5'])
      await sender.call(signals.sendSignals, {
        body: [
          { system, kind: 'alert', detector: 'probe', channel: 'telemetry', evidenceClass: 'strong', text: 'poison' },
        ],
      });
    for (let i = 0; i < 4; i++) await world.advance('6s').catch(() => undefined);
    expect(await sender.call(candidates.setAside, {})).toMatchObject({ count: 0 });
    await db.query('drop trigger no_poison on candidate_board');
    await world.advance('6s');
    expect([...(await open('cell-4')), ...(await open('cell-5'))]).toHaveLength(2);
  });

  it('stay small and few in a flood of one story', async () => {
    for (let i = 0; i < 4; i++)
      await sender.call(signals.sendInteractions, {
        body: Array.from({ length: 100 }, (_, k) => ({
          id: `flood-${i}-${k}`,
          system: 'flood',
          feature: 'policy-answers',
          versions: { prompt: 'v41' },
          input: 'Devices?',
          output: `Each subscription is limited to one device. Ask again about ${i * 100 + k}.`,
          retrieved: HELP,
        })),
      });
    await world.settle();
    expect(await open('flood')).toHaveLength(1);
    await world.advance('31s');
    const found = await open('flood');
    expect(found).toHaveLength(1);
    expect(found[0]?.summary.count).toBe(400);
    expect(found[0]?.summary.signals).toHaveLength(50);
    const { rows } = await world.server.deps.db.query<{ n: number }>(
      'select count(*)::int as n from fact where stream = $1',
      [found[0]!.id],
    );
    expect(rows[0]!.n).toBeLessThan(10);
    for (let i = 0; i < 20; i++) {
      await answered('flood', 'Each subscription is limited to one device.');
      await world.settle();
    }
    const later = await world.server.deps.db.query<{ n: number }>(
      'select count(*)::int as n from fact where stream = $1',
      [found[0]!.id],
    );
    expect(later.rows[0]!.n).toBe(rows[0]!.n);
    const listed = await sender.call(signals.listSignals, { query: { candidate: found[0]!.id, limit: '1' } });
    expect(listed.items[0]?.quotes[0]?.text).toBe('Each subscription is limited to one device.');
    await world.advance('31s');
    expect((await open('flood'))[0]?.summary.count).toBe(420);
  });
});
