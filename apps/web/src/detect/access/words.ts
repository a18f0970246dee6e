import type { UnusualAccess, UsualAccess } from '@firebreak/contract/detect/access';

const KIND_WORDS: Readonly<Record<UnusualAccess['kind'], string>> = {
  'many-requests': 'far more requests than usual',
  'many-numbers': 'far more different numbers than usual',
  'many-tokens': 'far more tokens than usual',
  'numbers-in-sequence': 'numbers one after the other',
  'near-duplicate-streak': 'nearly the same question again and again',
  'same-question-streak': 'the same question again and again',
  'refused-streak': 'refused and went on',
  'new-country': 'another country',
  'refused-sign-ins': 'refused again and again',
  'let-in-after-refusals': 'let in after refusals',
  'sign-in-from-new-country': 'signed in from another country',
  'new-key': 'another key',
  'many-refused-sign-ins': 'many refused sign-ins',
  'passwords-sprayed': 'a few passwords tried on many',
};
export const accessWord = (kind: UnusualAccess['kind']): string => KIND_WORDS[kind];

const OF_WORDS: Readonly<Record<UnusualAccess['of'], string>> = {
  person: 'Person or program',
  session: 'Session',
  'sign-in': 'Sign-ins of one',
  system: 'The whole system',
};
export const whoWord = ({ of, who }: Pick<UnusualAccess, 'of' | 'who'>): string =>
  who === null ? OF_WORDS[of] : `${OF_WORDS[of]} ${who}`;

const number = (n: number): string => n.toLocaleString('en', { maximumFractionDigits: n < 10 ? 1 : 0 });

/** Who spends what share of a day, in words; null: nobody did. */
export function spendersWord({ spent, spenders }: Pick<UsualAccess, 'spent' | 'spenders'>): string | null {
  if (spent <= 0 || spenders.length === 0) return null;
  const shares = spenders
    .slice(0, 3)
    .map(({ who, tokens, over }) => `${who ?? 'somebody'} ${Math.round((100 * (tokens - over)) / spent)} %`);
  return `${number(spent)} tokens, most by ${shares.join(', ')}`;
}

/** What was seen beside what is usual; a limit is no usual number and is not shown as one. */
export function measured({ seen, usual, chance }: Pick<UnusualAccess, 'seen' | 'usual' | 'chance'>): string | null {
  if (usual === null || usual === 0) return null;
  if (chance === null) return `${number(seen)}; told from ${number(usual)} on`;
  const odds = chance < 1e-12 ? 'never by chance' : `by chance in one of ${number(Math.round(1 / chance))} hours`;
  return `${number(seen)} in the hour, ${number(usual)} usual; ${odds}`;
}
