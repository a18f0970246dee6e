export const FIGURE_WORDS: Readonly<Record<string, string>> = {
  requests: 'Requests since the first signal',
  'same-version': 'Of them with the version in question',
  affected: 'Went wrong, seen',
  'people-served': 'People served',
  'people-affected': 'People concerned, seen',
  actions: 'Actions taken by tools',
  downstream: 'Systems downstream',
};
export const SURENESS_WORDS = {
  counted: 'counted',
  'at-least': 'at least',
  sampled: 'from a sample',
  'not-captured': 'not captured',
} as const;
export const FLAG_WORDS = {
  'personal-data': 'Personal data',
  'regulated-decision': 'Regulated decision',
  'financial-loss': 'Financial loss',
  'security-exposure': 'Security exposure',
  'customer-harm': 'Customer harm',
} as const;
export const KIND_WORDS: Readonly<Record<string, string>> = {
  prompt: 'Prompt',
  model: 'Model',
  index: 'Index',
  tool: 'Tools',
  deploy: 'Deployment',
  config: 'Configuration',
  guardrail: 'Guardrail',
  flag: 'Flag',
  vendor: 'Vendor',
};
