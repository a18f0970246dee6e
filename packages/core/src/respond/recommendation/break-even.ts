/** What an action is weighed by, all in one unit of money or work. */
export interface Weighed {
  /** Expected loss if the harm goes on. */
  readonly loss: number;
  /** Share of it that the action prevents, 0 to 1. */
  readonly prevented: number;
  /** What the action costs, needed or not. */
  readonly cost: number;
  /** What it costs on top where it was not needed. */
  readonly needless: number;
}

/** Expected gain of acting, where harm has this probability: `p·L·e − c − (1−p)·f`. */
export const netBenefit = (probability: number, { loss, prevented, cost, needless }: Weighed): number =>
  probability * loss * prevented - cost - (1 - probability) * needless;

/**
 * The probability of harm from which acting is worth it: `(c + f) / (L·e + f)`. Above 1: at no probability. Null where
 * nothing would be lost and nothing is spent, so that there is nothing to weigh.
 */
export function breakEven({ loss, prevented, cost, needless }: Weighed): number | null {
  const saved = loss * prevented + needless;
  if (saved > 0) return (cost + needless) / saved;
  return cost > 0 ? Number.POSITIVE_INFINITY : null;
}

/**
 * A probability as people may believe it, never finer than it is known: whole percents below ten, steps of five above.
 * `about 8 %`, `under 1 %`.
 */
export function roughly(probability: number): string {
  const percent = probability * 100;
  if (percent < 1) return 'under 1 %';
  if (percent < 10) return `about ${Math.round(percent)} %`;
  return `about ${Math.round(percent / 5) * 5} %`;
}

/** `Worth it if you believe harm is likelier than about 8 %.` */
export function worthWords(breakEven: number): string {
  if (breakEven > 1) return 'It costs more than it can prevent, however likely harm is.';
  if (breakEven === 0) return 'Worth it if you believe in any harm at all: it costs nothing that was counted.';
  return `Worth it if you believe harm is likelier than ${roughly(breakEven)}.`;
}
