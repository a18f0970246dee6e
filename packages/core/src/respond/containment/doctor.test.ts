import { describe, expect, it } from 'vitest';
import { type Examined, examine } from './index.ts';

const system = { system: 'bot', name: 'Bot', controls: [], missing: [] };
const guard = {
  instance: 'bot-1',
  system: 'bot',
  kind: 'guard',
  live: true,
  left: false,
  current: true,
  unsupported: [],
} as const;
const of = (over: Partial<Examined>) =>
  examine({ systems: [system], instances: [], executors: [], channels: [], ...over })[0]!;
const control = (state: string) => ({
  ...system,
  controls: [{ name: 'Stop', says: 'disable all', readiness: { state, says: 'It never worked.' } }],
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
    ['the only one was ended in order', { instances: [{ ...guard, live: false, left: true }] }, 'no', ['Guards not']],
    [
      'one of two was ended in order',
      { instances: [guard, { ...guard, instance: 'bot-2', live: false, left: true }] },
      'yes',
      ['bot-1 stops'],
    ],
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
      { systems: [control('never-tested')], instances: [guard] },
      'partly',
      ['Stop unproven', 'bot-1 stops'],
    ],
    [
      'a control tried long ago',
      { systems: [control('stale')], instances: [guard] },
      'partly',
      ['Stop unproven', 'bot-1 stops'],
    ],
    [
      'a control whose test failed',
      { systems: [control('failed')], instances: [guard] },
      'partly',
      ['Stop not', 'bot-1 stops'],
    ],
    [
      'a control tried lately',
      { systems: [control('ready')], instances: [guard] },
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
      ['Feedback of people served not', 'bot-1 stops'],
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
