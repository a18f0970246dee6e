import { describe, expect, it } from 'vitest';
import { addMs, instant, type Recorded } from '../../kernel/index.ts';
import { foldContainment, type Hold } from './containment.ts';
import type { Control } from './kinds/registry.ts';
import { escalateProof, noteProofs, proofsChanged } from './proof-life.ts';
import { type ProofName, USUAL_PROOF_TIMES } from './proof-names.ts';
import {
  LEVELS,
  levelOf,
  levelSays,
  type ProvingInstance,
  proofsOf,
  settledAt,
  type TrafficFigures,
} from './proofs.ts';

const orderedAt = instant('2026-11-20T21:00:00.000Z');
const after = (seconds: number) => addMs(orderedAt, seconds * 1_000);
const good = (instance: string, more: Partial<ProvingInstance> = {}): ProvingInstance => ({
  instance,
  host: 'rack-1',
  surface: 'guard',
  whyNot: null,
  checked: 'effective',
  checks: true,
  ...more,
});
const SILENT: TrafficFigures = {
  lastRecordAt: null,
  records: 0,
  asIntended: 0,
  contrary: 0,
  lastContraryAt: null,
  touched: 0,
  unnamed: 0,
  contraryUnnamed: 0,
  instances: [],
};
const HEARD: TrafficFigures = { ...SILENT, lastRecordAt: orderedAt };
const DISABLE: Control = { kind: 'disable', feature: 'answers' };
const PIN: Control = { kind: 'route', from: { prompt: 'v41' }, to: { prompt: 'v40' } };

function stand(
  seconds: number,
  instances: readonly ProvingInstance[],
  traffic: TrafficFigures = HEARD,
  what: Control = DISABLE,
  more: Partial<Hold> = {},
) {
  return proofsOf({ hold: { what, orderedAt, ...more }, times: USUAL_PROOF_TIMES, instances, traffic }, after(seconds));
}
const states = (proofs: ReturnType<typeof stand>) =>
  [proofs.acknowledged.state, proofs.probe.state, proofs.traffic.state].join(' ');

