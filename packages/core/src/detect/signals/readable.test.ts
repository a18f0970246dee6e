import { describe, expect, it } from 'vitest';
import { isReadable, type Signal } from './index.ts';

const signal = {
  id: 'sig_1',
  at: '2026-11-28T10:00:00.000Z',
  receivedAt: '2026-11-28T10:00:00.000Z',
  channel: 'feedback',
  kind: 'complaint',
  detector: 'people',
  rule: 'complaint@1',
  evidenceClass: 'weak',
  score: null,
  system: 'support-bot',
  feature: null,
  deployment: null,
  versions: { model: null, modelAsked: null, prompt: 'v41', index: null, tools: null },
  subjectHash: null,
  archetype: null,
  severityHint: null,
  text: 'it lies',
  quotes: [{ field: 'output', start: 0, end: 2, text: 'it' }],
  interaction: null,
  dedupKey: 'k',
} as unknown as Signal;

describe('a stored row', () => {
  it('is a signal when every member is there', () => {
    expect(isReadable(signal)).toBe(true);
  });

  it.each(Object.keys(signal).filter((name) => name !== 'severityHint'))('is none without its %s', (name) => {
    expect(isReadable({ ...signal, [name]: undefined })).toBe(false);
  });

  it.each([
    ['nothing', null],
    ['a text', 'signal'],
    ['a version that is not said', { ...signal, versions: { model: 'm' } }],
    ['a version that is no text', { ...signal, versions: { ...signal.versions, prompt: 41 } }],
    ['a channel nobody knows', { ...signal, channel: 'rumour' }],
    ['a class nobody knows', { ...signal, evidenceClass: 'certain' }],
    ['a quote of nothing', { ...signal, quotes: [null] }],
  ])('is none: %s', (_, row) => {
    expect(isReadable(row)).toBe(false);
  });
});
