import { describe, expect, it } from 'vitest';
import { ago, fromLocalInput, shortTime, span, toLocalInput, watch, wholeTime } from './durations.ts';

const now = Date.parse('2026-11-20T23:30:00.000Z');

describe('spans', () => {
  it.each([
    [41, '41 ms'],
    [52_000, '52 s'],
    [520_000, '8 min 40 s'],
    [960_000, '16 min'],
    [12_000_000, '3 h 20 min'],
    [85_500_000, '23 h'],
    [14 * 86_400_000, '14 d'],
    [3 * 86_400_000 + 7_200_000, '3 d 2 h'],
  ])('%d ms reads %s', (ms, words) => expect(span(ms)).toBe(words));

  it('never runs backwards', () => {
    expect(watch(-5_000)).toBe('00:00:00');
    expect(watch(848_000)).toBe('00:14:08');
    expect(watch(3 * 86_400_000 + 4 * 3_600_000 + 660_000)).toBe('3 d 04:11');
  });

  it('says on which side of now something lies', () => {
    expect(ago(now - 2_000, now)).toBe('just now');
    expect(ago('2026-11-20T23:29:08.000Z', now)).toBe('52 s ago');
    expect(ago('2026-11-21T02:50:00.000Z', now)).toBe('in 3 h 20 min');
  });
});

describe('times of day', () => {
  it('leaves the date out only for today, in the zone of the reader', () => {
    expect(shortTime('2026-11-20T22:21:04.000Z', now, 'UTC')).toBe('22:21');
    expect(shortTime('2026-11-19T22:21:04.000Z', now, 'UTC')).toBe('19 Nov 22:21');
    expect(shortTime('2026-11-20T22:21:04.000Z', now, 'Asia/Tokyo')).toBe('07:21');
    expect(shortTime('2025-11-19T22:21:04.000Z', now, 'UTC')).toBe('19 Nov 2025 22:21');
  });
  it('names the zone when asked for everything', () => {
    expect(wholeTime('2026-11-20T22:21:04.000Z', 'Europe/Berlin')).toBe(
      'Fri, 20 Nov 2026, 23:21:04 Central European Standard Time · 2026-11-20 22:21:04 UTC',
    );
  });
  it('survives the round trip through an input field', () => {
    expect(fromLocalInput(toLocalInput('2026-11-20T22:21:04.000Z'))).toBe('2026-11-20T22:21:04.000Z');
    expect(fromLocalInput('soon')).toBeNull();
  });
});
