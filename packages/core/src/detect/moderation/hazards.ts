import type { Archetype } from '../signals/index.ts';

/** Hazard categories that Llama Guard 3 and 4 answer by code (MLCommons hazard taxonomy, and S14 of Meta's model card). */
export const HAZARDS: Readonly<Record<string, string>> = {
  S1: 'violent crimes',
  S2: 'non-violent crimes',
  S3: 'sex crimes',
  S4: 'child exploitation',
  S5: 'defamation',
  S6: 'specialized advice',
  S7: 'privacy',
  S8: 'intellectual property',
  S9: 'indiscriminate weapons',
  S10: 'hate',
  S11: 'self-harm',
  S12: 'sexual content',
  S13: 'elections',
  S14: 'code interpreter abuse',
};

const SHAPES: readonly (readonly [RegExp, Archetype])[] = [
  [/inject|jailbreak/i, 'prompt-injection'],
  [/privacy|personal|\bpii\b|secret|leak/i, 'data-exfiltration'],
  [/misinformation|defamation|specialized advice|election|ground|hallucinat/i, 'misinformation-cascade'],
  [/interpreter|tool abuse|agent/i, 'agentic-misalignment'],
];

/** The kind of failure a category speaks of; what is not said otherwise is harmful content. */
export const archetypeOf = (category: string): Archetype =>
  SHAPES.find(([words]) => words.test(category))?.[1] ?? 'toxicity-abuse';
