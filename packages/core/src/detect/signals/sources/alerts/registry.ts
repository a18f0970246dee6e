import type { AlertDialect, AlertReading } from './alert.ts';
import { isMembers } from './alert.ts';
import { alertmanager } from './dialects/alertmanager.ts';
import { datadog } from './dialects/datadog.ts';
import { grafana } from './dialects/grafana.ts';
import { langfuse } from './dialects/langfuse.ts';
import { pagerduty } from './dialects/pagerduty.ts';
import { promptfoo } from './dialects/promptfoo.ts';
import { sentry } from './dialects/sentry.ts';
import { statuspage } from './dialects/statuspage.ts';
import { readGeneric } from './generic.ts';

/** In order of precedence, where the product is not named: the more particular form first. */
export const ALERT_DIALECTS: readonly AlertDialect[] = [
  langfuse,
  pagerduty,
  statuspage,
  promptfoo,
  grafana,
  alertmanager,
  sentry,
  datadog,
];

/**
 * The alerts of a payload. `product` is who sent it, as far as known: its dialect is asked first, then the others, then
 * the generic reading; `event` is the kind of event, where a header names it. Never throws.
 */
export function readAlerts(payload: unknown, product: string | null, event: string | null = null): AlertReading {
  try {
    if (isMembers(payload)) {
      const named = ALERT_DIALECTS.find((dialect) => dialect.product === product);
      const spoken = named?.speaks(payload) ? named : ALERT_DIALECTS.find((dialect) => dialect.speaks(payload));
      const reading = spoken?.read(payload, event);
      if (reading !== undefined && !('unreadable' in reading)) return reading;
    }
    return readGeneric(payload, product ?? '');
  } catch (error) {
    if (error instanceof RangeError) return { unreadable: 'it is nested too deep' };
    throw error;
  }
}
