/** A prefixed, sortable, never reused identifier: `inc_0198c…`. The prefix is its kind. */
export type Id<K extends string> = `${K}_${string}`;

export function isId<K extends string>(kind: K, value: unknown): value is Id<K> {
  return typeof value === 'string' && value.length > kind.length + 1 && value.startsWith(`${kind}_`);
}
