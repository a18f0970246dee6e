import {
  type AlertDialect,
  alertOf,
  isMembers,
  labelsOf,
  listOf,
  type Members,
  momentOf,
  shortHash,
  textOf,
  webLink,
  within,
} from '../alert.ts';
import type { AlertSeverity, AlertStatus } from '../words.ts';

const STATUS: Readonly<Record<string, AlertStatus>> = {
  trigger: 'firing',
  acknowledge: 'acknowledged',
  resolve: 'resolved',
};
const SEVERITY: Readonly<Record<string, AlertSeverity>> = {
  critical: 'critical',
  error: 'high',
  warning: 'warning',
  info: 'info',
};
const LONGEST_KEY = 255;
const LONGEST_SUMMARY = 1_024;

/** What is wrong with an event of the Events API v2, in sentences as that API answers them; none where nothing is. */
export function faultsOfEvent(event: unknown): string[] {
  if (!isMembers(event)) return ['Event object is not a JSON object'];
  const faults: string[] = [];
  const { event_action: action, dedup_key: key, payload } = event;
  if (typeof event.routing_key !== 'string' || event.routing_key.trim() === '')
    faults.push("'routing_key' is missing or blank");
  if (typeof action !== 'string' || action === '') faults.push("'event_action' is missing or blank");
  else if (!Object.hasOwn(STATUS, action))
    faults.push("'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')");
  if (key !== undefined && key !== null && (typeof key !== 'string' || key.length > LONGEST_KEY))
    faults.push(`'dedup_key' is invalid (must be a string of at most ${LONGEST_KEY} characters)`);
  if (action === 'acknowledge' || action === 'resolve') {
    if (typeof key !== 'string' || key === '')
      faults.push(`'dedup_key' is missing or blank (must be given with '${action}')`);
    return faults;
  }
  if (!isMembers(payload)) return [...faults, "'payload' is missing or blank"];
  for (const name of ['summary', 'source', 'severity'])
    if (typeof payload[name] !== 'string' || payload[name].trim() === '')
      faults.push(`'payload.${name}' is missing or blank`);
  if (typeof payload.severity === 'string' && payload.severity !== '' && !Object.hasOwn(SEVERITY, payload.severity))
    faults.push(
      "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
    );
  if (payload.timestamp !== undefined && payload.timestamp !== null && typeof payload.timestamp !== 'string')
    faults.push("'payload.timestamp' is invalid (must be an ISO 8601 date and time)");
  return faults;
}

/** The key of an event: as given, or made of what it says, so that the same event twice is the same alert. */
export function keyOfEvent(event: Members): string {
  const given = textOf(event.dedup_key);
  if (given !== null) return given.slice(0, LONGEST_KEY);
  const { payload } = event;
  const parts = ['summary', 'source', 'component', 'group', 'class'].map((name) => textOf(within(payload, name)) ?? '');
  return `fbk${shortHash(parts.join('\n'))}`;
}

/** Events API v2 of PagerDuty. Source: PagerDuty Developer Documentation, Events API v2. */
export const pagerduty: AlertDialect = {
  product: 'pagerduty',
  speaks: (payload) => typeof payload.event_action === 'string' && Object.hasOwn(STATUS, payload.event_action),
  read(event) {
    const payload = isMembers(event.payload) ? event.payload : {};
    const status = STATUS[String(event.event_action)]!;
    const severity = SEVERITY[String(payload.severity)] ?? null;
    const summary = textOf(payload.summary)?.slice(0, LONGEST_SUMMARY) ?? null;
    if (summary === null && status === 'firing') return { unreadable: '/payload/summary is missing' };
    const component = textOf(payload.component);
    const detail = [component, textOf(payload.group), textOf(payload.class), textOf(event.client)].filter(
      (part) => part !== null,
    );
    return {
      leftOut: 0,
      alerts: [
        alertOf({
          title: summary ?? `Event ${String(event.dedup_key)}`,
          text: detail.length > 0 ? detail.join(' · ') : null,
          severity: severity ?? 'info',
          severityGiven: severity !== null,
          status,
          dedupKey: keyOfEvent(event),
          at: momentOf(payload.timestamp),
          endedAt: null,
          url: webLink(event.client_url, ...listOf(event.links, 10).map((link) => within(link, 'href'))),
          source: textOf(payload.source),
          labels: labelsOf(payload.custom_details, {
            ...(component !== null && { component }),
            ...(textOf(payload.group) !== null && { group: payload.group }),
            ...(textOf(payload.class) !== null && { class: payload.class }),
          }),
        }),
      ],
    };
  },
};
