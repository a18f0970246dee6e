import type { Preview } from '@firebreak/contract/respond/containment';
import { canonical } from '@firebreak/core/evidence';
import { addMs, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  type Control,
  describeControl,
  type HoldInForce,
  orderFaults,
  overriddenBy,
  supersetOf,
} from '@firebreak/core/respond/containment';
import {
  aroundOf,
  changesSince,
  holdsOnSame,
  previewMark,
  type Reach,
  reachOf,
  readMark,
  type Seen,
  tryOnWords,
} from '@firebreak/core/respond/recommendation';
import { passedLately, passedWithWords, trafficSince } from '../../detect/signals/index.ts';
import type { Deps } from '../../platform/index.ts';
import { dependencyEdges, dependencyFlows, systemFeatures, systemNames } from '../../prepare/inventory/index.ts';
import { labelsOf } from '../incidents/index.ts';
import type { ControlState } from './control-state.ts';
import { type Instance, isLive, type Roster } from './roster.ts';

const PREVIEWED = 500;
const OTHERS_SHOWN = 50;
const REACH_MINUTES = 60;

interface Around {
  readonly state: ControlState;
  readonly roster: Roster;
}

const readsWords = ({ kind }: Control): boolean => kind === 'block' || kind === 'input';

/** Why an instance would not obey this control, told by what it says it knows and what it did before; null: it would. */
function unableOf(instance: Instance, what: Control, holds: readonly HoldInForce[]): string | null {
  const unknown =
    instance.kinds?.includes(what.kind) === false ||
    holds.some((hold) => hold.what.kind === what.kind && instance.unsupported.includes(hold.hold));
  if (!unknown) return instance.nack === null ? null : `refused the state: ${instance.nack}`;
  const instead = supersetOf(what);
  return `does not know this kind of control${instead === undefined ? '' : `; it would ${describeControl(instead)} instead`}`;
}

interface Looked {
  readonly reach: Reach | null;
  readonly sampled: boolean;
  readonly instances: readonly Instance[];
  readonly live: readonly Instance[];
  readonly unable: readonly { readonly instance: string; readonly host: string; readonly why: string }[];
  readonly holds: readonly HoldInForce[];
  readonly others: readonly HoldInForce[];
  readonly nodes: ReturnType<typeof aroundOf>;
  readonly seen: Seen;
}

async function look(deps: Deps, { state, roster }: Around, system: string, what: Control): Promise<Looked> {
  const now = deps.now();
  const lately = roster.lately();
  const instances = (await roster.instances(system, PREVIEWED)).filter(({ presence }) => presence !== 'closed');
  const live = instances.filter((each) => isLive(each, lately));
  const { holds } = state.snapshot(system);
  const unable = live.flatMap((each) => {
    const why = unableOf(each, what, holds);
    return why === null ? [] : [{ instance: each.instance, host: each.host, why }];
  });
  const others = holdsOnSame(what, holds);
  const passed = await passedLately(deps.db, system, now, {
    minutes: REACH_MINUTES,
    words: readsWords(what),
  });
  const nodes = aroundOf(what, system, await dependencyEdges(deps.db), await dependencyFlows(deps.db));
  const reach = passed === null ? null : reachOf(what, passed.rows);
  return {
    reach,
    sampled: passed?.sampled ?? false,
    instances,
    live,
    unable,
    holds,
    others,
    nodes,
    seen: {
      system,
      what: canonical(what),
      requests: reach?.requests ?? null,
      touched: reach?.touched ?? 0,
      obeying: live.length - unable.length,
      unable: unable.length,
      holds: others.map(({ hold }) => hold),
      dependants: nodes.map(({ id }) => id),
    },
  };
}

/** A pattern is tried on what is stored, and timed: one that is slow here is slow where it is enforced. */
async function tryWords(deps: Deps, system: string, what: Control): Promise<Preview['words']> {
  if (!readsWords(what)) return null;
  const stored = await passedWithWords(deps.db, system);
  const began = performance.now();
  const found = tryOnWords(what, stored);
  return found && { ...found, tookMs: Math.round((performance.now() - began) * 100) / 100 };
}

