import { interactionGiven } from '@firebreak/contract/detect/signals';
import type { Interaction } from '@firebreak/core/detect/signals';
import { canonical, leafHash, utf8 } from '@firebreak/core/evidence';
import { instant } from '@firebreak/core/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256 } from '../../platform/index.ts';
import { witnessedFrom } from './given.ts';
import { leafOfText, RecordTexts } from './record-text.ts';

const NOW = instant('2026-11-20T10:00:00.000Z');
const word = fc.option(fc.string({ minLength: 1, maxLength: 9, unit: 'binary' }).filter((text) => text.trim() !== ''));
const text = fc.option(fc.string({ maxLength: 30, unit: 'binary' }));
const given = fc.record(
  {
    id: word,
    agent: word,
    depth: fc.option(fc.nat(1_000)),
    instance: word,
    system: fc.constant('bot'),
    feature: word,
    versions: fc.option(
      fc.record({ model: word, prompt: word, fingerprint: word, toolsDigest: word }, { requiredKeys: [] }),
    ),
    subject: word,
    country: fc.constantFrom('de', 'US', null),
    responseId: word,
    input: fc.oneof(
      text,
      fc.array(fc.record({ role: fc.constantFrom('user', 'system'), content: text }), { maxLength: 3 }),
    ),
    output: text,
    retrieved: fc.option(
      fc.array(fc.record({ id: word, title: text, text: fc.string({ unit: 'binary' }) }), { maxLength: 2 }),
    ),
    toolCalls: fc.option(
      fc.array(fc.record({ name: fc.constant('tool'), arguments: text, result: text }), { maxLength: 2 }),
    ),
    tokens: fc.option(fc.record({ input: fc.option(fc.nat()), output: fc.option(fc.nat()) })),
    latencyMs: fc.option(fc.double({ min: 0, max: 86_400_000, noNaN: true })),
    verdict: fc.option(fc.record({ action: fc.constantFrom('allow' as const, 'deny' as const), hold: word })),
  },
  { requiredKeys: ['system'] },
);

it('writes interactions as RFC 8785 does, one on each line, and hashes them as RFC 6962 does', () => {
  fc.assert(
    fc.property(fc.array(given, { maxLength: 4 }), (sent) => {
      const records = sent.map(
        (each, i): Interaction => ({
          ...witnessedFrom(interactionGiven.parse(each), NOW),
          ...(i % 2 === 1 && { judge: true }),
          id: 'int_1',
          receivedAt: NOW,
        }),
      );
      const texts = new RecordTexts(records);
      const expected = records.map((each) => canonical(each));
      expect(Buffer.from(texts.lines).toString()).toBe(expected.join('\n'));
      for (const [i, text] of expected.entries()) {
        expect(texts.text(i)).toBe(text);
        expect(texts.size(i)).toBe(utf8(text).length);
        expect(Buffer.from(texts.leaf(i))).toEqual(Buffer.from(leafHash(sha256, utf8(text))));
        expect(Buffer.from(leafOfText(text))).toEqual(Buffer.from(leafHash(sha256, utf8(text))));
      }
      expect(Buffer.from(texts.lines).toString()).toBe(expected.join('\n'));
    }),
    { numRuns: 300 },
  );
});

it('tells records apart whose texts look like the beginning of one', () => {
  const tricky = ['},{"at":"', '"},{"agent":"', '{"a', '},{', '\\"},{\\"at\\":\\"', 'x\ny', '"}]'];
  const records = tricky.map((output): Interaction => {
    const sent = {
      system: 'bot',
      agent: output.trim() || 'a',
      feature: '},{"at":',
      output,
      input: [
        { role: 'user', content: output },
        { role: output.trim(), content: '},{"agent":"x' },
      ],
      toolCalls: [
        { name: 'a', arguments: output, result: '},{"a' },
        { name: 'at', arguments: '{"at":"x"},{"at":"y"}' },
      ],
    };
    return { ...witnessedFrom(interactionGiven.parse(sent), NOW), id: 'int_1', receivedAt: NOW };
  });
  const texts = new RecordTexts(records);
  expect(records.map((_, i) => texts.text(i))).toEqual(records.map((each) => canonical(each)));
});
