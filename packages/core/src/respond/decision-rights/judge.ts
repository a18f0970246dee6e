import { addMs, type Instant, type Refusal, refuse } from '../../kernel/index.ts';
import { ROLE_NAMES as ACCOUNT_ROLES, ROLES, type Role } from '../../prepare/people/index.ts';
import { type IncidentRole, ROLE_NAMES } from '../../prepare/role-directory/index.ts';
import { ACT_NEEDS, type Act, GLASS_FRESH_MINUTES, LOOSENING, type Rule, type Who } from './rule.ts';

const MINUTE_MS = 60_000;

/** Somebody, as far as rights go. */
export interface Holder {
  readonly roles: readonly { readonly role: Role; readonly since: Instant }[];
  /** Seats of the role directory that name them. */
  readonly seats: readonly { readonly role: IncidentRole; readonly since: Instant }[];
  /** When they signed in or last gave their password; null: a program, which never counts as fresh. */
  readonly freshAt: Instant | null;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

/** Roles whose capabilities allow an act. */
export const rolesThatMay = (act: Act): Role[] =>
  ACCOUNT_ROLES.filter((role) => (ROLES[role] as readonly string[]).includes(ACT_NEEDS[act]));

/** `lead or administrator, or commander of the role directory`. */
export function whoWords(who: Who, act: Act): string {
  const { roles, seats } = who;
  if (roles.length === 0 && seats.length === 0) return listed(rolesThatMay(act));
  const named = seats.length === 0 ? [] : [`${listed(seats.map((seat) => ROLE_NAMES[seat]))} of the role directory`];
  return [...(roles.length === 0 ? [] : [listed(roles)]), ...named].join(', or ');
}

/** Since when somebody has a right; undefined: they do not have it. */
function rightSince(who: Who, act: Act, { roles, seats }: Holder): Instant | undefined {
  const able = rolesThatMay(act);
  const open = who.roles.length === 0 && who.seats.length === 0;
  const capable = roles.filter(({ role }) => able.includes(role)).map(({ since }) => since);
  if (capable.length === 0) return undefined;
  // A seat takes the capability too; whichever came later is when the right began.
  const [ableSince] = capable.sort();
  const byRole = roles.filter(({ role }) => able.includes(role) && (open || who.roles.includes(role)));
  const bySeat = seats.filter(({ role }) => who.seats.includes(role));
  const since = [
    ...byRole.map((each) => each.since),
    ...bySeat.map((each) => (each.since > (ableSince as Instant) ? each.since : (ableSince as Instant))),
  ];
  return since.sort()[0];
}

const VERB: Readonly<Record<Act, string>> = {
  pull: 'pull it',
  extend: 'extend it',
  ask: 'ask for its restoration',
  approve: 'agree to let it go',
  'break-glass': 'break the glass',
};

export interface Question {
  readonly act: Act;
  readonly rule: Rule;
  /** As it was when the incident was declared: who is added meanwhile may restrict, not let go. */
  readonly ruleThen?: Rule | undefined;
  /** Of letting go: when the incident was declared. */
  readonly declaredAt?: Instant | undefined;
  readonly holder: Holder;
  readonly now: Instant;
}

/** Whether somebody may do this, leaving out how fresh they are. Refuses `right.missing`, `right.granted-late`. */
export function judgeRight({ act, rule, ruleThen, declaredAt, holder }: Question): Refusal | null {
  const since = rightSince(rule.who[act], act, holder);
  if (since === undefined)
    return refuse('right.missing', `You may not ${VERB[act]}. That is for: ${whoWords(rule.who[act], act)}.`);
  if (declaredAt === undefined || !LOOSENING.includes(act)) return null;
  const before = rightSince(ruleThen?.who[act] ?? rule.who[act], act, holder);
  if (since > declaredAt || before === undefined || before > declaredAt)
    return refuse(
      'right.granted-late',
      `Your right to ${VERB[act]} was given after this incident was declared, so it does not count here.`,
    );
  return null;
}

/** Minutes within which somebody has to have proven who they are for an act; null: whenever they signed in. */
export function freshFor(act: Act, rule: Rule): number | null {
  if (act === 'break-glass') return Math.min(GLASS_FRESH_MINUTES, rule.freshMinutes ?? GLASS_FRESH_MINUTES);
  return act === 'pull' || act === 'approve' ? rule.freshMinutes : null;
}

/** What is asked less of since the incident was declared is asked for letting go as it was then. Refuses `session.stale`. */
export function judgeFresh({ act, rule, ruleThen = rule, holder: { freshAt }, now }: Question): Refusal | null {
  const asked = [rule, ruleThen].flatMap((each) => freshFor(act, each) ?? []);
  if (asked.length === 0) return null;
  const minutes = Math.min(...asked);
  if (freshAt !== null && addMs(freshAt, minutes * MINUTE_MS) >= now) return null;
  return refuse(
    'session.stale',
    freshAt === null
      ? `This takes a person who has given their password within ${minutes} minutes. An API key cannot.`
      : `Give your password again: to ${VERB[act]}, it has to be less than ${minutes} minutes old.`,
  );
}
