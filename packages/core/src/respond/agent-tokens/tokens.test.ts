import { describe, expect, it } from 'vitest';
import { instant } from '../../kernel/index.ts';
import { isActive, readClaims, revokeToken, type TokenClaims, type TokenState } from './index.ts';

const NOW = Date.parse('2026-11-28T10:00:00Z') / 1_000;
const claims = (over: Partial<TokenClaims> = {}): TokenClaims => ({
  iss: 'http://firebreak',
  aud: 'https://ledger.example',
  client_id: 'clerk',
  sub: 'clerk',
  system: 'bot',
  iat: NOW - 60,
  exp: NOW + 120,
  jti: 't1',
  ...over,
});
const hold = (what: object, over: object = {}) =>
  ({
    hold: 'hld_1',
    number: 1,
    incident: 'inc_1',
    system: 'bot',
    what: { kind: 'revoke', ...what },
    order: 1,
    ...over,
  }) as never;
const revocation = (what: object, orderedAt = '2026-11-28T09:59:30Z') => ({
  system: 'bot',
  what: { kind: 'revoke' as const, ...what },
  orderedAt: instant(orderedAt),
});
const state = (over: Partial<TokenState> = {}): TokenState => ({
  inForce: [],
  revocations: [],
  revoked: new Set(),
  nowSeconds: NOW,
  ...over,
});

describe('a token', () => {
  it.each([
    ['is active', claims(), state(), true],
    ['has ended', claims({ exp: NOW }), state(), false],
    ['is of the future', claims({ iat: NOW + 600, exp: NOW + 700 }), state(), false],
    ['was revoked', claims(), state({ revoked: new Set(['t1']) }), false],
    ['of a revoked agent', claims(), state({ inForce: [hold({ agent: 'clerk' })] }), false],
    ['of another agent', claims(), state({ inForce: [hold({ agent: 'other' })] }), true],
    ['of an agent that lost one tool', claims(), state({ inForce: [hold({ agent: 'clerk', tools: ['pay'] })] }), true],
    ['under a revoked credential', claims({ credential: 'k' }), state({ inForce: [hold({ credential: 'k' })] }), false],
    ['under another credential', claims({ credential: 'j' }), state({ inForce: [hold({ credential: 'k' })] }), true],
    [
      'from before a revocation that was lifted',
      claims(),
      state({ revocations: [revocation({ agent: 'clerk' })] }),
      false,
    ],
    ['from after it', claims({ iat: NOW - 29 }), state({ revocations: [revocation({ agent: 'clerk' })] }), true],
    ['from before one of one tool', claims(), state({ revocations: [revocation({ tools: ['pay'] })] }), true],
    ['from before one of all agents', claims(), state({ revocations: [revocation({})] }), false],
  ])('%s', (_, token, given, active) => expect(isActive(token, given)).toBe(active));

  it('is revoked once, and not after its end', () => {
    expect(revokeToken(new Set(), claims(), NOW)).toMatchObject([{ type: 'token.revoked', data: { token: 't1' } }]);
    expect(revokeToken(new Set(['t1']), claims(), NOW)).toEqual([]);
    expect(revokeToken(new Set(), claims({ exp: NOW - 1 }), NOW)).toEqual([]);
  });

  it('that says more than five minutes, or is none of ours, is not read', () => {
    expect(readClaims(claims())).toBeDefined();
    expect(readClaims(claims({ exp: NOW + 3_600 }))).toBeUndefined();
    for (const bad of [null, 'x', {}, { ...claims(), sub: '' }, { ...claims(), iat: 1.5 }])
      expect(readClaims(bad)).toBeUndefined();
  });
});
