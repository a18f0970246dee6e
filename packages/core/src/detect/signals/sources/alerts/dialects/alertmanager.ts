import {
  ALERT_LIMITS,
  type Alert,
  type AlertDialect,
  type AlertReading,
  alertOf,
  isMembers,
  keyOfLabels,
  labelsOf,
  type Members,
  momentOf,
  textOf,
  webLink,
} from '../alert.ts';
import { severityOf, statusOf } from '../words.ts';

function one(alert: Members, group: Members, product: string): Alert | null {
  const labels = labelsOf(alert.labels, group.commonLabels, group.groupLabels);
  const annotations = labelsOf(alert.annotations, group.commonAnnotations);
  const name = textOf(labels.alertname);
  const title = textOf(
    annotations.summary,
    annotations.title,
    name,
    annotations.description,
    annotations.message,
    group.title,
  );
  if (title === null) return null;
  const severity = severityOf(labels.severity ?? labels.priority ?? labels.level, product);
  const status = statusOf(alert.status ?? group.status, product) ?? 'firing';
  return alertOf({
    title,
    text: [name === title ? null : name, textOf(annotations.description, annotations.message)]
      .filter((part) => part !== null && part !== title)
      .join(': '),
    severity: severity ?? 'warning',
    severityGiven: severity !== null,
    status,
    dedupKey: textOf(alert.fingerprint) ?? keyOfLabels(labelsOf(alert.labels)),
    at: momentOf(alert.startsAt),
    // An open alert ends in year 1, or at the moment it is taken for gone.
    endedAt: status === 'resolved' ? momentOf(alert.endsAt) : null,
    url: webLink(alert.panelURL, alert.dashboardURL, annotations.runbook_url, alert.generatorURL, group.externalURL),
    source: textOf(labels.instance, labels.host, labels.service, labels.job),
    labels,
  });
}

/** The alerts of one notification of Alertmanager or Grafana, each with what the group has in common. */
export function readGroup(payload: Members, product: string): AlertReading {
  const all = Array.isArray(payload.alerts) ? payload.alerts : [];
  const alerts = all
    .slice(0, ALERT_LIMITS.alerts)
    .flatMap((alert) => (isMembers(alert) ? (one(alert, payload, product) ?? []) : []));
  if (alerts.length === 0) return { unreadable: '/alerts holds nothing with a name or a summary' };
  const truncated =
    typeof payload.truncatedAlerts === 'number' && payload.truncatedAlerts > 0 ? payload.truncatedAlerts : 0;
  return { alerts, leftOut: all.length - alerts.length + Math.min(truncated, 10_000) };
}

/** Webhook of Prometheus Alertmanager, version 4. Source: Prometheus documentation, webhook_config. */
export const alertmanager: AlertDialect = {
  product: 'alertmanager',
  speaks: ({ alerts, receiver, groupKey, commonLabels }) =>
    Array.isArray(alerts) &&
    (receiver !== undefined ||
      groupKey !== undefined ||
      commonLabels !== undefined ||
      isMembers((alerts[0] as Members)?.labels)),
  read: (payload) => readGroup(payload, 'alertmanager'),
};
