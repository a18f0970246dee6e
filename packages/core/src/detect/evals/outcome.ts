/** How often a case that failed is asked again before the failure counts. */
export const REPEATS = 3;
/** Tries of one question that got no answer before it counts as unanswered. */
export const MOST_TRIES = 3;

/** One question asked once. `passed` is null where no answer came. */
export interface Attempt {
  readonly passed: boolean | null;
}

export type CaseState = 'passed' | 'failed' | 'flaky' | 'unanswered';

/** What became of a case. `flaky` passed in most repeats: it counts as passed, and says how often it failed. */
export interface CaseOutcome {
  readonly state: CaseState;
  /** Share of the answers that went the other way than the outcome, 0 to 1. */
  readonly flakeRate: number;
  readonly answers: number;
}

/**
 * What to do next with a case: ask again, or what became of it. A first failure is repeated three times and stands if at
 * least two of the repeats fail too: one odd answer of a model that is not deterministic is no regression.
 */
export function nextOf(attempts: readonly Attempt[]): 'ask' | CaseOutcome {
  const answers = attempts.flatMap(({ passed }) => (passed === null ? [] : [passed]));
  const missed = attempts.length - answers.length;
  if (answers[0] === true) return { state: 'passed', flakeRate: 0, answers: 1 };
  const enough = answers.length >= 1 + REPEATS;
  if (!enough && missed < MOST_TRIES) return 'ask';
  if (answers.length === 0) return { state: 'unanswered', flakeRate: 0, answers: 0 };
  const repeats = answers.slice(1);
  const failedAgain = repeats.filter((passed) => !passed).length;
  if (repeats.length === 0) return { state: 'unanswered', flakeRate: 0, answers: answers.length };
  const failed = failedAgain * 2 > repeats.length;
  const others = answers.filter((passed) => passed === failed).length;
  return { state: failed ? 'failed' : 'flaky', flakeRate: others / answers.length, answers: answers.length };
}

export const isPass = (state: CaseState): boolean => state === 'passed' || state === 'flaky';
