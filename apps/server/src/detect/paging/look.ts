import { type Candidate, type CandidateId, foldCandidate, isOpen } from '@firebreak/core/detect/candidates';
import { dueFor, type Weighed } from '@firebreak/core/detect/paging';
import { type Instant, isRefusal, msBetween, type Recorded } from '@firebreak/core/kernel';
import type { SeverityTable } from '@firebreak/core/prepare/rubric';
import {
  actWithin,
  type Deps,
  type Effect,
  enqueue,
  firebreakItself,
  type JobHandler,
  type Sql,
  type Watch,
} from '../../platform/index.ts';
import { currentRubric } from '../../prepare/rubric/index.ts';
import { findCandidate, openCandidates } from '../candidates/index.ts';
import { weighCandidate } from './weigh.ts';

const SWEPT = 500;

/** What asks for a look at a candidate: whatever changes which signals it holds. */
export const looksAfter = ({ type, data }: Pick<Recorded, 'type' | 'data'>): Effect[] =>
  type === 'candidate.opened' ||
  type === 'candidate.joined' ||
  type === 'candidate.absorbed' ||
  type === 'candidate.split'
    ? [{ kind: 'paging.look', payload: { candidate: data.candidate } }]
    : [];

/** Stands for "some signal counts": where nothing is left out, only that is read of them. */
const ALL_COUNT: Weighed = { counted: [{} as never], left: [] };

/** What would be due if nothing held back. Silences and conditions only ever do that, so mostly they need not be read. */
const atMost = (candidate: Candidate, now: Instant, table: SeverityTable) =>
  dueFor(candidate, { at: now, by: firebreakItself('paging').actor }, { weighed: ALL_COUNT, table });

async function lookAt(tx: Sql, deps: Deps, id: CandidateId): Promise<void> {
  const held = await findCandidate(tx, id);
  if (held === null || !isOpen(held)) return;
  const { table } = await currentRubric(tx);
  const now = deps.now();
  let { facts, next } = atMost(held, now, table);
  if (facts.length > 0) {
    const pages = facts.some(({ type }) => type === 'candidate.paged');
    const weighed = pages ? await weighCandidate(tx, held, now, table) : ALL_COUNT;
    const done = await actWithin(tx, deps, {
      stream: id,
      by: firebreakItself('paging'),
      may: 'signal.raise',
      fold: foldCandidate,
      decide: (state, asked) => {
        if (state === null) return [];
        ({ facts, next } = dueFor(state, asked, { weighed, table }));
        return facts;
      },
    });
    if (isRefusal(done)) throw new Error(`a page was refused: ${done.why}`);
  }
  if (next !== null)
    await enqueue(tx, deps, {
      kind: 'paging.look',
      payload: { candidate: id },
      once: `paging:${id}@${next}`,
      afterMs: Math.max(0, msBetween(now, next)),
    });
}

/** One look at one candidate: whether somebody is told now, and when to look again. */
export const look: JobHandler = {
  within: (tx, { candidate }: { readonly candidate: CandidateId }, deps) => lookAt(tx, deps, candidate),
};

/** Looks again at what is open, since silences end, conditions change, and the table of severities is adopted anew. */
export const sweep: Watch = {
  name: 'paging',
  everyMs: 60_000,
  async look(deps) {
    const open = await openCandidates(deps.db, SWEPT);
    const { table } = await currentRubric(deps.db);
    for (const candidate of open) {
      if (atMost(candidate, deps.now(), table).facts.length === 0) continue;
      await deps.db.transaction((tx) => lookAt(tx, deps, candidate.id), 'bulk');
      deps.feed.poke();
      deps.wake();
    }
  },
};
