import type { Actor, Fact, Id, Instant } from '../../kernel/index.ts';
import type { Capability } from '../../prepare/people/index.ts';
import type { Control } from './kinds/registry.ts';
import type { Manifest } from './manifest.ts';
import type { ProofName, ProofTimes } from './proof-names.ts';
import type { Release } from './release.ts';

/** Lifts itself at an instant, or stands until two people agree. */
export type Expiry = { readonly mode: 'until-lifted' } | { readonly mode: 'auto'; readonly at: Instant };

/** How long a declared control holds unless the order says otherwise; `auto` in minutes. */
export type ExpiryDefault = { readonly mode: 'until-lifted' } | { readonly mode: 'auto'; readonly minutes: number };

/**
 * What has to be so before a hold is let go: checks people make, golden sets that pass, and how many others agree.
 * A hold with a gate is let go by a restoration, step by step, never at once.
 */
export interface Gate {
  readonly checks: readonly string[];
  /** Ids of golden sets or probe suites; a run that began after the restoration was asked for has to pass. */
  readonly suites: readonly string[];
  /** People who agree, besides whoever asks: 1 or 2. */
  readonly approvals: number;
  /** After the last step; a relapse in this time puts the hold back. */
  readonly watchMinutes: number;
}

/** When a control is tested by itself. */
export interface TestPlan {
  /** 1 to 365. */
  readonly everyDays: number;
  /** Hour of the day in which little happens, UTC, 0 to 23. */
  readonly quietHour: number;
  /** What is tested; empty: everything that lives. */
  readonly surfaces: readonly ('guard' | 'gateway' | 'other')[];
}

/** Who answers for a control, when it is tested, and how long its proofs may take. */
export interface Standing {
  /** Empty: nobody is named. */
  readonly owner: string;
  readonly plan: TestPlan;
  readonly proofs: ProofTimes;
}

/** The canary of an order: who took it first, where it was not proven, and how that went. */
export interface Canary {
  readonly instances: readonly {
    readonly instance: string;
    readonly surface: string;
    readonly says: string;
    readonly ok: boolean;
  }[];
  /** Ordered though the canary did not take it. */
  readonly forced: boolean;
  /** Live instances of kinds of which nobody could be asked: they poll, or are connected to another server. */
  readonly unasked?: number;
}

/** A lever wired in advance. */
export interface Declared {
  readonly control: Id<'ctl'>;
  readonly system: string;
  readonly name: string;
  readonly what: Control;
  /** What else happens when it is pulled, in words. */
  readonly sideEffects: string;
  readonly expiry: ExpiryDefault;
  readonly needs: Capability;
  readonly gate?: Gate;
  /** Absent in controls wired before there was such a thing: the usual one. */
  readonly standing?: Standing;
}

/** A hold that has to be adopted by a person: until then it ends at `by`, afterwards as `after` says. */
export interface Adoption {
  readonly by: Instant;
  readonly after: Expiry;
}

/** What somebody wants to pull and somebody else has to agree to first. */
export interface PullAsked {
  readonly pull: Id<'pul'>;
  readonly system: string;
  readonly control?: Id<'ctl'>;
  readonly what: Control;
  readonly reason: string;
  readonly expiry: Expiry;
  readonly skipEvidence?: string;
  readonly supersedes?: Id<'hld'>;
  readonly gate?: Gate;
  /** Mark of the preview that was seen: agreeing is refused where the reach changed since. */
  readonly preview?: string;
  /** What was recommended and what was taken, recorded beside the order when it is given. */
  readonly chosen?: Readonly<Record<string, unknown>>;
  /** Digest of what would be ordered: what somebody agrees to. */
  readonly change: string;
  /** It lapses then. */
  readonly until: Instant;
}

/** An instance that does not obey, and why. */
export interface Missing {
  readonly instance: string;
  readonly host: string;
  readonly why: string;
}

/** An instance that a person says is gone, so that no order waits for it. Nothing here has seen that: somebody answers for it. */
export interface SaidGone {
  readonly instance: string;
  readonly host: string;
  readonly reason: string;
  readonly at: Instant;
  readonly by: Actor;
}

/** On the stream of the system. */
export type ControlFact =
  | Fact<'control.declared', Declared>
  | Fact<'control.planned', { readonly control: Id<'ctl'>; readonly standing: Standing }>
  | Fact<'control.retired', { readonly control: Id<'ctl'>; readonly reason: string }>;

