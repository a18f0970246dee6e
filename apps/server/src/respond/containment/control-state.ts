import { createHash } from 'node:crypto';
import { canonical } from '@firebreak/core/evidence';
import { addMs, type Instant, type Recorded } from '@firebreak/core/kernel';
import {
  type Compiled,
  compile,
  deltaBetween,
  type Hold,
  type HoldInForce,
  inForce,
  PROVEN_MS,
  type Release,
  type Signed,
  type Snapshot,
  stateText,
  stepHold,
} from '@firebreak/core/respond/containment';
import { inTest, type TestBegun } from '@firebreak/core/respond/control-tests';
import type { Deps } from '../../platform/index.ts';
import { holdsWanted } from './boards.ts';

/** One subscription that has a new state: a system, or `*`. */
export interface Change {
  readonly subscription: string;
  readonly delta: Signed;
  readonly epoch: number;
}

export interface KnownSystem {
  /** Its stream. */
  readonly id: string;
  readonly features: Set<string>;
}

/** A snapshot and what was worked out from it, each at most once. */
interface Made {
  readonly snapshot: Snapshot;
  signed?: Signed;
  compiled?: Compiled;
  hash?: string;
}

const CHANGING = new Set([
  'containment.ordered',
  'containment.released',
  'containment.lifted',
  'containment.expired',
  'control-test.begun',
  'control-test.ended',
  'capsule.ended',
]);
/** Their holds are on no board. */
const OF_TESTS = ['control-test.begun', 'control-test.ended'];
const OF_SYSTEMS = ['system.registered', 'feature.added', 'feature.retired', 'incident.declared'];
const MOST_NAMES = 20_000;
const MOST_HOLDS = 10_000;
const MOST_ENDED = 1_000;
const MOST_PROVEN = 5_000;

/** What guards get of a test, for as long as it runs. */
function heldInTest({ data, seq }: Pick<Recorded, 'data' | 'seq'>): HoldInForce {
  const begun = data as unknown as TestBegun;
  const incident = (begun.incident ?? 'inc_test') as HoldInForce['incident'];
  return { hold: begun.hold, number: 0, incident, system: begun.system, what: inTest(begun), order: seq };
}

const contentOf = (system: string, what: object): string => `${system} ${canonical(what)}`;
/** Of a system, newest first: what instances are told has ended. */
const MOST_CAPSULES = 200;

/** An instance says that capsules were applied to it by hand. */
export interface CapsulesReported {
  readonly instance: string;
  readonly host: string;
  readonly capsules: readonly string[];
}

/**
 * The state of control as this process knows it: what the board says at start, then every committed fact in order.
 * Epoch of a system: log position of the newest fact that changed what is in force on it.
 */
export class ControlState {
  readonly systems = new Map<string, KnownSystem>();
  /** The key that signs, then the one that will sign next; raw, base64. */
  readonly publicKeys: readonly { readonly key: string; readonly publicKey: string }[];
  readonly keyId: string;
  private readonly bySystemId = new Map<string, string>();
  /** Id of an incident by its id and by its label. */
  private readonly incidents = new Map<string, string>();
  private readonly holds = new Map<string, HoldInForce>();
  private readonly epochs = new Map<string, number>();
  /** Content of controls, by system, and when each last worked: an order confirmed, a test passed. */
  private readonly worked = new Map<string, Instant>();
  /** Ended not long ago: instances still report what these have touched. */
  private readonly ended = new Set<string>();
  private readonly made = new Map<
    string,
    { snapshot: Snapshot; signed?: Signed; compiled?: Compiled; hash?: string }
  >();
  private readonly listeners = new Set<(changes: readonly Change[]) => void>();
  /** Ids of capsules that have ended, by system, oldest first. */
  private readonly endedCapsules = new Map<string, string[]>();
  private readonly capsuleListeners = new Set<(reported: CapsulesReported) => void>();

  private constructor(
    private readonly deps: Deps,
    readonly generation: number,
  ) {
    const { guard, nextGuard } = deps.keys;
    this.publicKeys = [guard.publicKey, nextGuard].map((raw) => ({
      key: createHash('sha256').update(raw).digest('hex').slice(0, 16),
      publicKey: Buffer.from(raw).toString('base64'),
    }));
    this.keyId = this.publicKeys[0]!.key;
  }

