import {
  type Compared,
  type Comparison,
  compare,
  designWatch,
  endRun,
  foldRun,
  freshWatch,
  isPass,
  MOST_UNANSWERED,
  type Probed,
  type Run,
  type RunCounts,
  type RunEnded,
  type RunId,
  type SuiteKind,
  tellRun,
  versionKey,
  watchRun,
} from '@firebreak/core/detect/evals';
import { groupsOf } from '@firebreak/core/detect/probes';
import { canonical } from '@firebreak/core/evidence';
import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import { holm } from '@firebreak/core/statistics';
import { actWithin, announce, type Deps, firebreakItself, type Sql, sha256 } from '../../platform/index.ts';
import { storeSignals } from '../signals/index.ts';
import { spentOn } from './ask.ts';
import { lastFinished, readRun, readSuite, type SuiteRow } from './board.ts';
import { compared, type ResultRow, resultsOf } from './rows.ts';
import { raisedBy } from './telling.ts';

const by = firebreakItself('evals');

export function countsOf(rows: readonly ResultRow[], total: number): RunCounts {
  const n = (state: ResultRow['state']): number => rows.filter((row) => row.state === state).length;
  return {
    passed: rows.filter(({ state }) => isPass(state)).length,
    failed: n('failed'),
    flaky: n('flaky'),
    unanswered: n('unanswered') + Math.max(0, total - rows.length),
  };
}

export const digestOfRows = (rows: readonly ResultRow[]): string =>
  Buffer.from(
    sha256(Buffer.from(canonical(rows.map(({ case_id, state, digest }) => [case_id, state, digest])))),
  ).toString('hex');

export const NOTHING = {
  baseline: null,
  comparison: null,
  decides: false,
  watch: null,
  design: null,
  newlyFailing: [],
  alarm: false,
} as const;

/** p values of the other suites that guard the same version of the same system; those not run yet count as 1. */
async function othersOf(tx: Sql, run: Run, version: string): Promise<readonly number[]> {
  const { rows } = await tx.query<{ p: number | null }>(
    `select (select (r.data->'ended'->'comparison'->>'p')::float8 from eval_run_board r
       where r.suite = s.id and r.state = 'finished' and r.version = $4 and r.data->'ended'->'comparison' <> 'null'::jsonb
       order by r.ended_at desc limit 1) as p
     from eval_suite_board s where s.system = $1 and s.kind = $2 and s.active and s.id <> $3`,
    [run.system, run.kind, run.suite, version],
  );
  return rows.map(({ p }) => p ?? 1);
}

async function judged(
  tx: Sql,
  deps: Deps,
  run: Run,
  suite: SuiteRow,
  now: readonly Compared[],
): Promise<Omit<RunEnded, 'outcome' | 'why' | 'counts' | 'requests' | 'digest'>> {
  const version = versionKey(run.versions);
  const same = await lastFinished(tx, run.suite, { version });
  const pinned = suite.baseline === null ? null : await readRun(tx, suite.baseline);
  const before = pinned ?? (await lastFinished(tx, run.suite, { otherThan: version }));
  const decides = run.trigger !== 'schedule' || same === null;
  let comparison: Comparison | null = null;
  if (before !== null) {
    const others = await othersOf(tx, run, version);
    comparison = compare(
      now,
      compared(await resultsOf(tx, before.id)),
      { tolerated: suite.tolerated, seed: run.seed, suites: others.length + 1 },
      (p) => holm([p, ...others])[0]!,
    );
  }
  const newest = await lastFinished(tx, run.suite);
  const held = newest?.ended?.watch ?? freshWatch(deps.now());
  const at = deps.now();
  const { everyMinutes, alarmDays } = suite;
  const design = designWatch(held, at, { cases: run.cases.length, everyMinutes, alarmDays });
  const watched =
    same === null
      ? { state: { ...held, sum: 0 }, newlyFailing: [], alarm: false }
      : watchRun(held, design, now, compared(await resultsOf(tx, same.id)), at);
  return {
    baseline: before?.id ?? null,
    comparison,
    decides,
    watch: watched.state,
    design,
    newlyFailing: watched.newlyFailing,
    alarm: watched.alarm,
  };
}