/** On the stream of the incident. */
export type ContainmentFact =
  | Fact<'evidence.preserved', Manifest>
  | Fact<'evidence.skipped', { readonly system: string; readonly reason: string }>
  | Fact<
      'containment.ordered',
      {
        readonly hold: Id<'hld'>;
        readonly number: number;
        readonly system: string;
        readonly control?: Id<'ctl'>;
        readonly what: Control;
        readonly reason: string;
        readonly expiry: Expiry;
        readonly manifest?: Id<'man'>;
        readonly supersedes?: Id<'hld'>;
        readonly gate?: Gate;
        readonly canary?: Canary;
        readonly adopt?: Adoption;
        /** Who wanted it, where somebody else had to agree: for lifting, theirs is the order. */
        readonly askedBy?: Actor;
        readonly pull?: Id<'pul'>;
      }
    >
  | Fact<'containment.adopted', { readonly hold: Id<'hld'>; readonly expiry: Expiry; readonly note: string }>
  | Fact<'pull.asked', PullAsked>
  | Fact<'pull.approved', { readonly pull: Id<'pul'>; readonly change: string; readonly hold: Id<'hld'> }>
  | Fact<'pull.withdrawn', { readonly pull: Id<'pul'>; readonly reason: string }>
  | Fact<'pull.lapsed', { readonly pull: Id<'pul'> }>
  /** A whole system was stopped or changed, and who was told; nobody is said as well. */
  | Fact<
      'containment.told',
      {
        readonly hold: Id<'hld'>;
        readonly owner: string;
        /** Names of those on duty for the executive sponsor. */
        readonly executives: readonly string[];
        readonly to: readonly { readonly id: string; readonly name: string }[];
      }
    >
  | Fact<
      'containment.confirmed',
      {
        readonly hold: Id<'hld'>;
        /** How many live instances acknowledged: all that were waited for. */
        readonly instances: number;
        /** Those that were not, because somebody said that they are gone; absent: nobody said so of any. */
        readonly gone?: readonly SaidGone[];
        /** From the commit of the order to the last acknowledgement. */
        readonly lastAckMs: number;
        readonly epoch: number;
      }
    >
  | Fact<
      'containment.failed',
      { readonly hold: Id<'hld'>; readonly why: string; readonly instances: readonly Missing[] }
    >
  /** A proof came, or came at last. */
  | Fact<'containment.proven', { readonly hold: Id<'hld'>; readonly proof: ProofName; readonly says: string }>
  /** A proof did not come in its time, or something speaks against it. Stands until the proof comes. */
  | Fact<
      'containment.unproven',
      {
        readonly hold: Id<'hld'>;
        readonly proof: ProofName;
        readonly why: string;
        readonly missing: readonly Missing[];
        /** What to do next, as sentences. */
        readonly todo: readonly string[];
      }
    >
  /** Who was told of a missing proof; an empty list: no channel is set up. */
  | Fact<
      'containment.escalated',
      {
        readonly hold: Id<'hld'>;
        readonly proof: ProofName;
        readonly owner: string;
        readonly to: readonly { readonly id: string; readonly name: string }[];
      }
    >
  /** A person says that an instance is gone: it is waited for no longer, by this order and later ones, until it is heard. */
  | Fact<
      'containment.written-off',
      {
        readonly hold: Id<'hld'>;
        /** That the instance enforces; `*`: all. */
        readonly system: string;
        readonly instance: string;
        readonly host: string;
        readonly reason: string;
      }
    >
  /** It was heard, though somebody had said that it is gone. It counts again. */
  | Fact<
      'containment.heard-again',
      {
        readonly hold: Id<'hld'>;
        readonly system: string;
        readonly instance: string;
        readonly host: string;
        readonly saidAt: Instant;
        readonly saidBy: Actor;
      }
    >
  /** Who was told of that; an empty list: no channel is set up. */
  | Fact<
      'containment.contradiction-told',
      {
        readonly hold: Id<'hld'>;
        readonly instance: string;
        readonly owner: string;
        readonly to: readonly { readonly id: string; readonly name: string }[];
      }
    >
  | Fact<'containment.extended', { readonly hold: Id<'hld'>; readonly expiry: Expiry; readonly reason: string }>
  /** A further step of letting go, or a step back. */
  | Fact<
      'containment.released',
      {
        readonly hold: Id<'hld'>;
        readonly release: Release;
        readonly reason: string;
        /** Not a step of letting go as planned: one person broke the glass, or the hold came back after that. */
        readonly glass?: Id<'gls'>;
      }
    >
  | Fact<'containment.lifted', { readonly hold: Id<'hld'>; readonly reason: string }>
  | Fact<'containment.expired', { readonly hold: Id<'hld'> }>;

export const CONTROL_FACTS = [
  'control.declared',
  'control.planned',
  'control.retired',
] as const satisfies ControlFact['type'][];
export const CONTAINMENT_FACTS = [
  'evidence.preserved',
  'evidence.skipped',
  'containment.ordered',
  'containment.adopted',
  'pull.asked',
  'pull.approved',
  'pull.withdrawn',
  'pull.lapsed',
  'containment.told',
  'containment.confirmed',
  'containment.failed',
  'containment.proven',
  'containment.unproven',
  'containment.escalated',
  'containment.written-off',
  'containment.heard-again',
  'containment.contradiction-told',
  'containment.extended',
  'containment.released',
  'containment.lifted',
  'containment.expired',
] as const satisfies ContainmentFact['type'][];
