import type { BacktestRow, Figure } from '@firebreak/contract/detect/quality';
import { span } from '../../ui/durations.ts';

interface Rate {
  readonly x: number;
  readonly n: number;
  readonly share: number | null;
  readonly interval: { readonly lower: number; readonly upper: number } | null;
}

const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

/** `67 %`, or a dash where nothing can be counted yet. */
export const shareOf = ({ share }: Rate): string => (share === null ? '–' : percent(share));
/** `14 of 21 · 45 to 83 %` with the limits of Wilson's interval. */
export function countsOf({ x, n, interval }: Rate): string {
  if (interval === null) return 'nothing to count yet';
  return `${x} of ${n} · between ${percent(interval.lower)} and ${percent(interval.upper)}`;
}
export const timeOf = (ms: number | null): string => (ms === null ? '–' : span(ms));

export const FIGURE_WORDS: Record<Figure, { readonly title: string; readonly means: string; readonly target: string }> =
  {
    precision: {
      title: 'Precision',
      means: 'Of the candidates somebody judged, those that became an incident or a near miss.',
      target: '',
    },
    duplicates: {
      title: 'Duplicates',
      means:
        'Of the candidates that belong to an incident, those for which there was one already: merged by hand, or dismissed as a duplicate.',
      target: 'at most 15 %',
    },
    falsePages: {
      title: 'False pages',
      means: 'Of the pages whose candidate somebody judged, those of candidates that were dismissed.',
      target: 'at most 10 %',
    },
    coherence: {
      title: 'Time to one event',
      means: 'From the first signal until enough of them agreed.',
      target: 'half within 1 min, 95 of 100 within 5 min',
    },
  };

export const PERIODS = [
  { days: 7, says: '7 days' },
  { days: 30, says: '30 days' },
  { days: 90, says: '90 days' },
  { days: 365, says: 'a year' },
] as const;

/** What a topic tries, and how it is called in the terminal. */
export const TOPIC_WORDS: Readonly<Record<BacktestRow['topic'], string>> = {
  'signal-grouping': 'Which signals are one event',
  similar: 'Which incidents resemble one another',
  'incident-triage': 'What kind of failure a text tells of',
  'prompt-attacks': 'Attempts to turn the assistant',
  'unsafe-content': 'Harmful content',
  pii: 'Personal data in texts',
  'agent-traces': 'Agents that did what a text told them',
  'metric-anomaly': 'Numbers that move',
  'otlp-dialects': 'Reading OpenTelemetry spans',
  webhooks: 'Reading alerts of other products',
};

/** Scores in the order they are told, each with its interval where it has one. */
export function scoreLines(
  scores: Readonly<Record<string, number | string>>,
): { readonly name: string; readonly value: string; readonly interval: string | null }[] {
  return Object.entries(scores)
    .filter(([name]) => !name.endsWith('_interval'))
    .map(([name, value]) => {
      const interval = scores[`${name}_interval`];
      return {
        name: name.replaceAll('_', ' '),
        value: typeof value === 'number' ? String(Math.round(value * 1_000) / 1_000) : value,
        interval: typeof interval === 'string' ? interval : null,
      };
    });
}
