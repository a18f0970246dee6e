/** Something in telemetry changed; screens may want to read again. Not a fact, may be lost. */
export interface Hint {
  readonly kind: string;
  readonly system?: string;
}

const QUIET_MS = 250;

/** At most one hint of a kind and system in a quarter of a second, whatever the traffic. */
export class Hints {
  readonly #listeners = new Set<(hint: Hint) => void>();
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  on(heard: (hint: Hint) => void): () => void {
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  give(hint: Hint): void {
    const key = `${hint.kind}|${hint.system ?? ''}`;
    if (this.#waiting.has(key) || this.#waiting.size > 1_000) return;
    const timer = setTimeout(() => {
      this.#waiting.delete(key);
      for (const heard of this.#listeners) heard(hint);
    }, QUIET_MS);
    timer.unref();
    this.#waiting.set(key, timer);
  }
}
