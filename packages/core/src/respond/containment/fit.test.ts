import { describe, expect, it } from 'vitest';
import { ARCHITECTURES } from '../../prepare/inventory/index.ts';
import {
  type Fit,
  fitOf,
  fitOfControl,
  fittingLevers,
  KIND_NAMES,
  LEVERS,
  type LeverName,
  leversOf,
  worthWiring,
} from './index.ts';

describe('which levers make sense for an architecture', () => {
  it.each<[LeverName, (typeof ARCHITECTURES)[number], Fit]>([
    ['retrieval-off', 'rag', 'first'],
    ['retrieval-off', 'agentic', 'fits'],
    ['retrieval-off', 'plain-llm', 'not'],
    ['revoke-tools', 'agentic', 'first'],
    ['revoke-tools', 'rag', 'not'],
    ['clear-memory', 'with-memory', 'first'],
    ['clear-memory', 'predictive', 'not'],
    ['threshold', 'predictive', 'first'],
    ['threshold', 'voice', 'not'],
    ['roll-back-prompt', 'predictive', 'not'],
    ['roll-back-model', 'predictive', 'first'],
    ['switch-vendor', 'voice', 'first'],
    ['human-review', 'voice', 'not'],
    ['human-review', 'agentic', 'first'],
  ])('%s for %s: %s', (lever, architecture, fit) => {
    const found = fitOf(lever, architecture);
    expect(found.fit).toBe(fit);
    expect(found.why === '').toBe(fit !== 'not');
  });

  it.each(ARCHITECTURES)(
    '%s: every lever once, stopping always among them, a reason for each that does not fit',
    (architecture) => {
      const all = fittingLevers(architecture);
      expect(all.map(({ lever }) => lever).sort()).toEqual([...LEVERS].sort());
      expect(all.map(({ fit }) => ['first', 'fits', 'not'].indexOf(fit))).toEqual(
        all.map(({ fit }) => ['first', 'fits', 'not'].indexOf(fit)).sort(),
      );
      expect(fitOf('stop', architecture).fit).not.toBe('not');
      for (const { by } of all) expect(KIND_NAMES).toContain(by);
    },
  );

  it('says nothing where the architecture is not said', () => {
    expect(fittingLevers('unsaid').every(({ fit }) => fit === 'fits')).toBe(true);
    expect(worthWiring('unsaid', [])).toEqual([]);
  });

  it('knows which levers a control is, and what is left to wire', () => {
    expect(leversOf({ kind: 'route', to: { prompt: 'v1', provider: 'other' } } as never)).toEqual([
      'roll-back-prompt',
      'switch-vendor',
    ]);
    expect(leversOf({ kind: 'fence', audience: 'authenticated' } as never)).toEqual(['signed-in-only']);
    expect(leversOf({ kind: 'from-the-future' })).toEqual([]);
    expect(fitOfControl({ kind: 'route', to: { prompt: 'v1' } } as never, 'predictive')).toMatchObject({ fit: 'not' });
    expect(fitOfControl({ kind: 'route', to: { prompt: 'v1', model: 'm' } } as never, 'predictive').fit).toBe('first');
    expect(worthWiring('rag', [{ kind: 'disable' }]).map(({ lever, by }) => [lever, by])).toEqual([
      ['roll-back-prompt', 'route'],
      ['retrieval-off', 'retrieval'],
      ['block-pattern', 'block'],
    ]);
  });
});
