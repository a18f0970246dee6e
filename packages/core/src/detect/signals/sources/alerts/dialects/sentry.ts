import {
  type Alert,
  type AlertDialect,
  type AlertReading,
  alertOf,
  isMembers,
  labelsOf,
  type Members,
  momentOf,
  textOf,
  webLink,
  within,
} from '../alert.ts';
import { type AlertStatus, severityOf, statusOf } from '../words.ts';

const of = (
  alert: Omit<Alert, 'title' | 'text' | 'severity' | 'severityGiven' | 'endedAt'> & {
    title: string;
    text: string | null;
  },
  level: unknown,
): AlertReading => {
  const severity = severityOf(level, 'sentry');
  return {
    leftOut: 0,
    alerts: [alertOf({ ...alert, endedAt: null, severity: severity ?? 'high', severityGiven: severity !== null })],
  };
};

const ISSUE_ACTIONS: Readonly<Record<string, AlertStatus>> = {
  created: 'firing',
  unresolved: 'firing',
  resolved: 'resolved',
  archived: 'suppressed',
  ignored: 'suppressed',
  assigned: 'acknowledged',
};

function issue(data: Members, action: string): AlertReading {
  const { issue: it } = data;
  const title = textOf(within(it, 'title'), within(it, 'metadata', 'value'));
  const id = textOf(within(it, 'id'));
  if (title === null || id === null) return { unreadable: '/data/issue has no id or no title' };
  return of(
    {
      title,
      text: textOf(within(it, 'culprit')),
      status: ISSUE_ACTIONS[action] ?? statusOf(within(it, 'status'), 'sentry') ?? 'firing',
      dedupKey: `issue ${id}`,
      at: momentOf(within(it, 'firstSeen')),
      url: webLink(within(it, 'web_url'), within(it, 'permalink'), within(it, 'url')),
      source: textOf(within(it, 'project', 'slug'), within(it, 'project', 'name')),
      labels: labelsOf({
        project: within(it, 'project', 'slug'),
        platform: within(it, 'platform'),
        shortId: within(it, 'shortId'),
      }),
    },
    within(it, 'level'),
  );
}

/** An event of an alert rule, or an error as such. It belongs to an issue, which is what gets resolved. */
function event(it: Members, rule: unknown): AlertReading {
  const title = textOf(it.title, it.message, within(it, 'metadata', 'value'));
  if (title === null) return { unreadable: 'the event has no title' };
  const id =
    textOf(it.issue_id, it.groupID) ?? /\/issues\/(\d+)/.exec(textOf(it.web_url, it.issue_url) ?? '')?.[1] ?? null;
  return of(
    {
      title,
      text: [textOf(it.culprit), textOf(rule)].filter((part) => part !== null).join(' · '),
      status: statusOf(it.status, 'sentry') ?? 'firing',
      dedupKey: id === null ? `title ${title}` : `issue ${id}`,
      at: momentOf(it.datetime) ?? momentOf(it.timestamp),
      url: webLink(it.web_url, it.url, it.issue_url),
      source: textOf(it.culprit),
      labels: labelsOf(it.tags, { environment: it.environment, release: it.release }),
    },
    it.level,
  );
}

function metric(data: Members, action: string): AlertReading {
  const { metric_alert: it } = data;
  const rule = within(it, 'alert_rule');
  const title = textOf(data.description_title, within(it, 'title'), within(rule, 'name'));
  const id = textOf(within(it, 'identifier'), within(it, 'id'), within(rule, 'id'));
  if (title === null || id === null) return { unreadable: '/data/metric_alert has no id or no title' };
  return of(
    {
      title,
      text: textOf(data.description_text),
      status: action === 'resolved' ? 'resolved' : 'firing',
      dedupKey: `metric ${id}`,
      at: momentOf(within(it, 'date_started')),
      url: webLink(data.web_url),
      source: textOf(within(rule, 'name')),
      labels: labelsOf({ environment: within(rule, 'environment'), aggregate: within(rule, 'aggregate') }),
    },
    action === 'resolved' ? 'info' : action,
  );
}

/** Webhooks of the integration platform, and of the older service hook. Source: Sentry documentation, Webhooks. */
export const sentry: AlertDialect = {
  product: 'sentry',
  speaks: ({ action, data, culprit, event: inner, project_slug }) =>
    (typeof action === 'string' &&
      isMembers(data) &&
      ['issue', 'event', 'metric_alert', 'error', 'installation', 'comment_id', 'comment'].some((name) =>
        Object.hasOwn(data, name),
      )) ||
    (isMembers(inner) && (culprit !== undefined || project_slug !== undefined)),
  read(payload, resource) {
    const { data } = payload;
    const action = textOf(payload.action) ?? '';
    if (isMembers(data)) {
      if (isMembers(data.metric_alert)) return metric(data, action);
      if (isMembers(data.event)) return event(data.event, data.triggered_rule);
      if (isMembers(data.error)) return event(data.error, null);
      if (isMembers(data.issue)) return issue(data, action);
      return { ignored: `“${(resource ?? action).slice(0, 60)}” tells of nothing that went wrong` };
    }
    const inner = isMembers(payload.event) ? payload.event : {};
    const id = textOf(payload.id) ?? /\/issues\/(\d+)/.exec(textOf(payload.url) ?? '')?.[1] ?? null;
    return event(
      {
        ...inner,
        level: payload.level ?? inner.level,
        culprit: payload.culprit ?? inner.culprit,
        title: textOf(inner.title, payload.message),
        status: payload.status,
        web_url: payload.url,
        issue_id: id,
      },
      payload.triggering_rules,
    );
  },
};
