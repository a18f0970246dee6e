import { networksOf, REPORT_LIMITS } from '@firebreak/core/detect/reports';
import type { Deps } from '../../platform/index.ts';

const MOST_NETWORKS = 10_000;
const HOUR_MS = 3_600_000;
const TEN_MINUTES_MS = 600_000;

/** How often networks did one thing lately. In memory alone: no address of a reporter is kept. */
class Counts {
  readonly #at = new Map<string, number[]>();

  constructor(
    readonly windowMs: number,
    readonly ofOwn: number,
    readonly ofAround: number,
  ) {}

  #recent(network: string, now: number): number[] {
    return (this.#at.get(network) ?? []).filter((at) => at > now - this.windowMs);
  }

  /** Milliseconds until this address may again; 0: it may now. */
  waitMs(address: string, now: number): number {
    const [own, around] = networksOf(address);
    const wait = (network: string, most: number): number => {
      const recent = this.#recent(network, now);
      return recent.length < most ? 0 : recent[recent.length - most]! + this.windowMs - now;
    };
    return Math.max(wait(`own ${own}`, this.ofOwn), wait(`around ${around}`, this.ofAround));
  }

  add(address: string, now: number): void {
    const [own, around] = networksOf(address);
    for (const network of [`own ${own}`, `around ${around}`]) {
      const recent = [...this.#recent(network, now), now].slice(-this.ofAround);
      // Those heard last stand last.
      this.#at.delete(network);
      this.#at.set(network, recent);
    }
    for (const [network, times] of this.#at) {
      if (this.#at.size <= MOST_NETWORKS && times.at(-1)! > now - this.windowMs) break;
      this.#at.delete(network);
    }
  }
}

const all = new WeakMap<Deps, { readonly sent: Counts; readonly looked: Counts }>();

/** What this process counts against floods. */
export function countsOf(deps: Deps) {
  const { ofAddress, ofNeighbourhood, looks } = REPORT_LIMITS;
  const held = all.get(deps) ?? {
    sent: new Counts(HOUR_MS, ofAddress, ofNeighbourhood),
    looked: new Counts(TEN_MINUTES_MS, looks, looks * 4),
  };
  all.set(deps, held);
  return held;
}
