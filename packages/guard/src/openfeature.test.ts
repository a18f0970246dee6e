import { OpenFeature, ProviderEvents } from '@openfeature/server-sdk';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Guarded, openGuarded } from '../../../conformance/guarded.ts';
import { holdOf, until } from '../../../conformance/stand-in-control-plane.ts';
import { provider } from './openfeature.ts';

let open: Guarded;
beforeEach(async () => {
  open = await openGuarded();
  await OpenFeature.setProviderAndWait(provider(open.guard, 'support-bot') as never);
});
afterEach(async () => {
  await OpenFeature.close();
  await open.close();
});

it('answers the flags of containment from the state in this process, and tells of changes', async () => {
  const client = OpenFeature.getClient();
  let changes = 0;
  client.addHandler(ProviderEvents.ConfigurationChanged, () => {
    changes += 1;
  });
  expect(await client.getBooleanValue('contain.support-bot.answers.allowed', false)).toBe(true);
  const hold = holdOf({ kind: 'fence', feature: 'answers', countries: { mode: 'deny', list: ['DE'] } });
  await open.order(
    hold,
    holdOf({ kind: 'route', from: { prompt: 'v41' }, to: { prompt: 'v40' } }),
    holdOf({ kind: 'settings', feature: 'summary', temperature: 0.1 }),
    holdOf({ kind: 'review', feature: 'letters' }),
  );
  await until('told', () => changes === 1);
  const of = (country: string) =>
    client.getBooleanDetails('contain.support-bot.answers.allowed', false, { country, targetingKey: 'u1' });
  expect([(await of('DE')).value, (await of('NL')).value]).toEqual([false, true]);
  expect(await of('DE')).toMatchObject({ reason: 'TARGETING_MATCH', flagMetadata: { hold: hold.hold } });
  expect(await client.getStringValue('contain.support-bot.prompt', 'mine', { prompt: 'v41', country: 'NL' })).toBe(
    'v40',
  );
  expect(await client.getStringValue('contain.support-bot.summary.model', 'mine')).toBe('mine');
  expect(await client.getObjectValue('contain.support-bot.summary.settings', {})).toEqual({ temperature: 0.1 });
  expect(await client.getBooleanValue('contain.support-bot.letters.review', false)).toBe(true);
  expect(await client.getBooleanValue('contain.support-bot.letters.allowed', true)).toBe(false);
});

it('gives the caller its own where it knows nothing, with the reason', async () => {
  const client = OpenFeature.getClient();
  expect(await client.getBooleanDetails('other.flag', true)).toMatchObject({
    value: true,
    errorCode: 'FLAG_NOT_FOUND',
  });
  expect(await client.getBooleanDetails('contain.sales-bot.allowed', false)).toMatchObject({
    errorCode: 'FLAG_NOT_FOUND',
  });
  expect(await client.getNumberDetails('contain.support-bot.allowed', 3)).toMatchObject({
    value: 3,
    errorCode: 'TYPE_MISMATCH',
  });
});
