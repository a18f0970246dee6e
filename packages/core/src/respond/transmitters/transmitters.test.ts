import { describe, expect, it } from 'vitest';
import { askedBy, headerOf, keyFor, makeTransmitter, OLDEST_SECONDS, publicKeysIn, readEvents } from './index.ts';

const NOW = 1_795_860_000;
const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/';
const RSA = { kty: 'RSA', kid: 'a', n: 'x'.repeat(342), e: 'AQAB' };
const EC = { kty: 'EC', kid: 'b', crv: 'P-256', x: 'x'.repeat(43), y: 'y'.repeat(43) };
const of = { issuer: 'https://idp', audience: 'https://us', nowSeconds: NOW };
const claims = (over: object = {}) => ({
  iss: 'https://idp',
  aud: 'https://us',
  jti: 'j1',
  iat: NOW,
  sub_id: { format: 'opaque', id: 'clerk' },
  events: { [`${CAEP}session-revoked`]: { event_timestamp: NOW } },
  ...over,
});

describe('keys', () => {
  it('takes those that RS256 and ES256 verify with, and nothing of them but that', () => {
    const set = { keys: [{ ...RSA, use: 'sig', x5c: ['…'] }, EC, { kty: 'OKP', crv: 'Ed25519', x: 'x' }] };
    expect(publicKeysIn(set)).toEqual([RSA, EC]);
  });
  it.each([
    ['no set', [], /no JWK set/],
    ['a secret', { keys: [{ kty: 'oct', k: 'abc' }] }, /private or secret/],
    ['a private key', { keys: [{ ...RSA, d: 'x' }] }, /private or secret/],
    ['a short key', { keys: [{ ...RSA, n: 'x'.repeat(171) }] }, /no key in it/],
    ['a key for something else', { keys: [{ ...RSA, use: 'enc' }] }, /no key in it/],
    ['a key of another way', { keys: [{ ...RSA, alg: 'PS256' }] }, /no key in it/],
    ['too many', { keys: Array(21).fill(RSA) }, /At most 20/],
  ])('refuses %s', (_, set, why) => expect(publicKeysIn(set)).toMatch(why));
  it('is the one that is named, of the kind the way of signing takes', () => {
    const keys = publicKeysIn({ keys: [RSA, EC] }) as never;
    expect(keyFor(keys, { alg: 'RS256', kid: 'a' })).toEqual(RSA);
    expect(keyFor(keys, { alg: 'ES256', kid: 'a' })).toBeUndefined();
    expect(keyFor(keys, { alg: 'ES256' })).toEqual(EC);
    expect(keyFor(publicKeysIn({ keys: [RSA, { ...RSA, kid: 'c' }] }) as never, { alg: 'RS256' })).toBeUndefined();
  });
});

