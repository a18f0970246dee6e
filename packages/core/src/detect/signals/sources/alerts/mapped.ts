import {
  ALERT_LIMITS,
  type Alert,
  type AlertReading,
  alertOf,
  isMembers,
  keyOfLabels,
  labelsOf,
  momentOf,
  shortHash,
  textOf,
  webLink,
} from './alert.ts';
import { severityOf, statusOf } from './words.ts';

/** The members a mapping may give; anything else it gives is not read. */
export const MAPPED_MEMBERS = [
  'title',
  'text',
  'severity',
  'status',
  'dedupKey',
  'at',
  'url',
  'source',
  'labels',
] as const;

/**
 * What a mapping made of a payload: one alert or a list, with the members of `MAPPED_MEMBERS`. Words for severity and
 * status may be the product's own. Nothing at all (undefined, null, an empty list) means: not for us.
 */
export function readMapped(made: unknown): AlertReading {
  if (made === undefined || made === null) return { ignored: 'the mapping makes nothing of it' };
  const all: readonly unknown[] = Array.isArray(made) ? made : [made];
  if (all.length === 0) return { ignored: 'the mapping makes nothing of it' };
  const alerts: Alert[] = [];
  let wrong: string | null = null;
  for (const [i, it] of all.slice(0, ALERT_LIMITS.alerts).entries()) {
    const title = isMembers(it) ? textOf(it.title) : null;
    if (!isMembers(it) || title === null) {
      wrong ??= isMembers(it) ? `result ${i} has no “title”` : `result ${i} is not an object with a “title”`;
      continue;
    }
    const severity = severityOf(it.severity);
    const labels = labelsOf(it.labels);
    alerts.push(
      alertOf({
        title,
        text: textOf(it.text),
        severity: severity ?? 'warning',
        severityGiven: severity !== null,
        status: statusOf(it.status) ?? 'firing',
        dedupKey:
          textOf(it.dedupKey, it.dedup_key) ??
          shortHash(`${title.replace(/\d+/g, '#')}\n${textOf(it.source) ?? ''}\n${keyOfLabels(labels)}`),
        at: momentOf(it.at),
        endedAt: null,
        url: webLink(it.url),
        source: textOf(it.source),
        labels,
      }),
    );
  }
  return alerts.length > 0
    ? { alerts, leftOut: all.length - alerts.length }
    : { unreadable: wrong ?? 'nothing was made' };
}
