import type { GatewayGuard } from './options.ts';
import type { GatewayReport } from './reports.ts';

const escaped = (text: string): string => text.replace(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`));

/** Prometheus text format 0.0.4. */
export function metricsText(report: GatewayReport, guard: GatewayGuard): string {
  const lines: string[] = [];
  const metric = (
    name: string,
    type: 'counter' | 'gauge',
    help: string,
    values: readonly (readonly [string, number])[],
  ) => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
    for (const [labels, value] of values) lines.push(`${name}${labels} ${value}`);
  };
  const instance = `{instance="${escaped(guard.instance)}"}`;
  const each = (value: (upstream: GatewayReport['upstreams'][number]) => number) =>
    report.upstreams.map(
      (it) => [`{upstream="${escaped(it.name)}",vendor="${escaped(it.provider)}"}`, value(it)] as const,
    );
  metric('firebreak_gateway_requests_total', 'counter', 'Requests taken', [[instance, report.requests]]);
  metric('firebreak_gateway_busy_total', 'counter', 'Requests refused for being too many', [
    [instance, report.refused],
  ]);
  metric('firebreak_gateway_running', 'gauge', 'Requests running', [[instance, report.running]]);
  metric(
    'firebreak_gateway_upstream_requests_total',
    'counter',
    'Requests sent to an upstream',
    each((it) => it.requests),
  );
  metric(
    'firebreak_gateway_upstream_failures_total',
    'counter',
    'Failures of an upstream',
    each((it) => it.failed),
  );
  metric(
    'firebreak_gateway_upstream_well',
    'gauge',
    '1: it is asked; 0: it is left out',
    each((it) => (it.state === 'well' ? 1 : 0)),
  );
  if (report.recorder !== null) {
    metric('firebreak_gateway_records_waiting', 'gauge', 'Records not sent yet', [[instance, report.recorder.waiting]]);
    metric('firebreak_gateway_records_dropped_total', 'counter', 'Records lost', [[instance, report.recorder.dropped]]);
  }
  return `${lines.join('\n')}\n`;
}
