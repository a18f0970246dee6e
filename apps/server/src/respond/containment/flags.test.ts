import { compile, type LimitInForce, type Settings } from '@firebreak/core/respond/containment';
import { describe, expect, it } from 'vitest';
import { newRequestVectors, snapshotOf } from '../../../../../conformance/containment.ts';
import { evaluate } from './flags.ts';

/** What the OFREP door answers, put back together from its permissions. */
function byFlags(vector: (typeof newRequestVectors)[number]) {
  const { system, feature, subject, ...asked } = vector.request;
  const context = { ...asked, ...(subject === undefined ? {} : { targetingKey: subject }) };
  const view = { of: '', compiled: () => compile(snapshotOf(vector)) };
  const ask = (permission: 'allowed' | 'model' | 'prompt' | 'provider' | 'settings' | 'limits' | 'review') =>
    evaluate(view, { key: 'k', system, feature, permission }, context);
  const allowed = ask('allowed');
  const to = Object.fromEntries(
    (['model', 'prompt', 'provider'] as const).flatMap((what) => {
      const { value } = ask(what);
      return value === undefined || value === asked[what] ? [] : [[what, value]];
    }),
  );
  const settings = ask('settings').value as Settings;
  const { limits } = ask('limits').value as { limits: readonly LimitInForce[] };
  const review = ask('review').value === true;
  const { hold, message } = allowed.metadata ?? {};
  if (allowed.value === false && !review) return { action: 'deny', hold, message };
  const whole = { hold, to, settings, limits, review: allowed.metadata?.review };
  if (review) return { action: 'review', ...whole };
  if (limits.length > 0) return { action: 'limit', ...whole };
  return Object.keys(to).length + Object.keys(settings).length > 0
    ? { action: 'reroute', ...whole }
    : { action: 'allow' };
}

describe('OFREP answers as the guard does', () => {
  it.each(newRequestVectors.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    expect(byFlags(vector)).toMatchObject(vector.expect);
  });
});