describe('a token', () => {
  it.each([
    ['unsigned', { alg: 'none', typ: 'secevent+jwt' }, 'invalid_key'],
    ['signed with a secret', { alg: 'HS256', typ: 'secevent+jwt' }, 'invalid_key'],
    ['of another type', { alg: 'RS256', typ: 'JWT' }, 'invalid_request'],
    ['of no type', { alg: 'RS256' }, 'invalid_request'],
    ['with something critical', { alg: 'RS256', typ: 'secevent+jwt', crit: ['b64'] }, 'invalid_request'],
  ])('%s is refused', (_, header, err) => expect(headerOf(header)).toMatchObject({ err }));
  it('of its type, signed in one of two ways, is read', () =>
    expect(headerOf({ alg: 'ES256', typ: 'application/secevent+jwt', kid: 'b' })).toEqual({ alg: 'ES256', kid: 'b' }));

  it.each([
    ['another issuer', { iss: 'https://other' }, 'invalid_issuer'],
    ['another audience', { aud: ['https://other'] }, 'invalid_audience'],
    ['no id', { jti: undefined }, 'invalid_request'],
    ['no time', { iat: undefined }, 'invalid_request'],
    ['a time to come', { iat: NOW + 301 }, 'invalid_request'],
    ['a time long ago', { iat: NOW - OLDEST_SECONDS - 1 }, 'invalid_request'],
    ['no event', { events: {} }, 'invalid_request'],
    ['an event that is no object', { events: { a: 'b' } }, 'invalid_request'],
  ])('with %s is refused', (_, over, err) => expect(readEvents(claims(over), of)).toMatchObject({ err }));
  it('is read at the edges of its time, and for one audience of several', () => {
    for (const iat of [NOW + 300, NOW - OLDEST_SECONDS])
      expect(readEvents(claims({ iat, aud: ['x', 'https://us'] }), of)).toMatchObject({
        jti: 'j1',
        events: [{ type: 'session-revoked', subject: { id: 'clerk' } }],
      });
  });
  it('of an older transmitter names its subject in the event', () =>
    expect(
      readEvents(claims({ sub_id: undefined, events: { [`${CAEP}session-revoked`]: { subject: { id: 'x' } } } }), of),
    ).toMatchObject({ events: [{ subject: { id: 'x' } }] }));
});

describe('an event', () => {
  const issuers = { ours: 'https://us', theirs: 'https://idp' };
  const asked = (type: string, subject: unknown, says = {}) => askedBy({ type, subject, says }, issuers);
  it.each([
    ['jwt_id', { format: 'jwt_id', iss: 'https://us', jti: 't1' }, { token: 't1' }],
    ['iss_sub of ours', { format: 'iss_sub', iss: 'https://us', sub: 'clerk' }, { agent: 'clerk' }],
    ['iss_sub of theirs', { format: 'iss_sub', iss: 'https://idp', sub: 'clerk' }, { agent: 'clerk' }],
    ['opaque', { format: 'opaque', id: 'clerk' }, { agent: 'clerk' }],
  ])('that ends a session ends tokens of %s', (_, subject, revoke) =>
    expect(asked('session-revoked', subject)).toMatchObject({ revoke }),
  );
  it.each([
    ['of a token of others', 'session-revoked', { format: 'jwt_id', iss: 'https://idp', jti: 't1' }],
    ['of somebody of others', 'session-revoked', { format: 'iss_sub', iss: 'https://else', sub: 'clerk' }],
    ['of nobody', 'session-revoked', undefined],
    ['of another format', 'session-revoked', { format: 'email', email: 'a@b.c' }],
    ['that lowers a risk', 'risk-level-change', { format: 'opaque', id: 'clerk' }],
    ['that establishes a session', 'session-established', { format: 'opaque', id: 'clerk' }],
    ['that tests', 'verification', { format: 'opaque', id: 'stream' }],
  ])('%s asks for nothing', (_, type, subject) => expect(asked(type, subject)).toHaveProperty('nothing'));
  it.each([
    ['revoke', true],
    ['delete', true],
    ['create', false],
    ['update', false],
  ])('that a credential was changed: %s', (change_type, ends) =>
    expect('revoke' in asked('credential-change', { format: 'opaque', id: 'clerk' }, { change_type })).toBe(ends),
  );
});

it('is made with keys, or with where they stand', () => {
  const want = { transmitter: 'trm_1' as const, name: 'IdP', issuer: 'i', audience: 'a', systems: [] };
  expect(makeTransmitter(null, { ...want, keys: { set: { keys: [RSA] } } })).toMatchObject([
    { type: 'transmitter.made', data: { keys: { set: [RSA] } } },
  ]);
  expect(makeTransmitter(null, { ...want, keys: { set: {} } })).toMatchObject({ refused: 'transmitter.bad-keys' });
  expect(makeTransmitter(null, { ...want, keys: { url: 'https://a:b@idp/jwks' } })).toMatchObject({
    refused: 'link.bad-address',
  });
});
