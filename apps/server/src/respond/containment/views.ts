import type {
  DeclaredControl,
  GuardInstance,
  HoldRow,
  InstanceAcknowledgement,
  PullRow,
} from '@firebreak/contract/respond/containment';
import type { Instant } from '@firebreak/core/kernel';
import { describeControl, type Hold, type Pull } from '@firebreak/core/respond/containment';
import type { Deps, Sql } from '../../platform/index.ts';
import type { ControlRow } from './boards.ts';
import type { ControlState } from './control-state.ts';
import {
  concerns,
  counts,
  type Instance,
  isLive,
  type Lately,
  latelyAt,
  obeys,
  type Roster,
  whyNot,
} from './roster.ts';

const MOST_INSTANCES = 5_000;

interface Seen {
  readonly hold: string;
  readonly refused: number;
  readonly rerouted: number;
  readonly last_at: Instant | null;
}

/** Holds as screens show them: with who obeys at this moment, and what they have touched. */
export async function holdRows(
  deps: Deps,
  state: ControlState,
  roster: Roster,
  holds: readonly Hold[],
): Promise<HoldRow[]> {
  if (holds.length === 0) return [];
  const systems = new Set(holds.map(({ system }) => system));
  const instances = await roster.instances(systems.size === 1 ? [...systems][0]! : null, MOST_INSTANCES);
  const seen = await touchesOf(deps.db, holds);
  const now = latelyAt(deps.now());
  return holds.map((hold) => {
    const live = instances.filter((each) => concerns(each, hold.system) && isLive(each, now));
    const obeying = live.filter((each) => obeys(each, hold, state.generation));
    return { ...rowOf(hold), acknowledged: obeying.length, live: live.length, seen: seen.get(hold.hold) ?? UNSEEN };
  });
}

const UNSEEN = { refused: 0, rerouted: 0, lastAt: null };

async function touchesOf(sql: Sql, holds: readonly Hold[]): Promise<Map<string, HoldRow['seen']>> {
  const { rows } = await sql.query<Seen>(
    `select hold, sum(refused)::float8 as refused, sum(rerouted)::float8 as rerouted, max(last_at) as last_at
     from guard_touch where hold = any($1) group by hold`,
    [holds.map(({ hold }) => hold)],
  );
  return new Map(rows.map(({ hold, refused, rerouted, last_at }) => [hold, { refused, rerouted, lastAt: last_at }]));
}

function rowOf(hold: Hold): Omit<HoldRow, 'acknowledged' | 'live' | 'seen'> {
  return {
    hold: hold.hold,
    label: `HLD-${hold.number}`,
    incident: hold.incident,
    system: hold.system,
    control: hold.control ?? null,
    what: hold.what,
    says: describeControl(hold.what),
    reason: hold.reason,
    expiry: hold.expiry,
    state: hold.state,
    confirmation: hold.confirmation,
    confirmedAt: hold.confirmed?.at ?? null,
    lastAckMs: hold.confirmed?.lastAckMs ?? null,
    failure: hold.failure ?? null,
    orderedAt: hold.orderedAt,
    orderedBy: hold.orderedBy,
    seconded: hold.seconded ?? null,
    adopt: hold.adopt ?? null,
    adopted: hold.adopted ?? null,
    glass: hold.glass ?? null,
    ended: hold.ended ?? null,
    manifest: hold.manifest ?? null,
    supersedes: hold.supersedes ?? null,
    gate: hold.gate ?? null,
    release: hold.release ?? null,
  };
}

/** Every instance that has to obey, by name. */
export async function acknowledgementsOf(
  deps: Deps,
  state: ControlState,
  roster: Roster,
  hold: Hold,
): Promise<InstanceAcknowledgement[]> {
  const { rows } = await deps.db.query<{ instance: string; ack_ms: number }>(
    'select instance, ack_ms from guard_ack where hold = $1',
    [hold.hold],
  );
  const acks = new Map(rows.map(({ instance, ack_ms }) => [instance, ack_ms]));
  const now = latelyAt(deps.now());
  const instances = await roster.instances(hold.system, MOST_INSTANCES);
  return instances
    .filter((each) => counts(each, now))
    .map((each) => ({
      instance: each.instance,
      host: each.host,
      version: each.version,
      state: stateOf(each, hold, state.generation, now),
      ackMs: acks.get(each.instance) ?? null,
      why: isLive(each, now) && obeys(each, hold, state.generation) ? null : whyNot(each, hold),
      lastSeenAt: each.last_seen_at,
    }));
}

function stateOf(instance: Instance, hold: Hold, generation: number, now: Lately): InstanceAcknowledgement['state'] {
  if (instance.unsupported.includes(hold.hold)) return 'unsupported';
  if (!isLive(instance, now)) return 'stale';
  if (obeys(instance, hold, generation)) return 'acknowledged';
  return instance.nack === null ? 'missing' : 'refused';
}

export async function rosterRows(
  deps: Deps,
  state: ControlState,
  roster: Roster,
  system: string | null,
  limit: number,
): Promise<GuardInstance[]> {
  const now = latelyAt(deps.now());
  return (await roster.instances(system, limit)).map((each) => ({
    instance: each.instance,
    host: each.host,
    system: each.system,
    kind: each.kind === 'guard' || each.kind === 'gateway' ? each.kind : 'other',
    version: each.version,
    transport: each.transport,
    live: isLive(each, now),
    current: each.generation === state.generation && each.epoch === state.epochOf(each.system),
    epoch: each.epoch,
    failMode: each.fail_mode,
    unsupported: [...each.unsupported],
    refused: each.refused,
    rerouted: each.rerouted,
    checks: each.checks,
    connectedAt: each.connected_at,
    lastSeenAt: each.last_seen_at,
  }));
}

export function pullRow(pull: Pull): PullRow {
  return {
    pull: pull.pull,
    incident: pull.incident,
    system: pull.system,
    control: pull.control ?? null,
    what: pull.what,
    says: describeControl(pull.what),
    reason: pull.reason,
    expiry: pull.expiry,
    change: pull.change,
    state: pull.state,
    askedAt: pull.askedAt,
    askedBy: pull.askedBy,
    until: pull.until,
    hold: pull.ended?.hold ?? null,
  };
}

export function controlRow({ data, last_ordered_at }: ControlRow): DeclaredControl {
  return {
    ...data,
    says: describeControl(data.what),
    lastOrderedAt: last_ordered_at as DeclaredControl['lastOrderedAt'],
  };
}
