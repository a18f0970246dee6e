import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Instant, toMs } from '@firebreak/core/kernel';
import type { SourceProduct } from '@firebreak/core/prepare/sources';

const TOLERANCE_MS = 5 * 60_000;

export interface SignedDelivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly now: Instant;
}

const header = ({ headers }: SignedDelivery, name: string): string | null => {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
};
const hmac = (secret: string | Buffer, ...parts: readonly (string | Buffer)[]): Buffer => {
  const mac = createHmac('sha256', secret);
  for (const part of parts) mac.update(part);
  return mac.digest();
};
const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
const wrong = (name: string) => `the signature in ${name} does not fit the body and the secret`;

function byHex(it: SignedDelivery, name: string, secret: string, before = ''): string | null {
  const given = header(it, name);
  if (given === null) return `the header ${name} is missing`;
  return same(hmac(secret, before, it.body), Buffer.from(given.replace(/^sha256=/, ''), 'hex')) ? null : wrong(name);
}

/** Seconds since the epoch, not far from now: an old delivery sent again is refused. */
function untimely(seconds: string | null, now: Instant): string | null {
  if (seconds === null || !/^\d{9,12}$/.test(seconds)) return 'the delivery does not say when it was signed';
  return Math.abs(Number(seconds) * 1_000 - toMs(now)) > TOLERANCE_MS
    ? 'it was signed more than 5 minutes ago, or the clocks differ'
    : null;
}

/** Standard Webhooks: base64 of HMAC-SHA256 over `id.timestamp.body`, several signatures separated by spaces. */
function standard(it: SignedDelivery, secret: string): string | null {
  const id = header(it, 'webhook-id');
  const timestamp = header(it, 'webhook-timestamp');
  const given = header(it, 'webhook-signature');
  if (id === null || given === null) return 'the headers webhook-id and webhook-signature are missing';
  const late = untimely(timestamp, it.now);
  if (late !== null) return late;
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  const expected = hmac(key, `${id}.${timestamp}.`, it.body);
  const fits = given
    .split(' ')
    .slice(0, 10)
    .some((each) => each.startsWith('v1,') && same(expected, Buffer.from(each.slice(3), 'base64')));
  return fits ? null : wrong('webhook-signature');
}

function langfuse(it: SignedDelivery, secret: string): string | null {
  const given = header(it, 'x-langfuse-signature');
  if (given === null) return 'the header x-langfuse-signature is missing';
  const parts = new Map(given.split(',').map((part) => part.trim().split('=', 2) as [string, string]));
  const late = untimely(parts.get('t') ?? null, it.now);
  if (late !== null) return late;
  const expected = hmac(secret, `${parts.get('t')}.`, it.body);
  return same(expected, Buffer.from(parts.get('v1') ?? '', 'hex')) ? null : wrong('x-langfuse-signature');
}

function grafana(it: SignedDelivery, secret: string): string | null {
  const timestamp = header(it, 'x-grafana-alerting-timestamp');
  if (timestamp === null) return byHex(it, 'x-grafana-alerting-signature', secret);
  return untimely(timestamp, it.now) ?? byHex(it, 'x-grafana-alerting-signature', secret, `${timestamp}:`);
}

/**
 * What is wrong with the signature of a delivery, by how the product signs; null: it fits. Sources: the webhook pages of
 * Sentry, Grafana, Langfuse, GitHub, GitLab and promptfoo, and Standard Webhooks.
 */
export function signatureFault(product: SourceProduct, secret: string, it: SignedDelivery): string | null {
  switch (product) {
    case 'sentry':
      return byHex(it, 'sentry-hook-signature', secret);
    case 'grafana':
      return grafana(it, secret);
    case 'langfuse':
      return langfuse(it, secret);
    case 'github':
      return byHex(it, 'x-hub-signature-256', secret);
    case 'promptfoo':
      return byHex(it, 'x-promptfoo-signature', secret);
    default:
      return standard(it, secret);
  }
}
