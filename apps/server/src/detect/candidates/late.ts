import { type CandidateId, foldCandidate, type LateReport, reportLate } from '@firebreak/core/detect/candidates';
import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import { actWithin, type Deps, firebreakItself, type Sql } from '../../platform/index.ts';
import { placeSignals } from '../signals/index.ts';
import { hearAgain } from './memory.ts';

/** Puts late reports to the candidate they tell of, one fact for each candidate and pass. */
export async function tellLate(tx: Sql, deps: Deps, late: readonly LateReport[]): Promise<Recorded[]> {
  const facts: Recorded[] = [];
  const told: CandidateId[] = [];
  const byCandidate = new Map<CandidateId, LateReport[]>();
  for (const report of late) byCandidate.set(report.candidate, [...(byCandidate.get(report.candidate) ?? []), report]);
  for (const [candidate, reports] of byCandidate) {
    const members = reports.map(({ signal }) => signal);
    const done = await actWithin(tx, deps, {
      stream: candidate,
      by: firebreakItself('grouping'),
      may: 'signal.raise',
      fold: foldCandidate,
      decide: (state) => reportLate(state, { members, reasons: [...new Set(reports.map(({ why }) => why))] }),
    });
    // Reopened or forgotten meanwhile: the signals stay new and find another place in the next pass.
    if (isRefusal(done) || done.facts.length === 0) continue;
    facts.push(...done.facts);
    told.push(candidate);
    await placeSignals(
      tx,
      members.map(({ id }) => id),
      candidate,
    );
  }
  await hearAgain(tx, told, deps.now());
  return facts;
}
