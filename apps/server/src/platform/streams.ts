import type { Recorded } from '@firebreak/core/kernel';
import type { Sql } from './database/index.ts';
import { loadStream } from './log.ts';

const MOST_STREAMS = 200;
const MOST_FACTS = 20_000;

/**
 * Facts are never changed, so what was read of a stream stays true: only what was added since is read again, and nothing
 * where this process alone writes and has added nothing. Facts that an open transaction has written itself are not kept,
 * as it may yet be undone; they are when they were committed.
 */
export class Streams {
  readonly #kept = new Map<string, readonly Recorded[]>();
  readonly #written = new WeakMap<Sql, Set<string>>();
  /** Of kept streams: the highest version that was written here and may have been committed. */
  readonly #newest = new Map<string, number>();

  constructor(
    /** Whether no other process can open the database, which then also has one transaction at a time. */
    private readonly alone: boolean,
  ) {}

  /** The whole stream, oldest first. The caller holds its lock. */
  async load(tx: Sql, stream: string): Promise<readonly Recorded[]> {
    const kept = this.#kept.get(stream);
    if (this.alone && kept !== undefined && kept.length >= (this.#newest.get(stream) ?? 0)) return kept;
    const newer = await loadStream(tx, stream, kept?.length ?? 0);
    const all = newer.length > 0 ? [...(kept ?? []), ...newer] : (kept ?? []);
    if (this.#written.get(tx)?.has(stream)) return all;
    this.#keep(stream, all);
    this.#newest.delete(stream);
    return all;
  }

  /** Before the commit: up to which version a stream was written. */
  wrote(tx: Sql, stream: string, version: number): void {
    const written = this.#written.get(tx) ?? new Set();
    this.#written.set(tx, written.add(stream));
    if (this.#kept.has(stream)) this.#newest.set(stream, Math.max(version, this.#newest.get(stream) ?? 0));
  }

  /** After the commit: the facts, each stream's oldest first. */
  committed(facts: readonly Recorded[]): void {
    const added = new Map<string, Recorded[]>();
    for (const fact of facts) {
      const before = added.get(fact.stream);
      if (before === undefined) added.set(fact.stream, [fact]);
      else before.push(fact);
    }
    for (const [stream, newer] of added) {
      const kept = this.#kept.get(stream);
      if (kept !== undefined && newer[0]!.version === kept.length + 1) this.#keep(stream, [...kept, ...newer]);
    }
  }

  /** After personal values were erased. */
  forget(): void {
    this.#kept.clear();
    this.#newest.clear();
  }

  #keep(stream: string, facts: readonly Recorded[]): void {
    this.#kept.delete(stream);
    if (facts.length > 0 && facts.length <= MOST_FACTS) this.#kept.set(stream, facts);
    else this.#newest.delete(stream);
    if (this.#kept.size <= MOST_STREAMS) return;
    const oldest = this.#kept.keys().next().value!;
    this.#kept.delete(oldest);
    this.#newest.delete(oldest);
  }
}
