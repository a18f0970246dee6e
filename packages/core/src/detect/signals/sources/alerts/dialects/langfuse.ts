import { type AlertDialect, alertOf, isMembers, labelsOf, momentOf, textOf, webLink } from '../alert.ts';
import type { AlertSeverity, AlertStatus } from '../words.ts';

/** Both alarm levels, and no data where data were expected, are something to look at; a paused monitor is not. */
const LEVELS: Readonly<Record<string, readonly [AlertSeverity, AlertStatus]>> = {
  ALERT: ['high', 'firing'],
  WARNING: ['warning', 'firing'],
  NO_DATA: ['warning', 'firing'],
  OK: ['info', 'resolved'],
  UNKNOWN: ['info', 'pending'],
  PAUSED: ['info', 'suppressed'],
};

/** Monitor alerts of Langfuse automations, API version v1. Prompt versions are changes, not alerts. */
export const langfuse: AlertDialect = {
  product: 'langfuse',
  speaks: ({ type, payload, prompt }) =>
    (type === 'monitor-alert' && isMembers(payload)) || (type === 'prompt-version' && prompt !== undefined),
  read({ type, payload, timestamp }) {
    if (type !== 'monitor-alert' || !isMembers(payload))
      return { ignored: `“${String(type).slice(0, 60)}” is no alert of a monitor` };
    const message = isMembers(payload.message) ? payload.message : {};
    const monitor = textOf(payload.monitorId);
    const title = textOf(message.title, message.body);
    if (monitor === null) return { unreadable: '/payload/monitorId is missing' };
    const level = LEVELS[String(payload.severity)];
    return {
      leftOut: 0,
      alerts: [
        alertOf({
          title: title ?? `Langfuse monitor ${monitor}`,
          text: textOf(message.body),
          severity: level?.[0] ?? 'warning',
          severityGiven: level !== undefined && payload.severity !== 'NO_DATA',
          status: level?.[1] ?? 'firing',
          dedupKey: `monitor ${monitor}`,
          at: momentOf(payload.timestamp) ?? momentOf(timestamp),
          endedAt: null,
          url: webLink(payload.permalink, payload.dataPermalink),
          source: textOf(payload.projectId),
          labels: labelsOf({ projectId: payload.projectId, view: payload.view, window: payload.window }),
        }),
      ],
    };
  },
};
