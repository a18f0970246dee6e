import type { LeverName } from '../containment/index.ts';
import { breakEven, worthWords } from './break-even.ts';
import { LIGHTNESS } from './table.ts';

/** What people say a thing is worth, in one currency of theirs. `null`: nobody has said. */
export interface Worth {
  /** Loss an hour while the harm goes on. */
  readonly lossPerHour: number | null;
  /** What one good request that is not served costs. */
  readonly costPerRequest: number | null;
  /** What it costs on top where it turns out needless: explaining, switching back. */
  readonly needless: number;
  /** How many hours ahead are weighed. */
  readonly hours: number;
}

export interface Weighing {
  /** `L`, `c`, `f`; null: not known. */
  readonly loss: number | null;
  readonly cost: number | null;
  readonly needless: number;
  readonly prevented: number;
  /** Null: something is unknown. */
  readonly breakEven: number | null;
  readonly says: string;
  /** What is missing to say more. */
  readonly unknown: readonly string[];
}

/**
 * Weighs one lever. `goodPerHour`: requests an hour that it would meet and that looked benign; null: nothing is recorded.
 * What a good request loses where it is met depends on the lever: all of it where it is refused, part where it waits.
 */
export function weigh(lever: LeverName, prevented: number, goodPerHour: number | null, worth: Worth): Weighing {
  const { lossPerHour, costPerRequest, needless, hours } = worth;
  const loss = lossPerHour === null ? null : lossPerHour * hours;
  const cost =
    costPerRequest === null || goodPerHour === null
      ? null
      : goodPerHour * hours * costPerRequest * LIGHTNESS[lever].loses;
  const unknown = [
    ...(loss === null ? ['What an hour of harm costs.'] : []),
    ...(costPerRequest === null ? ['What one good request costs that is not served.'] : []),
    ...(goodPerHour === null ? ['How much traffic it would meet: nothing of the system is recorded.'] : []),
  ];
  const known = loss === null || cost === null ? null : breakEven({ loss, prevented, cost, needless });
  return {
    loss,
    cost,
    needless,
    prevented,
    breakEven: known === null || !Number.isFinite(known) ? null : known,
    says:
      known === null
        ? unknown.length === 0
          ? 'Nothing would be lost and nothing is spent: there is nothing to weigh.'
          : 'Not weighed: something is unknown.'
        : worthWords(known),
    unknown,
  };
}
