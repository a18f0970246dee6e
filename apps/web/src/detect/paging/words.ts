import type { ConditionRow, SilenceRow } from '@firebreak/contract/detect/paging';
import type { PageCause } from '@firebreak/core/detect/candidates';
import { CHANNELS, type Channel } from '@firebreak/core/detect/signals';

export const CAUSE_WORDS: Record<PageCause, string> = {
  'proves-itself': 'a finding proves itself',
  'two-agree': 'two findings agree',
  promised: 'its source may page alone',
  'severity-rose': 'it became graver',
  'new-deployment': 'another deployment is affected',
  'not-acknowledged': 'nobody had answered',
};

const CHANNEL_NAMES: Record<Channel, string> = {
  'output-filter': 'output filters',
  telemetry: 'telemetry',
  feedback: 'feedback',
  external: 'reports from outside',
  'golden-set': 'golden sets',
  probe: 'probes of our own',
};
export const CHANNEL_OPTIONS = [
  { value: '', label: 'Any' },
  ...CHANNELS.map((value) => ({ value: value as string, label: CHANNEL_NAMES[value] })),
];

/** `support-bot · detector claims · words “known test”`. */
export function silenceLine(it: SilenceRow): string {
  return [
    it.system,
    it.detector && `detector ${it.detector}`,
    it.archetype,
    it.channel && CHANNEL_NAMES[it.channel],
    it.text && `words “${it.text}”`,
  ]
    .filter(Boolean)
    .join(' · ');
}

export const conditionLine = (it: Pick<ConditionRow, 'system' | 'detector' | 'kind'>): string =>
  [it.system ?? 'every system', it.detector && `detector ${it.detector}`, it.kind].filter(Boolean).join(' · ');

export const signalsLine = (count: number): string =>
  count === 1 ? 'one signal' : `${count.toLocaleString('en')} signals`;
