import type { Archetype } from '../../detect/signals/index.ts';
import type { Id, Instant } from '../../kernel/index.ts';
import type { Architecture } from '../../prepare/inventory/index.ts';
import type { Severity } from '../../prepare/rubric/index.ts';
import type { Control, KindName, LeverName } from '../containment/index.ts';

/** A version that ran before the one that is suspected. */
export interface Earlier {
  readonly kind: 'prompt' | 'model';
  readonly from: string;
  readonly to: string;
  /** When the change to `from` went live. */
  readonly changedAt: Instant;
  /** How long `to` had run by then. */
  readonly ranMs: number;
  /** Whether signals name `from`, and whether any of them names `to`. */
  readonly fromNamed: boolean;
  readonly toNamed: boolean;
  /** What was noted when `to` went live; empty: nothing. */
  readonly note: string;
}

/** A control wired in advance. */
export interface WiredLever {
  readonly control: Id<'ctl'>;
  readonly name: string;
  readonly what: Control;
  readonly sideEffects: string;
  readonly testedAt: Instant | null;
  /** Whether a switch of another product follows it. */
  readonly follows: boolean;
  /** The right that whoever asks lacks; null: none. */
  readonly lacks: string | null;
}

/** Where the requests that went wrong came from, beside all others. Counts of those looked at. */
export interface Places {
  readonly wrong: Readonly<Record<string, number>>;
  readonly wrongUnsaid: number;
  readonly all: Readonly<Record<string, number>>;
  readonly allUnsaid: number;
}

export interface HeldLever {
  readonly hold: Id<'hld'>;
  readonly label: string;
  readonly what: Control;
  readonly confirmed: boolean;
  /** Some are let go already: a restoration is under way, or the glass is broken. */
  readonly letsSome?: boolean;
}

export type Answered = 'yes' | 'no';

/** Everything the decision is made of. */
export interface Situation {
  readonly now: Instant;
  readonly archetype: Archetype | null;
  readonly severity: Severity | null;
  readonly system: {
    readonly key: string;
    readonly name: string;
    readonly architecture: Architecture;
    readonly features: readonly { readonly key: string; readonly name: string }[];
  };
  /** Where it goes wrong; null: nobody knows, or everywhere. */
  readonly feature: string | null;
  readonly versionsKnown: boolean;
  /** The likeliest first. */
  readonly earlier: readonly Earlier[];
  readonly controls: readonly WiredLever[];
  /** Live instances of the system that would obey. */
  readonly obeying: number;
  /** Kinds of control that none of them knows. */
  readonly unknownKinds: readonly KindName[];
  readonly places: Places;
  /** Tools called and indexes read in what went wrong, most often first. */
  readonly tools: readonly string[];
  readonly indexes: readonly string[];
  /** Orders of the incident in force on the system. */
  readonly held: readonly HeldLever[];
  /** What a person answered where nobody but a person can know. */
  readonly answers: Readonly<Partial<Record<'roll-back' | 'fence', Answered>>>;
}

/** One order that could be given, or what keeps it from being given. */
export interface Proposal {
  readonly lever: LeverName;
  readonly title: string;
  /** Null: something is missing to say it. */
  readonly what: Control | null;
  readonly control: Id<'ctl'> | null;
  readonly controlName: string | null;
  /** `proven`: wired, and obeyed within 30 days. `wired`: in advance. `at-hand`: nobody wired it, and guards obey it. */
  readonly readiness: 'proven' | 'wired' | 'at-hand' | 'not';
  readonly missing: readonly string[];
  readonly weight: number;
  /** 0 to 1, by judgement. */
  readonly prevents: number;
  readonly sideEffects: string;
  /** The hold that does it already, all of it. */
  readonly held: HeldLever | null;
  /** Holds that do a part of it; none where it is held. */
  readonly partly: readonly HeldLever[];
}
