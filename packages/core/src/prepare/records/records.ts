import {
  type Actor,
  type Asked,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  type Refusal,
  refuse,
} from '../../kernel/index.ts';

export type LegalHoldId = Id<'lgh'>;

/** What may be taken out of records before they are kept: secrets, and structured personal data by kind. */
export const TAKEN_OUT = [
  'secret',
  'EMAIL_ADDRESS',
  'CREDIT_CARD',
  'IBAN_CODE',
  'US_SSN',
  'NATIONAL_ID',
  'PASSPORT',
  'IP_ADDRESS',
  'PHONE_NUMBER',
] as const;
export type TakenOut = (typeof TAKEN_OUT)[number];

export const RECORD_LIMITS = { mostDays: 3_650, legalHolds: 50 } as const;

/** How the records of one AI system are kept. */
export interface RecordRule {
  /** Days; null: as long as the installation keeps what nobody said anything about. */
  readonly keptDays: number | null;
  /** Taken out before anything is kept. */
  readonly takesOut: readonly TakenOut[];
  /** Part of the traffic that is sent at all, above 0 up to 1, as its owner says; null: nobody said. */
  readonly sentShare: number | null;
}

export type RecordFact =
  | Fact<'records.ruled', { readonly system: string; readonly reason: string } & RecordRule>
  /** Nothing of the system is deleted from now on, however old. */
  | Fact<
      'records.legal-hold-placed',
      {
        readonly system: string;
        readonly hold: LegalHoldId;
        readonly reason: string;
        readonly matter: string;
      }
    >
  | Fact<'records.legal-hold-lifted', { readonly hold: LegalHoldId; readonly reason: string }>;

export const RECORD_FACTS = [
  'records.ruled',
  'records.legal-hold-placed',
  'records.legal-hold-lifted',
] as const satisfies readonly RecordFact['type'][];

export interface LegalHold {
  readonly id: LegalHoldId;
  readonly reason: string;
  /** Reference of the matter, such as an incident or a file number; empty: none. */
  readonly matter: string;
  readonly placedAt: Instant;
  readonly placedBy: Actor;
  readonly lifted: { readonly at: Instant; readonly by: Actor; readonly reason: string } | null;
}

export interface Records extends RecordRule {
  readonly system: string;
  readonly changedAt: Instant;
  readonly changedBy: Actor;
  readonly reason: string;
  readonly legalHolds: readonly LegalHold[];
}

export const recordStream = (system: string): string => `rec_${system}`;
const NO_RULE: RecordRule = { keptDays: null, takesOut: [], sentShare: null };

export function foldRecords(facts: readonly Recorded[]): Records | null {
  return ofTypes<RecordFact>(facts, RECORD_FACTS).reduce<Records | null>((held, fact) => {
    const stamp = { changedAt: fact.at, changedBy: fact.by };
    if (fact.type === 'records.ruled') return { legalHolds: held?.legalHolds ?? [], ...fact.data, ...stamp };
    if (fact.type === 'records.legal-hold-placed') {
      const { system, hold, reason, matter } = fact.data;
      const before = held ?? { system, ...NO_RULE, ...stamp, reason: '', legalHolds: [] };
      const placed: LegalHold = { id: hold, reason, matter, placedAt: fact.at, placedBy: fact.by, lifted: null };
      return { ...before, legalHolds: [...before.legalHolds, placed] };
    }
    if (held === null) return null;
    const lifted = { at: fact.at, by: fact.by, reason: fact.data.reason };
    return {
      ...held,
      legalHolds: held.legalHolds.map((hold) => (hold.id === fact.data.hold ? { ...hold, lifted } : hold)),
    };
  }, null);
}

export const isHeld = (it: Pick<Records, 'legalHolds'>): boolean => it.legalHolds.some(({ lifted }) => lifted === null);

/** Says how long records are kept and what is taken out. It is true of what comes in afterwards; what is kept stays as it is. */
export function ruleRecords(
  state: Records | null,
  want: { readonly system: string; readonly reason: string } & RecordRule,
): Decision<RecordFact> {
  const takesOut = TAKEN_OUT.filter((kind) => want.takesOut.includes(kind));
  const held = state ?? NO_RULE;
  const same =
    held.keptDays === want.keptDays &&
    held.sentShare === want.sentShare &&
    held.takesOut.length === takesOut.length &&
    takesOut.every((kind) => held.takesOut.includes(kind));
  return same ? [] : [{ type: 'records.ruled', data: { ...want, takesOut } }];
}

export function placeLegalHold(
  state: Records | null,
  want: { readonly system: string; readonly hold: LegalHoldId; readonly reason: string; readonly matter: string },
): Decision<RecordFact> {
  const holds = state?.legalHolds ?? [];
  if (holds.some(({ id }) => id === want.hold)) return [];
  if (holds.filter(({ lifted }) => lifted === null).length >= RECORD_LIMITS.legalHolds)
    return refuse(
      'records.too-many-holds',
      `${RECORD_LIMITS.legalHolds} legal holds lie on these records already. One is enough to keep them.`,
    );
  return [{ type: 'records.legal-hold-placed', data: want }];
}

/** Lifting lets records be deleted: it takes somebody else than whoever placed the hold. */
export function liftLegalHold(
  state: Records | null,
  want: { readonly hold: LegalHoldId; readonly reason: string },
  { by }: Asked,
): Decision<RecordFact> | Refusal {
  const hold = state?.legalHolds.find(({ id }) => id === want.hold);
  if (hold === undefined)
    return refuse(
      'records.unknown-hold',
      'There is no such legal hold on these records. List them to see which there are.',
    );
  if (hold.lifted !== null) return [];
  if (hold.placedBy.id === by.id)
    return refuse(
      'records.same-person',
      'You placed this legal hold. Somebody else has to lift it, because records may be deleted then.',
    );
  return [{ type: 'records.legal-hold-lifted', data: want }];
}
