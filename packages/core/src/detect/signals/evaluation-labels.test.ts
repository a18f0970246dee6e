import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGoodOf, meaningOf } from './evaluation-labels.ts';

const goodness = (label: string): boolean | null => meaningOf(label)?.good ?? null;

describe('what a label says by itself', () => {
  // As the conventions of OpenTelemetry, Phoenix, DeepEval, Azure, AgentCore, Ragas, LangSmith and guard models write them.
  it.each([
    ['relevant', true],
    ['not_relevant', false],
    ['irrelevant', false],
    ['unrelated', false],
    ['correct', true],
    ['incorrect', false],
    ['Perfectly Correct', true],
    ['pass', true],
    ['FAIL', false],
    ['failed', false],
    ['not passed', false],
    ['did not pass', false],
    ['factual', true],
    ['hallucinated', false],
    ['Not Hallucinated', true],
    ['toxic', false],
    ['non-toxic', true],
    ['NotToxic', true],
    ['nontoxic', true],
    ['Biased', false],
    ['Not Biased', true],
    ['safe', true],
    ['unsafe', false],
    ['not safe', false],
    ['not unsafe', true],
    ['harmful', false],
    ['Not Harmful', true],
    ['grounded', true],
    ['Not grounded', false],
    ['ungrounded', false],
    ['faithful', true],
    ['unfaithful', false],
    ['Very helpful', true],
    ['not helpful at all', false],
    ['Not at all helpful', false],
    ['flagged', false],
    ['not flagged', true],
    ['benign', true],
    ['violation', false],
    ['no_violation', true],
    ['non compliant', false],
    ['noncompliant', false],
    ['good', true],
    ['not good', false],
    ['excellent', true],
    ['poor', false],
    ['Very Poor', false],
    ['"pass"', true],
    ['pass.', true],
  ] as const)('%s', (label, good) => expect(goodness(label)).toBe(good));

  it.each([
    'fair',
    'partially correct',
    'somewhat relevant',
    'not very helpful',
    'not completely correct',
    'not excellent',
    'not bad',
    'neutral',
    'medium',
    'yes',
    'true',
    'high',
    'low',
    'positive',
    'negative',
    'failover-ready',
    'safety',
    'pass or fail',
    'hardly relevant',
    'anything but correct',
    'never safe',
    "isn't safe",
    'un-related matters',
    'skipped',
    'None',
    'n/a',
    '1',
    'A',
    '',
    '   ',
    `relevant${' '.repeat(80)}`,
  ])('nothing for certain: “%s”', (label) => expect(goodness(label)).toBeNull());

  const WORDS = [
    'relevant',
    'correct',
    'toxic',
    'unsafe',
    'grounded',
    'hallucinated',
    'biased',
    'helpful',
    'off topic',
  ];
  const word = fc.constantFrom(...WORDS);
  const parted = fc.constantFrom(' ', '_', '-', '  ', '.', ' / ');

  it('is the opposite where the word is negated, however it is written', () => {
    fc.assert(
      fc.property(word, parted, fc.constantFrom('not', 'non', 'NOT'), fc.boolean(), (of, between, negation, loud) => {
        const label = [negation, ...of.split(' ')].join(between);
        expect(goodness(loud ? label.toUpperCase() : label)).toBe(!goodness(of));
      }),
    );
  });

  it('is never read out of a longer text', () => {
    fc.assert(
      fc.property(word, fc.stringMatching(/^[a-z]{2,12}$/), fc.boolean(), (of, other, before) => {
        fc.pre(
          ![
            'not',
            'non',
            'very',
            'fully',
            'highly',
            'totally',
            'entirely',
            'completely',
            'extremely',
            'perfectly',
          ].includes(other),
        );
        expect(goodness(before ? `${other} ${of}` : `${of} ${other}`)).toBeNull();
      }),
    );
  });
});

describe('what a level or an answer says of a measure', () => {
  it.each([
    ['toxicity', 'high', false],
    ['Toxicity', 'Very low', true],
    ['relevance', 'low', false],
    ['AnswerRelevancy', 'high', true],
    ['answer_relevancy', 'HIGH', true],
    ['hate_unfairness', 'low', true],
    ['self-harm', 'High', false],
    ['Hallucination', 'yes', false],
    ['hallucination', 'no', true],
    ['contains_pii', 'true', false],
    ['is_correct', 'false', false],
    ['Correctness', 'yes', true],
    ['Safety', 'yes', true],
    ['safety', 'no', false],
    ['is_safe', 'True', true],
  ] as const)('%s is %s', (name, label, good) => expect(isGoodOf(name, label)).toBe(good));

  it.each([
    // A rating of safety counts either way: how safe, or how grave.
    ['Safety', 'high'],
    ['content_safety', 'yes'],
    ['toxicity', 'medium'],
    ['relevance', 'none'],
    ['sentiment', 'low'],
    ['refusal', 'yes'],
    ['verbosity', 'high'],
    // A name that turns its word round, or holds both.
    ['non_toxicity', 'high'],
    ['no hallucination', 'yes'],
    ['hallucination-free', 'yes'],
    ['lack of bias', 'high'],
    ['poor quality', 'yes'],
    ['pii check', 'yes'],
    ['jailbreak detection', 'high'],
    ['relevance issue', 'yes'],
    ['toxicity of a relevant answer', 'high'],
    ['untoxicity', 'high'],
    [`relevance${' of it'.repeat(40)}`, 'low'],
  ] as const)('nothing for certain: %s is %s', (name, label) => expect(isGoodOf(name, label)).toBeNull());

  it('is the opposite of its other end', () => {
    const name = fc.constantFrom(
      'toxicity',
      'relevance',
      'bias',
      'groundedness',
      'sentiment',
      'safety',
      'Hallucination',
    );
    const ends = fc.constantFrom(['high', 'low'], ['very high', 'very low'], ['yes', 'no'], ['true', 'false']);
    fc.assert(
      fc.property(name, ends, (of, [one, other]) => {
        const good = isGoodOf(of, one!);
        expect(isGoodOf(of, other!)).toBe(good === null ? null : !good);
      }),
    );
  });
});
