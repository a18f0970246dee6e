import type { Slice } from '../../platform/index.ts';
import { incidentBoard } from './board.ts';
import { type CandidateCheck, routes } from './routes.ts';

/** Incidents: declare, classify, hand over, close. What became of a candidate is asked through the given check. */
export const incidentsWith = (check: CandidateCheck): Slice => ({
  name: 'incidents',
  routes: routes(check),
  boards: [incidentBoard],
  personal: { 'incident.declared': ['summary', 'miss'], 'incident.refiled': ['miss'] },
});

export { findIncident, incidentsOfSystems, labelsOf, listIncidents, mildSince, nextLabel } from './board.ts';
export { incidentFrom } from './from-candidate.ts';
export type { CandidateCheck } from './routes.ts';
