import type { HeldAnswer } from '@firebreak/contract/respond/held-answers';
import type { Tone } from '../../ui/Marks.tsx';

export const STATE_WORDS: Readonly<Record<HeldAnswer['state'], string>> = {
  pending: 'waits',
  approved: 'approved',
  edited: 'said otherwise',
  declined: 'declined',
  'timed-out': 'nobody decided in time',
};
export const STATE_TONES: Readonly<Record<HeldAnswer['state'], Tone>> = {
  pending: 'amber',
  approved: 'moss',
  edited: 'blue',
  declined: 'plain',
  'timed-out': 'ember',
};

/** The arguments of a call, one to a line, as a person reads them; the text itself where it is no object. */
export function argumentRows(text: string | null): readonly (readonly [string, string])[] {
  if (text === null) return [];
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [['', text]];
    return Object.entries(value).map(([name, each]) => [name, typeof each === 'string' ? each : JSON.stringify(each)]);
  } catch {
    return [['', text]];
  }
}