describe('the three proofs of a hold', () => {
  const frozen = good('bot-7', { whyNot: 'no sign of life', checked: null, host: 'rack-7' });
  it.each([
    ['just ordered', 1, [good('a', { whyNot: 'no acknowledgement', checked: null })], HEARD, 'waiting waiting waiting'],
    ['obeyed, not tried', 2, [good('a', { checked: null })], HEARD, 'have waiting waiting'],
    ['obeyed and tried', 2, [good('a')], HEARD, 'have have waiting'],
    ['quiet for a minute', 66, [good('a')], HEARD, 'have have have'],
    ['one of two frozen', 11, [good('a'), frozen], HEARD, 'missing have waiting'],
    ['one frozen, still in time', 9, [good('a'), frozen], HEARD, 'waiting have waiting'],
    [
      'the gateway has not tried',
      21,
      [good('a'), good('g', { surface: 'gateway', checked: null })],
      HEARD,
      'have missing waiting',
    ],
    ['one lets it through', 21, [good('a'), good('b', { checked: 'not-effective' })], HEARD, 'have missing waiting'],
    ['all too old to try', 21, [good('a', { checks: false, checked: null })], HEARD, 'have not-possible waiting'],
    ['nobody is there', 11, [], HEARD, 'missing not-possible waiting'],
    ['nothing was ever recorded', 66, [good('a')], SILENT, 'have have not-possible'],
    [
      'something got past',
      30,
      [good('a')],
      { ...HEARD, records: 3, contrary: 1, lastContraryAt: after(20) },
      'have have missing',
    ],
    ['long ago', 90, [good('a')], { ...HEARD, records: 3, contrary: 1, lastContraryAt: after(20) }, 'have have have'],
  ] as const)('%s', (_, seconds, instances, traffic, wanted) => {
    expect(states(stand(seconds, instances, traffic))).toBe(wanted);
  });

  it('of a roll-back need an answer by the version that was ordered', () => {
    const at = (seconds: number, figures: Partial<TrafficFigures>) =>
      stand(seconds, [good('a')], { ...HEARD, ...figures }, PIN).traffic;
    expect(at(600, {}).state).toBe('waiting');
    expect(at(600, {}).dueAt).toBeNull();
    expect(at(100, { records: 4 }).state).toBe('waiting');
    expect(at(200, { records: 4 })).toMatchObject({
      state: 'missing',
      todo: [expect.stringContaining('record the version')],
    });
    expect(at(10, { records: 4, asIntended: 1 })).toMatchObject({
      state: 'have',
      says: expect.stringContaining('1 answer'),
    });
  });

  it.each([
    [{ kind: 'pause' }, 0, 'not-possible'],
    [{ kind: 'review' }, 0, 'waiting'],
    [{ kind: 'review' }, 2, 'have'],
  ] as const)('%o: traffic shows what it can', (what, touched, wanted) => {
    expect(stand(900, [good('a')], { ...HEARD, touched }, what).traffic.state).toBe(wanted);
  });

  it('name what is missing, and what to do about it', () => {
    const { acknowledged } = stand(11, [
      good('a'),
      frozen,
      good('gate', { surface: 'gateway', whyNot: 'no acknowledgement' }),
      good('old', { whyNot: 'does not know this kind of control' }),
    ]);
    expect(acknowledged.missing.map(({ instance }) => instance)).toEqual(['bot-7', 'gate', 'old']);
    expect(acknowledged.todo).toEqual([
      'Kill process bot-7 on host rack-7: as long as it runs it goes on as before.',
      'Gateway gate on host rack-1 did not answer: take it out of the path, or restart it.',
      'Update old on host rack-1; until then disable what it serves instead.',
    ]);
    expect(acknowledged).toMatchObject({ have: 1, of: 4 });
  });

  it('name the instances through which something got past lately, and what to do about each', () => {
    const through = (instance: string, contrary: number, at: number) => ({
      instance,
      records: 9,
      asIntended: 0,
      contrary,
      lastContraryAt: contrary === 0 ? null : after(at),
    });
    const { traffic } = stand(90, [good('a'), good('b'), good('gate', { surface: 'gateway' })], {
      ...HEARD,
      records: 40,
      contrary: 6,
      contraryUnnamed: 1,
      lastContraryAt: after(80),
      instances: [
        through('a', 3, 80),
        through('gate', 1, 79),
        through('web-9', 1, 78),
        through('b', 2, 10),
        through('c', 0, 0),
      ],
    });
    expect(traffic.says).toBe(
      '6 requests got past since everybody should obey: 3 through a, 1 through gate, 1 through web-9, 1 without the name of an instance.',
    );
    expect(traffic.missing).toEqual([
      { instance: 'a', host: 'rack-1', why: '3 requests got past through it' },
      { instance: 'gate', host: 'rack-1', why: '1 request got past through it' },
      {
        instance: 'web-9',
        host: '',
        why: '1 request got past through it; no guard or gateway of this name is connected',
      },
    ]);
    expect(traffic.todo).toEqual([
      'Kill process a on host rack-1: 3 requests got past through it.',
      'Take gateway gate on host rack-1 out of the path, or restart it: 1 request got past through it.',
      'Find the process that calls itself web-9, and stop it: no guard or gateway of this name is connected.',
      expect.stringContaining('Open what got past'),
    ]);
  });

  it('prove nothing once some are let go, and never count OpenFeature as somebody who obeys', () => {
    const released = stand(90, [good('a')], HEARD, DISABLE, { release: { percent: 10, step: 1 } });
    expect(states(released)).toBe('have not-possible not-possible');
    const flags = good('OpenFeature clients', { surface: 'openfeature' });
    expect(stand(11, [flags]).acknowledged).toMatchObject({ state: 'missing', of: 0 });
    expect(stand(11, [good('a'), { ...flags, checked: 'not-effective' }]).probe).toMatchObject({ have: 1, of: 2 });
  });

  it('stay when everybody who obeyed has gone, and give whoever comes later the same time', () => {
    const confirmed = { at: after(1), instances: 2, lastAckMs: 40 };
    expect(stand(99, [], HEARD, DISABLE, { confirmed }).acknowledged).toMatchObject({ state: 'have', of: 0 });
    const late = good('new', { whyNot: 'no acknowledgement', checked: null, since: after(90) });
    expect(stand(95, [good('a'), late], HEARD, DISABLE, { confirmed }).acknowledged.state).toBe('waiting');
    expect(stand(100, [good('a'), late], HEARD, DISABLE, { confirmed }).acknowledged.state).toBe('missing');
  });

  it('say who is not waited for, and never that everybody obeys', () => {
    const by = { kind: 'person', id: 'per_1' } as const;
    const gone = [{ instance: 'bot-7', host: '', reason: 'machine deleted', at: orderedAt, by }];
    const of = (instances: readonly ProvingInstance[], traffic = HEARD, more: Partial<Hold> = {}) =>
      proofsOf(
        { hold: { what: DISABLE, orderedAt, ...more }, times: USUAL_PROOF_TIMES, instances, traffic, gone },
        after(9),
      );
    const words = '1 instance is said to be gone: bot-7 (“machine deleted”).';
    expect(of([good('a'), good('b')]).acknowledged).toMatchObject({
      state: 'have',
      have: 2,
      of: 2,
      says: `2 of 2 acknowledged. ${words}`,
    });
    expect(of([]).acknowledged).toMatchObject({ state: 'waiting', says: expect.stringContaining(words) });
    const confirmed = { at: after(1), instances: 1, lastAckMs: 4, gone };
    expect(of([], HEARD, { confirmed }).acknowledged.says).toMatch(/^1 of 1 acknowledged, and nobody .*machine/s);
    expect(levelSays(2, 1)).toContain('Not counted');
    expect(levelSays(1, 1)).toBe(LEVELS[1]);
    const through = { instance: 'bot-7', records: 1, asIntended: 0, contrary: 1, lastContraryAt: after(8) };
    const past = { ...HEARD, records: 1, contrary: 1, lastContraryAt: after(8), instances: [through] };
    expect(of([good('a')], past).traffic.missing[0]!.why).toContain('though it is said to be gone');
  });

  it('begin when everybody obeyed, at the latest after five seconds', () => {
    const confirmed = (seconds: number) => ({ at: after(seconds), instances: 1, lastAckMs: 1 });
    expect(settledAt({ orderedAt })).toBe(after(5));
    expect(settledAt({ orderedAt, confirmed: confirmed(1) })).toBe(after(1));
    expect(settledAt({ orderedAt, confirmed: confirmed(300) })).toBe(after(5));
  });

  it.each([
    ['waiting', 0, 'waiting', 'waiting', 0],
    ['missing', 1, 'have', 'have', 1],
    ['have', 2, 'waiting', 'have', 2],
    ['have', 2, 'have', 'waiting', 3],
    ['have', 2, 'have', 'have', 4],
    ['have', 2, 'not-possible', 'have', 2],
  ] as const)('%s of %d, %s, %s is level %d', (told, have, probe, traffic, level) => {
    const of = (state: typeof told | typeof probe, n = 0) => ({ state, have: n });
    expect(levelOf({ acknowledged: of(told, have), probe: of(probe), traffic: of(traffic) })).toBe(level);
  });
});