/** What an order would touch, before it is given: who obeys, whose traffic it meets, who else would feel it. */
export async function previewOf(
  deps: Deps,
  around: Around,
  { system, what }: { readonly system: string; readonly what: Control },
): Promise<Preview | Refusal> {
  const began = performance.now();
  const [fault] = orderFaults(what);
  if (fault !== undefined) return refuse('control.bad-parameters', fault.why, `/what${fault.pointer}`);
  const { reach, sampled, instances, live, unable, holds, others, nodes, seen } = await look(
    deps,
    around,
    system,
    what,
  );
  const traffic = await trafficSince(deps.db, system, addMs(deps.now(), -REACH_MINUTES * 60_000));
  const words = await tryWords(deps, system, what);
  const conflict = overriddenBy(what, holds);
  const says = describeControl(what);
  const labels = await labelsOf(
    deps.db,
    others.slice(0, OTHERS_SHOWN).map(({ incident }) => incident),
  );
  const names = await systemNames(
    deps.db,
    nodes.map(({ id }) => id),
  );
  const features = await systemFeatures(deps.db, system);
  const lives = new Set(live.map(({ instance }) => instance));
  return {
    says,
    instances: instances.map(({ instance, host }) => ({ instance, host, live: lives.has(instance) })),
    live: live.length,
    lastHour:
      traffic?.map(({ feature, requests }) => ({
        feature,
        requests,
        touched: what.feature === undefined || feature === null || feature === what.feature,
      })) ?? null,
    conflict:
      conflict === undefined
        ? null
        : {
            hold: conflict.hold,
            label: `HLD-${conflict.number}`,
            incident: conflict.incident,
            says: describeControl(conflict.what),
          },
    already: holds.find((hold) => describeControl(hold.what) === says)?.hold ?? null,
    unknownFeature: unknownFeature(what.feature, features, traffic ?? []),
    unable: [...unable],
    others: others.slice(0, OTHERS_SHOWN).map((hold) => ({
      hold: hold.hold,
      label: `HLD-${hold.number}`,
      incident: hold.incident,
      incidentLabel: labels.get(hold.incident) ?? hold.incident,
      says: describeControl(hold.what),
    })),
    reach: reach && {
      ...reach,
      minutes: REACH_MINUTES,
      perMinute: Math.round((reach.touched / REACH_MINUTES) * 10) / 10,
      sampled,
    },
    words,
    around: {
      features: features.filter((key) => what.feature === undefined || what.feature === key),
      nodes: nodes.map((each) => ({ ...each, name: names.get(each.id) ?? each.id.slice(each.id.indexOf(':') + 1) })),
    },
    mark: previewMark(seen),
    tookMs: Math.round((performance.now() - began) * 10) / 10,
  };
}

/** A name that is misspelt is obeyed by everybody, and stops nothing. */
function unknownFeature(
  named: string | undefined,
  registered: readonly string[],
  traffic: readonly { readonly feature: string | null }[],
): string | null {
  if (named === undefined || registered.length === 0 || registered.includes(named)) return null;
  if (traffic.some(({ feature }) => feature === named)) return null;
  const others = registered.slice(0, 10).join(', ');
  return `No feature is registered as ${named}, and no request of the last hour named it. Registered: ${others}.`;
}

/** Refuses where the reach of an order is no longer what its preview said. */
export async function sinceThePreview(
  deps: Deps,
  around: Around,
  { system, what }: { readonly system: string; readonly what: Control },
  mark: string,
): Promise<Refusal | null> {
  const before = readMark(mark);
  const changes =
    before === undefined
      ? ['It is no mark of a preview.']
      : changesSince(before, (await look(deps, around, system, what)).seen);
  return changes.length === 0
    ? null
    : refuse(
        'hold.reach-changed',
        `${changes.join(' ')} Look at the preview again, then order with its mark.`,
        '/ifPreview',
      );
}
