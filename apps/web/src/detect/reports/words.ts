import type { ReportShown } from '@firebreak/contract/detect/reports';
import type { ReviewItem } from '@firebreak/contract/detect/reviews';
import type { HarmSaid } from '@firebreak/core/detect/signals';

export const UNVERIFIED = 'from outside, unverified';

const HARM_WORDS: Readonly<Record<HarmSaid, string>> = {
  yes: 'Yes, says the reporter',
  unsure: 'The reporter is not sure',
  no: 'No, says the reporter',
};

export const STATE_WORDS: Readonly<Record<ReportShown['state'], string>> = {
  received: 'The reporter is told: received.',
  'looked-at': 'The reporter is told: a person has looked at it, or is doing so.',
  answered: 'The reporter is told: answered.',
};

/** What somebody reported, in lines of a name and a value; what was not said is left out. */
export function saidLines(
  report: NonNullable<ReviewItem['feedback']['report']>,
): readonly (readonly [string, string])[] {
  const lines: readonly (readonly [string, string | null])[] = [
    ['Somebody harmed', HARM_WORDS[report.harm]],
    ['Where', report.product],
    ['When', report.when],
    ['Link', report.link],
  ];
  return lines.filter((line): line is readonly [string, string] => line[1] !== null);
}
