import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addMs, instant } from '../../kernel/index.ts';
import { decideLate, decideParent, needsOver, proposeParents, release, reportLate, unmerge } from './index.ts';

const BEGIN = instant('2026-11-20T10:00:00.000Z');
const begun = (system: string, minute: number, more: object = {}) => ({
  id: `cnd_${system}` as const,
  system,
  probe: false,
  mark: null,
  parent: null,
  summary: { firstAt: addMs(BEGIN, minute * 60_000) },
  ...more,
});
const needs = (needed: string, ...others: string[]) => others.map((each) => ({ needs: each, needed }));
const EDGES = [...needs('index', 'rag'), ...needs('rag', 'bot'), ...needs('vendor:model', 'bot')];

it.each([
  ['index', 0, 'bot', 4, 'cnd_index'],
  ['index', 0, 'bot', 11, null],
  ['bot', 0, 'index', 4, null],
  ['index', 0, 'bot', 0, 'cnd_index'],
  ['sales', 0, 'bot', 4, null],
] as const)('%s at %i min, %s at %i min: the second follows from %s', (a, atA, b, atB, parent) => {
  for (const [one, other] of [
    [begun(a, atA), begun(b, atB)],
    [begun(b, atB), begun(a, atA)],
  ] as const) {
    const found = proposeParents(one, [other], EDGES).find(({ candidate }) => candidate === `cnd_${b}`);
    expect(found?.parent ?? null).toBe(parent);
  }
});

it('leaves probes, drills and what has a proposal already alone, and names the way', () => {
  expect(proposeParents(begun('bot', 4), [begun('index', 0, { probe: true })], EDGES)).toEqual([]);
  expect(proposeParents(begun('bot', 4, { mark: 'drill:1' }), [begun('index', 0)], EDGES)).toEqual([]);
  expect(proposeParents(begun('bot', 4, { parent: {} }), [begun('index', 0)], EDGES)).toEqual([]);
  expect(proposeParents(begun('bot', 4), [begun('index', 0)], EDGES)[0]?.because).toBe(
    'bot needs index over rag, which began to fail 4 min before',
  );
});

it('finds a way in any graph, circles too, and only along arrows', () => {
  const node = fc.constantFrom('a', 'b', 'c', 'd');
  fc.assert(
    fc.property(
      fc.array(fc.record({ needs: node, needed: node }), { maxLength: 12 }),
      node,
      node,
      (edges, from, to) => {
        const way = needsOver(edges, from, to);
        if (way === null) return;
        expect([way[0], way.at(-1)]).toEqual([from, to]);
        for (let i = 1; i < way.length; i++)
          expect(edges.some((edge) => edge.needs === way[i - 1] && edge.needed === way[i])).toBe(true);
      },
    ),
  );
});

it('refuses what is not there', () => {
  const asked = { at: BEGIN, by: { kind: 'person', id: 'usr_1' } } as const;
  expect(decideParent(null, { accepted: true, reason: 'x' })).toMatchObject({ refused: 'candidate.unknown' });
  expect(decideLate(null, { as: 'known', reason: 'x' })).toMatchObject({ refused: 'candidate.unknown' });
  expect(unmerge(null, { from: null, members: [], reason: 'x' }, asked)).toMatchObject({
    refused: 'candidate.unknown',
  });
  expect(release(null, { into: 'cnd_1', members: [], reason: 'x' }, asked)).toMatchObject({
    refused: 'candidate.unknown',
  });
  expect(reportLate(null, { members: [], reasons: [] })).toEqual([]);
});
