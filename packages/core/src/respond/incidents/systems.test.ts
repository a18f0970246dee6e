import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyFact, type Decision, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import { declareIncident, firstSystem, foldIncident, moveIncident, nameSystems } from './index.ts';

const at = { at: instant('2026-11-20T20:00:00Z'), by: { kind: 'person', id: 'usr_1' } } as const;
const axes = { harm: null, reach: null, data: null, regulatory: null, autonomy: null, control: null };

function record(past: readonly Recorded[], decision: Decision<AnyFact>): Recorded[] {
  if (isRefusal(decision)) throw new Error(decision.why);
  const facts = decision.map((fact, i) => {
    const version = past.length + i + 1;
    return { ...fact, ...at, seq: version, version, stream: 'inc_1' };
  });
  return [...past, ...facts];
}
const declared = (...systems: string[]) =>
  record(
    [],
    declareIncident(
      null,
      {
        incident: 'inc_1',
        label: 'INC-2026-0001',
        title: 'It lies',
        summary: '',
        systems,
        candidate: null,
        axes,
        drill: false,
      },
      at,
    ),
  );
const folded = (facts: readonly Recorded[]) => foldIncident(facts)!;
const held = (...systems: string[]) => systems.map((system, n) => ({ system, number: n + 1 }));
const name = (was: string[], systems: string[], holds = held()) =>
  nameSystems(folded(declared(...was)), { systems, reason: '' }, holds);

describe('the systems of an incident', () => {
  it.each([
    ['the first one', [], ['bot'], ['bot']],
    ['another instead', ['mailer'], ['bot'], ['bot']],
    ['one more', ['bot'], ['bot', 'mailer'], ['bot', 'mailer']],
    ['which one comes first', ['bot', 'mailer'], ['mailer', 'bot'], ['mailer', 'bot']],
    ['none, where it is not known after all', ['bot'], [], []],
    ['each once', [], ['bot', 'mailer', 'bot'], ['bot', 'mailer']],
  ])('names %s', (_, was, systems, to) => {
    const facts = record(declared(...was), name(was, systems));
    expect(facts.at(-1)).toMatchObject({ type: 'incident.systems-named', data: { from: was, to, reason: '' } });
    expect(folded(facts).systems).toEqual(to);
  });

  it('says nothing where nothing changes, and is refused where there is nothing to change', () => {
    expect(name(['bot', 'mailer'], ['bot', 'mailer', 'bot'])).toEqual([]);
    expect(name([], [])).toEqual([]);
    expect(nameSystems(null, { systems: [], reason: '' }, [])).toMatchObject({ refused: 'incident.unknown' });
    const open = folded(declared('bot'));
    const closed = folded(record(declared('bot'), moveIncident(open, { to: 'closed', reason: 'over' }, at)));
    expect(nameSystems(closed, { systems: ['mailer'], reason: '' }, [])).toMatchObject({ refused: 'incident.closed' });
  });

  it('keeps a system that this incident holds, and says by which hold', () => {
    expect(name(['bot', 'mailer'], ['mailer'], held('bot'))).toMatchObject({
      refused: 'incident.system-held',
      why: expect.stringContaining('HLD-1'),
      pointer: '/systems',
    });
    expect(name(['bot', 'mailer'], ['bot'], held('bot'))).toHaveLength(1);
    // One it holds without ever having named it: naming others takes nothing away.
    expect(name([], ['mailer'], held('bot'))).toHaveLength(1);
  });

  it('ends as it was named last, without ever losing one that is held', () => {
    const list = fc.array(fc.constantFrom('bot', 'mailer', 'shop', 'crm'), { maxLength: 6 });
    fc.assert(
      fc.property(list, fc.array(fc.tuple(list, list), { maxLength: 6 }), (first, acts) => {
        let facts = declared(...first);
        for (const [systems, holds] of acts) {
          const before = folded(facts);
          const decision = nameSystems(before, { systems, reason: '' }, held(...holds));
          if (!isRefusal(decision)) {
            facts = record(facts, decision);
            expect(nameSystems(folded(facts), { systems, reason: '' }, held(...holds))).toEqual([]);
          }
          const after = folded(facts).systems;
          for (const system of holds) if (before.systems.includes(system)) expect(after).toContain(system);
          expect(after).toEqual(isRefusal(decision) ? before.systems : [...new Set(systems)]);
        }
      }),
    );
  });

  it.each([
    [[], null, null],
    [[], 'bot', 'bot'],
    [['mailer', 'bot'], null, 'mailer'],
    [['mailer', 'bot'], 'bot', 'bot'],
    [['mailer'], 'bot', 'mailer'],
  ])('of %j with a candidate of %s, looks at %s first', (systems, found, first) => {
    expect(firstSystem({ systems }, found)).toBe(first);
    if (systems.length === 0) expect(firstSystem(null, found)).toBe(first);
  });
});
