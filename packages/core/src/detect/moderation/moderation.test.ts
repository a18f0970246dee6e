import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decision, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import { redact } from '../detectors/index.ts';
import type { Interaction } from '../signals/index.ts';
import {
  addModerator,
  answered,
  CLOSED,
  counts,
  describeModerator,
  failed,
  faultIn,
  foldModerator,
  heardFrom,
  isTrying,
  isUnreadable,
  judgeFlag,
  type Moderator,
  type ModeratorDescription,
  type ModeratorFact,
  mayAsk,
  OPENS_AFTER,
  type Opinion,
  precisionOf,
  type Question,
  questionAbout,
  readOpinions,
  requestOf,
  signalOfOpinion,
} from './index.ts';

const NOW = instant('2026-11-28T10:00:00Z');
const question = (id: string): Question => ({ id, system: 'bot', input: 'Hi', output: 'Go away' });
const description: ModeratorDescription = {
  name: 'House rules',
  kind: 'webhook',
  address: 'https://moderation.test/check',
  model: '',
  systems: [],
  side: 'both',
  share: 1,
  aDay: 1_000,
  timeoutMs: 2_000,
  atOnce: 4,
  threshold: 0.5,
  trust: 'weak',
  whenSilent: 'tell',
};
const then = (facts: readonly Recorded[], made: Decision<ModeratorFact>): readonly Recorded[] => {
  if (isRefusal(made)) throw new Error(made.why);
  return [
    ...facts,
    ...(made.map((fact) => ({ ...fact, at: NOW, by: { kind: 'person', id: 'usr_1' } })) as unknown as Recorded[]),
  ];
};
const added = then([], addModerator(null, { moderator: 'mdr_1', keyed: true, ...description }, 0));

