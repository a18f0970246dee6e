import type { Recorded } from '@firebreak/core/kernel';
import type { Sql } from './database/index.ts';
import { loadStream } from './log.ts';

const MOST_STREAMS = 200;
const MOST_FACTS = 20_000;

/**
 * Facts are never changed, so what was read of a stream stays true: only what was added since is read again. Facts that
 * an open transaction has written itself are not kept, as it may yet be undone.
 */
export class Streams {
  readonly #kept = new Map<string, readonly Recorded[]>();
  readonly #written = new WeakMap<Sql, Set<string>>();

  /** The whole stream, oldest first. The caller holds its lock. */
  async load(tx: Sql, stream: string): Promise<readonly Recorded[]> {
    const kept = this.#kept.get(stream) ?? [];
    const newer = await loadStream(tx, stream, kept.length);
    const all = newer.length > 0 ? [...kept, ...newer] : kept;
    if (!this.#written.get(tx)?.has(stream)) this.#keep(stream, all);
    return all;
  }

  wrote(tx: Sql, stream: string): void {
    const written = this.#written.get(tx) ?? new Set();
    this.#written.set(tx, written.add(stream));
  }

  /** After personal values were erased. */
  forget(): void {
    this.#kept.clear();
  }

  #keep(stream: string, facts: readonly Recorded[]): void {
    this.#kept.delete(stream);
    if (facts.length > 0 && facts.length <= MOST_FACTS) this.#kept.set(stream, facts);
    if (this.#kept.size > MOST_STREAMS) this.#kept.delete(this.#kept.keys().next().value!);
  }
}
