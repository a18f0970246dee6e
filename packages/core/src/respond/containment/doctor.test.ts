import { describe, expect, it } from 'vitest';
import { instant } from '../../kernel/index.ts';
import { type Examined, examine } from './index.ts';

const now = instant('2026-11-28T10:00:00.000Z');
const system = { system: 'bot', name: 'Bot', controls: [], missing: [] };
const guard = { instance: 'bot-1', system: 'bot', kind: 'guard', live: true, current: true, unsupported: [] } as const;
const of = (over: Partial<Examined>) =>
  examine({ now, systems: [system], instances: [], executors: [], channels: [], ...over })[0]!;
const control = (testedAt: string | null) => ({
  ...system,
  controls: [{ name: 'Stop', says: 'disables all', testedAt: testedAt === null ? null : instant(testedAt) }],
});

describe('whether a system would stop', () => {
  it.each([
    ['nothing is there', {}, 'no', ['Guards not']],
    ['a live guard with the newest state', { instances: [guard] }, 'yes', ['bot-1 stops']],
    [
      'one of two is silent',
      { instances: [guard, { ...guard, instance: 'bot-2', live: false }] },
      'partly',
      ['bot-2 silent', 'bot-1 stops'],
    ],
    ['the only one is silent', { instances: [{ ...guard, live: false }] }, 'no', ['bot-1 silent']],
    ['it holds an older state', { instances: [{ ...guard, current: false }] }, 'partly', ['bot-1 old']],
    ['it does not know what is in force', { instances: [{ ...guard, unsupported: ['hld_1'] }] }, 'no', ['bot-1 not']],
    ['a gateway of all systems', { instances: [{ ...guard, kind: 'gateway', system: '*' }] }, 'yes', ['bot-1 stops']],
    ['a guard of another system', { instances: [{ ...guard, system: 'other' }] }, 'no', ['Guards not']],
    [
      'an executor that failed',
      {
        executors: [{ name: 'Flag', proof: 'failing', retired: null, controls: [{ system: 'bot' }] }],
      },
      'no',
      ['Flag not'],
    ],
    [
      'an executor that is proven',
      {
        executors: [{ name: 'Flag', proof: 'proven', retired: null, controls: [{ system: 'bot' }] }],
      },
      'yes',
      ['Flag stops'],
    ],
    [
      'a retired executor',
      {
        executors: [{ name: 'Flag', proof: 'proven', retired: 'x', controls: [{ system: 'bot' }] }],
      },
      'no',
      ['Guards not'],
    ],
    [
      'a control nobody tried',
      { systems: [control(null)], instances: [guard] },
      'partly',
      ['Stop unproven', 'bot-1 stops'],
    ],
    [
      'a control tried long ago',
      { systems: [control('2026-10-28T10:00:00.000Z')], instances: [guard] },
      'partly',
      ['Stop unproven', 'bot-1 stops'],
    ],
    [
      'a control tried lately',
      { systems: [control('2026-10-29T10:00:01.000Z')], instances: [guard] },
      'yes',
      ['bot-1 stops', 'Stop stops'],
    ],
    [
      'a channel nobody is told of',
      {
        instances: [guard],
        channels: [{ system: 'bot', channels: [{ channel: 'feedback', state: 'unrouted' }] }],
      },
      'partly',
      ['feedback not', 'bot-1 stops'],
    ],
  ] as const satisfies readonly (readonly [string, Partial<Examined>, string, readonly string[]])[])(
    '%s',
    (_, over, wouldStop, said) => {
      const health = of(over);
      expect(health.wouldStop).toBe(wouldStop);
      expect(health.surfaces.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual(said);
    },
  );
});
