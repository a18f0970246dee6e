/** Work that others let go first. */
export class UnderWay {
  #count = 0;
  readonly #waiting = new Set<() => void>();

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#count++;
    try {
      return await work();
    } finally {
      this.#count--;
      if (this.#count === 0) for (const go of this.#waiting) go();
    }
  }

  /** Resolves when nothing is under way, at the latest after so many milliseconds: a crowd that never ends stops nobody. */
  async quiet(within: number): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        clearTimeout(late);
        this.#waiting.delete(go);
        resolve();
      };
      const late = setTimeout(go, within);
      this.#waiting.add(go);
    });
  }
}