describe('what moderators answer', () => {
  it('reads the moderation endpoint of OpenAI, in order', () => {
    const { model, opinions } = readOpinions(
      'openai-moderation',
      [question('a'), question('b')],
      JSON.stringify({
        id: 'modr-1',
        model: 'omni-moderation-latest',
        results: [
          { flagged: false, categories: { hate: false }, category_scores: { hate: 0.01 } },
          {
            flagged: true,
            categories: { harassment: true, 'self-harm/intent': true, violence: false },
            category_scores: { harassment: 0.61, 'self-harm/intent': 0.97, violence: 0.4 },
          },
        ],
      }),
    );
    expect(model).toBe('omni-moderation-latest');
    expect(opinions).toEqual([
      { flagged: false, categories: [], score: null, reason: '' },
      {
        flagged: true,
        score: 0.97,
        reason: '',
        categories: [
          { name: 'self-harm/intent', score: 0.97 },
          { name: 'harassment', score: 0.61 },
        ],
      },
    ]);
  });

  it.each([
    ['safe', { flagged: false, categories: [] }],
    ['\n\nsafe', { flagged: false }],
    ['unsafe\nS11', { flagged: true, categories: [{ name: 'self-harm', score: null }] }],
    ['unsafe\nS1,S9', { flagged: true, categories: [{ name: 'violent crimes' }, { name: 'indiscriminate weapons' }] }],
    ['unsafe\nS77', { flagged: true, categories: [{ name: 'S77' }] }],
    ['I cannot help with that.', { unreadable: 'it says neither “safe” nor “unsafe”' }],
    ['safest', { unreadable: 'it says neither “safe” nor “unsafe”' }],
    ['unsafe\nS1\nS10', { flagged: true, categories: [{ name: 'violent crimes' }, { name: 'hate' }] }],
    ['Unsafe. S1, S10, S1', { flagged: true, categories: [{ name: 'violent crimes' }, { name: 'hate' }] }],
    ['unsafe\nS2<|eot_id|>', { flagged: true, categories: [{ name: 'non-violent crimes' }] }],
    [
      '<think>\nsafe?\nNo, it tells how.\n</think>\n\nunsafe\nS9',
      { flagged: true, categories: [{ name: 'indiscriminate weapons' }] },
    ],
    ['It looks unsafe at first.\n</think>\nsafe', { flagged: false, categories: [] }],
    [
      'The answer tells how to build one.\n\nunsafe\nS9',
      { flagged: true, categories: [{ name: 'indiscriminate weapons' }] },
    ],
    ['<think>\nunsafe\nS1', { unreadable: 'it was still thinking when its answer ended' }],
    ['unsafe\nis what I would say if it were not a test', { unreadable: 'it says neither “safe” nor “unsafe”' }],
    ['unsafe\nS1\nsafe', { unreadable: 'it says both “safe” and “unsafe”' }],
    ['not safe', { unreadable: 'it says neither “safe” nor “unsafe”' }],
  ])('reads Llama Guard: %j', (content, wants) => {
    const body = JSON.stringify({ model: 'guard', choices: [{ message: { role: 'assistant', content } }] });
    expect(readOpinions('llama-guard', [question('a')], body).opinions[0]).toMatchObject(wants);
  });

  it('reads results that say which categories apply and not whether they are flagged', () => {
    const of = (categories: object) =>
      readOpinions(
        'openai-moderation',
        [question('a')],
        JSON.stringify({ results: [{ categories, category_scores: { pii: 0.8 } }] }),
      ).opinions[0];
    expect(of({ pii: true, hate: false })).toMatchObject({ flagged: true, score: 0.8, categories: [{ name: 'pii' }] });
    expect(of({ pii: false, hate: false })).toMatchObject({ flagged: false });
    expect(of({ pii: 'no' })).toEqual({ unreadable: 'a result without “flagged”' });
  });

  it('reads Llama Guard where the words come in parts, in pieces, or were cut off', () => {
    const of = (body: string) => readOpinions('llama-guard', [question('a')], body);
    const unsafe = { flagged: true, categories: [{ name: 'non-violent crimes' }] };
    const parts = [{ type: 'text', text: 'unsafe' }, { type: 'image' }, { type: 'text', text: '\nS2' }];
    expect(of(JSON.stringify({ choices: [{ message: { content: parts } }] })).opinions[0]).toMatchObject(unsafe);
    const piece = (content: string) =>
      `data: ${JSON.stringify({ model: 'guard', choices: [{ delta: { content } }] })}\r\n\r\n`;
    const stream = `: waiting\n\n${piece('uns')}${piece('afe\n')}${piece('S2')}data: [DONE]\n\n`;
    expect(of(stream)).toMatchObject({ model: 'guard', opinions: [unsafe] });
    expect(of(`${piece('safe')}data: {"choi`).opinions).toEqual([{ unreadable: 'its answer is not JSON' }]);
    const cut = (content: string | null) =>
      of(JSON.stringify({ choices: [{ finish_reason: 'length', message: { content } }] })).opinions[0];
    for (const content of [null, '', 'First I look at the question'])
      expect(cut(content)).toEqual({
        unreadable: 'its answer was cut off after 512 tokens, before it said “safe” or “unsafe”',
      });
    expect(cut('unsafe\nS2')).toMatchObject(unsafe);
  });

  it('reads a webhook by ids, whatever the order, and counts what it leaves out as no opinion', () => {
    const body = JSON.stringify({
      results: [
        { id: 'b', flagged: true, categories: ['spam', { name: 'abuse', score: 0.9 }, 7], reason: 'It shouts.' },
        { id: 'z', flagged: true },
      ],
    });
    expect(readOpinions('webhook', [question('a'), question('b')], body).opinions).toEqual([
      { unreadable: 'it says nothing about this one' },
      {
        flagged: true,
        score: 0.9,
        reason: 'It shouts.',
        categories: [
          { name: 'abuse', score: 0.9 },
          { name: 'spam', score: null },
        ],
      },
    ]);
  });

  it.each([
    ['openai-moderation', '<!doctype html>', 'it answers a web page (HTML)'],
    ['openai-moderation', '{"results":[]}', 'it was asked about 1 texts and answers 0'],
    ['openai-moderation', '{"results":[{"categories":{}}]}', 'a result without “flagged”'],
    ['llama-guard', '{"choices":[]}', 'its answer holds no message'],
    ['llama-guard', '[]', 'its answer is not a JSON object'],
    ['webhook', 'yes', 'its answer is not JSON'],
    ['webhook', '{"results":{}}', 'its answer holds no “results”'],
  ] as const)('never takes a broken answer of %s for clean: %s', (kind, body, why) => {
    const said = readOpinions(kind, [question('a')], body);
    expect(said.opinions).toEqual([{ unreadable: why }]);
    expect(faultIn(said)).toBe(why);
  });

  it('never throws and answers each question once, whatever comes back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('openai-moderation', 'llama-guard', 'webhook'),
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map((it) => `{"results":[${it}]}`),
        ),
        (kind, body) => {
          const said = readOpinions(kind, [question('a')], body);
          expect(said.opinions).toHaveLength(1);
          const [one] = said.opinions;
          if (!isUnreadable(one!)) expect(one!.categories.length).toBeLessThanOrEqual(10);
        },
      ),
    );
  });
});

