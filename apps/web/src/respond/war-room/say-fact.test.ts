import type { Instant, Recorded } from '@firebreak/core/kernel';
import { describe, expect, it } from 'vitest';
import { sayFact } from './say-fact.ts';

const names = (who: Recorded['by'] | string): string =>
  ({ usr_ana: 'Ana Nkemelu', usr_theo: 'Theo Lind' })[typeof who === 'string' ? who : who.id] ?? 'Firebreak';
const fact = (type: string, data: object, by = 'usr_ana'): Recorded => ({
  seq: 1,
  stream: 'inc_1',
  version: 1,
  type,
  at: '2026-11-20T23:21:04.000Z' as Instant,
  by: { kind: 'person', id: by },
  data,
});
const read = (given: Recorded): string => {
  const { lead, rest, detail } = sayFact(given, names);
  return [lead, rest, detail].filter(Boolean).join(' | ');
};

describe('facts read as sentences', () => {
  it.each([
    [
      fact('containment.ordered', {
        hold: 'hld_1',
        number: 7,
        system: 'support-bot',
        what: { kind: 'route', feature: 'policy-answers', from: { prompt: 'v41' }, to: { prompt: 'v40' } },
        reason: 'Wrong policy told to customers',
        expiry: { mode: 'until-lifted' },
      }),
      'Ana Nkemelu ordered: roll back prompt v41 → v40 for policy-answers | on support-bot | “Wrong policy told to customers” Stands until lifted.',
    ],
    [
      fact('containment.confirmed', { hold: 'hld_1', instances: 212, lastAckMs: 41, epoch: 9 }),
      'Confirmed by all 212 live instances | The last one acknowledged 41 ms after the order.',
    ],
    [
      fact('containment.failed', {
        hold: 'hld_1',
        why: '1 of 3 instances has not acknowledged.',
        instances: [{ instance: 'bot-3', host: 'h', why: 'silent' }],
      }),
      'Not obeyed everywhere | 1 of 3 instances has not acknowledged: bot-3 (silent)',
    ],
    [
      fact('severity.called', { from: 3, to: 2, suggested: 2, reason: 'more people', provisional: false }),
      'Ana Nkemelu called Sev 2 | up from Sev 3 | “more people”',
    ],
    [
      fact('incident.systems-named', { from: [], to: ['support-bot', 'mailer'], reason: 'the caller said so' }),
      'Ana Nkemelu named support-bot, mailer | “the caller said so”',
    ],
    [
      fact('incident.systems-named', { from: ['support-bot'], to: [], reason: '' }),
      'Ana Nkemelu left open which AI system it is | instead of support-bot',
    ],
    [
      fact('archetype.called', { from: 'quality-drift', to: 'vendor-outage', reason: 'they told us' }),
      'Ana Nkemelu called it vendor outage | instead of quality drift | “they told us”',
    ],
    [
      fact('archetype.called', { from: 'vendor-outage', to: 'unknown', reason: '' }),
      'Ana Nkemelu left open what kind of failure it is | instead of vendor outage',
    ],
    [
      fact('archetype.called', { from: 'unknown', to: 'outside', reason: '' }),
      'Ana Nkemelu called it outside our archetypes',
    ],
    [fact('role.taken', { role: 'technical-lead', person: 'usr_theo' }), 'Theo Lind is technical lead'],
    [
      fact('note.written', { note: 'not_1', text: 'Seen on the chat page', occurredAt: null }),
      'Ana Nkemelu | noted | Seen on the chat page',
    ],
    [fact('step.ticked', { step: 'seen' }), 'Ana Nkemelu ticked | “Live traffic shows the effect”'],
  ])('%#', (given, words) => expect(read(given)).toBe(words));

  it('names a fact it does not know instead of hiding it', () =>
    expect(read(fact('comet.seen', {}))).toBe('comet.seen | by Ana Nkemelu'));
});
