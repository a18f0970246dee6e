import {
  type CaseOutcome,
  type EvalCase,
  judgeAnswer,
  nextOf,
  type Run,
  type RunId,
  type Target,
} from '@firebreak/core/detect/evals';
import type { Deps, JobHandler, Sql } from '../../platform/index.ts';
import { telemetryOf } from '../signals/index.ts';
import { type Asked, ask, spend } from './ask.ts';
import { readRun, readSuite, readTarget, type SuiteRow } from './board.ts';
import { caseOf, digestOf } from './cases.ts';
import { opinionOf } from './opinion.ts';
import { type AttemptData, attemptsOf, type ResultData } from './rows.ts';
import { endRunBecause, settleRun } from './settle.ts';
import { openLane } from './start.ts';

const BACKOFF_MS = [2_000, 5_000, 15_000];
/** So many questions without one answer at the beginning: nobody is there. */
const NOBODY_AFTER = 5;

interface Payload {
  readonly run: RunId;
  readonly lane: number;
  readonly step: number;
}

async function nextCase(sql: Sql, run: Run, lane: number): Promise<string | null> {
  const { rows } = await sql.query<{ case_id: string }>('select case_id from eval_result where run = $1', [run.id]);
  const done = new Set(rows.map((row) => row.case_id));
  return run.cases.find((id, i) => i % run.lanes === lane && !done.has(id)) ?? null;
}

async function stepsOf(sql: Sql, { run, lane }: Payload): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    'select count(*)::int as n from eval_attempt where run = $1 and lane = $2',
    [run, lane],
  );
  return rows[0]!.n;
}

async function storeResult(
  tx: Sql,
  run: RunId,
  it: { readonly id: string; readonly case: EvalCase | null },
  { state, flakeRate }: Pick<CaseOutcome, 'state' | 'flakeRate'>,
  opinion: ResultData['opinion'],
): Promise<void> {
  const data: ResultData = {
    flakeRate,
    opinion,
    cluster: it.case?.cluster ?? null,
    title: it.case?.title ?? '',
    question: it.case?.input.findLast(({ role }) => role === 'user')?.content.slice(0, 2_000) ?? '',
    probe: it.case?.probe ?? null,
  };
  await tx.query(
    `insert into eval_result (run, case_id, state, digest, data) values ($1, $2, $3, $4, $5::jsonb)
     on conflict (run, case_id) do nothing`,
    [run, it.id, state, it.case === null ? '' : digestOf(it.case), JSON.stringify(data)],
  );
}

async function attemptData(deps: Deps, suite: SuiteRow, it: EvalCase, asked: Asked): Promise<AttemptData> {
  const { answer, fault, latencyMs, trace } = asked;
  const filled = withCanary(it, suite.canary);
  const judged = answer === null ? null : judgeAnswer(filled, answer, await telemetryOf(deps).aids());
  return {
    passed: judged?.passed ?? null,
    reasons: judged?.reasons ?? [],
    stance: judged?.stance ?? null,
    fault,
    answer: answer?.text ?? null,
    toolCalls: (answer?.toolCalls ?? []).map(({ name, arguments: given }) => ({ name, arguments: given })),
    model: answer?.model ?? null,
    latencyMs,
    trace,
  };
}

/** The planted word in whatever speaks of it. */
function withCanary(it: EvalCase, canary: string): EvalCase {
  const fill = (text: string): string => text.replaceAll('{{canary}}', canary);
  return {
    ...it,
    input: it.input.map(({ role, content }) => ({ role, content: fill(content) })),
    checks: it.checks.map((check) => ({ ...check, value: fill(check.value) })),
  };
}

/**
 * One question of a run, asked, judged and written down; then the lane goes on. After a crash it may be asked again: an
 * attempt stands once, and a step that is no longer the newest of its lane does nothing.
 */
export const askNext: JobHandler = {
  slow: true,
  async outside(payload: Payload, deps) {
    const run = await readRun(deps.db, payload.run);
    if (run === null || run.ended !== null || run.target === null) return;
    if ((await stepsOf(deps.db, payload)) !== payload.step) return;
    const suite = await readSuite(deps.db, run.suite);
    const target = await readTarget(deps.db, run.target);
    if (suite === null || target === null)
      return endRunBecause(deps, run, 'could-not-run', 'The suite or its target was removed meanwhile.');
    for (;;) {
      const id = await nextCase(deps.db, run, payload.lane);
      if (id === null) return settleRun(deps, run);
      const it = await caseOf(deps.db, suite, id);
      if (it !== null) return askOne(deps, run, suite, target, it, payload);
      // Removed while the run was under way.
      await storeResult(deps.db, run.id, { id, case: null }, { state: 'unanswered', flakeRate: 0 }, null);
    }
  },
};

async function askOne(
  deps: Deps,
  run: Run,
  suite: SuiteRow,
  target: Target,
  it: EvalCase,
  { lane, step }: Payload,
): Promise<void> {
  const left = await spend(deps.db, deps.now(), target, run);
  if (left !== 'ok')
    return endRunBecause(
      deps,
      run,
      'could-not-run',
      left === 'run'
        ? `The budget of ${run.budget} requests a run was used up before every case had its answer.`
        : `The budget of ${target.perDay} requests a day for ${target.name} is used up.`,
    );
  const filled = withCanary(it, suite.canary);
  const fill = (text: string): string => text.replaceAll('{{canary}}', suite.canary);
  const asked = await ask(deps, target, filled.input, { feature: run.feature, fill });
  const data = await attemptData(deps, suite, it, asked);
  const before = await attemptsOf(deps.db, run.id, it.id);
  const next = nextOf([...before, data]);
  const opinion = next === 'ask' || suite.judge === null ? null : await opinionOf(deps, run, suite, it, data);
  await deps.db.transaction(async (tx) => {
    const fresh = await tx.query(
      `insert into eval_attempt (run, case_id, n, at, lane, data) values ($1, $2, $3, $4, $5, $6::jsonb)
       on conflict (run, case_id, n) do nothing returning n`,
      [run.id, it.id, before.length + 1, deps.now(), lane, JSON.stringify(data)],
    );
    if (fresh.count === 0) return;
    if (next !== 'ask') await storeResult(tx, run.id, { id: it.id, case: it }, next, opinion);
    const tries = before.filter(({ passed }) => passed === null).length;
    const wait = data.passed === null && next === 'ask' ? (BACKOFF_MS[tries] ?? 15_000) : 0;
    await openLane(tx, deps, run.id, lane, step + 1, Math.max(wait, asked.waitMs));
  });
  deps.hints.give({ kind: 'evals', system: run.system });
  if (asked.contained) return endRunBecause(deps, run, 'stopped', data.fault!);
  if (data.passed === null && !asked.again) return endRunBecause(deps, run, 'could-not-run', data.fault!);
  if (data.passed === null && (await nobodyThere(deps, run)))
    return endRunBecause(deps, run, 'could-not-run', `No answer to any question so far. ${data.fault}`);
  deps.wake();
}

async function nobodyThere(deps: Deps, run: Run): Promise<boolean> {
  const { rows } = await deps.db.query<{ all: number; answered: number }>(
    `select count(*)::int as all, count(*) filter (where data->>'passed' is not null)::int as answered
     from eval_attempt where run = $1`,
    [run.id],
  );
  return rows[0]!.answered === 0 && rows[0]!.all >= NOBODY_AFTER;
}