  static async open(deps: Deps): Promise<ControlState> {
    const state = new ControlState(deps, await generationNumber(deps));
    // Listening first: what is committed while the board is read is met twice, which changes nothing.
    const early: Recorded[] = [];
    let ready = false;
    deps.feed.on((facts) => {
      if (ready) state.take(facts);
      else early.push(...facts);
    });
    for (const hold of await holdsWanted(deps.db, { active: true, limit: MOST_HOLDS })) state.put(hold);
    const epochs = await deps.db.query<{ system: string; epoch: number }>(
      `select b.system, max(f.seq) as epoch from fact f join hold_board b on b.hold = f.data->>'hold'
       where f.type = any($1) group by b.system`,
      [[...CHANGING]],
    );
    for (const { system, epoch } of epochs.rows) state.raise(system, Number(epoch));
    const tests = await deps.db.query<Recorded>(
      `select seq, type, data from fact f where type = 'control-test.begun' and not exists (
         select 1 from fact e where e.stream = f.stream and e.type = 'control-test.ended') limit ${MOST_ENDED}`,
    );
    for (const fact of tests.rows) state.holds.set(String(fact.data.hold), heldInTest(fact));
    const ofTests = await deps.db.query<{ system: string; epoch: number }>(
      `select data->>'system' as system, max(seq) as epoch from fact where type = any($1) group by 1`,
      [OF_TESTS],
    );
    for (const { system, epoch } of ofTests.rows) state.raise(system, Number(epoch));
    const since = addMs(deps.now(), -PROVEN_MS);
    const worked = await deps.db.query<{ system: string; what: object; at: Instant }>(
      `select system, data->'what' as what, data->'confirmed'->>'at' as at from hold_board
       where confirmation = 'confirmed' and ordered_at > $1
       union all select data->>'system', data->'what', at from fact
       where type = 'control-test.ended' and data->>'outcome' = 'passed' and at > $1 limit ${MOST_PROVEN}`,
      [since],
    );
    for (const { system, what, at } of worked.rows) state.note(system, what, at);
    const ended = await deps.db.query<Recorded>(
      `select seq, stream, type, data from fact where type = 'capsule.ended' order by seq`,
    );
    for (const { data, seq } of ended.rows) state.endCapsule(String(data.system), String(data.capsule), seq);
    const known = await deps.db.query<Recorded>(
      'select seq, stream, type, data from fact where type = any($1) order by seq',
      [OF_SYSTEMS],
    );
    for (const fact of known.rows) state.takeName(fact);
    ready = true;
    state.take(early);
    return state;
  }

