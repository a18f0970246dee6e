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
