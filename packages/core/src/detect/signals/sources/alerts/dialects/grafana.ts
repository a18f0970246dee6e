import { type AlertDialect, alertOf, labelsOf, momentOf, textOf, webLink } from '../alert.ts';
import { severityOf, statusOf } from '../words.ts';
import { readGroup } from './alertmanager.ts';

/** Grafana: the form of Alertmanager with more about it, and the legacy form. Source: Grafana documentation, webhook notifier. */
export const grafana: AlertDialect = {
  product: 'grafana',
  speaks: ({ alerts, orgId, ruleId, ruleUrl, evalMatches, state }) =>
    (Array.isArray(alerts) && orgId !== undefined) ||
    (state !== undefined && (ruleUrl !== undefined || (ruleId !== undefined && evalMatches !== undefined))),
  read(payload) {
    if (Array.isArray(payload.alerts)) return readGroup(payload, 'grafana');
    const title = textOf(payload.ruleName, payload.title, payload.message);
    if (title === null) return { unreadable: '/ruleName and /title are missing' };
    const labels = labelsOf(payload.tags);
    const severity = severityOf(labels.severity, 'grafana');
    return {
      leftOut: 0,
      alerts: [
        alertOf({
          title,
          text: textOf(payload.message),
          severity: severity ?? 'warning',
          severityGiven: severity !== null,
          status: statusOf(payload.state, 'grafana') ?? 'firing',
          dedupKey: `rule ${textOf(payload.ruleId) ?? title} ${textOf(payload.orgId) ?? ''}`.trim(),
          at: momentOf(payload.timestamp),
          endedAt: null,
          url: webLink(payload.ruleUrl),
          source: textOf(labels.instance, labels.service),
          labels,
        }),
      ],
    };
  },
};
