import type { EvalResult, EvalRun, EvalSuite, EvalTarget } from '@firebreak/contract/detect/evals';
import { designWatch, type Probed, type Run, type Target, versionKey } from '@firebreak/core/detect/evals';
import { byTechnique, resistanceOf, techniqueName } from '@firebreak/core/detect/probes';
import { wilson } from '@firebreak/core/statistics';
import type { Deps, Sql } from '../../platform/index.ts';
import { spentOn } from './ask.ts';
import { lastFinished, lastRuns, readTarget, type SuiteRow, usersOf } from './board.ts';
import { countCases } from './cases.ts';
import { type AttemptData, type ResultRow, resultsOf, shownAttempts } from './rows.ts';
import { versionsBehind } from './start.ts';

export async function shownTarget(deps: Deps, target: Target): Promise<EvalTarget> {
  const { removed: _, secret, ...rest } = target;
  const { versions, deployment } = await versionsBehind(deps.db, target);
  return {
    ...rest,
    hasSecret: secret,
    usedBy: await usersOf(deps.db, target.id),
    askedToday: await spentOn(deps.db, target.id, deps.now().slice(0, 10)),
    versions: `${versionKey(versions)}${deployment === null ? '' : ` (${deployment})`}`,
  };
}

async function answeredOf(sql: Sql, runs: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (runs.length === 0) return new Map();
  const { rows } = await sql.query<{ run: string; n: number }>(
    'select run, count(*)::int as n from eval_result where run = any($1) group by run',
    [runs],
  );
  return new Map(rows.map(({ run, n }) => [run, n]));
}

function shownProbed({ groups, hitsAlone, toolScore, notes }: Probed): EvalRun['probed'] {
  const { resistance, overRefusal } = resistanceOf(groups);
  return {
    resistance: hitsAlone ? null : resistance,
    overRefusal: hitsAlone ? null : overRefusal,
    techniques: byTechnique(groups).map(({ technique, score }) => ({
      technique,
      name: techniqueName(technique),
      score,
    })),
    families: groups.map((each) => ({ ...each })),
    hitsAlone,
    toolScore,
    notes,
  };
}

function shownRun(run: Run, answered: number): EvalRun {
  const { ended } = run;
  const judged = ended === null ? 0 : ended.counts.passed + ended.counts.failed;
  return {
    id: run.id,
    suite: run.suite,
    kind: run.kind,
    name: run.name,
    system: run.system,
    feature: run.feature,
    suiteVersion: run.suiteVersion,
    versions: { ...run.versions },
    versionName: versionKey(run.versions),
    deployment: run.deployment,
    trigger: run.trigger,
    why: run.why,
    total: run.cases.length,
    startedAt: run.startedAt,
    startedBy: run.startedBy,
    answered: ended === null ? answered : run.cases.length - ended.counts.unanswered,
    state: ended?.outcome ?? 'running',
    endedAt: ended?.at ?? null,
    fault: ended?.why ?? null,
    counts: ended?.counts ?? null,
    passRate: ended === null || judged === 0 ? null : wilson(ended.counts.passed, judged),
    requests: ended?.requests ?? 0,
    baseline: ended?.baseline ?? null,
    comparison: ended?.comparison ?? null,
    decides: ended?.decides ?? false,
    design: ended?.design ?? null,
    newlyFailing: ended?.newlyFailing ?? [],
    alarm: ended?.alarm ?? false,
    told: run.told,
    tool: run.tool ?? null,
    probed: ended?.probed === undefined ? null : shownProbed(ended.probed),
  };
}

export async function shownRuns(sql: Sql, runs: readonly Run[]): Promise<EvalRun[]> {
  const answered = await answeredOf(
    sql,
    runs.flatMap(({ id, ended }) => (ended === null ? [id] : [])),
  );
  return runs.map((run) => shownRun(run, answered.get(run.id) ?? 0));
}

const designs = new Map<string, NonNullable<EvalSuite['design']>>();
const MOST_DESIGNS = 1_000;

