import { describe, expect, it } from 'vitest';
import { chordOf } from './keys.ts';

const press = (key: string, more: Partial<Parameters<typeof chordOf>[0]> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

describe('chords', () => {
  it('reads a single key whatever its case', () => expect(chordOf(press('C'), null)).toBe('c'));
  it('takes Ctrl and Command alike', () => {
    expect(chordOf(press('k', { ctrlKey: true }), null)).toBe('mod+k');
    expect(chordOf(press('k', { metaKey: true }), null)).toBe('mod+k');
  });
  it('joins g and the next key', () => {
    expect(chordOf(press('n'), 'g')).toBe('g n');
    expect(chordOf(press('g'), 'g')).toBe('g');
  });
  it('leaves Alt and named keys to the browser', () => {
    expect(chordOf(press('c', { altKey: true }), null)).toBeNull();
    expect(chordOf(press('Enter'), null)).toBeNull();
  });
  it('never mistakes copying for containing', () => expect(chordOf(press('c', { ctrlKey: true }), null)).toBe('mod+c'));
});
