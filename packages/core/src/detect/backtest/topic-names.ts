/** Apart from the topics themselves, so that a screen which only names them carries none of their detectors. */
export type TopicName =
  | 'agent-traces'
  | 'incident-triage'
  | 'metric-anomaly'
  | 'otlp-dialects'
  | 'pii'
  | 'prompt-attacks'
  | 'signal-grouping'
  | 'similar'
  | 'unsafe-content'
  | 'webhooks';
export const TOPIC_NAMES = [
  'agent-traces',
  'incident-triage',
  'metric-anomaly',
  'otlp-dialects',
  'pii',
  'prompt-attacks',
  'signal-grouping',
  'similar',
  'unsafe-content',
  'webhooks',
] as const satisfies readonly TopicName[];
