import type { Asking, Verdict } from '@firebreak/core/respond/containment';
import { ContainedError } from './contained-error.ts';

export interface Flight {
  readonly system: string;
  readonly asking: Asking;
  /** Ends the answer that is running, with the error its reader is to see. */
  readonly abort: (error: ContainedError) => void;
}

/** Answers that are running while an order comes in. */
export class InFlight {
  readonly #flights = new Set<Flight>();

  get size(): number {
    return this.#flights.size;
  }

  /** Gives back what to call when the answer has ended. */
  add(flight: Flight): () => void {
    this.#flights.add(flight);
    return () => this.#flights.delete(flight);
  }

  /** Ends every answer that would now be refused. Re-routing does not reach back: what runs ends as it began. */
  judge(check: (system: string, asking: Asking) => Verdict, ended: (verdict: Verdict) => void): void {
    for (const flight of [...this.#flights]) {
      const verdict = check(flight.system, { ...flight.asking, running: true });
      if (verdict.action !== 'deny') continue;
      this.#flights.delete(flight);
      ended(verdict);
      flight.abort(new ContainedError(verdict));
    }
  }
}
