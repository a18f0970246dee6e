import {
  type Actor,
  type Asked,
  addMs,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  type Refusal,
  refuse,
} from '../../kernel/index.ts';
import type { VendorQuestion } from './questions.ts';

export type VendorId = Id<'vnd'>;

export const SUPPLY_KINDS = ['model', 'service'] as const;
export interface Supply {
  readonly kind: (typeof SUPPLY_KINDS)[number];
  /** As deployments and dependencies name it: `gpt-4.1-mini`, `vector-store`. */
  readonly name: string;
}

export interface VendorDescription {
  readonly name: string;
  readonly supplies: readonly Supply[];
  /** Names by which telemetry and systems mean it: `openai`, `azure.ai.openai`. */
  readonly aliases: readonly string[];
  /** The person here who answers for the relation. */
  readonly owner: string;
  /** Address of its status page, or empty. */
  readonly statusPage: string;
  readonly note: string;
}

export const CONTACT_WAYS = ['phone', 'email', 'portal', 'chat'] as const;

/** One rung of an escalation path. Names, addresses and numbers of people: kept as a personal value. */
export interface Contact {
  readonly name: string;
  readonly how: (typeof CONTACT_WAYS)[number];
  readonly address: string;
  /** When somebody answers, in words: `24/7`, `weekdays 9-17 CET`. */
  readonly hours: string;
  /** How soon an answer is due, minutes; null: nothing is agreed. */
  readonly answerMinutes: number | null;
  /** Where it is agreed: `MSA 2026, clause 8.2`. */
  readonly contract: string;
}

export const DUTIES = [
  'detection',
  'logging',
  'containment',
  'notification',
  'investigation',
  'user-communication',
] as const;
export type Duty = (typeof DUTIES)[number];
export const PARTIES = ['vendor', 'us', 'both', 'nobody'] as const;
export interface Responsibility {
  readonly duty: Duty;
  readonly who: (typeof PARTIES)[number];
  readonly note: string;
}

export const VERDICTS = ['yes', 'partly', 'no'] as const;
export interface VendorAnswer {
  readonly question: string;
  /** Whether the answer is good enough for us. */
  readonly enough: (typeof VERDICTS)[number];
  readonly text: string;
  /** Where it is proven, or empty. */
  readonly evidence: string;
  /** `2026-11-20` */
  readonly answeredOn: string;
  readonly reviewBy: string | null;
}

export type VendorFact =
  | Fact<'vendor.registered', { readonly vendor: VendorId } & VendorDescription>
  | Fact<'vendor.described', VendorDescription>
  /** The whole path, first to be called first. */
  | Fact<'escalation.set', { readonly contacts: readonly Contact[] }>
  /** The whole matrix; a duty that is not in it has not been talked about. */
  | Fact<'responsibilities.set', { readonly responsibilities: readonly Responsibility[] }>
  | Fact<'vendor.answered', VendorAnswer>
  | Fact<'vendor.retired', { readonly reason: string }>;

export const VENDOR_TYPES = [
  'vendor.registered',
  'vendor.described',
  'escalation.set',
  'responsibilities.set',
  'vendor.answered',
  'vendor.retired',
] as const;

export const VENDOR_LIMITS = { supplies: 200, aliases: 50, contacts: 20 } as const;

export interface Vendor extends VendorDescription {
  readonly id: VendorId;
  /** Null: they were erased. */
  readonly contacts: readonly Contact[] | null;
  readonly responsibilities: readonly Responsibility[];
  /** The newest answer to each question. */
  readonly answers: readonly VendorAnswer[];
  readonly registeredAt: Instant;
  readonly changedAt: Instant;
  readonly changedBy: Actor;
  readonly retired: string | null;
}

