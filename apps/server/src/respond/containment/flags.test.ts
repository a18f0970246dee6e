import { compile } from '@firebreak/core/respond/containment';
import { describe, expect, it } from 'vitest';
import { containmentVectors, snapshotOf } from '../../../../../conformance/containment.ts';
import { evaluate } from './flags.ts';

/** What the OFREP door answers, put back together from its four permissions. */
function byFlags(vector: (typeof containmentVectors)[number]) {
  const { system, feature, ...asked } = vector.request;
  const state = { compiled: () => compile(snapshotOf(vector)) };
  const ask = (permission: 'allowed' | 'model' | 'prompt' | 'provider') =>
    evaluate(state, { key: 'k', system, feature, permission }, asked);
  const allowed = ask('allowed');
  const to = Object.fromEntries(
    (['model', 'prompt', 'provider'] as const).flatMap((what) => {
      const { value } = ask(what);
      return value === undefined || value === asked[what] ? [] : [[what, value]];
    }),
  );
  const { hold, message } = allowed.metadata ?? {};
  const rerouted = Object.keys(to).length > 0;
  if (allowed.value === false) return { action: 'deny', hold, message };
  return rerouted ? { action: 'reroute', hold, to } : { action: 'allow' };
}

describe('OFREP answers as the guard does', () => {
  it.each(containmentVectors.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    expect(byFlags(vector)).toMatchObject(vector.expect);
  });
});
