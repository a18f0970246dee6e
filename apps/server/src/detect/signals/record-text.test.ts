import { interactionGiven } from '@firebreak/contract/detect/signals';
import type { Interaction } from '@firebreak/core/detect/signals';
import { canonical, leafHash, utf8 } from '@firebreak/core/evidence';
import { instant } from '@firebreak/core/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256 } from '../../platform/index.ts';
import { witnessedFrom } from './given.ts';
import { leafOfText, recordText } from './record-text.ts';

const NOW = instant('2026-11-20T10:00:00.000Z');
const word = fc.option(fc.string({ minLength: 1, maxLength: 9, unit: 'binary' }).filter((text) => text.trim() !== ''));
const text = fc.option(fc.string({ maxLength: 30, unit: 'binary' }));
const given = fc.record(
  {
    id: word,
    system: fc.constant('bot'),
    feature: word,
    versions: fc.option(fc.record({ model: word, prompt: word }, { requiredKeys: [] })),
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

it('writes an interaction as RFC 8785 does, and hashes it as RFC 6962 does', () => {
  fc.assert(
    fc.property(given, (sent) => {
      const interaction: Interaction = {
        ...witnessedFrom(interactionGiven.parse(sent), NOW),
        id: 'int_1',
        receivedAt: NOW,
      };
      const written = recordText(interaction);
      expect(written).toBe(canonical(interaction));
      expect(Buffer.from(leafOfText(written))).toEqual(Buffer.from(leafHash(sha256, utf8(written))));
    }),
    { numRuns: 300 },
  );
});