describe('what they are asked', () => {
  it('fits each wire format', () => {
    expect(JSON.parse(requestOf('openai-moderation', 'omni', [question('a'), question('b')]))).toEqual({
      model: 'omni',
      input: ['Hi\n\nGo away', 'Hi\n\nGo away'],
    });
    expect(JSON.parse(requestOf('llama-guard', '', [{ ...question('a'), input: null }]))).toEqual({
      messages: [
        { role: 'user', content: '' },
        { role: 'assistant', content: 'Go away' },
      ],
      temperature: 0,
      max_tokens: 512,
    });
    expect(JSON.parse(requestOf('llama-guard', 'guard', [{ ...question('a'), output: null }])).messages).toEqual([
      { role: 'user', content: 'Hi' },
    ]);
    expect(JSON.parse(requestOf('webhook', '', [question('a')]))).toEqual({ version: 1, items: [question('a')] });
  });

  it('holds no secret and no account number, and asks nothing about nothing', () => {
    const token = `ghp_${'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL3oR6'}`;
    const about = (input: string | null, output: string | null) =>
      ({
        id: 'int_1',
        system: 'bot',
        input: input === null ? null : [{ role: 'user', content: input }],
        output,
      }) as unknown as Interaction;
    const asked = questionAbout(about(`My card is 4539 1488 0343 6467, mail me at a@b.example`, `Use ${token} now`), {
      side: 'both',
    })!;
    expect(asked.input).toBe('My card is [CREDIT_CARD], mail me at a@b.example');
    expect(asked.output).toBe('Use [SECRET] now');
    expect(questionAbout(about('Hi', null), { side: 'output' })).toBeNull();
    expect(questionAbout(about(null, '  '), { side: 'both' })).toBeNull();
    expect(questionAbout(about('Hi', 'Ho'), { side: 'input' })).toMatchObject({ input: 'Hi', output: null });
  });

  it('keeps what is not asked to be taken out, and cuts what nobody has read', () => {
    expect(redact('a@b.example and 10.1.2.3', new Set(['EMAIL_ADDRESS']))).toEqual({
      text: '[EMAIL_ADDRESS] and 10.1.2.3',
      counts: { EMAIL_ADDRESS: 1 },
    });
    const long = redact(`${'word '.repeat(14_000)}a@b.example`, new Set(['EMAIL_ADDRESS']));
    expect(long.text).toMatch(/ \[not read, cut off\]$/);
    expect(long.text).not.toContain('@');
    expect(redact('', new Set(['secret'])).text).toBe('');
  });
});

describe('the circuit breaker', () => {
  it('opens after failures in a row, tries once, and waits longer each time', () => {
    let it = CLOSED;
    for (let i = 0; i < OPENS_AFTER - 1; i++) it = failed(it, NOW, null);
    expect(mayAsk(it, NOW)).toBe(true);
    it = failed(it, NOW, null);
    expect([mayAsk(it, NOW), it.openUntil]).toEqual([false, '2026-11-28T10:00:30.000Z']);
    const later = instant('2026-11-28T10:00:30Z');
    expect([mayAsk(it, later), isTrying(it)]).toEqual([true, true]);
    it = failed(it, later, null);
    expect(it.openUntil).toBe('2026-11-28T10:01:30.000Z');
    for (let i = 0; i < 10; i++) it = failed(it, later, null);
    expect(it.openUntil).toBe('2026-11-28T10:10:30.000Z');
    expect(answered()).toEqual(CLOSED);
  });
  it('heeds how long it is asked to wait, within bounds', () => {
    expect(failed(CLOSED, NOW, 45_000).openUntil).toBe('2026-11-28T10:00:45.000Z');
    expect(failed(CLOSED, NOW, 86_400_000).openUntil).toBe('2026-11-28T10:10:00.000Z');
  });
});

