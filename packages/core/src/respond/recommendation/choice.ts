import type { Archetype } from '../../detect/signals/index.ts';
import type { Fact, Id } from '../../kernel/index.ts';
import { type ControlBase, type LeverName, leversOf } from '../containment/index.ts';
import { preventedBy } from './table.ts';
import type { Worth } from './weigh.ts';

/** What was recommended and what was taken, with what it was weighed by. On the stream of the incident. */
export interface Choice {
  readonly hold: Id<'hld'>;
  readonly system: string;
  readonly archetype: Archetype | null;
  readonly taken: LeverName;
  /** Null: nothing could be recommended. */
  readonly recommended: LeverName | null;
  readonly offered: readonly LeverName[];
  readonly worth: Worth;
  /** Share of the harm that it was expected to prevent, as the person left it. */
  readonly prevented: number;
  readonly breakEven: number | null;
  /** The preview that was seen; null: none. */
  readonly preview: string | null;
  /** False: whoever ordered did not go through the recommendation, so it may not have been seen. */
  readonly guided?: false;
}

export type RecommendationFact = Fact<'containment.chosen', Choice>;

export const RECOMMENDATION_FACTS = ['containment.chosen'] as const satisfies RecommendationFact['type'][];

/** What was advised, as far as a choice is held against it. */
export interface Advised {
  readonly archetype: Archetype | null;
  readonly pick: LeverName | null;
  readonly ladder: readonly {
    readonly lever: LeverName;
    readonly weighed: { readonly prevented: number; readonly breakEven: number | null };
  }[];
  readonly worth: Worth;
}

/**
 * What was recommended beside what somebody orders without having been led through it. Of several levers that a control is, the one
 * that was recommended counts, then one that was offered. Undefined: no lever is known for it.
 */
export function choiceOf(
  { archetype, pick, ladder, worth }: Advised,
  what: ControlBase,
): Omit<Choice, 'hold' | 'system' | 'preview'> | undefined {
  const levers = leversOf(what);
  const offered = ladder.map(({ lever }) => lever);
  const taken = levers.find((lever) => lever === pick) ?? levers.find((lever) => offered.includes(lever)) ?? levers[0];
  if (taken === undefined) return undefined;
  const weighed = ladder.find(({ lever }) => lever === taken)?.weighed;
  return {
    archetype,
    taken,
    recommended: pick,
    offered,
    worth,
    prevented: weighed?.prevented ?? preventedBy(taken, archetype),
    breakEven: weighed?.breakEven ?? null,
    guided: false,
  };
}
