import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARCHETYPES } from '../signals/index.ts';
import { DOMAINS, placeReport, suggestArchetype } from './index.ts';

describe('the archetype suggested for a report', () => {
  it.each([
    ['The support bot invented a refund rule and customers relied on it', 'misinformation-cascade'],
    ['Answers of the assistant show addresses and payment data of other customers', 'data-exfiltration'],
    ['Hidden text in a document made the assistant ignore its instructions (prompt injection)', 'prompt-injection'],
    ['The bot answers users with racist insults', 'toxicity-abuse'],
    ['The coding agent deleted a database without approval', 'agentic-misalignment'],
    ['Answers got worse since the model was updated last week', 'quality-drift'],
    ['The provider of our model has an outage, every request times out', 'vendor-outage'],
    ['The kill switch did not work and the content filter was switched off', 'control-failure'],
    ['Automated system wrongly denied benefits without human review', 'unsafe-automated-decision'],
    ['Our screening turns down women much more often than equally qualified men', 'unsafe-automated-decision'],
    ['The triage score ranks one group of patients lower with the same symptoms', 'unsafe-automated-decision'],
    ['The chatbot writes insulting remarks about women', 'toxicity-abuse'],
    ['Generated pictures of doctors show only men', 'toxicity-abuse'],
    ['Users poisoned the feedback data so the model learned false answers', 'model-manipulation'],
    ['A compromised plug-in stole the tokens of the chat integration', 'integration-compromise'],
  ] as const)('%s: %s', (title, archetype) => {
    const suggestion = suggestArchetype({ title });
    expect(suggestion).toMatchObject({ verdict: 'named', archetype });
    expect(suggestion.because.length).toBeGreaterThan(0);
    for (const { word } of suggestion.because) expect(title.toLowerCase()).toContain(word.split(' ')[0]);
  });

  it.each([
    'Criminals used a cloned voice to defraud a family of their savings',
    'Fake video of a candidate spreads before the election',
  ])('%s: outside', (title) => {
    expect(suggestArchetype({ title })).toMatchObject({ verdict: 'outside', archetype: null });
  });

  it('says that it is unsure where it knows no word', () => {
    expect(suggestArchetype({ title: 'zzyx qwv' })).toEqual({
      verdict: 'unsure',
      archetype: null,
      confidence: 0,
      others: [],
      because: [],
    });
  });

  it('answers within its bounds whatever it is told', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.string({ maxLength: 3_000 }),
        fc.array(fc.string(), { maxLength: 30 }),
        (title, description, harmed) => {
          const it = suggestArchetype({ title, description, harmed });
          expect(it.confidence).toBeGreaterThanOrEqual(0);
          expect(it.confidence).toBeLessThanOrEqual(1);
          expect(it.because.length).toBeLessThanOrEqual(6);
          expect(it.others.every((other) => ARCHETYPES.includes(other.archetype))).toBe(true);
          if (it.verdict === 'outside') expect(it.archetype).toBeNull();
          if (it.verdict === 'named') expect(it.archetype).not.toBeNull();
          expect(DOMAINS).toContain(placeReport({ title, description, harmed }).domain);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('holds no sentence: every stored term is a stem, a pair, a theme or a word of a name', () => {
    const stored = JSON.parse(readFileSync(new URL('./weights.json', import.meta.url), 'utf8')) as { terms: object };
    for (const term of Object.keys(stored.terms)) expect(term.split(' ').length).toBeLessThanOrEqual(2);
  });

  const drills = new URL('../../../../../../shared/samples/drills/scenarios.jsonl', import.meta.url);
  it.runIf(existsSync(drills))('gives each well-known case an archetype that makes sense', () => {
    const cases = readFileSync(drills, 'utf8')
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { title: string; timeline: { what: string }[]; expected: { archetype: string } },
      );
    const right = cases.filter(({ title, timeline, expected }) => {
      const { archetype } = placeReport({ title, description: timeline.map(({ what }) => what).join('. ') });
      return archetype !== null && expected.archetype.toLowerCase().startsWith(archetype.split('-')[0]!);
    });
    expect(cases.length - right.length).toBeLessThanOrEqual(1);
  });
});
