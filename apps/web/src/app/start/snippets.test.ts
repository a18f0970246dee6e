import { interactionGiven } from '@firebreak/contract/detect/signals';
import { LOGGING } from '@firebreak/core/prepare/inventory';
import { describe, expect, it } from 'vitest';
import { snippetsFor, type Wiring } from './snippets.ts';

const wiring: Wiring = {
  logging: 'interactions',
  url: 'https://firebreak.example.test',
  system: 'support-bot',
  feature: 'answers',
  key: 'fbk_secret',
};
const texts = (part: Partial<Wiring>) => snippetsFor({ ...wiring, ...part }).map(({ text }) => text);

describe('what to copy', () => {
  it('sends a body that the server takes', () => {
    const [curl] = texts({});
    const body = JSON.parse(/-d '(.*)'$/s.exec(curl!)![1]!);
    expect(interactionGiven.parse(body)).toMatchObject({ system: 'support-bot', feature: 'answers' });
    expect(curl).toContain('https://firebreak.example.test/api/v1/interactions');
    expect(curl).toContain('Bearer fbk_secret');
    expect(JSON.parse(/-d '(.*)'$/s.exec(texts({ feature: null })[0]!)![1]!)).not.toHaveProperty('feature');
  });
  it.each(LOGGING)('names the system for one that logs: %s, and no key where there is none', (logging) => {
    const all = texts({ logging, key: null });
    for (const text of all) {
      expect(text).toContain('support-bot');
      expect(text).not.toContain('fbk_');
      expect(text).not.toContain('null');
    }
  });
  it('needs no key and no guard behind the gateway, which listens beside the server', () => {
    const all = texts({ logging: 'gateway' });
    expect(all).toHaveLength(1);
    expect(all[0]).toContain('http://firebreak.example.test:7374/openai/v1');
    expect(all[0]).not.toContain('fbk_');
  });
});
