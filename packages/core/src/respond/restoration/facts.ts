import type { Fact, Id } from '../../kernel/index.ts';

/** Something that has to be so before the first step. */
export type Condition =
  | { readonly kind: 'check'; readonly text: string }
  /** A golden set or probe suite, by id and name. */
  | { readonly kind: 'suite'; readonly suite: string; readonly name: string };

/** One step of letting go, and how long it is watched before the next. */
export interface Stage {
  /** Of the subjects; 1 to 99. The step after the last stage is everybody. */
  readonly percent: number;
  /** ISO 3166-1 alpha-2: let go as a whole. */
  readonly countries?: readonly string[];
  readonly minutes: number;
}

export interface Plan {
  readonly conditions: readonly Condition[];
  readonly stages: readonly Stage[];
  readonly approvals: number;
  readonly watchMinutes: number;
}

/** On the stream of the incident. */
export type RestorationFact =
  | Fact<'restoration.asked', { readonly hold: Id<'hld'>; readonly plan: Plan; readonly reason: string }>
  /** `place`: of the condition in the plan, from 0. `run`: of the suite that passed. */
  | Fact<
      'restoration.met',
      { readonly hold: Id<'hld'>; readonly place: number; readonly note: string; readonly run?: string }
    >
  /** `change`: digest of the plan they agreed to. */
  | Fact<'restoration.approved', { readonly hold: Id<'hld'>; readonly note: string; readonly change?: string }>
  | Fact<'restoration.withdrawn', { readonly hold: Id<'hld'>; readonly reason: string }>
  /** It came back: what was let go is held again. `signal`: what showed it; absent: a person saw it. */
  | Fact<
      'restoration.halted',
      { readonly hold: Id<'hld'>; readonly reason: string; readonly signal?: string; readonly again?: Id<'hld'> }
    >
  /** The watch after the last step passed without a relapse. */
  | Fact<'restoration.held-good', { readonly hold: Id<'hld'> }>;

export const RESTORATION_FACTS = [
  'restoration.asked',
  'restoration.met',
  'restoration.approved',
  'restoration.withdrawn',
  'restoration.halted',
  'restoration.held-good',
] as const satisfies RestorationFact['type'][];
