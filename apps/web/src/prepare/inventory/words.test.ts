import { describe, expect, it } from 'vitest';
import { changeLines, keyFrom, versionsLine } from './words.ts';

const change = (deployment: string, versions: Record<string, string>) => ({
  deployment,
  name: deployment,
  versions,
  occurredAt: '2026-11-20T22:41:00.000Z',
  note: '',
});

describe('versions in words', () => {
  it('says what changed against the same deployment, not against its neighbour', () => {
    const lines = changeLines([
      change('eu', { model: 'gpt-4.1-mini', prompt: 'v40' }),
      change('us', { model: 'gpt-4.1', prompt: 'v9' }),
      change('eu', { model: 'gpt-4.1-mini', prompt: 'v41' }),
    ]);
    expect(lines.map((line) => line.says)).toEqual([
      'prompt v40 → v41',
      'first version recorded: gpt-4.1 · prompt v9',
      'first version recorded: gpt-4.1-mini · prompt v40',
    ]);
  });
  it('never calls an unknown version none', () => {
    expect(versionsLine({})).toBe('no version known');
    expect(changeLines([change('eu', { prompt: 'v1' }), change('eu', { prompt: 'v1', model: 'm2' })])[0]!.says).toBe(
      'model unknown → m2',
    );
  });
});

it.each([
  ['Support Bot (EU)', 'support-bot-eu'],
  ['Café Crème', 'cafe-creme'],
  ['  ', ''],
])('makes a key of “%s”', (name, key) => expect(keyFrom(name)).toBe(key));
