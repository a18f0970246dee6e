import type { Recorded } from '@firebreak/core/kernel';
import type { Database } from './database/index.ts';
import { loadAfter } from './log.ts';

export type FactHeard = (facts: readonly Recorded[]) => void;

const PAGE = 500;
const MOST_TRIES = 20;
/** A notification may be lost with its connection; nobody waits longer than this for what another process committed. */
const LOOK_MS = 1_000;
export const FACT_CHANNEL = 'firebreak_fact';

/** Hands committed facts, in order and each once, to whoever listens in this process: screens, guards. */
export class Feed {
  readonly #listeners = new Set<FactHeard>();
  #seq = 0;
  #reading: Promise<void> | null = null;
  #again = false;
  #look: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: Database,
    private readonly fault: (error: unknown) => void,
  ) {}

  get seq(): number {
    return this.#seq;
  }

  async open(): Promise<void> {
    const head = await this.db.query<{ seq: number }>('select seq from log_head');
    this.#seq = head.rows[0]?.seq ?? 0;
    await this.db.listen(FACT_CHANNEL, () => this.poke());
    if (this.db.engine === 'postgresql') this.#look = setInterval(() => this.poke(), LOOK_MS).unref();
  }

  /** Looks for nothing more; what was poked before is still handed on. */
  async close(): Promise<void> {
    clearInterval(this.#look);
    await this.settled();
  }

  on(heard: FactHeard): () => void {
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  /**
   * Facts this process has just committed: handed on at once when nothing is missing before them, else read. Resolves
   * when they were handed on, so that whoever committed them sees them everywhere.
   */
  async committed(facts: readonly Recorded[]): Promise<void> {
    const [first, last] = [facts[0], facts.at(-1)];
    if (first === undefined || last === undefined) return;
    if (this.#reading === null && first.seq === this.#seq + 1) return this.#emit(facts);
    for (let tries = 0; this.#seq < last.seq && tries < MOST_TRIES; tries++) {
      this.poke();
      await this.#reading;
    }
  }

  /** Reads on from where this process stands. */
  poke(): void {
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = this.#read()
      .catch(this.fault)
      .finally(() => {
        this.#reading = null;
        if (this.#again) {
          this.#again = false;
          this.poke();
        }
      });
  }

  /** Resolves when everything poked so far has been handed on. */
  async settled(): Promise<void> {
    while (this.#reading) await this.#reading;
  }

  async #read(): Promise<void> {
    for (;;) {
      const facts = (await loadAfter(this.db, this.#seq, PAGE)).filter((fact) => fact.seq > this.#seq);
      if (facts.length > 0) this.#emit(facts);
      if (facts.length < PAGE) return;
    }
  }

  #emit(facts: readonly Recorded[]): void {
    this.#seq = facts.at(-1)!.seq;
    for (const heard of this.#listeners) {
      try {
        heard(facts);
      } catch (error) {
        this.fault(error);
      }
    }
  }
}
