/** Addresses that anything about targets, suites and runs makes old. */
export const REFRESHES = [
  '/api/v1/evals',
  '/api/v1/eval-targets',
  '/api/v1/eval-runs',
  '/api/v1/probes',
  '/api/v1/coverage',
] as const;
