/** The shapes in which AI systems fail. `null` beside these means that nobody has said yet. */
export const ARCHETYPES = [
  'prompt-injection',
  'data-exfiltration',
  'model-manipulation',
  'misinformation-cascade',
  'toxicity-abuse',
  'agentic-misalignment',
  'integration-compromise',
  'quality-drift',
  'vendor-outage',
  'unsafe-automated-decision',
  'control-failure',
] as const;
export type Archetype = (typeof ARCHETYPES)[number];

/** What a person may call it: an archetype, `outside` all of them, or `unknown`, which takes back what was called. */
export const CALLABLE_ARCHETYPES = [...ARCHETYPES, 'outside', 'unknown'] as const;
export type CalledArchetype = (typeof CALLABLE_ARCHETYPES)[number];
