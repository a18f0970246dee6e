import type { AnyFact, Fact, Id, Instant, Recorded } from '../../kernel/index.ts';
import type { Capability, Role } from '../../prepare/people/index.ts';
import type { IncidentRole } from '../../prepare/role-directory/index.ts';
import type { Width } from '../containment/index.ts';

/** What may be done with a control, from the cheap to the costly. */
export const ACTS = ['pull', 'extend', 'ask', 'approve', 'break-glass'] as const;
export type Act = (typeof ACTS)[number];

/** The capability each act takes besides; a right never gives one. */
export const ACT_NEEDS: Readonly<Record<Act, Capability>> = {
  pull: 'containment.order',
  extend: 'containment.order',
  ask: 'containment.order',
  approve: 'containment.lift',
  'break-glass': 'containment.break-glass',
};
/** Acts that let go. Nobody gets the right to these while the incident runs. */
export const LOOSENING: readonly Act[] = ['approve', 'break-glass'];

/** Accounts with one of the roles, and whoever the role directory names in one of the seats. Both empty: everybody whose role has the capability. */
export interface Who {
  readonly roles: readonly Role[];
  readonly seats: readonly IncidentRole[];
}

/**
 * A second person for a pull. `before`: it waits for them, and lapses. `after`: it goes at once, and ends by itself unless
 * somebody else adopts it.
 */
export interface Second {
  readonly when: 'before' | 'after';
  readonly minutes: number;
}

export interface Rule {
  readonly who: Readonly<Record<Act, Who>>;
  readonly second: Second | null;
  /** To pull and to let go, somebody has to have signed in, or given their password again, within so many minutes. */
  readonly freshMinutes: number | null;
  /** To pull, the key of the system has to be typed. */
  readonly typed: boolean;
  /** A pull that touches all of the system is told to nobody but those who look. Absent: whoever is paged hears of it at once. */
  readonly quiet?: true;
}

/** What a rule is for: a declared control, or all there is of a width on the system. */
export type RuleOf = Width | Id<'ctl'>;

/** On the stream of the system. `rule` null: as for everything of its width, or as shipped. */
export type RightsFact = Fact<
  'rights.set',
  { readonly system: string; readonly of: RuleOf; readonly rule: Rule | null; readonly reason: string }
>;

/** Break-glass takes a password given again within so many minutes, whatever else is set. */
export const GLASS_FRESH_MINUTES = 5;

const EVERYBODY: Who = { roles: [], seats: [] };
const OPEN: Rule['who'] = {
  pull: EVERYBODY,
  extend: EVERYBODY,
  ask: EVERYBODY,
  approve: EVERYBODY,
  'break-glass': { roles: ['administrator'], seats: ['commander', 'executive-sponsor'] },
};
/** As shipped: one person restricts at once; a whole system asks for its name to be typed. */
export const SHIPPED: Readonly<Record<Width, Rule>> = {
  narrow: { who: OPEN, second: null, freshMinutes: null, typed: false },
  wide: { who: OPEN, second: null, freshMinutes: null, typed: true },
};

interface Entry {
  readonly of: RuleOf;
  readonly rule: Rule | null;
  readonly at: Instant;
}
/** Every rule there was of a system, oldest first. */
export type Rights = readonly Entry[];

export const foldRights = (facts: readonly Recorded<AnyFact>[]): Rights =>
  facts.flatMap((fact) =>
    fact.type === 'rights.set' ? [{ of: fact.data.of, rule: fact.data.rule, at: fact.at }] : [],
  );

/** The rule set for exactly this, now or at an earlier moment; null: none. */
export function ruleSet(rights: Rights, of: RuleOf, at?: Instant): Rule | null {
  return rights.findLast((each) => each.of === of && (at === undefined || each.at <= at))?.rule ?? null;
}

/** The rule that counts: of the control, else of everything of that width, else as shipped. */
export function ruleFor(
  rights: Rights,
  { control, width }: { readonly control?: Id<'ctl'> | undefined; readonly width: Width },
  at?: Instant,
): Rule {
  const own = control === undefined ? null : ruleSet(rights, control, at);
  return own ?? ruleSet(rights, width, at) ?? SHIPPED[width];
}
