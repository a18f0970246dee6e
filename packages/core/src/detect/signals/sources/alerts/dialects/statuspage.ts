import {
  type AlertDialect,
  type AlertReading,
  alertOf,
  isMembers,
  listOf,
  type Members,
  momentOf,
  textOf,
  webLink,
  within,
} from '../alert.ts';
import type { AlertSeverity, AlertStatus } from '../words.ts';

const IMPACT: Readonly<Record<string, AlertSeverity>> = {
  none: 'info',
  maintenance: 'info',
  minor: 'warning',
  major: 'high',
  critical: 'critical',
};
const STATE: Readonly<Record<string, AlertStatus>> = {
  investigating: 'firing',
  identified: 'firing',
  monitoring: 'firing',
  in_progress: 'firing',
  verifying: 'firing',
  scheduled: 'pending',
  completed: 'resolved',
  resolved: 'resolved',
  postmortem: 'resolved',
};
const COMPONENT: Readonly<Record<string, readonly [AlertSeverity, AlertStatus]>> = {
  operational: ['info', 'resolved'],
  degraded_performance: ['warning', 'firing'],
  partial_outage: ['high', 'firing'],
  major_outage: ['critical', 'firing'],
  under_maintenance: ['info', 'firing'],
};

function incident(it: Members, page: unknown): AlertReading {
  const id = textOf(it.id);
  const name = textOf(it.name);
  if (id === null || name === null) return { unreadable: '/incident has no id or no name' };
  const update = listOf(it.incident_updates, 1)[0];
  const components = listOf(it.components, 20).flatMap((component) => textOf(within(component, 'name')) ?? []);
  const status = STATE[String(it.status)] ?? 'firing';
  return {
    leftOut: 0,
    alerts: [
      alertOf({
        title: name,
        text: [textOf(within(update, 'body')), components.join(', ')]
          .filter((part) => part !== null && part !== '')
          .join(' · '),
        severity: IMPACT[String(it.impact_override ?? it.impact)] ?? 'warning',
        severityGiven: Object.hasOwn(IMPACT, String(it.impact_override ?? it.impact)),
        status,
        dedupKey: `incident ${id}`,
        at: momentOf(it.started_at) ?? momentOf(it.scheduled_for) ?? momentOf(it.created_at),
        endedAt: momentOf(it.resolved_at),
        url: webLink(it.shortlink),
        source: components[0] ?? textOf(within(page, 'id')),
        labels: {
          ...(components.length > 0 && { components: components.join(', ').slice(0, 300) }),
          state: String(it.status).slice(0, 40),
        },
      }),
    ],
  };
}

/** Webhook of an Atlassian Statuspage one subscribed to. Source: Atlassian Support, Enable webhook notifications. */
export const statuspage: AlertDialect = {
  product: 'statuspage',
  speaks: ({ page, incident: told, component_update, component }) =>
    isMembers(page) && (isMembers(told) || (isMembers(component_update) && isMembers(component))),
  read({ page, incident: told, component_update, component }) {
    if (isMembers(told)) return incident(told, page);
    const id = textOf(within(component, 'id'), within(component_update, 'component_id'));
    const name = textOf(within(component, 'name'));
    const state = textOf(within(component_update, 'new_status'), within(component, 'status')) ?? '';
    if (id === null || name === null) return { unreadable: '/component has no id or no name' };
    const [severity, status] = COMPONENT[state] ?? ['warning', 'firing'];
    return {
      leftOut: 0,
      alerts: [
        alertOf({
          title: `${name}: ${state.replaceAll('_', ' ') || 'changed'}`,
          text: textOf(within(page, 'status_description')),
          severity,
          severityGiven: Object.hasOwn(COMPONENT, state),
          status,
          dedupKey: `component ${id}`,
          at: momentOf(within(component_update, 'created_at')),
          endedAt: null,
          url: webLink(within(page, 'url')),
          source: name,
          labels: { component: name.slice(0, 300) },
        }),
      ],
    };
  },
};