  /** Calls back after every change, with one signed step for each subscription that changed. */
  on(listener: (changes: readonly Change[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls back whenever an instance says that capsules were applied to it. */
  onCapsules(listener: (reported: CapsulesReported) => void): () => void {
    this.capsuleListeners.add(listener);
    return () => this.capsuleListeners.delete(listener);
  }

  reportCapsules(reported: CapsulesReported): void {
    if (reported.capsules.length > 0) for (const listener of this.capsuleListeners) listener(reported);
  }

  private endCapsule(system: string, capsule: string, seq: number): void {
    this.endedCapsules.set(system, [...(this.endedCapsules.get(system) ?? []), capsule].slice(-MOST_CAPSULES));
    this.raise(system, Number(seq));
  }

  knows(subscription: string): boolean {
    return subscription === '*' || this.systems.has(subscription);
  }

  /** Key of the system whose id or key this is. */
  keyOf(idOrKey: string): string | undefined {
    return this.systems.has(idOrKey) ? idOrKey : this.bySystemId.get(idOrKey);
  }

  /** Id of an incident this process has met; undefined says nothing. */
  incidentNamed(idOrLabel: string): string | undefined {
    return this.incidents.get(idOrLabel);
  }

  /** Whether a hold is in force, or was until not long ago. */
  knowsHold(hold: string): boolean {
    return this.holds.has(hold) || this.ended.has(hold);
  }

  /** Whether a control of this content worked on the system lately, in a test or in earnest. */
  isProven(system: string, what: object, now: Instant): boolean {
    const at = this.worked.get(contentOf(system, what));
    return at !== undefined && addMs(at, PROVEN_MS) > now;
  }

  private note(system: string, what: object, at: Instant): void {
    const content = contentOf(system, what);
    const known = this.worked.get(content);
    if (known !== undefined && known >= at) return;
    this.worked.delete(content);
    this.worked.set(content, at);
    if (this.worked.size > MOST_PROVEN) this.worked.delete(this.worked.keys().next().value!);
  }

  /** Tests that run. */
  tests(): readonly HoldInForce[] {
    return [...this.holds.values()].filter(({ what }) => what.kind === 'test');
  }

  /** Holds in force and tests that run, as guards have them. */
  held(hold: string): HoldInForce | undefined {
    return this.holds.get(hold);
  }

  epochOf(subscription: string): number {
    return this.epochs.get(subscription) ?? 0;
  }

  snapshot(subscription: string): Snapshot {
    return this.entry(subscription).snapshot;
  }

  signed(subscription: string): Signed {
    const entry = this.entry(subscription);
    entry.signed ??= this.sign(entry.snapshot);
    return entry.signed;
  }

  compiled(subscription: string): Compiled {
    const entry = this.entry(subscription);
    entry.compiled ??= compile(entry.snapshot);
    return entry.compiled;
  }

  stateHash(subscription: string): string {
    const entry = this.entry(subscription);
    entry.hash ??= createHash('sha256').update(stateText(entry.snapshot)).digest('hex');
    return entry.hash;
  }

  private entry(subscription: string): Made {
    const known = this.made.get(subscription);
    if (known !== undefined) return known;
    const all = [...this.holds.values()];
    const holds = (subscription === '*' ? all : all.filter((hold) => hold.system === subscription)).sort(
      (a, b) => a.order - b.order,
    );
    const epoch = this.epochOf(subscription);
    const { generation } = this;
    const ended =
      subscription === '*' ? [...this.endedCapsules.values()].flat() : (this.endedCapsules.get(subscription) ?? []);
    const entry: Made = {
      snapshot: { schema: 1, system: subscription, generation, epoch, holds, ...(ended.length > 0 && { ended }) },
    };
    this.made.set(subscription, entry);
    return entry;
  }

  /** Signs what guards and proxies take from us. */
  sign(message: object): Signed {
    const payload = JSON.stringify(message);
    const signature = Buffer.from(this.deps.keys.guard.sign(Buffer.from(payload))).toString('base64');
    return { payload, key: this.keyId, signature };
  }

  private put(hold: Hold): void {
    this.holds.set(hold.hold, inForce(hold));
    this.raise(hold.system, hold.order);
  }

  private loosen(id: string, release: Release): void {
    const hold = this.holds.get(id);
    if (hold !== undefined) this.holds.set(id, { ...hold, release });
  }

  private end(hold: string): void {
    this.holds.delete(hold);
    this.ended.add(hold);
    if (this.ended.size > MOST_ENDED) this.ended.delete(this.ended.values().next().value!);
  }

  private raise(system: string, epoch: number): void {
    for (const subscription of [system, '*'])
      this.epochs.set(subscription, Math.max(this.epochOf(subscription), epoch));
  }

  private takeName(fact: Pick<Recorded, 'type' | 'stream' | 'data'>): void {
    if (fact.type === 'incident.declared') {
      if (this.incidents.size >= MOST_NAMES) return;
      this.incidents.set(fact.stream, fact.stream);
      this.incidents.set(String(fact.data.label), fact.stream);
      return;
    }
    if (fact.type === 'system.registered') {
      const key = String(fact.data.key);
      this.systems.set(key, { id: fact.stream, features: new Set() });
      this.bySystemId.set(fact.stream, key);
      return;
    }
    const known = this.systems.get(this.bySystemId.get(fact.stream) ?? '');
    if (fact.type === 'feature.added') known?.features.add(String(fact.data.key));
    else known?.features.delete(String(fact.data.key));
  }

  private take(facts: readonly Recorded[]): void {
    const changing = facts.filter((fact) => CHANGING.has(fact.type));
    for (const { type, data, at } of facts) {
      const held = type === 'containment.confirmed' ? this.holds.get(data.hold) : undefined;
      if (held !== undefined) this.note(held.system, held.what, at);
      if (type === 'control-test.ended' && data.outcome === 'passed') this.note(data.system, data.what, at);
    }
    for (const fact of facts) if (OF_SYSTEMS.includes(fact.type)) this.takeName(fact);
    if (changing.length === 0) return;
    const touched = new Map<string, Snapshot>();
    for (const fact of changing) {
      const { hold: id, system: ordered } = fact.data as { hold: string; system?: string };
      const system = ordered ?? this.holds.get(id)?.system;
      if (system === undefined || fact.seq <= this.epochOf(system)) continue;
      for (const subscription of [system, '*'])
        if (!touched.has(subscription)) touched.set(subscription, this.snapshot(subscription));
      if (fact.type === 'containment.ordered') this.put(stepHold(undefined, fact as never)!);
      else if (fact.type === 'control-test.begun') {
        const test = heldInTest(fact);
        this.holds.set(test.hold, test);
      } else if (fact.type === 'containment.released') this.loosen(id, fact.data.release);
      else if (fact.type === 'capsule.ended') this.endCapsule(system, String(fact.data.capsule), fact.seq);
      else this.end(id);
      this.raise(system, fact.seq);
    }
    const changes: Change[] = [];
    for (const [subscription, before] of touched) {
      this.made.delete(subscription);
      const after = this.snapshot(subscription);
      changes.push({ subscription, delta: this.sign(deltaBetween(before, after)), epoch: after.epoch });
    }
    if (changes.length > 0) for (const listener of this.listeners) listener(changes);
  }
}

/** A number that grows whenever the log begins anew (first start, restore): the time this generation was first seen. */
async function generationNumber(deps: Deps): Promise<number> {
  await deps.db.query(
    `insert into guard_generation (log_generation, number)
     select $1, greatest($2::bigint, coalesce(max(number), 0) + 1) from guard_generation on conflict do nothing`,
    [deps.generation, Date.parse(deps.now())],
  );
  const { rows } = await deps.db.query<{ number: number }>(
    'select number from guard_generation where log_generation = $1',
    [deps.generation],
  );
  return Number(rows[0]!.number);
}
