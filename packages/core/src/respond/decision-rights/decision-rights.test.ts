import { describe, expect, it } from 'vitest';
import { type Instant, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import type { Role } from '../../prepare/people/index.ts';
import type { IncidentRole } from '../../prepare/role-directory/index.ts';
import { type ControlBase, widthOf } from '../containment/index.ts';
import {
  type Act,
  foldRights,
  type Holder,
  judgeFresh,
  judgeRight,
  type Rule,
  ruleFor,
  SHIPPED,
  setRule,
  whoWords,
} from './index.ts';

const T0 = instant('2026-11-20T10:00:00Z');
const min = (minutes: number): Instant => instant(Date.parse(T0) + minutes * 60_000);
const holder = (roles: Role[], over: Partial<Holder> = {}): Holder => ({
  roles: roles.map((role) => ({ role, since: min(-600) })),
  seats: [],
  freshAt: null,
  ...over,
});
const rule = (act: Act, roles: Role[], seats: IncidentRole[] = [], over: Partial<Rule> = {}): Rule => ({
  ...SHIPPED.narrow,
  who: { ...SHIPPED.narrow.who, [act]: { roles, seats } },
  ...over,
});
const code = (refusal: { refused: string } | null) => refusal?.refused ?? 'may';
const seat = (role: IncidentRole, since = min(-500)) => ({ seats: [{ role, since }] });

describe('who may', () => {
  it.each<[string, Act, Rule, Holder, string]>([
    ['as shipped a responder pulls', 'pull', SHIPPED.wide, holder(['responder']), 'may'],
    ['as shipped a viewer does not', 'pull', SHIPPED.narrow, holder(['viewer']), 'right.missing'],
    ['as shipped a responder lets nothing go', 'approve', SHIPPED.narrow, holder(['responder']), 'right.missing'],
    ['as shipped a lead breaks no glass', 'break-glass', SHIPPED.narrow, holder(['lead']), 'right.missing'],
    ['unless they are the commander', 'break-glass', SHIPPED.narrow, holder(['lead'], seat('commander')), 'may'],
    [
      'a seat gives no capability',
      'break-glass',
      SHIPPED.narrow,
      holder(['viewer'], seat('commander')),
      'right.missing',
    ],
    ['a role that is named', 'pull', rule('pull', ['lead']), holder(['lead']), 'may'],
    ['a role that is not', 'pull', rule('pull', ['lead']), holder(['responder']), 'right.missing'],
    [
      'a seat that names them',
      'pull',
      rule('pull', ['lead'], ['security']),
      holder(['responder'], seat('security')),
      'may',
    ],
  ])('%s', (_, act, its, who, expected) => {
    expect(code(judgeRight({ act, rule: its, holder: who, now: T0 }))).toBe(expected);
  });

  it.each<[string, Act, Holder, string]>([
    ['a role from before lets go', 'approve', holder(['lead']), 'may'],
    [
      'a role given meanwhile does not',
      'approve',
      { ...holder([]), roles: [{ role: 'lead', since: min(5) }] },
      'right.granted-late',
    ],
    ['but it restricts', 'pull', { ...holder([]), roles: [{ role: 'lead', since: min(5) }] }, 'may'],
    [
      'a seat given meanwhile breaks no glass',
      'break-glass',
      holder(['lead'], seat('commander', min(5))),
      'right.granted-late',
    ],
  ])('%s', (_, act, who, expected) => {
    const asked = { act, rule: SHIPPED.narrow, ruleThen: SHIPPED.narrow, declaredAt: T0, holder: who, now: min(10) };
    expect(code(judgeRight(asked))).toBe(expected);
  });

  it('a rule that was widened meanwhile gives nobody the right to let go', () => {
    const before = rule('approve', ['administrator']);
    const asked = {
      act: 'approve',
      rule: SHIPPED.narrow,
      holder: holder(['lead']),
      declaredAt: T0,
      now: min(10),
    } as const;
    expect(judgeRight({ ...asked, ruleThen: before })).toMatchObject({
      refused: 'right.granted-late',
      why: expect.stringContaining('after this incident was declared'),
    });
    expect(judgeRight({ ...asked, ruleThen: SHIPPED.narrow })).toBeNull();
  });

  it('reads as a sentence', () => {
    expect(whoWords({ roles: [], seats: [] }, 'approve')).toBe('lead or administrator');
    expect(whoWords({ roles: ['lead'], seats: ['security'] }, 'pull')).toBe(
      'lead, or security on-call of the role directory',
    );
  });
});

describe('how fresh somebody has to be', () => {
  it.each<[string, Act, number | null, number | null, string]>([
    ['nothing is asked', 'pull', null, -600, 'may'],
    ['within the time', 'pull', 10, -10, 'may'],
    ['too long ago', 'pull', 10, -11, 'session.stale'],
    ['a key is never fresh', 'approve', 10, null, 'session.stale'],
    ['extending asks for nothing', 'extend', 10, null, 'may'],
    ['the glass always does', 'break-glass', null, -6, 'session.stale'],
    ['and no setting makes that longer', 'break-glass', 600, -6, 'session.stale'],
    ['five minutes are fresh', 'break-glass', null, -5, 'may'],
  ])('%s', (_, act, freshMinutes, ago, expected) => {
    const its = { ...SHIPPED.narrow, freshMinutes };
    const who = holder(['administrator'], { freshAt: ago === null ? null : min(ago) });
    expect(code(judgeFresh({ act, rule: its, holder: who, now: T0 }))).toBe(expected);
  });
});

it('a rule that asks for less since the incident was declared asks for letting go as before', () => {
  const before = { ...SHIPPED.narrow, freshMinutes: 10 };
  const asked = {
    act: 'approve',
    rule: SHIPPED.narrow,
    holder: holder(['lead'], { freshAt: min(-20) }),
    now: T0,
  } as const;
  expect(code(judgeFresh({ ...asked, ruleThen: before }))).toBe('session.stale');
  expect(code(judgeFresh({ ...asked, ruleThen: SHIPPED.narrow }))).toBe('may');
});

describe('rules', () => {
  const recorded = (of: string, its: Rule | null, at: Instant, seq: number): Recorded => ({
    type: 'rights.set',
    data: { system: 'bot', of, rule: its, reason: 'r' },
    seq,
    version: seq,
    stream: 'sys_1',
    at,
    by: { kind: 'person', id: 'usr_ana' },
  });

  it('of a control come first, then of its width, then as shipped; and there is what was at a moment', () => {
    const [wide, own] = [rule('pull', ['lead']), rule('pull', ['administrator'])];
    const rights = foldRights([
      recorded('wide', wide, min(0), 1),
      recorded('ctl_1', own, min(1), 2),
      recorded('ctl_1', null, min(2), 3),
    ]);
    expect(ruleFor(rights, { control: 'ctl_1', width: 'wide' }, min(1))).toBe(own);
    expect(ruleFor(rights, { control: 'ctl_1', width: 'wide' })).toBe(wide);
    expect(ruleFor(rights, { width: 'wide' }, min(-1))).toBe(SHIPPED.wide);
    expect(ruleFor(rights, { width: 'narrow' })).toBe(SHIPPED.narrow);
  });

  it.each<[string, Rule, string]>([
    ['/who/approve/roles', rule('approve', ['responder']), 'a role that lacks the capability'],
    ['/who/pull/roles', rule('pull', [], ['security']), 'only seats, which may be empty, to restrict'],
    ['/second/minutes', { ...SHIPPED.narrow, second: { when: 'before', minutes: 0 } }, 'no time to agree'],
    ['/freshMinutes', { ...SHIPPED.narrow, freshMinutes: 0.5 }, 'half a minute'],
  ])('are refused at %s', (pointer, its) => {
    const decision = setRule([], { system: 'bot', of: 'wide', rule: its, reason: 'r' });
    expect(decision).toMatchObject({ refused: 'right.bad-rule', pointer });
  });

  it('are recorded once', () => {
    const want = { system: 'bot', of: 'wide', rule: rule('pull', ['lead']), reason: 'r' } as const;
    const decision = setRule([], want);
    if (isRefusal(decision)) throw new Error(decision.why);
    const rights = foldRights([{ ...recorded('wide', null, T0, 1), ...decision[0]! }]);
    expect(setRule(rights, want)).toEqual([]);
  });
});

it.each<[ControlBase & object, 'narrow' | 'wide']>([
  [{ kind: 'disable' }, 'wide'],
  [{ kind: 'disable', feature: 'answers' } as never, 'narrow'],
  [{ kind: 'revoke', agent: 'filer' } as never, 'narrow'],
  [{ kind: 'revoke' }, 'wide'],
  [{ kind: 'retrieval', index: 'faq' } as never, 'narrow'],
  [{ kind: 'block', phrases: ['x'] } as never, 'narrow'],
  [{ kind: 'pause' }, 'wide'],
  [{ kind: 'throttle' }, 'wide'],
])('%j is %s', (what, width) => {
  expect(widthOf(what)).toBe(width);
});
