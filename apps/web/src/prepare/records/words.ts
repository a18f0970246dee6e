import type { RecordRule } from '@firebreak/contract/prepare/records';

export type TakenOut = RecordRule['takesOut'][number];

export const TAKEN_OUT_WORDS: Readonly<Record<TakenOut, string>> = {
  secret: 'keys, tokens and passwords',
  EMAIL_ADDRESS: 'e-mail addresses',
  CREDIT_CARD: 'card numbers',
  IBAN_CODE: 'bank accounts (IBAN)',
  US_SSN: 'social security numbers (US)',
  NATIONAL_ID: 'identity, tax and insurance numbers of other states',
  PASSPORT: 'passport numbers',
  IP_ADDRESS: 'network addresses',
  PHONE_NUMBER: 'telephone numbers',
};

export const sayDays = (days: number | null, usual: number): string =>
  days === null ? `${usual} days, as everywhere` : days === 1 ? '1 day' : `${days} days`;

/** What a rule takes out, in a phrase. */
export const sayTakenOut = (kinds: readonly TakenOut[]): string =>
  kinds.length === 0 ? 'nothing' : kinds.map((kind) => TAKEN_OUT_WORDS[kind]).join(', ');
