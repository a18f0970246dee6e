/**
 * Three proofs that an order holds. `acknowledged`: every live instance says that it obeys. `probe`: a made-up request, sent
 * the way of real ones, met what it must. `traffic`: nothing contrary was recorded since.
 */
export const PROOF_NAMES = ['acknowledged', 'probe', 'traffic'] as const;
export type ProofName = (typeof PROOF_NAMES)[number];

/** How long each proof may take, seconds from the order, before people are told that it is missing. */
export interface ProofTimes {
  readonly acknowledged: number;
  readonly probe: number;
  readonly traffic: number;
}
export const USUAL_PROOF_TIMES: ProofTimes = { acknowledged: 10, probe: 20, traffic: 180 };
