import { type Json, type JsonObject, listOf, objectOf, textOf } from './json.ts';

/** What mending one file shares. */
export interface Bench {
  warn(pointer: string, what: string): void;
  /** An id of this kind: the one given where it is one, else one made of it, always the same. */
  idOf(kind: string, given: string): string;
  /** New ids of steps by their old ones. */
  readonly steps: ReadonlyMap<string, string>;
  readonly agents: Map<string, JsonObject>;
  /** Id of the agent in the mended file. */
  agent(id: string): string;
  readonly variables: Map<string, JsonObject>;
}

/** A reference needs a name: the best other word of it stands in. */
export function namedReferences(value: Json | undefined, at: string, warn: Bench['warn']): Json | undefined {
  if (value === undefined) return undefined;
  return listOf(value).map((each, i) => {
    const reference = objectOf(each);
    if (textOf(reference.name) !== '') return each;
    warn(`${at}/${i}/name`, 'A reference without a name got one from what else it says.');
    const words = [reference.source, reference.external_id, reference.url, reference.description]
      .map(textOf)
      .find(Boolean);
    return { ...reference, name: (words ?? 'reference').slice(0, 200) };
  });
}
