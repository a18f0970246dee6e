import { type AlertDialect, alertOf, labelsOf, momentOf, shortHash, textOf, webLink, within } from '../alert.ts';
import { severityOf, statusOf } from '../words.ts';

/** `[P2] [Warn on {host:a}] Queue is long` */
const HEAD = /^\s*(?:\[(P\d)\]\s*)?\[([A-Za-z -]+?)(?:\s+on\s+\{[^}]*\})?\]\s*/;

/**
 * Webhook of a Datadog monitor: its own default payload, or the one of docs/guides/sources.md that names more. Source:
 * Datadog documentation, Webhooks integration.
 */
export const datadog: AlertDialect = {
  product: 'datadog',
  speaks: (it) =>
    it.alert_transition !== undefined ||
    (it.last_updated !== undefined && it.event_type !== undefined && it.org !== undefined) ||
    (it.monitor_id !== undefined && (it.query !== undefined || it.scopes !== undefined)),
  read(it) {
    const said = textOf(it.title, it.event_title, it.alert_title, it.name);
    const head = said === null ? null : HEAD.exec(said);
    const title = said?.replace(HEAD, '') || said || textOf(it.message, it.body);
    if (title === null) return { unreadable: '/title is missing' };
    const labels = labelsOf(it.tags);
    const scope =
      textOf(it.alert_scope, it.scope, Array.isArray(it.scopes) ? it.scopes.join(',') : it.scopes, labels.host) ?? '';
    const severity =
      severityOf(
        typeof it.priority === 'number' ? `P${it.priority}` : it.priority === 'normal' ? null : it.priority,
        'datadog',
      ) ??
      severityOf(it.alert_priority, 'datadog') ??
      severityOf(head?.[1], 'datadog') ??
      severityOf(it.alert_type, 'datadog') ??
      severityOf(labels.severity, 'datadog');
    const monitor = textOf(it.alert_id, it.monitor_id);
    return {
      leftOut: 0,
      alerts: [
        alertOf({
          title,
          text: textOf(it.body, it.message, it.event_msg, it.description),
          severity: severity ?? 'warning',
          severityGiven: severity !== null,
          status:
            statusOf(it.alert_transition, 'datadog') ??
            statusOf(head?.[2], 'datadog') ??
            statusOf(it.status ?? it.overall_state, 'datadog') ??
            'firing',
          dedupKey: textOf(it.aggreg_key) ?? `monitor ${monitor ?? shortHash(title)}${scope === '' ? '' : ` ${scope}`}`,
          at: momentOf(it.date) ?? momentOf(it.last_updated),
          endedAt: null,
          url: webLink(it.link, it.url),
          source: textOf(it.hostname, it.host, labels.service, within(it.org, 'name')),
          labels,
        }),
      ],
    };
  },
};
