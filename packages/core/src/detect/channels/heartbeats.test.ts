import { describe, expect, it } from 'vitest';
import { addMs, instant, type Recorded } from '../../kernel/index.ts';
import { type Beat, expectBeat, foldExpected, heartbeatOf, silenceText } from './index.ts';

const NOW = instant('2026-11-20T10:00:00Z');
const ago = (minutes: number) => addMs(NOW, -minutes * 60_000);
const LONG = ago(10_000);
const beat = (part: Partial<Beat> = {}): Beat => ({
  key: 'monitor mon_1',
  kind: 'monitor',
  name: 'Monitor “Press”',
  system: 'bot',
  lastAt: ago(5),
  since: LONG,
  everyMinutes: 15,
  paused: false,
  ...part,
});

describe('a heartbeat', () => {
  it.each([
    [{}, undefined, 'heard'],
    [{ lastAt: ago(45) }, undefined, 'heard'],
    [{ lastAt: ago(47) }, undefined, 'silent'],
    [{ lastAt: ago(47) }, 60, 'heard'],
    [{ lastAt: ago(47) }, null, 'rare'],
    [{ lastAt: ago(47), everyMinutes: null }, undefined, 'rare'],
    [{ lastAt: ago(47), paused: true }, undefined, 'paused'],
    [{ lastAt: null, since: ago(5) }, undefined, 'new'],
    [{ lastAt: null, since: ago(90) }, undefined, 'silent'],
  ] as const)('%j, declared %s, is %s', (part, declared, state) => {
    const found = heartbeatOf(beat(part), declared, NOW, LONG);
    expect(found.state).toBe(state);
    expect(found.lateSince === null).toBe(state !== 'silent');
  });

  it('is not silent for what nobody could hear while this server was down', () => {
    expect(heartbeatOf(beat({ lastAt: ago(600) }), undefined, NOW, ago(10)).state).toBe('heard');
    expect(heartbeatOf(beat({ lastAt: ago(600) }), undefined, NOW, ago(50)).state).toBe('silent');
  });

  it('says in words what is missing', () => {
    expect(silenceText(heartbeatOf(beat({ lastAt: ago(180) }), undefined, NOW, LONG), NOW)).toBe(
      'Monitor “Press” is silent: nothing more for 3 h, and every 15 min is expected. Silence is not the same as no news.',
    );
    expect(silenceText(heartbeatOf(beat({ lastAt: null }), undefined, NOW, LONG), NOW)).toContain(
      'was never heard: nothing for 7 days',
    );
  });

  it('may be declared, forgotten, and only so often', () => {
    const facts: Recorded[] = [];
    const say = (key: string, minutes: number | null | undefined) => {
      const decided = expectBeat(foldExpected(facts), key, minutes);
      if ('refused' in decided) return decided.refused;
      facts.push(
        ...(decided.map((fact) => ({
          ...fact,
          seq: 0,
          stream: 's',
          version: 0,
          at: NOW,
          by: { kind: 'system', id: 'x' },
        })) as unknown as Recorded[]),
      );
      return decided.length;
    };
    expect(say('a', 5)).toBe(1);
    expect(say('a', 5)).toBe(0);
    expect(say('a', null)).toBe(1);
    expect([...foldExpected(facts)]).toEqual([['a', null]]);
    expect(say('a', undefined)).toBe(1);
    expect(say('a', undefined)).toBe(0);
    const full = new Map(Array.from({ length: 2_000 }, (_, i) => [`k${i}`, 1]));
    expect(expectBeat(full, 'one more', 1)).toMatchObject({ refused: 'heartbeat.too-many' });
  });
});
