import {
  ALERT_LIMITS,
  type Alert,
  type AlertDialect,
  type AlertReading,
  alertOf,
  isMembers,
  labelsOf,
  listOf,
  type Members,
  momentOf,
  textOf,
  webLink,
  within,
} from '../alert.ts';
import { type AlertStatus, severityOf, statusOf } from '../words.ts';

const FIXED: Readonly<Record<string, AlertStatus>> = {
  false_positive: 'suppressed',
  fixed: 'resolved',
  ignored: 'suppressed',
  open: 'firing',
};
const MOST_TESTS = 5_000;

function issue(payload: Members, event: string): AlertReading {
  if (event === 'issue.comment_added') return { ignored: 'a comment says nothing new about the system' };
  const it = within(payload, 'data', 'issue');
  const id = textOf(within(it, 'id'));
  if (id === null) return { unreadable: '/data/issue/id is missing' };
  const plugin = textOf(within(it, 'pluginId')) ?? 'a probe';
  const severity = severityOf(within(it, 'severity'), 'promptfoo');
  const state = textOf(within(it, 'status')) ?? '';
  return {
    leftOut: 0,
    alerts: [
      alertOf({
        title: `Probe got through: ${plugin}`,
        text: textOf(within(it, 'weakness'), within(it, 'description')),
        severity: severity ?? 'warning',
        severityGiven: severity !== null,
        status: FIXED[state] ?? statusOf(state, 'promptfoo') ?? 'firing',
        dedupKey: `issue ${id}`,
        at: momentOf(within(it, 'createdAt')) ?? momentOf(payload.timestamp),
        endedAt: null,
        url: webLink(within(it, 'url')),
        source: textOf(within(it, 'targetId'), within(it, 'providerId')),
        labels: labelsOf({ plugin, target: within(it, 'targetId'), provider: within(it, 'providerId') }),
      }),
    ],
  };
}

/** The results of a run: one alert for each probe plugin, or for the run, with tests that failed. What passed again is resolved. */
function run(payload: Members): AlertReading {
  const results = isMembers(payload.results) ? payload.results : {};
  const groups = new Map<string, { failed: number; all: number; example: string | null; severity: unknown }>();
  for (const test of listOf(results.results, MOST_TESTS)) {
    if (!isMembers(test)) continue;
    const metadata = within(test, 'testCase', 'metadata') ?? test.metadata;
    const plugin = textOf(within(metadata, 'pluginId'), within(test, 'metadata', 'pluginId')) ?? 'tests';
    const held = groups.get(plugin) ?? { failed: 0, all: 0, example: null, severity: within(metadata, 'severity') };
    held.all++;
    if (test.success === false) {
      held.failed++;
      held.example ??= textOf(test.error, within(test, 'gradingResult', 'reason'));
    }
    groups.set(plugin, held);
  }
  const stats = within(results, 'stats') ?? results.stats;
  if (groups.size === 0 && typeof within(stats, 'failures') === 'number') {
    const failed = within(stats, 'failures') as number;
    groups.set('tests', {
      failed,
      all: failed + Number(within(stats, 'successes') ?? 0),
      example: null,
      severity: undefined,
    });
  }
  if (groups.size === 0) return { unreadable: '/results/results holds no test' };
  const target =
    textOf(within(payload, 'config', 'description'), within(payload, 'config', 'targets', 'id')) ?? 'promptfoo';
  const alerts = [...groups].slice(0, ALERT_LIMITS.alerts).map(([plugin, it]): Alert => {
    const severity = severityOf(it.severity, 'promptfoo');
    return alertOf({
      title:
        it.failed > 0
          ? `${it.failed} of ${it.all} ${plugin === 'tests' ? 'tests' : `${plugin} probes`} failed`
          : `All ${it.all} ${plugin} passed`,
      text: it.example,
      severity: it.failed === 0 ? 'info' : (severity ?? 'warning'),
      severityGiven: severity !== null,
      status: it.failed > 0 ? 'firing' : 'resolved',
      dedupKey: `run ${target} ${plugin}`,
      at: momentOf(results.timestamp),
      endedAt: null,
      url: webLink(payload.shareableUrl),
      source: target,
      labels: { plugin },
    });
  });
  return { alerts, leftOut: 0 };
}

/** Webhooks of promptfoo, and the results file of a run as it is written by `promptfoo eval --output`. */
export const promptfoo: AlertDialect = {
  product: 'promptfoo',
  speaks: ({ event, data, results, evalId }) =>
    (typeof event === 'string' && event.startsWith('issue.') && isMembers(within(data, 'issue'))) ||
    (isMembers(results) && (evalId !== undefined || isMembers(results.stats))),
  read: (payload) => (isMembers(payload.results) ? run(payload) : issue(payload, String(payload.event))),
};
