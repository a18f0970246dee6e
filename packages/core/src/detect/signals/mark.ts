/** Says of what was made on purpose which drill or simulation it belongs to. It counts in no figure, and joins nothing real. */
export type Mark = `${MarkKind}:${string}`;
export const MARK_KINDS = ['drill', 'simulated'] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

/** What a mark says; null: nothing was made on purpose. */
export const markKind = (mark: string | null | undefined): MarkKind | null =>
  MARK_KINDS.find((kind) => mark?.startsWith(`${kind}:`)) ?? null;

/**
 * The mark in an id a sender gives: one that begins with `drill:` or `simulated:` and a name. `drill:drl_7/2` belongs to
 * `drill:drl_7`.
 */
export function markOf(givenId: string | null | undefined): Mark | undefined {
  const found = /^(drill|simulated):[A-Za-z0-9_-]{1,80}/.exec(givenId ?? '');
  return found === null ? undefined : (found[0] as Mark);
}
