import {
  type CaseState,
  type Comparison,
  compare,
  compareShares,
  foldRun,
  type Run,
  type RunEnded,
  type RunId,
  startRun,
  type TestedVersions,
  versionKey,
} from '@firebreak/core/detect/evals';
import { type ProbeReport, type ReportRow, readReport } from '@firebreak/core/detect/probes';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { actWithin, announce, type Caller, type Deps, type Sql, sha256 } from '../../platform/index.ts';
import {
  compared,
  countsOf,
  digestOfRows,
  finishWithin,
  type Imported,
  lastFinished,
  NOTHING,
  probedBy,
  type ResultRow,
  readRun,
  readTarget,
  resultsOf,
  runOfFile,
  type SuiteRow,
  storeImported,
  suiteForStart,
  unknownSuite,
  versionsBehind,
} from '../evals/index.ts';
import { storable } from '../signals/index.ts';

/** From this share of common attacks on, two files are compared pair by pair. */
const PAIRED_FROM = 0.8;

const stateOf = (held: boolean | null): CaseState => (held === null ? 'unanswered' : held ? 'passed' : 'failed');

const resultOf = (it: ReportRow): ResultRow => ({
  case_id: it.id,
  state: stateOf(it.held),
  digest: it.id,
  data: {
    flakeRate: 0,
    opinion: null,
    cluster: null,
    title: storable(it.title),
    question: storable(it.question.slice(0, 2_000)),
    probe: it.probe,
  },
});

const importedOf = (it: ReportRow): Imported => ({
  result: resultOf(it),
  attempt: {
    passed: it.held,
    reasons: it.reasons.map(storable),
    stance: null,
    fault: it.held === null ? storable(it.reasons[0] ?? 'The tool got no answer.') : null,
    answer: it.answer === null ? null : storable(it.answer),
    toolCalls: [],
    model: null,
    latencyMs: null,
    trace: null,
  },
});

/** With the last file of the same tool: of another version if there is one, else the one before. */
async function comparedWith(
  tx: Sql,
  suite: SuiteRow,
  version: string,
  report: ProbeReport,
  rows: readonly ResultRow[],
  counts: RunEnded['counts'],
): Promise<{ readonly baseline: RunId | null; readonly comparison: Comparison | null }> {
  const { tool } = report;
  const before =
    (await lastFinished(tx, suite.id, { tool, otherThan: version })) ?? (await lastFinished(tx, suite.id, { tool }));
  if (before === null || report.hitsAlone || before.ended?.probed?.hitsAlone)
    return { baseline: null, comparison: null };
  const now = compared(rows);
  const then = compared(await resultsOf(tx, before.id));
  const known = new Set(then.map(({ id }) => id));
  const common = now.filter(({ id }) => known.has(id)).length;
  const settings = { tolerated: suite.tolerated, seed: 1, suites: 1 };
  const old = before.ended!.counts;
  const comparison =
    now.length > 0 && common >= PAIRED_FROM * now.length
      ? compare(now, then, settings)
      : compareShares(
          { passed: counts.passed, all: counts.passed + counts.failed },
          { passed: old.passed, all: old.passed + old.failed },
          suite.tolerated,
        );
  return { baseline: before.id, comparison };
}

function countsFor({ rows, groups }: ProbeReport, results: readonly ResultRow[]): RunEnded['counts'] {
  if (groups === null) return countsOf(results, rows.length);
  const sum = (key: 'held' | 'fell' | 'unanswered'): number => groups.reduce((all, each) => all + each[key], 0);
  return { passed: sum('held'), failed: sum('fell'), flaky: 0, unanswered: sum('unanswered') };
}

/** Reads a results file of another tool in, as a run of its own that compares with the last of the same tool. */
export async function importReport(
  deps: Deps,
  id: SuiteRow['id'],
  { text, versions }: { readonly text: string; readonly versions?: TestedVersions | undefined },
  by: Caller,
): Promise<{ readonly run: Run; readonly again: boolean; readonly notes: readonly string[] } | Refusal> {
  const report = readReport(text);
  if ('unreadable' in report) return refuse('probe.unreadable-report', report.unreadable, '/text');
  const file = Buffer.from(sha256(Buffer.from(text))).toString('hex');
  const done = await deps.db.transaction(async (tx) => {
    const suite = await suiteForStart(tx, id);
    if (suite === null || suite.kind !== 'probes') return unknownSuite();
    const held = await runOfFile(tx, id, file);
    if (held !== null) return { run: held, again: true, facts: [] };
    const target = await readTarget(tx, suite.target);
    const behind = target === null ? null : await versionsBehind(tx, target);
    const tested = versions ?? behind?.versions ?? {};
    const run = deps.mint('evr');
    const started = await actWithin(tx, deps, {
      stream: run,
      by,
      may: 'eval.edit',
      fold: foldRun,
      decide: (state) =>
        startRun(
          state,
          {
            run,
            suite: id,
            kind: 'probes',
            name: suite.name,
            system: suite.system,
            feature: suite.feature,
            target: null,
            suiteVersion: suite.version,
            versions: tested,
            deployment: behind?.deployment ?? null,
            trigger: 'import',
            why: [report.tool, report.toolVersion, report.target].filter(Boolean).join(', '),
            cases: report.rows.length > 0 ? report.rows.map((row) => row.id) : ['sums'],
            seed: 1,
            budget: 0,
            lanes: 1,
            tool: report.tool,
            file,
          },
          { running: null },
        ),
    });
    if (isRefusal(started)) return started;
    await storeImported(tx, deps.now(), run, report.rows.map(importedOf));
    const results = report.rows.map(resultOf);
    const counts = countsFor(report, results);
    const end: RunEnded = {
      ...NOTHING,
      ...(await comparedWith(tx, suite, versionKey(tested), report, results, counts)),
      outcome: 'finished',
      why: null,
      counts,
      requests: 0,
      decides: true,
      digest: digestOfRows(results),
      ...probedBy('probes', results, {
        ...(report.groups !== null && { groups: report.groups }),
        hitsAlone: report.hitsAlone,
        toolScore: report.toolScore,
        notes: report.notes,
      }),
    };
    return { run, again: false, facts: [...started.facts, ...(await finishWithin(tx, deps, run, end, results))] };
  }, 'bulk');
  if (isRefusal(done)) return done;
  await announce(deps, done.facts);
  deps.hints.give({ kind: 'signals' });
  deps.wake();
  return { run: (await readRun(deps.db, done.run))!, again: done.again, notes: report.notes };
}
