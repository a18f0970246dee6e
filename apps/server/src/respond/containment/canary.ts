import { type Refusal, refuse } from '@firebreak/core/kernel';
import {
  type Canary,
  type CheckedState,
  type Control,
  describeControl,
  type Hold,
  inForce,
} from '@firebreak/core/respond/containment';
import type { Deps } from '../../platform/index.ts';
import type { ControlState } from './control-state.ts';
import type { FarTrials } from './far-trials.ts';
import type { Hub } from './hub.ts';
import { surfaceOf } from './proving.ts';
import { concerns, type Instance, isLive, type Lately, type Roster } from './roster.ts';

/** Of one system, looked through for those nobody can ask. */
const MOST_LIVE = 2_000;
/** How long an order waits for those who take it first. */
export const CANARY_MS = 250;
/** One that is busy at this moment says nothing about the order; two in a row do. */
const MOST_ASKED = 2;

const SAYS: Readonly<Record<CheckedState, string>> = {
  effective: 'tried it, and it works',
  unknown: 'took it; nothing can be made up to try it with',
  'not-effective': 'took it, and a made-up request got through',
  'too-wide': 'took it, and it stops more than it should',
  fault: 'cannot judge requests with it',
  unsupported: 'does not know this kind of control',
};
const GOOD: readonly CheckedState[] = ['effective', 'unknown'];

export interface Parts {
  readonly state: ControlState;
  readonly roster: Roster;
  readonly hub: Hub;
  readonly far: FarTrials;
}

interface Wanted {
  readonly hold: Hold['hold'];
  readonly incident: string;
  readonly system: string;
  readonly what: Control;
  readonly force: boolean;
}

/**
 * Live instances of each kind of surface that can try an order, and whom to ask where the one before says nothing: of this
 * process before those of another server, and before all others such as took the state there is. Who refuses that refuses
 * any order, and says nothing about this one.
 */
function canaries(
  { state, roster, hub, far }: Parts,
  live: readonly Instance[],
  system: string,
  now: Lately,
): Map<string, Instance[]> {
  const able = [
    ...[...roster.here.values()].filter(
      (each) => concerns(each, system) && isLive(each, now) && hub.reaches(each.instance),
    ),
    ...(far.possible ? live.filter(({ hub: of }) => of !== roster.hub) : []),
  ].filter(({ tries, presence }) => tries && presence === 'connected');
  const took = ({ generation, nack }: Instance): boolean => generation === state.generation && nack === null;
  const first = new Map<string, Instance[]>();
  for (const each of new Set([...able.filter(took), ...able])) {
    const asked = first.get(surfaceOf(each)) ?? [];
    if (asked.length < MOST_ASKED) first.set(surfaceOf(each), [...asked, each]);
  }
  return first;
}

/**
 * An order that has never worked before goes to one instance of each surface first, which tries it on a copy of what it holds
 * and says what came of it; live instances that nobody can ask are counted. Null: it is proven, or nobody is live. Refuses `hold.canary-failed` unless it is forced.
 */
export async function takeFirst(deps: Deps, parts: Parts, want: Wanted): Promise<Canary | null | Refusal> {
  const { state, hub, far, roster } = parts;
  const { hold, incident, system, what, force } = want;
  if (state.isProven(system, what, deps.now())) return null;
  const now = roster.lately();
  const live = (await roster.instances(system, MOST_LIVE)).filter((each) => isLive(each, now));
  const first = canaries(parts, live, system, now);
  const tried = inForce({
    hold,
    incident: incident as Hold['incident'],
    number: 0,
    system,
    what,
    order: Number.MAX_SAFE_INTEGER,
  } as Hold);
  const ask = async (surface: string, each: Instance, before: number) => {
    // A late answer of the one before answers nothing for this one.
    const trial = `${hold}/${surface}${before === 0 ? '' : `/${before + 1}`}`;
    const signed = state.sign({ schema: 1, system, generation: state.generation, trial, hold: tried });
    const here = each.hub === roster.hub;
    const answer = here ? await hub.try(each.instance, trial, signed, CANARY_MS) : await far.ask(each, trial, signed);
    // Its server was not heard of: that says nothing about the order, which must not wait for it.
    if (answer === null) return null;
    const says = answer === undefined ? `did not answer within ${CANARY_MS} ms` : SAYS[answer.state];
    const ok = answer !== undefined && GOOD.includes(answer.state);
    const said = { instance: each.instance, surface, says: answer?.says ? `${says}: ${answer.says}` : says, ok };
    return { said, silent: answer === undefined };
  };
  const taken = await Promise.all(
    [...first].map(async ([surface, of]) => {
      const said: Canary['instances'][number][] = [];
      for (const each of of) {
        const answer = await ask(surface, each, said.length);
        if (answer === null) continue;
        said.push(answer.said);
        if (!answer.silent) break;
      }
      return said;
    }),
  );
  const instances = taken.flat();
  const asked = new Set(instances.map(({ surface }) => surface));
  const unasked = live.filter((each) => !asked.has(surfaceOf(each))).length;
  if (instances.length === 0) return unasked === 0 ? null : { instances, forced: false, unasked };
  // Where one said nothing, the next speaks for its surface.
  const bad = taken.flatMap((said) => (said.at(-1)?.ok === false ? said : []));
  if (bad.length > 0 && !force)
    return refuse(
      'hold.canary-failed',
      `“${describeControl(what)}” has not worked here before, so one instance took it first: ${bad.map(({ instance, says }) => `${instance} ${says}`).join('; ')}. Nothing was ordered. Choose another control, or send it to everybody anyway.`,
    );
  return { instances, forced: bad.length > 0, ...(unasked === 0 ? {} : { unasked }) };
}
