import type { Budget, BudgetMeasure } from '@firebreak/core/prepare/inventory';

export const BUDGET_WORDS: Readonly<Record<BudgetMeasure, string>> = {
  tokens: 'Tokens, read and written',
  spend: 'Money spent on tokens',
  answers: 'Answers of the model',
  calls: 'Calls of tools',
  minutes: 'Minutes from first to last',
  'fan-out': 'Calls of tools in one answer',
  depth: 'Agents that call agents, one below the other',
  sessions: 'Sessions of one person at the same time',
};

const inWords = (n: number): string => n.toLocaleString('en');

/** The bounds of a budget in a phrase. */
export function sayBudget({ soft, hard, price }: Budget): string {
  const unit = price === undefined ? '' : ` ${price.currency}`;
  return [
    soft !== null && `worth a look above ${inWords(soft)}${unit}`,
    hard !== null && `must not pass ${inWords(hard)}${unit}`,
    price !== undefined && `a million tokens cost ${inWords(price.input)} read, ${inWords(price.output)} written`,
  ]
    .filter((part) => part !== false)
    .join(', ');
}

/** A number as people write it, `12,000` or `0.5`; null: none was written, or it is not one above zero. */
export function amountIn(text: string): number | null {
  const written = text.trim().replace(/[\s_]|,(?=\d{3}(?:\D|$))/g, '');
  const read = /^\d{1,13}(?:\.\d{1,6})?$/.test(written) ? Number(written) : 0;
  return read > 0 ? read : null;
}
