import { measures } from '@firebreak/contract/detect/measures';
import { Bin } from '@firebreak/core/detect/measures';
import { addMs, refuse } from '@firebreak/core/kernel';
import { type App, type Deps, route } from '../../platform/index.ts';
import { intake } from './intake.ts';
import { listMeasures, pointOf, readBins, readMeasure } from './read.ts';

const MOST_LINES = 8;
const RANGES = {
  '3h': { ms: 3 * 3_600_000, step: 1 },
  '24h': { ms: 24 * 3_600_000, step: 10 },
  '7d': { ms: 7 * 86_400_000, step: 60 },
  '30d': { ms: 30 * 86_400_000, step: 240 },
} as const;

const unknown = (system: string, name: string) =>
  refuse('measure.unknown', `Nothing was measured as “${name}” of ${system} in the time that is kept.`);

export async function routes(app: App, deps: Deps): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    // Members are checked one by one, so that a bad one does not refuse the others.
    scope.setValidatorCompiler(() => (value) => ({ value }));
    intake(scope, deps);
  });

  route(app, measures.list, async ({ query }) => {
    const { rows, more } = await listMeasures(deps.db, query.system ?? null, deps.now());
    const left = await deps.db.query<{ system: string; name: string; why: string; count: string; at: string }>(
      'select system, name, why, count, last_at as at from measure_left_out where $1::text is null or system = $1 order by last_at desc limit 50',
      [query.system ?? null],
    );
    return {
      measures: rows,
      more,
      leftOut: left.rows.map(({ at, count, ...it }) => ({ ...it, count: Number(count), lastAt: at as never })),
    };
  });

  route(app, measures.show, async ({ params, query }) => {
    const measure = await readMeasure(deps.db, params.system, params.measure);
    if (measure === null) return unknown(params.system, params.measure);
    const { ms, step } = RANGES[query.range];
    const to = addMs(deps.now(), 60_000);
    const from = addMs(to, -ms);
    const bins = await readBins(deps.db, {
      system: params.system,
      name: params.measure,
      feature: query.feature ?? null,
      from: from.slice(0, 16),
      to: to.slice(0, 16),
      stepMinutes: step,
      split: query.split,
    });
    const all = new Bin();
    const lines = [...bins].map(([label, line]) => {
      let n = 0;
      for (const bin of line.values()) {
        n += bin.n;
        all.add(bin);
      }
      return { label, n, points: [...line].map(([minute, bin]) => pointOf(minute, bin, measure.kind)) };
    });
    lines.sort((a, b) => b.n - a.n);
    const parts = [...(all.parts ?? [])].sort(([, a], [, b]) => b - a);
    return {
      measure,
      from,
      to,
      stepMinutes: step,
      lines: lines.slice(0, MOST_LINES).map(({ label, points }) => ({ label, points })),
      more: Math.max(0, lines.length - MOST_LINES),
      parts: parts.map(([name, count]) => ({ name, share: count / all.n })),
    };
  });
}
