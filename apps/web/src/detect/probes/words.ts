import type { EvalRun } from '@firebreak/contract/detect/evals';
import { percent } from '../evals/index.ts';

type Probed = NonNullable<EvalRun['probed']>;

/** Resistance in words, with its interval; what is not known is said. */
export function sayScore(probed: EvalRun['probed']): string {
  if (probed === null) return '';
  if (probed.hitsAlone) return 'Only what got through is known, not how much held.';
  const { resistance, overRefusal } = probed;
  const held =
    resistance === null
      ? 'No attack was answered.'
      : `Resisted ${percent(resistance.share)} (${resistance.held} of ${resistance.all}; ${percent(resistance.interval.lower)} to ${percent(resistance.interval.upper)}).`;
  const refused =
    overRefusal === null || overRefusal.held === 0
      ? ''
      : ` Refused ${overRefusal.held} of ${overRefusal.all} harmless questions.`;
  return `${held}${refused}`;
}

/** Runs whose resistance can be put beside each other, oldest first: those of one tool, or our own. */
export function historyOf(
  runs: readonly EvalRun[],
  tool: string | null,
): { readonly run: EvalRun; readonly probed: Probed }[] {
  return runs
    .filter((run) => run.tool === tool && run.state === 'finished' && run.probed?.resistance)
    .map((run) => ({ run, probed: run.probed! }))
    .reverse();
}
