import type { SourceProduct } from '@firebreak/core/prepare/sources';

export const PRODUCT_WORDS: Readonly<Record<SourceProduct, string>> = {
  alertmanager: 'Prometheus Alertmanager',
  grafana: 'Grafana',
  pagerduty: 'PagerDuty events',
  datadog: 'Datadog',
  sentry: 'Sentry',
  langfuse: 'Langfuse',
  promptfoo: 'promptfoo',
  statuspage: 'Statuspage of a vendor',
  github: 'GitHub (changes)',
  gitlab: 'GitLab (changes)',
  custom: 'Anything else that sends JSON',
};

const HEADER = 'Authorization: Bearer <intake key>';
const BY_HEADER = `Send the intake key as a header, “${HEADER}”, or as the password of basic authentication.`;

/** What to enter where, in one or two sentences. The whole stands in docs/guides/sources.md. */
export const WIRING: Readonly<Record<SourceProduct, string>> = {
  alertmanager: `A receiver with webhook_configs: the address as url, the intake key as http_config.authorization.credentials. Leave send_resolved on.`,
  grafana: `A contact point of type Webhook. ${BY_HEADER} Or enter an HMAC secret there, and the same here as signing secret.`,
  pagerduty:
    'Change the address of the sender to this one, and its routing key to the intake key. Nothing else changes.',
  datadog: `Integrations, Webhooks: the address, the payload of the guide, and {"X-Firebreak-Key": "<intake key>"} as custom headers.`,
  sentry: 'An internal integration with this webhook address. Enter its client secret here as signing secret.',
  langfuse:
    'An automation of type Webhook. Enter the signing secret that Langfuse shows here. Prompt versions may come to the same address.',
  promptfoo: `A webhook of the organisation, signing secret here; or POST the results file of a run. ${BY_HEADER}`,
  statuspage:
    'Subscribe to the page by webhook. It can send no header: add &key=<intake key> to the address, and use a source for nothing else.',
  github: 'A webhook of the repository, content type JSON, with the signing secret of this source.',
  gitlab: 'A webhook of the project. The intake key as secret token, or a signing token here as signing secret.',
  custom: `POST JSON to the address. ${BY_HEADER}`,
};

/** `12 taken, 3 refused` */
export function heardLine({
  accepted,
  ignored,
  refused,
}: {
  accepted: number;
  ignored: number;
  refused: number;
}): string {
  const parts = [
    [accepted, 'taken'],
    [ignored, 'not for us'],
    [refused, 'refused'],
  ] as const;
  return (
    parts
      .filter(([n]) => n > 0)
      .map(([n, what]) => `${n} ${what}`)
      .join(', ') || 'nothing yet'
  );
}

export const STATUS_WORDS = {
  firing: 'raises a signal',
  resolved: 'closes its signal',
  acknowledged: 'somebody looks at it',
  suppressed: 'silenced there: raises nothing',
  pending: 'not sure yet: raises nothing',
} as const;
