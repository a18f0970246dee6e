import type { Breaker, Opinion } from '@firebreak/core/detect/moderation';
import { CLOSED } from '@firebreak/core/detect/moderation';
import type { Deps } from '../../platform/index.ts';

const MOST = 5_000;

export interface Known {
  readonly opinion: Opinion;
  readonly model: string | null;
}

/** What this process remembers between questions: circuit breakers, and opinions on the same words. All of it may be lost. */
class Remembered {
  readonly #breakers = new Map<string, Breaker>();
  readonly #opinions = new Map<string, Known>();

  breaker(moderator: string): Breaker {
    return this.#breakers.get(moderator) ?? CLOSED;
  }
  set(moderator: string, breaker: Breaker): void {
    this.#breakers.set(moderator, breaker);
  }
  opinion(question: string): Known | null {
    return this.#opinions.get(question) ?? null;
  }
  keep(question: string, known: Known): void {
    if (this.#opinions.size >= MOST) this.#opinions.delete(this.#opinions.keys().next().value!);
    this.#opinions.set(question, known);
  }
}

const all = new WeakMap<Deps, Remembered>();
export function rememberedOf(deps: Deps): Remembered {
  const held = all.get(deps) ?? new Remembered();
  all.set(deps, held);
  return held;
}
