import {
  DRILLED_FEATURE,
  drillMark,
  errorSteps,
  type FireDrill,
  type Rehearsal,
  runsOf,
  statusPageOf,
} from '@firebreak/core/detect/fire-drills';
import type { Deps, Sql } from '../../platform/index.ts';
import { rehearseRun } from '../evals/index.ts';
import { rehearseErrors } from '../measures/index.ts';
import { rehearseStatusPage } from '../monitors/index.ts';

/** Hands what comes through no public door to what would have read it, from where a real one is read on. */
export async function rehearse(tx: Sql, deps: Deps, drill: FireDrill, send: Rehearsal): Promise<number> {
  // Always the moment it began: sent again after a crash, it is the same.
  const of = { mark: drillMark(drill.id), system: drill.system, feature: DRILLED_FEATURE, at: drill.startedAt };
  if (send.door === 'status-page') {
    const { incident } = send;
    return rehearseStatusPage(tx, deps, {
      ...of,
      vendor: incident.vendor,
      page: statusPageOf(incident, of.mark, of.at),
    });
  }
  return send.door === 'error-watch'
    ? rehearseErrors(tx, deps, { ...of, steps: errorSteps(send.minutes, of.at) })
    : rehearseRun(tx, deps, { ...of, name: send.drop.name, ...runsOf(send.drop) });
}