describe('what is recorded of proofs', () => {
  const by = { kind: 'system', id: 'containment' } as const;
  const asked = { at: after(20), by };
  const ordered = {
    type: 'containment.ordered',
    data: { hold: 'hld_1', number: 1, system: 'bot', what: DISABLE, reason: 'x', expiry: { mode: 'until-lifted' } },
  };
  const fold = (facts: readonly object[]) =>
    foldContainment(
      facts.map((fact, n) => ({
        ...fact,
        at: after(n),
        by,
        seq: n + 1,
        version: n + 1,
        stream: 'inc_1',
      })) as Recorded[],
    );
  const note = (facts: readonly object[], proof: ProofName, state: 'have' | 'missing' | 'waiting' | 'not-possible') => {
    const of = { proof, state, says: 's', missing: [{ instance: 'a', host: 'h', why: 'w' }], todo: ['t'] };
    const said = noteProofs(fold(facts), 'hld_1', [of], asked) as object[];
    const kept = fold(facts).holds.get('hld_1')?.proofs;
    if (fold(facts).holds.get('hld_1')?.state === 'active') expect(proofsChanged(kept, [of])).toBe(said.length > 0);
    return said;
  };

  it('is each change once, and an end only of what was missing where a fact says it already', () => {
    let facts: object[] = [ordered];
    expect(note(facts, 'acknowledged', 'have')).toEqual([]);
    expect(note(facts, 'probe', 'waiting')).toEqual([]);
    expect(note(facts, 'probe', 'not-possible')).toEqual([]);
    for (const proof of ['acknowledged', 'probe'] as const) {
      const missed = note(facts, proof, 'missing');
      expect(missed).toMatchObject([{ type: 'containment.unproven', data: { proof, why: 's', todo: ['t'] } }]);
      facts = [...facts, ...missed];
      expect(note(facts, proof, 'missing')).toEqual([]);
      const came = note(facts, proof, 'have');
      expect(came).toMatchObject([{ type: 'containment.proven', data: { proof } }]);
      facts = [...facts, ...came];
      expect(note(facts, proof, 'have')).toEqual([]);
      expect(fold(facts).holds.get('hld_1')?.proofs?.[proof]).toMatchObject({ state: 'have', missing: [] });
    }
    expect(
      note([...facts, { type: 'containment.lifted', data: { hold: 'hld_1', reason: 'r' } }], 'probe', 'missing'),
    ).toEqual([]);
  });

  it('tells people once for each time a proof goes missing', () => {
    const want = { hold: 'hld_1', proof: 'probe', owner: 'Team', to: [] } as const;
    const tell = (facts: readonly object[]) => escalateProof(fold(facts), want, asked) as object[];
    let facts: object[] = [ordered];
    expect(tell(facts)).toEqual([]);
    facts = [...facts, ...note(facts, 'probe', 'missing')];
    facts = [...facts, ...tell(facts)];
    expect(fold(facts).holds.get('hld_1')?.proofs?.probe?.escalated).toMatchObject({ to: [] });
    expect(tell(facts)).toEqual([]);
    facts = [...facts, ...note(facts, 'probe', 'have')];
    facts = [...facts, ...note(facts, 'probe', 'missing')];
    expect(tell(facts)).toHaveLength(1);
  });
});
