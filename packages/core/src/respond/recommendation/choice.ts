import type { Archetype } from '../../detect/signals/index.ts';
import type { Fact, Id } from '../../kernel/index.ts';
import type { LeverName } from '../containment/index.ts';
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
}

export type RecommendationFact = Fact<'containment.chosen', Choice>;

export const RECOMMENDATION_FACTS = ['containment.chosen'] as const satisfies RecommendationFact['type'][];
