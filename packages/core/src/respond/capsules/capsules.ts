import {
  type Actor,
  type AnyFact,
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
import {
  CAPSULE_HOLDS,
  CAPSULE_SCHEMA,
  type Capsule,
  type Control,
  describeControl,
  isCapsuleKind,
  orderFaults,
} from '../containment/index.ts';

export const CAPSULE_DAYS = { least: 1, most: 366 } as const;
/** Of one system, not ended. */
const CAPSULES_MOST = 200;
/** Instances named in one capsule; more are not recorded. */
const INSTANCES_NAMED = 100;
const DAY_MS = 86_400_000;

export interface CapsuleMade {
  readonly capsule: Id<'cap'>;
  readonly system: string;
  readonly name: string;
  readonly until: Instant;
  readonly what: readonly Control[];
}

/** On the stream of the system. */
export type CapsuleFact =
  | Fact<'capsule.made', CapsuleMade>
  /** An instance said that somebody applied it there by hand. */
  | Fact<
      'capsule.applied',
      { readonly capsule: Id<'cap'>; readonly system: string; readonly instance: string; readonly host: string }
    >
  /** `adopted`: its holds are ordered in an incident now. Instances let go of what was applied by hand. */
  | Fact<
      'capsule.ended',
      {
        readonly capsule: Id<'cap'>;
        readonly system: string;
        readonly reason: string;
        readonly adopted?: { readonly incident: Id<'inc'>; readonly holds: readonly Id<'hld'>[] };
      }
    >;
export const CAPSULE_FACTS = [
  'capsule.made',
  'capsule.applied',
  'capsule.ended',
] as const satisfies CapsuleFact['type'][];

export interface CapsuleKept extends CapsuleMade {
  readonly madeAt: Instant;
  readonly madeBy: Actor;
  /** `ready`: nobody has applied it, as far as is known. */
  readonly state: 'ready' | 'applied' | 'ended';
  readonly applied: readonly { readonly instance: string; readonly host: string; readonly at: Instant }[];
  readonly ended?: {
    readonly at: Instant;
    readonly by: Actor;
    readonly reason: string;
    readonly adopted?: { readonly incident: Id<'inc'>; readonly holds: readonly Id<'hld'>[] };
  };
}

/** A capsule after one more fact. */
export function stepCapsule(known: CapsuleKept | undefined, fact: Recorded<CapsuleFact>): CapsuleKept | undefined {
  const { at, by } = fact;
  if (fact.type === 'capsule.made') return { ...fact.data, madeAt: at, madeBy: by, state: 'ready', applied: [] };
  if (known === undefined) return undefined;
  if (fact.type === 'capsule.applied') {
    const { instance, host } = fact.data;
    const state = known.state === 'ready' ? 'applied' : known.state;
    return { ...known, state, applied: [...known.applied, { instance, host, at }] };
  }
  const { reason, adopted } = fact.data;
  return { ...known, state: 'ended', ended: { at, by, reason, ...(adopted && { adopted }) } };
}

/** The capsules of one system. */
export function foldCapsules(facts: readonly Recorded<AnyFact>[]): ReadonlyMap<string, CapsuleKept> {
  const capsules = new Map<string, CapsuleKept>();
  for (const fact of ofTypes<CapsuleFact>(facts, CAPSULE_FACTS)) {
    const next = stepCapsule(capsules.get(fact.data.capsule), fact);
    if (next !== undefined) capsules.set(next.capsule, next);
  }
  return capsules;
}

type Capsules = ReadonlyMap<string, CapsuleKept>;

/** Makes one ahead of time. Refuses `capsule.bad-end`, `capsule.loosens`, `control.bad-parameters`, `capsule.too-many`. */
export function makeCapsule(
  state: Capsules,
  want: Omit<CapsuleMade, 'until'> & { readonly days: number },
  asked: Asked,
): Decision<CapsuleFact> {
  const { days, ...made } = want;
  if (!Number.isInteger(days) || days < CAPSULE_DAYS.least || days > CAPSULE_DAYS.most)
    return refuse('capsule.bad-end', `Use ${CAPSULE_DAYS.least} to ${CAPSULE_DAYS.most} days.`, '/days');
  if (made.what.length === 0 || made.what.length > CAPSULE_HOLDS)
    return refuse('capsule.loosens', `Put 1 to ${CAPSULE_HOLDS} controls into a capsule.`, '/what');
  for (const [index, what] of made.what.entries()) {
    const [fault] = orderFaults(what);
    if (fault !== undefined) return refuse('control.bad-parameters', fault.why, `/what/${index}${fault.pointer}`);
    if (!isCapsuleKind(what.kind))
      return refuse(
        'capsule.loosens',
        `“${describeControl(what)}” serves requests differently, so it could set aside what holds. A capsule can only refuse, limit, or ask a person.`,
        `/what/${index}`,
      );
  }
  if ([...state.values()].filter((each) => each.state !== 'ended').length >= CAPSULES_MOST)
    return refuse('capsule.too-many', `A system has at most ${CAPSULES_MOST} capsules; end one first.`);
  return [{ type: 'capsule.made', data: { ...made, until: addMs(asked.at, days * DAY_MS) } }];
}

/** What is signed: the same text whenever it is made again. */
export function capsuleOf({ capsule, system, until, what }: CapsuleMade): Capsule {
  const holds = what.map((each, index) => ({
    hold: `hld_${capsule.slice('cap_'.length)}-${index + 1}` as const,
    number: index + 1,
    incident: 'inc_capsule' as const,
    system,
    what: each,
    order: 0,
  }));
  return { schema: CAPSULE_SCHEMA, capsule, system, until, holds };
}

function living(state: Capsules, id: string): CapsuleKept | Refusal {
  const known = state.get(id);
  if (known === undefined) return refuse('capsule.unknown', 'This system has no such capsule.', '/capsule');
  return known.state === 'ended'
    ? refuse('capsule.over', `This capsule ended at ${known.ended?.at ?? 'an earlier time'}.`)
    : known;
}

/** An instance says that it obeys a capsule; each is recorded once. */
export function noteApplied(
  state: Capsules,
  want: Extract<CapsuleFact, { type: 'capsule.applied' }>['data'],
): Decision<CapsuleFact> {
  const known = state.get(want.capsule);
  if (known === undefined || known.state === 'ended' || known.applied.length >= INSTANCES_NAMED) return [];
  return known.applied.some(({ instance }) => instance === want.instance)
    ? []
    : [{ type: 'capsule.applied', data: want }];
}

/** Its holds are ordered in an incident, so that nothing is let go by ending it. Refuses `capsule.unknown`, `capsule.over`. */
export function adoptCapsule(
  state: Capsules,
  want: {
    readonly capsule: Id<'cap'>;
    readonly reason: string;
    readonly adopted: { readonly incident: Id<'inc'>; readonly holds: readonly Id<'hld'>[] };
  },
): Decision<CapsuleFact> {
  const known = living(state, want.capsule);
  return 'refused' in known ? known : [{ type: 'capsule.ended', data: { ...want, system: known.system } }];
}

/** Lets go of what was applied by hand; not by whoever made it. Refuses `capsule.unknown`, `capsule.over`, `capsule.same-person`. */
export function endCapsule(
  state: Capsules,
  want: { readonly capsule: Id<'cap'>; readonly reason: string },
  asked: Asked,
  behind: (actor: Actor) => string,
): Decision<CapsuleFact> {
  const known = living(state, want.capsule);
  if ('refused' in known) return known;
  if (behind(known.madeBy) === behind(asked.by))
    return refuse('capsule.same-person', 'You made this capsule. Somebody else has to end it.');
  return [{ type: 'capsule.ended', data: { ...want, system: known.system } }];
}
