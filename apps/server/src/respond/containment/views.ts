import type {
  DeclaredControl,
  GuardInstance,
  HoldRow,
  InstanceAcknowledgement,
  PullRow,
} from '@firebreak/contract/respond/containment';
import type { Instant } from '@firebreak/core/kernel';
import {
  describeControl,
  type Hold,
  type InstanceTraffic,
  levelOf,
  levelSays,
  type Pull,
  standingOf,
} from '@firebreak/core/respond/containment';
import { readinessOf, type TestOutcome, timesToEffect } from '@firebreak/core/respond/control-tests';
import type { Deps, Sql } from '../../platform/index.ts';
import type { ControlRow } from './boards.ts';
import type { ControlState } from './control-state.ts';
import { goneOf } from './gone.ts';
import { checkedOf, type Proofs, type Proving } from './proving.ts';
import {
  concerns,
  counts,
  type Instance,
  isLive,
  type Lately,
  type Newest,
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
  proving: Proving,
  holds: readonly Hold[],
): Promise<HoldRow[]> {
  if (holds.length === 0) return [];
  const systems = new Set(holds.map(({ system }) => system));
  const instances = await roster.instances(systems.size === 1 ? [...systems][0]! : null, MOST_INSTANCES);
  const seen = await touchesOf(deps.db, holds);
  const now = roster.lately();
  const gone = await goneOf(deps.db, holds);
  const proofs = await proving.proofs(holds.filter(({ state }) => state === 'active'));
  return holds.map((hold) => {
    const live = instances.filter((each) => concerns(each, hold.system) && isLive(each, now));
    const obeying = live.filter((each) => obeys(each, hold, state));
    const stand = proofs.get(hold.hold);
    return {
      ...rowOf(hold),
      proofs: stand === undefined ? null : proofRows(hold, stand),
      level: stand === undefined ? null : levelRow(stand, roster.gone.of(hold.system, hold.orderedAt).length),
      acknowledged: obeying.length,
      live: live.length,
      gone: gone.get(hold.hold) ?? [],
      seen: seen.get(hold.hold) ?? UNSEEN,
    };
  });
}

function levelRow(proofs: Proofs, gone: number): HoldRow['level'] {
  const at = levelOf(proofs);
  return { at, says: levelSays(at, gone) };
}

function proofRows(hold: Hold, proofs: Proofs): NonNullable<HoldRow['proofs']> {
  const row = (name: keyof Proofs) => {
    const escalated = proofs[name].state === 'missing' ? hold.proofs?.[name]?.escalated : undefined;
    return { ...proofs[name], escalated: escalated ?? null };
  };
  return { acknowledged: row('acknowledged'), probe: row('probe'), traffic: row('traffic') };
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

/** The same by instance, of one hold. */
async function touchesAt(sql: Sql, { hold }: Hold): Promise<ReadonlyMap<string, HoldRow['seen']>> {
  const { rows } = await sql.query<Omit<Seen, 'hold'> & { readonly instance: string }>(
    `select instance, refused::float8 as refused, rerouted::float8 as rerouted, last_at
     from guard_touch where hold = $1 order by instance limit ${MOST_INSTANCES}`,
    [hold],
  );
  return new Map(rows.map(({ instance, last_at, ...row }) => [instance, { ...row, lastAt: last_at }]));
}

function rowOf(hold: Hold): Omit<HoldRow, 'acknowledged' | 'live' | 'gone' | 'seen' | 'proofs' | 'level'> {
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
    canary: hold.canary === undefined ? null : { ...hold.canary, instances: [...hold.canary.instances] },
  };
}

/** Every instance that has to obey, by name. */
export async function acknowledgementsOf(
  deps: Deps,
  state: ControlState,
  roster: Roster,
  hold: Hold,
  traffic: readonly InstanceTraffic[],
): Promise<InstanceAcknowledgement[]> {
  const { rows } = await deps.db.query<{ instance: string; ack_ms: number }>(
    'select instance, ack_ms from guard_ack where hold = $1',
    [hold.hold],
  );
  const acks = new Map(rows.map(({ instance, ack_ms }) => [instance, ack_ms]));
  const checked = (await checkedOf(deps.db, [hold.hold])).get(hold.hold);
  const touches = await touchesAt(deps.db, hold);
  const through = new Map(traffic.map(({ instance, ...figures }) => [instance, figures]));
  const now = roster.lately();
  const instances = await roster.instances(hold.system, MOST_INSTANCES);
  return instances
    .filter((each) => counts(each, now))
    .map((each) => ({
      instance: each.instance,
      host: each.host,
      version: each.version,
      state: stateOf(each, hold, state, now),
      ackMs: acks.get(each.instance) ?? null,
      why: isLive(each, now) && obeys(each, hold, state) ? null : whyNot(each, hold),
      checks: each.tries,
      tried: checked?.get(each.instance)?.state ?? null,
      door: checked?.get(each.instance)?.door ?? null,
      triedAt: checked?.get(each.instance)?.at ?? null,
      lastSeenAt: each.last_seen_at,
      seen: touches.get(each.instance) ?? UNSEEN,
      traffic: through.get(each.instance) ?? null,
    }));
}

function stateOf(instance: Instance, hold: Hold, newest: Newest, now: Lately): InstanceAcknowledgement['state'] {
  if (instance.unsupported.includes(hold.hold)) return 'unsupported';
  if (!isLive(instance, now)) return 'stale';
  if (obeys(instance, hold, newest)) return 'acknowledged';
  return instance.nack === null ? 'missing' : 'refused';
}

export async function rosterRows(
  state: ControlState,
  roster: Roster,
  system: string | null,
  limit: number,
): Promise<GuardInstance[]> {
  const now = roster.lately();
  return (await roster.instances(system, limit)).map((each) => ({
    instance: each.instance,
    host: each.host,
    system: each.system,
    kind: each.kind === 'guard' || each.kind === 'gateway' ? each.kind : 'other',
    version: each.version,
    transport: each.transport,
    live: isLive(each, now),
    left: each.presence === 'closed',
    gone: roster.gone.has(each.instance),
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
    preview: pull.preview ?? null,
  };
}

/** What tests of a control have shown. */
export interface Tested {
  readonly last: {
    readonly test: `tst_${string}`;
    readonly at: Instant;
    /** Null: it runs. */
    readonly outcome: TestOutcome | null;
    readonly says: string;
  } | null;
  /** The last that tested anything. */
  readonly telling: { readonly at: Instant; readonly outcome: TestOutcome; readonly says: string } | null;
  readonly passedAt: Instant | null;
  /** Milliseconds each of the last tests that passed took to be in effect. */
  readonly effects: readonly number[];
}

/** Where tests stand, by control; of one system or, for null, of all. */
export type TestsOf = (sql: Sql, system: string | null) => Promise<ReadonlyMap<string, Tested>>;

export function readiness({ data, confirmed_at }: ControlRow, tested: Tested | undefined, now: Instant) {
  const confirmedAt = confirmed_at as Instant | null;
  const { telling = null, passedAt = null } = tested ?? {};
  return readinessOf({ plan: standingOf(data).plan, last: telling, confirmedAt, passedAt }, now);
}

export function controlRow(row: ControlRow, tested: Tested | undefined, now: Instant): DeclaredControl {
  const { data, last_ordered_at } = row;
  return {
    ...data,
    says: describeControl(data.what),
    standing: standingOf(data),
    readiness: readiness(row, tested, now),
    effect: timesToEffect(tested?.effects ?? []),
    lastTest: tested?.last ?? null,
    lastOrderedAt: last_ordered_at as DeclaredControl['lastOrderedAt'],
  };
}
