import { type Refusal, refuse } from '../../kernel/index.ts';
import { ASPECTS, type Aspect } from './bins.ts';
import type { MeasureKind } from './measure.ts';

export type Severity = 1 | 2 | 3 | 4;

/** A share of values may lie beyond `limit`; more of them is an alarm of this severity. */
export interface LimitStep {
  readonly limit: number;
  /** Null: it does not say how grave it is. */
  readonly severity: Severity | null;
}

/** What is wrong with a number. `everyDays`: a false alarm no more often than once in so many days, on average. */
export type Rule =
  /** A rate moved from what is usual. `p0`, `p1` null: learned, and the smallest move worth an alarm. */
  | {
      readonly kind: 'rate';
      readonly side: 'up' | 'down';
      readonly p0: number | null;
      readonly p1: number | null;
      readonly everyDays: number;
    }
  /** More than a share of the values lie beyond a limit: `P90 > 15 s` is more than one in ten above 15 s. */
  | {
      readonly kind: 'limit';
      readonly side: 'above' | 'below';
      /** 0.9: the limit is one of the 90th percentile. Not used for rates. */
      readonly share: number;
      readonly steps: readonly LimitStep[];
      readonly everyDays: number;
    }
  /** Strange against the last month, the time of day and the day of the week. */
  | { readonly kind: 'season'; readonly aspect: Aspect }
  /** The mean moved, by about one standard deviation or more. */
  | { readonly kind: 'mean'; readonly aspect: Aspect; readonly everyDays: number }
  /** A hard limit of a sum. */
  | { readonly kind: 'budget'; readonly limit: number; readonly per: 'hour' | 'day' }
  /** The distribution is not the usual one: of values (Kolmogorov-Smirnov), of categories (Jensen-Shannon). */
  | { readonly kind: 'shape'; readonly everyDays: number };

export const RULE_KINDS = [
  'rate',
  'limit',
  'season',
  'mean',
  'budget',
  'shape',
] as const satisfies readonly Rule['kind'][];

/** Which rules make sense of which kind of measure. */
export const RULES_OF: Readonly<Record<MeasureKind, readonly Rule['kind'][]>> = {
  rate: ['rate', 'limit', 'season'],
  level: ['limit', 'season', 'mean', 'budget'],
  count: ['limit', 'season', 'mean', 'budget'],
  spread: ['limit', 'season', 'mean', 'budget', 'shape'],
  mix: ['shape'],
};

const bad = (why: string, pointer: string): Refusal => refuse('watch.bad-rule', why, pointer);

/** What keeps a rule from being one; null: nothing. */
export function ruleFault(rule: Rule, kind: MeasureKind): Refusal | null {
  if (!RULES_OF[kind].includes(rule.kind))
    return bad(`A ${kind} cannot be watched by “${rule.kind}”. Choose ${RULES_OF[kind].join(', ')}.`, '/rule/kind');
  if ('everyDays' in rule && !(rule.everyDays >= 1 && rule.everyDays <= 3_650))
    return bad('Say once in how many days a false alarm may be: 1 to 3,650.', '/rule/everyDays');
  if (rule.kind === 'rate') {
    const { p0, p1, side } = rule;
    const inside = (p: number | null): boolean => p === null || (p > 0 && p < 1);
    if (!inside(p0) || !inside(p1))
      return bad('A rate is more than 0 and less than 1.', inside(p0) ? '/rule/p1' : '/rule/p0');
    if (p0 !== null && p1 !== null && (side === 'up' ? p1 <= p0 : p1 >= p0))
      return bad('The rate worth an alarm has to lie beyond the usual one, on the side that is watched.', '/rule/p1');
  }
  if (rule.kind === 'limit') {
    if (kind !== 'rate' && !(rule.share > 0 && rule.share < 1))
      return bad('A percentile lies between 0 and 1, such as 0.9.', '/rule/share');
    if (rule.steps.length === 0 || rule.steps.length > 6) return bad('Give one to six limits.', '/rule/steps');
    for (const [i, { limit }] of rule.steps.entries())
      if (!Number.isFinite(limit) || (kind === 'rate' && !(limit > 0 && limit < 1)))
        return bad(
          kind === 'rate' ? 'The limit of a rate lies between 0 and 1.' : 'The limit is no number.',
          `/rule/steps/${i}/limit`,
        );
  }
  if (rule.kind === 'budget' && !(rule.limit > 0)) return bad('A budget is more than 0.', '/rule/limit');
  if ('aspect' in rule) {
    const fits =
      ASPECTS.includes(rule.aspect) &&
      (rule.aspect === 'rate') === (kind === 'rate') &&
      (kind === 'spread' || !rule.aspect.startsWith('p'));
    if (!fits) return bad(`“${rule.aspect}” cannot be read from a ${kind}.`, '/rule/aspect');
  }
  return null;
}

/** Of what a season watch was measured on, it cried wolf so seldom; nobody can promise it for another metric. */
const SEASON_DAYS = 5;

/** Once in how many days this rule raises a false alarm, on average; null: never, it is a fact and not a guess. */
export const falseAlarmDays = (rule: Rule): number | null =>
  rule.kind === 'budget' ? null : rule.kind === 'season' ? SEASON_DAYS : rule.everyDays;

/** False alarms a week of all these together. */
export const falseAlarmsAWeek = (rules: readonly Rule[]): number =>
  rules.reduce((sum, rule) => sum + 7 / (falseAlarmDays(rule) ?? Number.POSITIVE_INFINITY), 0);
