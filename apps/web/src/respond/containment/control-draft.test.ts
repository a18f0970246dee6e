import { controlFaults, describeControl } from '@firebreak/core/respond/containment';
import { describe, expect, it } from 'vitest';
import { controlOf, EMPTY_DRAFT } from './control-draft.ts';

describe('a control from a form', () => {
  it('leaves out what is empty, so that the core judges only what was said', () => {
    expect(controlOf(EMPTY_DRAFT)).toEqual({ kind: 'disable' });
    const rollBack = controlOf({
      ...EMPTY_DRAFT,
      kind: 'route',
      feature: 'policy-answers',
      from: { model: '', prompt: ' v41 ', provider: '' },
      to: { model: '', prompt: 'v40', provider: '' },
    });
    expect(rollBack).toEqual({
      kind: 'route',
      feature: 'policy-answers',
      from: { prompt: 'v41' },
      to: { prompt: 'v40' },
    });
    expect(controlFaults(rollBack)).toEqual([]);
    expect(describeControl(rollBack)).toContain('v41 → v40');
  });
  it('reads countries however they are separated', () => {
    expect(controlOf({ ...EMPTY_DRAFT, kind: 'fence', countryMode: 'deny', countries: 'de, fr;US' })).toEqual({
      kind: 'fence',
      countries: { mode: 'deny', list: ['DE', 'FR', 'US'] },
    });
  });
  it('does not hide a fence without a fence', () =>
    expect(controlFaults(controlOf({ ...EMPTY_DRAFT, kind: 'fence' }))).not.toEqual([]));
});
