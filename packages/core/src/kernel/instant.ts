/** ISO 8601 in UTC with milliseconds, `2026-11-20T23:21:04.000Z`: sorts, reads and hashes as itself. */
export type Instant = string & { readonly __brand: 'Instant' };

const SHAPE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export function isInstant(value: unknown): value is Instant {
  return typeof value === 'string' && SHAPE.test(value) && !Number.isNaN(Date.parse(value));
}

/** From milliseconds since the epoch, or from any text with a zone that ECMAScript can read. Throws RangeError otherwise. */
export function instant(value: number | string): Instant {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) throw new RangeError(`not an instant: ${value}`);
  return date.toISOString() as Instant;
}

export const toMs = (at: Instant): number => Date.parse(at);
export const addMs = (at: Instant, ms: number): Instant => instant(toMs(at) + ms);
export const msBetween = (from: Instant, to: Instant): number => toMs(to) - toMs(from);
export const earlier = (a: Instant, b: Instant): Instant => (a <= b ? a : b);
export const later = (a: Instant, b: Instant): Instant => (a >= b ? a : b);
