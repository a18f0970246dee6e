import { describe, expect, it } from 'vitest';
import { instant, isRefusal } from '../../kernel/index.ts';
import { foldContainment } from './containment.ts';
import { type Control, describeControl, orderFaults, orderHold, withInFlight } from './index.ts';

const DRAIN = { kind: 'disable', feature: 'answers', inFlight: 'drain' } as const;
const pointers = (control: object) => orderFaults(control as Control).map(({ pointer }) => pointer);

describe('what runs when an order comes', () => {
  it('may finish under controls that would end it, and under no other', () => {
    for (const control of [
      DRAIN,
      { kind: 'fence', audience: 'authenticated', inFlight: 'drain' },
      { kind: 'input', attachments: 'refuse', inFlight: 'drain' },
      { kind: 'revoke', agent: 'clerk', inFlight: 'drain' },
      { kind: 'block', phrases: ['refund'], direction: 'input', inFlight: 'drain' },
    ])
      expect(pointers(control)).toEqual([]);
    for (const control of [
      { kind: 'route', to: { prompt: 'v40' }, inFlight: 'drain' },
      { kind: 'block', phrases: ['refund'], inFlight: 'drain' },
      { kind: 'limit', requests: 1, seconds: 60, per: 'everyone', inFlight: 'drain' },
      { ...DRAIN, inFlight: 'abort' },
    ])
      expect(pointers(control)).toEqual(['/inFlight']);
  });

  it('is said with what the order does, and can be ordered otherwise than it was wired', () => {
    expect(describeControl(DRAIN)).toBe('disable answers, letting what runs finish');
    expect(withInFlight<Control>(DRAIN, 'abort')).toEqual({ kind: 'disable', feature: 'answers' });
    expect(withInFlight<Control>({ kind: 'disable' }, 'drain')).toEqual({ kind: 'disable', inFlight: 'drain' });
    expect(withInFlight<Control>(DRAIN, undefined)).toBe(DRAIN);
  });

  it('is ended by a second order of the same; letting it finish under an order that ended it changes nothing', () => {
    const asked = { by: { kind: 'person', id: 'usr_ana' } as const, at: instant('2026-11-20T10:00:00Z') };
    const order = (what: Control, before: Parameters<typeof foldContainment>[0], hold: `hld_${string}`) => {
      const decided = orderHold(
        foldContainment(before),
        {
          hold,
          number: 1,
          incident: 'inc_1',
          system: 'bot',
          what,
          reason: 'invents',
          expiry: { mode: 'until-lifted' },
          skipEvidence: 'a test',
          inForce: [],
        },
        asked,
      );
      if (isRefusal(decided)) throw new Error(decided.why);
      return decided.map((fact, at) => ({ ...fact, ...asked, seq: at + 1, version: at + 1, stream: 'inc_1' }));
    };
    const drained = order(DRAIN, [], 'hld_1');
    expect(drained).toHaveLength(2);
    expect(order(DRAIN, drained, 'hld_2')).toEqual([]);
    const ended = order(withInFlight<Control>(DRAIN, 'abort'), drained, 'hld_2');
    expect(ended).toHaveLength(2);
    expect(order(DRAIN, order(withInFlight<Control>(DRAIN, 'abort'), [], 'hld_3'), 'hld_4')).toEqual([]);
  });
});
