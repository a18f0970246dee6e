/**
 * Sentences every signal of a kind carries, for whoever reads it. They say nothing of the one thing that was seen, so
 * nothing is grouped by them and no two signals belong together because both have them.
 */
export const CAVEATS = {
  gap: 'A gap is a question, not a verdict: groups may differ in what matters.',
} as const;

/** A text without them. */
export const withoutCaveats = (text: string): string =>
  Object.values(CAVEATS)
    .reduce((left, caveat) => left.replace(caveat, ''), text)
    .trim();
