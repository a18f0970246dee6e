import type { LinearModel } from '../../text/index.ts';

/** A model of two classes as `tools/fit-linear/write-pulls.ts` writes it. */
export interface StoredPulls {
  readonly bias: number;
  readonly scale: number;
  /** Rarity in hundredths, and in two hex digits what a term adds to the second class. */
  readonly terms: Readonly<Record<string, string>>;
}

const ZERO = 128;

/** Reads it once, when first asked for. */
export function pullsModel(stored: StoredPulls, classes: readonly [string, string]): () => LinearModel {
  let model: LinearModel | null = null;
  return () => {
    if (model !== null) return model;
    const terms = new Map<string, readonly number[]>();
    for (const [term, written] of Object.entries(stored.terms)) {
      const [rarity, pull] = written.split(' ') as [string, string];
      terms.set(term, [Number(rarity) / 100, 0, (Number.parseInt(pull, 16) - ZERO) * stored.scale]);
    }
    model = { classes, bias: [0, stored.bias], terms };
    return model;
  };
}
