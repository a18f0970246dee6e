import { describe, expect, it } from 'vitest';
import { instant } from '../../kernel/index.ts';
import { eventOfRevokedToken, eventsOfRestoration, eventsOfRevocation, setClaims, verificationEvent } from './index.ts';

const changed = {
  issuer: 'https://firebreak.example',
  system: 'bot',
  at: instant('2026-11-28T10:00:00.900Z'),
  reason: 'hijacked',
  by: 'person' as const,
};
const hold = (what: object, system = 'bot') => ({ system, what }) as never;
const clerk = { format: 'iss_sub', iss: 'https://firebreak.example', sub: 'clerk' };

describe('what receivers of security events are told', () => {
  it.each([
    ['an agent', { agent: 'clerk' }, ['session-revoked', 'risk-level-change'], clerk],
    [
      'an agent under one credential',
      { agent: 'clerk', credential: 'ops' },
      ['session-revoked', 'credential-change', 'risk-level-change'],
      clerk,
    ],
    ['one tool', { agent: 'clerk', tools: ['pay'] }, ['token-claims-change'], clerk],
    ['every agent', {}, ['session-revoked', 'risk-level-change'], { format: 'opaque', id: 'bot' }],
  ])('when %s is revoked', (_, what, types, subject) => {
    const events = eventsOfRevocation({ kind: 'revoke', ...what }, changed);
    expect(events.map(({ type }) => type)).toEqual(types);
    for (const event of events) {
      expect(event.subject).toEqual(subject);
      expect(event.says).toMatchObject({
        event_timestamp: 1_795_860_000,
        initiating_entity: 'admin',
        reason_admin: { en: 'hijacked' },
      });
    }
  });

  it.each([
    ['person', 'admin'],
    ['key', 'system'],
    ['system', 'policy'],
  ] as const)('says who began it: a %s is %s', (by, entity) => {
    const what = { kind: 'revoke', agent: 'clerk' };
    const all = [
      ...eventsOfRevocation(what, { ...changed, by }),
      ...eventsOfRestoration(what, [], { ...changed, by }),
      eventOfRevokedToken('t1', { ...changed, by }),
    ];
    expect(all.map(({ says }) => says.initiating_entity)).toEqual(Array(4).fill(entity));
  });

  it.each([
    [{ agent: 'clerk' }, 'USER'],
    [{}, 'APPLICATION'],
  ])('says whose risk changed: %j is of the principal %s', (what, principal) => {
    const raised = eventsOfRevocation({ kind: 'revoke', ...what }, changed).at(-1)!;
    const lowered = eventsOfRestoration({ kind: 'revoke', ...what }, [], changed).at(-1)!;
    expect([raised.says.principal, lowered.says.principal]).toEqual([principal, principal]);
  });

  it('repeats a state only where the receiver gave one', () => {
    expect(verificationEvent('sub_1', 'abc').says).toEqual({ state: 'abc' });
    expect(verificationEvent('sub_1', '').says).toEqual({});
  });

  it('is nothing for a hold that takes no tools', () => {
    expect(eventsOfRevocation({ kind: 'disable' }, changed)).toEqual([]);
    expect(eventsOfRestoration({ kind: 'disable' }, [], changed)).toEqual([]);
  });

  it.each([
    ['nothing else is in force', { agent: 'clerk' }, [], 'risk-level-change'],
    ['another agent is held', { agent: 'clerk' }, [hold({ kind: 'revoke', agent: 'other' })], 'risk-level-change'],
    [
      'the agent is held elsewhere',
      { agent: 'clerk' },
      [hold({ kind: 'revoke', agent: 'clerk' }, 'b2')],
      'risk-level-change',
    ],
    ['another hold stops all agents', { agent: 'clerk' }, [hold({ kind: 'revoke' })], undefined],
    [
      'one tool stays taken',
      { agent: 'clerk' },
      [hold({ kind: 'revoke', agent: 'clerk', tools: ['pay'] })],
      'token-claims-change',
    ],
    ['only a tool was taken', { agent: 'clerk', tools: ['pay'] }, [], 'token-claims-change'],
  ])('when a revocation ends and %s', (_, what, others, type) => {
    const [event, more] = eventsOfRestoration({ kind: 'revoke', ...what }, others, changed);
    expect([event?.type, more]).toEqual([type, undefined]);
    if (type === 'risk-level-change')
      expect(event!.says).toMatchObject({ previous_level: 'HIGH', current_level: 'LOW', principal: 'USER' });
    if (type === 'token-claims-change')
      expect(event!.says.claims).toEqual({ system: 'bot', denied_tools: others.length === 0 ? [] : ['pay'] });
  });

  it('stands in a token of one event, without the claims RFC 8417 forbids', () => {
    const claims = setClaims(eventOfRevokedToken('t1', changed), {
      issuer: changed.issuer,
      audience: 'https://idp.example',
      id: 'dlv_1',
      txn: 'inc_1',
      at: changed.at,
    });
    expect(claims).toEqual({
      iss: 'https://firebreak.example',
      aud: 'https://idp.example',
      jti: 'dlv_1',
      iat: 1_795_860_000,
      txn: 'inc_1',
      sub_id: { format: 'jwt_id', iss: 'https://firebreak.example', jti: 't1' },
      events: {
        'https://schemas.openid.net/secevent/caep/event-type/session-revoked': {
          event_timestamp: 1_795_860_000,
          initiating_entity: 'admin',
          reason_admin: { en: 'hijacked' },
        },
      },
    });
  });
});
