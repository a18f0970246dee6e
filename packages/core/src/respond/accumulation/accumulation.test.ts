import { describe, expect, it } from 'vitest';
import { type AnyFact, addMs, type Decision, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import {
  acceptProposal,
  accumulations,
  type Counted,
  dismissProposal,
  foldProposals,
  type Proposals,
  reachOfPeople,
  weigh,
} from './index.ts';

const NOW = instant('2026-11-20T20:00:00Z');
const daysAgo = (days: number) => addMs(NOW, -days * 86_400_000);
const incident = (n: number, part: Partial<Counted> = {}): Counted => ({
  incident: `inc_${n}`,
  label: `INC-2026-000${n}`,
  systems: ['bot'],
  severity: 3,
  declaredAt: daysAgo(n),
  archetype: 'misinformation-cascade',
  versions: ['prompt v42'],
  control: 'disable answers',
  reach: 1,
  subjects: [],
  ...part,
});
const three = (part: (n: number) => Partial<Counted> = () => ({})) => [1, 2, 3].map((n) => incident(n, part(n)));
const people = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `p${from + i}`);

describe('the accumulation rule', () => {
  it.each<[string, readonly Counted[], number]>([
    ['three alike', three(), 1],
    ['two alike', three().slice(1), 0],
    ['three, one of Sev 2', three((n) => ({ severity: n === 2 ? 2 : 3 })), 0],
    ['three, one of them 15 days old', three((n) => ({ declaredAt: daysAgo(n === 3 ? 15 : n) })), 0],
    ['three, one exactly 14 days old', three((n) => ({ declaredAt: daysAgo(n === 3 ? 14 : n) })), 1],
    ['three of two systems', three((n) => ({ systems: [n === 1 ? 'other' : 'bot'] })), 0],
    ['three that share one of their systems', three((n) => ({ systems: ['bot', `only-${n}`] })), 1],
    ['three of two kinds', three((n) => ({ archetype: n === 1 ? 'quality-drift' : 'misinformation-cascade' })), 0],
    ['three of a kind nobody knows', three(() => ({ archetype: null })), 0],
    ['three answered by two controls', three((n) => ({ control: n === 1 ? null : 'disable answers' })), 0],
    ['three that no control answered', three(() => ({ control: null })), 1],
    ['three of different versions', three((n) => ({ versions: [`prompt v${n}`] })), 0],
    ['three, the version of one unknown', three((n) => ({ versions: n === 1 ? [] : ['prompt v42'] })), 1],
    [
      'two whose people together are several hundred',
      [incident(1, { subjects: people(0, 80), reach: 2 }), incident(2, { subjects: people(60, 140), reach: 2 })],
      1,
    ],
    [
      'two whose people are the same',
      [incident(1, { subjects: people(0, 80), reach: 2 }), incident(2, { subjects: people(0, 80), reach: 2 })],
      0,
    ],
    ['two with one person each', [incident(1, { subjects: ['a'] }), incident(2, { subjects: ['b'] })], 1],
    [
      'two, one of which was said to reach as far already',
      [incident(1, { subjects: ['a'], reach: 2 }), incident(2, { subjects: ['b'] })],
      0,
    ],
  ])('%s', (_name, counted, groups) => {
    expect(accumulations(counted, NOW)).toHaveLength(groups);
  });

  it('proposes one level above the most severe, never above Sev 1, with the reasons', () => {
    const [found] = accumulations(
      three((n) => ({ severity: n === 1 ? 3 : 4 })),
      NOW,
    );
    expect(found).toMatchObject({ system: 'bot', severity: 2, rules: ['ACC.count'], reach: null });
    expect(found!.reasons).toEqual([
      '3 incidents of Sev 3 or 4 on bot within 2 days: INC-2026-0001, INC-2026-0002, INC-2026-0003',
      'all of them misinformation cascade',
      'all with prompt v42',
      'all answered with the same control: disable answers',
    ]);
    expect(
      accumulations(
        three(() => ({ severity: 4 })),
        NOW,
      )[0]!.severity,
    ).toBe(3);
    const [crossed] = accumulations([incident(1, { subjects: ['a'] }), incident(2, { subjects: ['b'] })], NOW);
    expect(crossed).toMatchObject({ rules: ['ACC.reach'], reach: 2 });
  });

  it('does not depend on the order in which incidents are given', () => {
    const all = [...three(), incident(4, { versions: [] }), incident(5, { versions: ['prompt v1'] })];
    expect(accumulations([...all].reverse(), NOW)).toEqual(accumulations(all, NOW));
  });

  it.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [100, 2],
    [101, 3],
    [10_000, 3],
    [10_001, 4],
  ])('%i people are reach %i', (count, reach) => expect(reachOfPeople(count)).toBe(reach));
});

describe('a proposal', () => {
  const by = { kind: 'system', id: 'accumulation' } as const;
  let facts: Recorded[] = [];
  const record = (decision: Decision<AnyFact>): Proposals => {
    if (isRefusal(decision)) throw new Error(decision.why);
    for (const fact of decision)
      facts.push({
        ...fact,
        at: NOW,
        by,
        seq: facts.length + 1,
        version: facts.length + 1,
        stream: 'accumulation/bot',
      });
    return foldProposals(facts);
  };
  const found = (...ns: number[]) =>
    accumulations(
      ns.map((n) => incident(n)),
      NOW,
    );

  it('is made once, grows, and is not made again for what somebody dismissed', () => {
    facts = [];
    let state = record(weigh(foldProposals([]), found(1, 2, 3), ['prp_1']));
    expect(weigh(state, found(1, 2, 3), ['prp_2'])).toEqual([]);
    state = record(weigh(state, found(1, 2, 3, 4), ['prp_2']));
    expect([state.get('prp_1')?.state, state.get('prp_2')?.state]).toEqual(['replaced', 'open']);
    state = record(dismissProposal(state, { proposal: 'prp_2', reason: 'one customer who tries' }));
    expect(weigh(state, found(1, 2, 3), ['prp_3'])).toEqual([]);
    expect(weigh(state, found(1, 2, 3, 4), ['prp_3'])).toEqual([]);
    state = record(weigh(state, found(1, 2, 3, 4, 5), ['prp_3']));
    expect(state.get('prp_3')).toMatchObject({ state: 'open' });
    expect(acceptProposal(state, { proposal: 'prp_2', parent: 'inc_9' })).toMatchObject({ refused: 'proposal.ended' });
    state = record(acceptProposal(state, { proposal: 'prp_3', parent: 'inc_9' }));
    expect(state.get('prp_3')).toMatchObject({ state: 'accepted', parent: 'inc_9' });
    expect(dismissProposal(state, { proposal: 'prp_0', reason: '' })).toMatchObject({ refused: 'proposal.unknown' });
  });

  it('is withdrawn when the incidents no longer add up', () => {
    facts = [];
    const state = record(weigh(foldProposals([]), found(1, 2, 3), ['prp_1']));
    expect(record(weigh(state, found(1, 2), [])).get('prp_1')).toMatchObject({ state: 'withdrawn' });
  });
});
