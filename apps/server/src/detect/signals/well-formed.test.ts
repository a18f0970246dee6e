import { interactionGiven } from '@firebreak/contract/detect/signals';
import { instant } from '@firebreak/core/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { witnessedFrom } from './given.ts';
import { wellFormed, wellFormedUnescaped } from './well-formed.ts';

const NOW = instant('2026-11-20T10:00:00.000Z');

/** Mostly what belongs there, sometimes what may, and sometimes anything at all. */
const mostly = <T>(right: fc.Arbitrary<T>, ...rare: unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 40, arbitrary: right },
    { weight: 4, arbitrary: fc.constantFrom<unknown>(null, undefined, ...rare) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>('', ' ', 0, -1, -0, 1.5, 1e13, true, [], {}, [null], [[]], [{}]) },
  );
const word = mostly(
  fc.string({ minLength: 1, maxLength: 9, unit: 'binary' }),
  ' padded ',
  '\u00a0',
  '\u0000',
  '\ud800',
  'w'.repeat(256),
  'w'.repeat(257),
);
const text = mostly(
  fc.string({ maxLength: 30, unit: 'binary' }),
  't'.repeat(500),
  't'.repeat(501),
  't'.repeat(4_001),
  't'.repeat(256 * 1024),
  't'.repeat(256 * 1024 + 1),
);
const record = (members: Record<string, fc.Arbitrary<unknown>>) => mostly(fc.record(members, { requiredKeys: [] }));
const list = (members: Record<string, fc.Arbitrary<unknown>>) =>
  mostly(
    fc.array(record(members), { maxLength: 3 }),
    Array(201).fill({ role: 'user', name: 'n', content: '', text: '' }),
  );
const sent = mostly(
  fc.record(
    {
      id: word,
      agent: word,
      depth: mostly(fc.nat(1_000), 1_001, -1, 1.5),
      instance: word,
      system: mostly(fc.constantFrom('bot', 'a.b_c-1'), 'Bot', '-bot', 'b'.repeat(64), 'b'.repeat(65), 'bot\n'),
      at: mostly(
        fc.constantFrom('2026-11-20T23:21:04Z', '2026-11-20T23:21:04.123456+02:00'),
        '2026-02-30T00:00:00Z',
        '2026-11-20T23:21:04',
        '2026-11-20',
      ),
      feature: word,
      deployment: word,
      versions: record({
        model: word,
        modelAsked: word,
        prompt: word,
        index: word,
        tools: word,
        fingerprint: word,
        toolsDigest: word,
      }),
      provider: word,
      session: word,
      subject: word,
      country: mostly(fc.constantFrom('de', 'US'), 'deu', 'd1', 'de\n'),
      traceId: mostly(fc.constantFrom('aB'.repeat(16)), 'a'.repeat(31), `${'a'.repeat(32)}\n`),
      spanId: mostly(fc.constantFrom('Cd'.repeat(8)), 'a'.repeat(17)),
      responseId: word,
      input: fc.oneof(
        text,
        list({
          role: mostly(fc.constantFrom('user', 'system'), ' user', 'r'.repeat(65)),
          content: fc.oneof({ weight: 9, arbitrary: text }, list({ type: text, text })),
        }),
      ),
      output: text,
      retrieved: list({ id: word, title: text, text }),
      toolCalls: list({ id: word, name: word, arguments: text, result: text }),
      tokens: record({ input: mostly(fc.nat()), output: mostly(fc.nat(), 1e12, 1e12 + 1) }),
      latencyMs: mostly(fc.double({ min: 0, max: 86_400_000, noNaN: true }), 86_400_001, Number.POSITIVE_INFINITY),
      error: text,
      verdict: record({
        action: mostly(fc.constantFrom('allow', 'reroute', 'limit', 'review', 'deny'), 'stop'),
        hold: word,
      }),
      source: mostly(fc.constantFrom('api', 'otlp', 'gateway'), 'mail'),
      evaluations: mostly(fc.constantFrom<unknown>(null, []), [{ name: 'Tone', score: 1 }]),
      unheardOf: text,
    },
    { requiredKeys: ['system'] },
  ),
);

it('reads what the schema reads, to the letter, and nothing that the schema refuses', () => {
  let answered = 0;
  fc.assert(
    fc.property(sent, (value) => {
      const read = wellFormed(value, NOW);
      if (read === null) return;
      answered++;
      expect(read).toStrictEqual(witnessedFrom(interactionGiven.parse(value), NOW));
      if (!JSON.stringify(value).includes('\\u')) expect(wellFormedUnescaped(value, NOW)).toStrictEqual(read);
    }),
    { numRuns: 4_000 },
  );
  expect(answered).toBeGreaterThan(100);
});

it('reads the whole of a usual interaction', () => {
  const usual = {
    id: 'a-1',
    agent: 'clerk',
    depth: 2,
    system: 'support-bot',
    at: '2026-11-20T23:21:04+02:00',
    feature: 'policy-answers',
    versions: { model: 'm-1', prompt: 'v41', fingerprint: 'fp_1' },
    country: 'de',
    traceId: 'AB'.repeat(16),
    spanId: 'cd'.repeat(8),
    input: [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: null },
    ],
    output: '',
    retrieved: [{ id: 'help', text: 'Words' }],
    toolCalls: [{ name: 'look_up', arguments: '{}' }],
    tokens: { input: 1 },
    latencyMs: 8.5,
    verdict: { action: 'reroute', hold: 'hld_1' },
    source: 'gateway',
  };
  expect(wellFormed(usual, NOW)).toStrictEqual(witnessedFrom(interactionGiven.parse(usual), NOW));
});
