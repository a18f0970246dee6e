import { describe, expect, it } from 'vitest';
import { instant, type Recorded } from '../../kernel/index.ts';
import { closeRisk, describeRisk, foldRisk, isOverdue, type RiskDescription, registerRisk } from './index.ts';

const described: RiskDescription = {
  title: 'Invents rules',
  failureMode: 'states a rule nobody made',
  proximateCause: 'the prompt asks for short answers',
  contributing: ['no check against the sources'],
  systems: ['support-bot'],
  owner: 'usr_1',
  inherent: { likelihood: 4, impact: 3 },
  treatment: 'reduce',
  treatmentNote: 'grounding check',
  residual: { likelihood: 2, impact: 3 },
  reviewBy: null,
};
const recorded = (type: string, data: object, seq = 1) =>
  ({
    type,
    data,
    seq,
    stream: 's',
    version: seq,
    at: instant('2026-11-20T10:00:00.000Z'),
    by: { kind: 'person', id: 'usr_1' },
  }) as Recorded;
const risk = foldRisk([recorded('risk.registered', { risk: 'rsk_1', because: 'INC-2026-0001', ...described })])!;

describe('a risk', () => {
  it('is registered with a reason, described anew with another, and closed', () => {
    expect(registerRisk(null, { risk: 'rsk_1', because: 'INC-2026-0001', ...described })).toMatchObject([
      { type: 'risk.registered' },
    ]);
    const later = foldRisk([
      recorded('risk.registered', { risk: 'rsk_1', because: 'INC-2026-0001', ...described }),
      recorded('risk.described', { because: 'seen again', ...described, inherent: { likelihood: 5, impact: 3 } }, 2),
      recorded('risk.closed', { reason: 'the bot is retired' }, 3),
    ])!;
    expect(later.because.map((it) => it.text)).toEqual(['INC-2026-0001', 'seen again']);
    expect(later).toMatchObject({ inherent: { likelihood: 5 }, closed: 'the bot is retired' });
    expect(describeRisk(later, { because: 'x', ...described })).toMatchObject({ refused: 'risk.closed' });
    expect(closeRisk(later, { reason: 'again' })).toEqual([]);
  });

  it.each([
    ['a residual risk that is worse', { residual: { likelihood: 5, impact: 3 } }, 'risk.residual-worse', '/residual'],
    ['an acceptance without a date', { treatment: 'accept' }, 'risk.acceptance-open-ended', '/reviewBy'],
    [
      'an acceptance without a reason',
      { treatment: 'accept', treatmentNote: ' ', reviewBy: '2027-01-01' },
      'risk.acceptance-open-ended',
      '/treatmentNote',
    ],
  ] as const)('refuses %s', (_name, part, refused, pointer) => {
    expect(describeRisk(risk, { because: 'x', ...described, ...part })).toMatchObject({ refused, pointer });
  });

  it('is overdue from the day after its date', () => {
    const dated = { reviewBy: '2026-11-20', closed: null };
    expect(isOverdue(dated, instant('2026-11-20T23:59:59.000Z'))).toBe(false);
    expect(isOverdue(dated, instant('2026-11-21T00:00:00.000Z'))).toBe(true);
    expect(isOverdue({ ...dated, closed: 'gone' }, instant('2026-12-21T00:00:00.000Z'))).toBe(false);
  });

  it('answers for what is not there', () => {
    expect(describeRisk(null, { because: 'x', ...described })).toMatchObject({ refused: 'risk.unknown' });
    expect(closeRisk(null, { reason: 'x' })).toMatchObject({ refused: 'risk.unknown' });
  });
});
