import { describe, expect, it } from 'vitest';
import { type Decision, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import {
  addSource,
  describeSource,
  endSource,
  foldSource,
  mapSource,
  renewSource,
  type Source,
  type SourceFact,
  type SourceProduct,
  signSource,
} from './index.ts';

const AT = instant('2026-11-20T10:00:00Z');
const then = (facts: readonly Recorded[], made: Decision<SourceFact>): readonly Recorded[] => {
  if (isRefusal(made)) throw new Error(made.why);
  return [
    ...facts,
    ...(made.map((fact) => ({ ...fact, at: AT, by: { kind: 'person', id: 'usr_1' } })) as unknown as Recorded[]),
  ];
};
const about = { name: 'Monitors', system: null, label: 'service' };
const added = (product: SourceProduct): { facts: readonly Recorded[]; source: Source } => {
  const facts = then(
    [],
    addSource(null, { source: 'src_1', product, hash: 'h', signed: false, mapping: '', ...about }, 0),
  );
  return { facts, source: foldSource(facts)! };
};

describe('a source', () => {
  it('keeps what was said last', () => {
    let { facts } = added('custom');
    facts = then(facts, mapSource(foldSource(facts), { mapping: '{}' }));
    facts = then(facts, renewSource(foldSource(facts), { hash: 'h2' }));
    facts = then(facts, signSource(foldSource(facts), { signed: true }));
    facts = then(facts, describeSource(foldSource(facts), { ...about, system: 'bot' }));
    expect(foldSource(facts)).toMatchObject({ mapping: '{}', hash: 'h2', signed: true, system: 'bot', ended: null });
    expect(mapSource(foldSource(facts), { mapping: '{}' })).toEqual([]);
  });

  it.each([
    [
      'too many',
      () =>
        addSource(null, { source: 'src_1', product: 'custom', hash: 'h', signed: false, mapping: '', ...about }, 200),
      'source.too-many',
    ],
    ['a mapping of Grafana', () => mapSource(added('grafana').source, { mapping: '$' }), 'source.bad-mapping'],
    ['signatures of Statuspage', () => signSource(added('statuspage').source, { signed: true }), 'source.cannot-sign'],
    ['after the end', () => renewSource({ ...added('custom').source, ended: 'gone' }, { hash: 'x' }), 'source.ended'],
    ['unknown', () => endSource(null, { reason: 'x' }), 'source.unknown'],
  ])('refuses: %s', (_, ask, code) => {
    expect(ask()).toMatchObject({ refused: code });
  });
});