/** The design is a small Markov chain: worked out once for the same numbers. */
function designOf(deps: Deps, suite: SuiteRow, last: Run | null, cases: number): EvalSuite['design'] {
  if (cases === 0) return null;
  const watch = last?.ended?.watch ?? null;
  const design = last?.ended?.design ?? null;
  if (design !== null && last?.cases.length === cases) {
    const key = `${design.p0}|${design.p1}|${suite.everyMinutes}|${suite.alarmDays}|${cases}`;
    const held = designs.get(key);
    if (held !== undefined && held.measured === design.measured) return held;
  }
  const made = designWatch(watch, deps.now(), { cases, everyMinutes: suite.everyMinutes, alarmDays: suite.alarmDays });
  if (designs.size >= MOST_DESIGNS) designs.clear();
  designs.set(`${made.p0}|${made.p1}|${suite.everyMinutes}|${suite.alarmDays}|${cases}`, made);
  return made;
}

export async function shownSuites(deps: Deps, suites: readonly SuiteRow[]): Promise<EvalSuite[]> {
  const ids = suites.map(({ id }) => id);
  const last = await lastRuns(deps.db, ids);
  const runs = new Map((await shownRuns(deps.db, [...last.values()])).map((run) => [run.suite, run]));
  const { rows } = await deps.db.query<{ suite: string; next_at: string }>(
    'select suite, next_at from eval_due where suite = any($1)',
    [ids],
  );
  const next = new Map(rows.map((row) => [row.suite, row.next_at]));
  const out: EvalSuite[] = [];
  for (const suite of suites) {
    const { removed: _, ...rest } = suite;
    const target = await readTarget(deps.db, suite.target);
    const cases = countCases(suite);
    out.push({
      ...rest,
      cases,
      targetName: target?.name ?? 'a target that is gone',
      nextAt: suite.paused === null ? ((next.get(suite.id) as EvalSuite['nextAt']) ?? null) : null,
      design: designOf(deps, suite, await lastFinished(deps.db, suite.id), cases),
      last: runs.get(suite.id) ?? null,
    });
  }
  return out;
}

const tried = (it: AttemptData, question: string): EvalResult['attempts'][number] => ({
  question,
  answer: it.answer,
  passed: it.passed,
  reasons: it.reasons,
  fault: it.fault,
  toolCalls: it.toolCalls.map((call) => ({ ...call })),
  model: it.model,
  latencyMs: it.latencyMs,
});

const agrees = (state: ResultRow['state'], { passed }: AttemptData): boolean =>
  passed === (state === 'passed' || state === 'flaky');

const RANK = { failed: 0, unanswered: 1, flaky: 2, passed: 3, waiting: 4 } as const;

/** Every case of a run, what was lost first, each beside what the baseline answered. */
export async function shownResults(sql: Sql, run: Run): Promise<{ results: EvalResult[]; kept: boolean }> {
  const rows = new Map((await resultsOf(sql, run.id)).map((row) => [row.case_id, row]));
  const attempts = await shownAttempts(sql, run.id);
  const baseline = run.ended?.baseline ?? null;
  const before = new Map(baseline === null ? [] : (await resultsOf(sql, baseline)).map((row) => [row.case_id, row]));
  const beforeAttempts = baseline === null ? new Map() : await shownAttempts(sql, baseline);
  const lost = new Set(run.ended?.comparison?.lost ?? []);
  const results = run.cases.map((id): EvalResult => {
    const row = rows.get(id);
    const old = before.get(id);
    const oldTries: readonly AttemptData[] = beforeAttempts.get(id) ?? [];
    const question = row?.data.question ?? '';
    return {
      id,
      title: row?.data.title ?? '',
      question,
      cluster: row?.data.cluster ?? null,
      probe: row?.data.probe ?? null,
      state: row?.state ?? 'waiting',
      before: old?.state ?? null,
      beforeAnswer: old === undefined ? null : (oldTries.findLast((each) => agrees(old.state, each))?.answer ?? null),
      flakeRate: row?.data.flakeRate ?? 0,
      attempts: (attempts.get(id) ?? []).map((each) => tried(each, question)),
      opinion: row?.data.opinion ?? null,
    };
  });
  const order = (it: EvalResult): number => (lost.has(it.id) ? -1 : RANK[it.state]);
  return {
    results: results.toSorted((a, b) => order(a) - order(b)),
    kept: run.ended === null || rows.size > 0 || run.cases.length === 0,
  };
}
