/**
 * What one session of a system may use up. `tokens`: read and written. `answers`: of the model. `calls`: of tools. `minutes`:
 * from its first to its last record. `spend`: tokens at their price. `fan-out`: calls asked for in one answer. `depth`: agents
 * that called one another until the model was asked. `sessions`: of one person at the same time.
 */
export const BUDGET_MEASURES = [
  'tokens',
  'spend',
  'answers',
  'calls',
  'minutes',
  'fan-out',
  'depth',
  'sessions',
] as const;
export type BudgetMeasure = (typeof BUDGET_MEASURES)[number];

/** What a million tokens cost. */
export interface TokenPrice {
  readonly input: number;
  readonly output: number;
  /** ISO 4217: `EUR`. */
  readonly currency: string;
}

/** A bound on what one session may use up. More than the soft one is worth a look; more than the hard one must not happen. */
export interface Budget {
  readonly measure: BudgetMeasure;
  readonly soft: number | null;
  readonly hard: number | null;
  /** Of `spend` alone. */
  readonly price?: TokenPrice | undefined;
}

/** What is wrong with a budget, with the member it is about; undefined: nothing. */
export function budgetFault({
  measure,
  soft,
  hard,
  price,
}: Budget): { readonly why: string; readonly member: string } | undefined {
  if (soft === null && hard === null)
    return { why: 'Say how much is worth a look, how much must not happen, or both.', member: 'soft' };
  if (soft !== null && hard !== null && soft >= hard)
    return { why: `The soft bound, ${soft}, has to lie below the hard one, ${hard}.`, member: 'soft' };
  if (measure === 'spend' && price === undefined)
    return { why: 'A budget of money needs the price of a million tokens, read and written.', member: 'price' };
  if (measure !== 'spend' && price !== undefined)
    return { why: 'Only a budget of money has a price; leave it out, or budget spend.', member: 'price' };
  return undefined;
}
