/** What one moderator thinks of one text. */
export interface Opinion {
  readonly flagged: boolean;
  /** Categories that apply, most certain first; at most ten. */
  readonly categories: readonly { readonly name: string; readonly score: number | null }[];
  /** 0 to 1, of the category it is most sure of; null: it does not say. */
  readonly score: number | null;
  /** A sentence of its own, at most 500 characters; empty: none. */
  readonly reason: string;
}

/** An answer that cannot be read is no opinion. It is never taken for "clean". */
export interface Unreadable {
  readonly unreadable: string;
}
export const isUnreadable = (it: object): it is Unreadable => 'unreadable' in it;

/** Model and version that answered, where it says so. */
export interface Answered {
  readonly model: string | null;
  /** One for each text asked about, in order. */
  readonly opinions: readonly (Opinion | Unreadable)[];
}

const MOST_CATEGORIES = 10;

/** Sorted, bounded, with the score of the first. */
export function opinionOf(flagged: boolean, found: Opinion['categories'], reason = ''): Opinion {
  const categories = [...found]
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0))
    .slice(0, MOST_CATEGORIES)
    .map(({ name, score }) => ({ name: name.slice(0, 80), score }));
  return { flagged, categories, score: categories[0]?.score ?? null, reason: reason.slice(0, 500) };
}
