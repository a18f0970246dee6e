import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARCHETYPES, type Archetype, CALLABLE_ARCHETYPES } from '../../detect/signals/index.ts';
import { type AnyFact, type Decision, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import { callArchetype, type DeclareIncident, declareIncident, foldIncident, heldArchetype } from './index.ts';

const at = { at: instant('2026-11-20T20:00:00Z'), by: { kind: 'person', id: 'usr_1' } } as const;
const axes = { harm: null, reach: null, data: null, regulatory: null, autonomy: null, control: null };
const want: DeclareIncident = {
  incident: 'inc_1',
  label: 'INC-2026-0001',
  title: 'Answers got worse',
  summary: '',
  systems: [],
  candidate: null,
  axes,
  drill: false,
};

function record(past: readonly Recorded[], decision: Decision<AnyFact>): Recorded[] {
  if (isRefusal(decision)) throw new Error(decision.why);
  const facts = decision.map((fact, i) => {
    const version = past.length + i + 1;
    return { ...fact, ...at, seq: version, version, stream: 'inc_1' };
  });
  return [...past, ...facts];
}
const declared = (more: Partial<DeclareIncident> = {}) => record([], declareIncident(null, { ...want, ...more }, at));
const folded = (facts: readonly Recorded[]) => foldIncident(facts)!;

describe('the archetype of an incident', () => {
  it('is called when declaring: an archetype in the declaration, outside and what stands beside in a fact of their own', () => {
    expect(folded(declared())).toMatchObject({ archetype: null, also: [] });
    const named = declared({ archetype: 'quality-drift' });
    expect(named).toHaveLength(1);
    expect(folded(named)).toMatchObject({ archetype: 'quality-drift', also: [] });
    const outside = declared({ archetype: 'outside' });
    expect(outside.map(({ type }) => type)).toEqual(['incident.declared', 'archetype.called']);
    expect(outside[0]!.data).not.toHaveProperty('archetype');
    expect(folded(outside).archetype).toBe('outside');
    expect(folded(declared({ archetype: 'quality-drift', also: ['vendor-outage'] }))).toMatchObject({
      archetype: 'quality-drift',
      also: ['vendor-outage'],
    });
  });

  it('is called anew with from, to and why, and taken back with unknown', () => {
    let facts = declared({ archetype: 'quality-drift' });
    facts = record(facts, callArchetype(folded(facts), { to: 'vendor-outage', reason: 'they told us' }));
    expect(facts.at(-1)).toMatchObject({
      type: 'archetype.called',
      data: { from: 'quality-drift', to: 'vendor-outage', reason: 'they told us' },
    });
    facts = record(facts, callArchetype(folded(facts), { to: 'unknown', reason: '' }));
    expect(facts.at(-1)!.data).toEqual({ from: 'vendor-outage', to: 'unknown', reason: '' });
    expect(folded(facts).archetype).toBeNull();
  });

  it('refuses more than three beside it, and any where none is called', () => {
    const state = folded(declared());
    const refused = { refused: 'archetype.also-unfit', pointer: '/also' };
    const four = ARCHETYPES.slice(1, 5);
    expect(callArchetype(state, { to: ARCHETYPES[0], also: four, reason: '' })).toMatchObject(refused);
    for (const to of ['outside', 'unknown'] as const)
      expect(callArchetype(state, { to, also: ['vendor-outage'], reason: '' })).toMatchObject(refused);
    expect(declareIncident(null, { ...want, also: ['vendor-outage'] }, at)).toMatchObject(refused);
    expect(callArchetype(null, { to: 'outside', reason: '' })).toMatchObject({ refused: 'incident.unknown' });
  });

  it('ends as the last call says, and saying the same again changes nothing', () => {
    const call = fc.record({
      to: fc.constantFrom(...CALLABLE_ARCHETYPES),
      also: fc.array(fc.constantFrom<Archetype>(...ARCHETYPES), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 6 }), (calls) => {
        let facts = declared();
        for (const { to, also } of calls) {
          const said = { to, also: to === 'outside' || to === 'unknown' ? [] : also, reason: '' };
          facts = record(facts, callArchetype(folded(facts), said));
          expect(folded(facts).archetype).toBe(to === 'unknown' ? null : to);
          expect([...folded(facts).also].sort()).toEqual([...new Set(said.also)].filter((it) => it !== to).sort());
          expect(callArchetype(folded(facts), said)).toEqual([]);
        }
      }),
    );
  });

  it.each([
    [null, null, null],
    [null, 'quality-drift', 'quality-drift'],
    ['outside', 'quality-drift', null],
    ['vendor-outage', 'quality-drift', 'vendor-outage'],
  ] as const)('called %s and found %s is treated as %s', (archetype, found, held) => {
    expect(heldArchetype({ archetype }, found)).toBe(held);
  });
});
