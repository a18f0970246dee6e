import type { MeasureRow } from '@firebreak/contract/detect/measures';
import type { MeasureWatch } from '@firebreak/contract/detect/watches';
import type { Tone } from '../../ui/Marks.tsx';

const digits = (value: number, most = 3): string =>
  Number(value.toPrecision(most)).toLocaleString('en', { maximumFractionDigits: 6 });

/** A value with its unit; a rate in per cent. */
export function valueText({ kind, unit }: Pick<MeasureRow, 'kind' | 'unit'>, value: number | null): string {
  if (value === null) return 'no data';
  if (kind === 'rate') return `${digits(100 * value)} %`;
  return unit === '' ? digits(value) : `${digits(value)} ${unit}`;
}

/** What the last value of a kind is, in words. */
export const LAST_WORDS: Readonly<Record<MeasureRow['kind'], string>> = {
  rate: 'of all',
  level: 'on average',
  count: 'in the hour',
  spread: '90th percentile',
  mix: 'see the shares',
};

export const STATE_WORDS: Readonly<Record<MeasureWatch['state'], string>> = {
  learning: 'learning',
  watching: 'quiet',
  alarming: 'alarm',
  paused: 'paused',
};
export const STATE_TONES: Readonly<Record<MeasureWatch['state'], Tone>> = {
  learning: 'blue',
  watching: 'moss',
  alarming: 'ember',
  paused: 'plain',
};

const every = (days: number): string => (days === 1 ? 'a day' : `${digits(days)} days`);

/** What a rule looks for, in a sentence without its subject. */
export function ruleText(watch: Pick<MeasureWatch, 'rule' | 'kind' | 'unit'>): string {
  const { rule } = watch;
  switch (rule.kind) {
    case 'rate':
      return `${rule.side === 'up' ? 'rises' : 'falls'} from ${rule.p0 === null ? 'what is usual' : valueText(watch, rule.p0)}`;
    case 'limit': {
      const limits = rule.steps.map(
        ({ limit, severity }) => `${valueText(watch, limit)}${severity === null ? '' : ` (Sev ${severity})`}`,
      );
      const what =
        watch.kind === 'rate'
          ? 'is'
          : watch.kind === 'spread'
            ? `percentile ${Math.round(100 * rule.share)} is`
            : 'is mostly';
      return `${what} ${rule.side} ${limits.join(', ')}`;
    }
    case 'season':
      return 'is strange for this hour and day';
    case 'mean':
      return 'mean moves by a deviation';
    case 'budget':
      return `passes ${valueText(watch, rule.limit)} in ${rule.per === 'day' ? 'a day' : 'an hour'}`;
    case 'shape':
      return 'is spread otherwise than usual';
  }
}

export function wrongText(days: number | null): string {
  return days === null ? 'a hard limit: never wrong' : `wrong about once in ${every(days)}`;
}

/** The graver of how the watches of a measure stand; null: nobody watches it. */
export function standingOf(watches: readonly MeasureWatch[]): MeasureWatch['state'] | null {
  for (const state of ['alarming', 'watching', 'learning', 'paused'] as const)
    if (watches.some((watch) => watch.state === state)) return state;
  return null;
}
