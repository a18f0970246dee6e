import type { Means, PolicyException } from '@firebreak/contract/prepare/policies';

export const MEANS_WORDS: Readonly<Record<Means['kind'], string>> = {
  control: 'Control',
  step: 'Playbook step',
  channel: 'Detection channel',
  review: 'Human review',
};

export const STATE_WORDS: Readonly<Record<PolicyException['state'], string>> = {
  asked: 'waits for approval',
  'in-force': 'in force',
  lapsed: 'lapsed',
  ended: 'ended early',
  declined: 'declined',
};

/** `2026-11` as `Nov`, and with the year in January, so that a row of months reads without a legend. */
export function monthWord(month: string): string {
  const name = new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00Z`),
  );
  return month.endsWith('-01') ? `${name} ${month.slice(2, 4)}` : name;
}

/** The end of a day as the reader has it, or null for text that is no day. */
export function endOfDay(day: string): string | null {
  const end = new Date(`${day}T23:59:59`);
  return day === '' || Number.isNaN(end.getTime()) ? null : end.toISOString();
}