/** Writes the end of a run, and what it has to tell, in the transaction of the caller; answers the facts to announce. */
export async function finishWithin(
  tx: Sql,
  deps: Deps,
  run: RunId,
  end: RunEnded,
  rows: readonly ResultRow[],
): Promise<Recorded[]> {
  const done = await actWithin(tx, deps, {
    stream: run,
    by,
    may: 'eval.run',
    fold: foldRun,
    decide: (state) => endRun(state, end),
  });
  if (isRefusal(done)) throw new Error(`the end of a run was refused: ${done.why}`);
  // Another lane was first.
  if (done.facts.length === 0) return [];
  const facts = [...done.facts];
  const raised = await raisedBy(tx, done.state!, rows, deps.now());
  const { ids } = await storeSignals(tx, deps, raised);
  for (const [i, signal] of ids.entries()) {
    const told = await actWithin(tx, deps, {
      stream: run,
      by,
      may: 'eval.run',
      fold: foldRun,
      decide: (state) => tellRun(state, { signal, kind: raised[i]!.kind }),
    });
    if (!isRefusal(told)) facts.push(...told.facts);
  }
  return facts;
}

async function finish(deps: Deps, run: Run, ended: (tx: Sql, rows: readonly ResultRow[]) => Promise<RunEnded | null>) {
  const facts = await deps.db.transaction(async (tx) => {
    const rows = await resultsOf(tx, run.id);
    const end = await ended(tx, rows);
    return end === null ? [] : finishWithin(tx, deps, run.id, end, rows);
  }, 'bulk');
  await announce(deps, facts);
  deps.hints.give({ kind: 'signals' });
  deps.hints.give({ kind: 'evals', system: run.system });
  deps.wake();
}

/** Sums of the probes of a run, by technique. */
export const probedBy = (
  kind: SuiteKind,
  rows: readonly ResultRow[],
  of: Partial<Omit<Probed, 'groups'>> = {},
): { readonly probed?: Probed } =>
  kind === 'golden-set'
    ? {}
    : {
        probed: {
          groups: groupsOf(rows.map(({ state, data }) => ({ state, probe: data.probe }))),
          hitsAlone: false,
          toolScore: null,
          notes: [],
          ...of,
        },
      };

/** Ends a run whose every case has its outcome; does nothing while one has not. */
export async function settleRun(deps: Deps, run: Run): Promise<void> {
  await finish(deps, run, async (tx, rows) => {
    if (rows.length < run.cases.length) return null;
    const counts = countsOf(rows, run.cases.length);
    const requests = await spentOn(tx, run.id, 'all');
    const base = { counts, requests, digest: digestOfRows(rows), ...probedBy(run.kind, rows) };
    if (counts.unanswered > run.cases.length * MOST_UNANSWERED)
      return {
        ...base,
        ...NOTHING,
        outcome: 'could-not-run',
        why: `${counts.unanswered} of ${run.cases.length} questions got no answer, so the rest says nothing.`,
      };
    const suite = await readSuite(tx, run.suite);
    if (suite === null) return { ...base, ...NOTHING, outcome: 'stopped', why: 'The suite was removed meanwhile.' };
    return { ...base, ...(await judged(tx, deps, run, suite, compared(rows))), outcome: 'finished', why: null };
  });
}

/** Ends a run before its time: never a pass, never a failure. */
export async function endRunBecause(
  deps: Deps,
  run: Run,
  outcome: 'could-not-run' | 'stopped',
  why: string,
): Promise<void> {
  await finish(deps, run, async (tx, rows) => ({
    ...NOTHING,
    outcome,
    why,
    counts: countsOf(rows, run.cases.length),
    requests: await spentOn(tx, run.id, 'all'),
    digest: digestOfRows(rows),
  }));
}
