import { type Compared, compare, type Run } from '@firebreak/core/detect/evals';
import type { Mark } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import { type Deps, firebreakItself, type Sql } from '../../platform/index.ts';
import { storeSignals } from '../signals/index.ts';
import type { ResultRow } from './rows.ts';
import { countsOf, digestOfRows, NOTHING } from './settle.ts';
import { raisedBy } from './telling.ts';

/** As new suites have it: so much of the share that passes may be lost without a word. */
const TOLERATED = 0.05;

/**
 * The end of a made-up run of a golden set, compared with the one before it and told as a real one, with a mark. Neither run is
 * kept, only the signals, and a second time changes nothing.
 */
export async function rehearseRun(
  tx: Sql,
  deps: Deps,
  it: {
    readonly mark: Mark;
    readonly system: string;
    readonly feature: string;
    readonly name: string;
    readonly before: readonly Compared[];
    readonly now: readonly Compared[];
    readonly at: Instant;
  },
): Promise<number> {
  const rows = it.now.map(
    ({ id, digest, cluster, state }): ResultRow => ({
      case_id: id,
      state,
      digest,
      data: { flakeRate: 0, opinion: null, cluster, title: id, question: id, probe: null },
    }),
  );
  const run: Run = {
    id: `evr_${it.mark}`,
    run: `evr_${it.mark}`,
    suite: `evs_${it.mark}`,
    kind: 'golden-set',
    name: it.name,
    system: it.system,
    feature: it.feature,
    target: null,
    suiteVersion: 1,
    versions: {},
    deployment: null,
    trigger: 'change',
    why: 'a fire drill',
    cases: it.now.map(({ id }) => id),
    seed: 0,
    budget: 0,
    lanes: 1,
    startedAt: it.at,
    startedBy: firebreakItself('fire-drills').actor,
    told: [],
    ended: {
      ...NOTHING,
      at: it.at,
      outcome: 'finished',
      why: null,
      counts: countsOf(rows, it.now.length),
      requests: 0,
      digest: digestOfRows(rows),
      comparison: compare(it.now, it.before, { tolerated: TOLERATED, seed: 0, suites: 1 }),
      decides: true,
    },
  };
  const raised = await raisedBy(tx, run, rows, deps.now());
  return (
    await storeSignals(
      tx,
      deps,
      raised.map((signal) => ({ ...signal, mark: it.mark })),
    )
  ).fresh;
}