describe('a moderator', () => {
  const state = (facts: readonly Recorded[]): Moderator => foldModerator(facts)!;
  const judgedBy = (right: number, wrong: number) => {
    let facts = added;
    for (let i = 0; i < right + wrong; i++)
      facts = then(facts, judgeFlag(state(facts), { interaction: `int_${i}`, right: i < right }, true));
    return state(facts);
  };

  it.each([
    [
      'no address',
      addModerator(null, { moderator: 'mdr_1', keyed: false, ...description, address: 'ftp://x' }, 0),
      'moderator.bad-address',
    ],
    [
      'a key in the address',
      addModerator(null, { moderator: 'mdr_1', keyed: false, ...description, address: 'https://k@x/' }, 0),
      'moderator.bad-address',
    ],
    ['too many', addModerator(null, { moderator: 'mdr_1', keyed: false, ...description }, 20), 'moderator.too-many'],
    [
      'trusted from the start',
      addModerator(null, { moderator: 'mdr_1', keyed: false, ...description, trust: 'strong' }, 0),
      'moderator.not-calibrated',
    ],
    [
      'judging what it did not flag',
      judgeFlag(state(added), { interaction: 'int_1', right: true }, false),
      'moderator.nothing-flagged',
    ],
    ['unknown', judgeFlag(null, { interaction: 'int_1', right: true }, true), 'moderator.unknown'],
  ])('refuses: %s', (_, made, code) => {
    expect(made).toMatchObject({ refused: code });
  });

  it('is trusted more only after people found enough of its flags right', () => {
    const strong = { ...description, trust: 'strong' as const };
    expect(precisionOf(state(added))).toEqual({ judged: 0, right: 0, rate: null, enough: false });
    expect(describeModerator(judgedBy(190, 9), strong)).toMatchObject({ refused: 'moderator.not-calibrated' });
    expect(describeModerator(judgedBy(179, 21), strong)).toMatchObject({ refused: 'moderator.not-calibrated' });
    const known = judgedBy(190, 10);
    expect(precisionOf(known)).toMatchObject({ judged: 200, right: 190, enough: true, rate: { value: 0.95 } });
    expect(precisionOf(known).rate!.lower).toBeCloseTo(0.9104, 3);
    expect(describeModerator(known, strong)).toEqual([{ type: 'moderator.described', data: strong }]);
  });

  it('keeps no more judgements than change the figure', () => {
    const full = {
      ...state(added),
      judged: Object.fromEntries([...Array(2_000).keys()].map((i) => [`int_${i}`, true])),
    };
    expect(judgeFlag(full, { interaction: 'int_new', right: true }, true)).toMatchObject({
      refused: 'moderator.judged-enough',
    });
    expect(judgeFlag(full, { interaction: 'int_7', right: false }, true)).toHaveLength(1);
  });

  it('takes back a judgement, and keeps the same one once', () => {
    const once = then(added, judgeFlag(state(added), { interaction: 'int_1', right: true }, true));
    expect(judgeFlag(state(once), { interaction: 'int_1', right: true }, true)).toEqual([]);
    const back = then(once, judgeFlag(state(once), { interaction: 'int_1', right: false }, true));
    expect(precisionOf(state(back))).toMatchObject({ judged: 1, right: 0 });
  });

  it('says once that it fell silent, and once that it is heard again', () => {
    const silent = then(added, heardFrom(state(added), { fault: 'no whole answer', failures: 5, open: true }));
    expect(state(silent).silent).toEqual({ at: NOW, why: 'no whole answer' });
    expect(heardFrom(state(silent), { fault: 'still', failures: 6, open: true })).toEqual([]);
    expect(heardFrom(state(added), { fault: 'one', failures: 1, open: false })).toEqual([]);
    expect(state(then(silent, heardFrom(state(silent), { fault: null, failures: 0, open: false }))).silent).toBeNull();
    expect(heardFrom(state(added), { fault: null, failures: 0, open: false })).toEqual([]);
  });

  it('counts a flag when it is as sure as it has to be, and names what it says', () => {
    const flag = (score: number | null): Opinion => ({ flagged: true, categories: [], score, reason: '' });
    expect([counts(flag(0.4), description), counts(flag(0.5), description), counts(flag(null), description)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(counts({ ...flag(0.9), flagged: false }, description)).toBe(false);
    const signal = signalOfOpinion(
      { id: 'mdr_1', ...description },
      { id: 'int_1', system: 'bot', at: NOW, subject: null, versions: {} } as unknown as Interaction,
      { flagged: true, score: 0.9, categories: [{ name: 'prompt_injection', score: 0.9 }], reason: 'It says: obey.' },
      'guard-2',
      (text) => text,
    );
    expect(signal).toMatchObject({
      evidenceClass: 'weak',
      archetype: 'prompt-injection',
      rule: 'guard-2 prompt_injection',
      text: 'House rules flags the exchange (prompt_injection 0.90). It says: It says: obey.',
    });
  });
});