export function foldVendor(facts: readonly Recorded[]): Vendor | null {
  return ofTypes<VendorFact>(facts, VENDOR_TYPES).reduce<Vendor | null>((vendor, fact) => {
    if (fact.type === 'vendor.registered') {
      const { vendor: id, ...said } = fact.data;
      return {
        id,
        ...said,
        contacts: [],
        responsibilities: [],
        answers: [],
        registeredAt: fact.at,
        changedAt: fact.at,
        changedBy: fact.by,
        retired: null,
      };
    }
    if (vendor === null) return null;
    const changed = { ...vendor, changedAt: fact.at, changedBy: fact.by };
    switch (fact.type) {
      case 'vendor.described':
        return { ...changed, ...fact.data };
      case 'escalation.set':
        // An erased personal value comes back as a word instead of a list.
        return { ...changed, contacts: Array.isArray(fact.data.contacts) ? fact.data.contacts : null };
      case 'responsibilities.set':
        return { ...changed, responsibilities: fact.data.responsibilities };
      case 'vendor.answered':
        return {
          ...changed,
          answers: [...vendor.answers.filter(({ question }) => question !== fact.data.question), fact.data],
        };
      default:
        return { ...changed, retired: fact.data.reason };
    }
  }, null);
}

/** As names are compared: `Azure OpenAI` is `azure.openai` is `azure_openai`. */
export const vendorName = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_.\-/]+/g, '-');

/** Every name a vendor goes by, as they are compared. */
export const namesOf = ({ name, aliases }: Pick<VendorDescription, 'name' | 'aliases'>): string[] => [
  ...new Set([name, ...aliases].map(vendorName)),
];

/** A name that means another vendor already. `pointer` is the member to blame. */
export interface TakenName {
  readonly name: string;
  readonly vendor: string;
}

const taken = ({ name, vendor }: TakenName) =>
  refuse(
    'vendor.name-taken',
    `“${name}” means ${vendor} already. One name means one vendor, or nobody knows whom to call. Change it here or there.`,
    '/aliases',
  );

/** `clash`: a name of these that another vendor in use has, read under the same lock. */
export function registerVendor(
  state: Vendor | null,
  want: { readonly vendor: VendorId } & VendorDescription,
  clash: TakenName | null,
): Decision<VendorFact> {
  if (state !== null) return [];
  return clash ? taken(clash) : [{ type: 'vendor.registered', data: want }];
}

const unknown = () => refuse('vendor.unknown', 'There is no such vendor. List the vendors to see them.');

function living(state: Vendor | null): Vendor | Refusal {
  if (state === null) return unknown();
  if (state.retired !== null)
    return refuse('vendor.retired', 'This vendor is no longer used. Register it anew if it comes back.');
  return state;
}

export function describeVendor(
  state: Vendor | null,
  want: VendorDescription,
  clash: TakenName | null,
): Decision<VendorFact> {
  const vendor = living(state);
  if ('refused' in vendor) return vendor;
  return clash ? taken(clash) : [{ type: 'vendor.described', data: want }];
}

export function setEscalation(
  state: Vendor | null,
  want: { readonly contacts: readonly Contact[] },
): Decision<VendorFact> {
  const vendor = living(state);
  return 'refused' in vendor ? vendor : [{ type: 'escalation.set', data: want }];
}

export function setResponsibilities(
  state: Vendor | null,
  want: { readonly responsibilities: readonly Responsibility[] },
): Decision<VendorFact> {
  const vendor = living(state);
  if ('refused' in vendor) return vendor;
  const responsibilities = DUTIES.flatMap((duty) => want.responsibilities.findLast((each) => each.duty === duty) ?? []);
  return [{ type: 'responsibilities.set', data: { responsibilities } }];
}

export function answerQuestion(
  state: Vendor | null,
  want: VendorAnswer,
  questions: readonly VendorQuestion[],
  asked: Pick<Asked, 'at'>,
): Decision<VendorFact> {
  const vendor = living(state);
  if ('refused' in vendor) return vendor;
  if (!questions.some(({ id }) => id === want.question))
    return refuse(
      'vendor.unknown-question',
      `Nobody asks “${want.question}”. List the questions to see them.`,
      '/question',
    );
  // A day ahead of UTC is still today somewhere.
  if (want.answeredOn > addMs(asked.at, 86_400_000).slice(0, 10))
    return refuse('time.in-future', 'An answer cannot have been given in the future.', '/answeredOn');
  if (want.reviewBy !== null && want.reviewBy <= want.answeredOn)
    return refuse('vendor.bad-review', 'Look at the answer again on a later day than it was given.', '/reviewBy');
  return [{ type: 'vendor.answered', data: want }];
}

export function retireVendor(state: Vendor | null, want: { readonly reason: string }): Decision<VendorFact> {
  if (state === null) return unknown();
  return state.retired !== null ? [] : [{ type: 'vendor.retired', data: want }];
}
