import type { Checked } from '@firebreak/contract/respond/guard-channel';
import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import {
  confirmHold,
  expiriesDue,
  failHold,
  foldContainment,
  type Hold,
  type Missing,
} from '@firebreak/core/respond/containment';
import { act, type Deps, firebreakItself } from '../../platform/index.ts';
import { incidentsWithExpiry, unconfirmedHolds } from './boards.ts';
import type { ControlState } from './control-state.ts';
import { concerns, counts, type Instance, isLive, obeys, type Roster, whyNot } from './roster.ts';

/** An order that is not obeyed by all within this time has failed, for now. */
const PATIENCE_MS = 5_000;
/** After a first failure the list of names is recorded again at most this often. */
const AGAIN_MS = 60_000;
const MOST_INSTANCES = 10_000;
const MOST_HOLDS = 500;
const MOST_NAMED = 200;

interface Pending {
  readonly hold: string;
  readonly order: number;
  readonly system: string;
  /** Null: a test of a control, which nobody confirms. */
  readonly incident: string | null;
  /** When this process heard of it, on the monotonic clock. */
  readonly heardAt: number;
  readonly acknowledged: Map<string, number>;
  /** Acknowledgements before which it is not worth counting again. */
  expected: number;
}

/** What follows once instances obey: they are asked to try themselves. */
export interface Follows {
  /** One obeys a test. */
  tested(instance: string, hold: string): void;
  /** All obey an order. */
  confirmed(hold: string): void;
}

/** Turns acknowledgements into `containment.confirmed` and their absence into `containment.failed` with names. */
export class Confirmation {
  private readonly pending = new Map<string, Pending>();
  private readonly confirming = new Set<string>();

  constructor(
    private readonly deps: Deps,
    private readonly state: ControlState,
    private readonly roster: Roster,
    private readonly follows: Follows,
  ) {
    deps.feed.on((facts) => this.take(facts));
  }

  /** Takes up what was not confirmed when the process before this one ended. */
  async open(): Promise<void> {
    const now = Date.parse(this.deps.now());
    for (const { hold, order, system, incident, orderedAt } of await unconfirmedHolds(this.deps.db, MOST_HOLDS))
      this.expect({ hold, order, system, incident }, now - Date.parse(orderedAt));
    for (const { hold, order, system } of this.state.tests()) this.expect({ hold, order, system, incident: null }, 0);
  }

  private expect(hold: Pick<Pending, 'hold' | 'order' | 'system' | 'incident'>, ageMs: number): void {
    this.pending.set(hold.hold, { ...hold, heardAt: performance.now() - ageMs, acknowledged: new Map(), expected: 0 });
  }

  private take(facts: readonly Recorded[]): void {
    for (const { type, data, seq, stream } of facts) {
      if (type === 'containment.ordered')
        this.expect({ hold: data.hold, order: seq, system: data.system, incident: stream }, 0);
      else if (type === 'control-test.begun')
        this.expect({ hold: data.hold, order: seq, system: data.system, incident: null }, 0);
      else if (type === 'control-test.ended') this.pending.delete(data.hold);
      else if (type === 'containment.confirmed' || type === 'containment.lifted' || type === 'containment.expired')
        this.pending.delete(data.hold);
    }
  }

  /** An instance has told what it holds now. */
  heard(instance: Instance): void {
    for (const pending of this.pending.values()) {
      if (!concerns(instance, pending.system) || pending.acknowledged.has(instance.instance)) continue;
      if (!obeys(instance, pending as never, this.state)) continue;
      const ms = performance.now() - pending.heardAt;
      pending.acknowledged.set(instance.instance, ms);
      this.roster.acknowledged(pending.hold, instance.instance, ms);
      if (pending.incident === null) {
        this.follows.tested(instance.instance, pending.hold);
        continue;
      }
      if (pending.acknowledged.size < pending.expected) continue;
      const missing = this.missingHere(pending);
      pending.expected = pending.acknowledged.size + missing;
      if (missing === 0) void this.confirm(pending);
    }
  }

  /** What made-up requests met at an instance. What it says of holds that nobody knows is forgotten. */
  checked(instance: Instance, checked: Checked): void {
    for (const { hold, state, door = null, says = null } of checked) {
      if (!this.state.knowsHold(hold)) continue;
      const pending = this.pending.get(hold);
      const ms = pending === undefined ? null : Math.round((performance.now() - pending.heardAt) * 10) / 10;
      this.roster.tried({ hold, instance: instance.instance, state, door, says, ms });
    }
  }

  private missingHere(pending: Pending): number {
    const now = this.roster.lately();
    let missing = 0;
    for (const instance of this.roster.here.values()) {
      if (!concerns(instance, pending.system) || !counts(instance, now)) continue;
      if (!pending.acknowledged.has(instance.instance)) missing += 1;
    }
    return missing;
  }

  private async confirm(pending: Pending): Promise<void> {
    if (this.confirming.has(pending.hold)) return;
    this.confirming.add(pending.hold);
    try {
      // Written first, so that replicas that ask at the same moment see each other's instances.
      if (this.deps.db.engine === 'postgresql') await this.roster.flush();
      const hold = { hold: pending.hold, order: pending.order, system: pending.system } as Hold;
      const { missing, obeying } = await this.judge(hold);
      if (missing.length > 0 || obeying === 0 || pending.incident === null) return;
      await this.record(pending.incident, hold, obeying, Math.max(...pending.acknowledged.values(), 0));
    } catch (error) {
      this.deps.log.warn({ hold: pending.hold, err: error }, 'a confirmation could not be recorded; tried again');
    } finally {
      this.confirming.delete(pending.hold);
    }
  }

  private async record(incident: string, hold: Hold, instances: number, ms: number): Promise<void> {
    const lastAckMs = Math.round(ms * 10) / 10;
    const gone = this.roster.gone.of(hold.system, this.deps.now());
    const done = await act(this.deps, {
      stream: incident,
      by: firebreakItself('containment'),
      may: 'containment.order',
      fold: foldContainment,
      decide: (state, asked) =>
        confirmHold(
          state,
          { hold: hold.hold, instances, lastAckMs, epoch: hold.order, ...(gone.length > 0 && { gone }) },
          asked,
        ),
    });
    if (isRefusal(done)) this.deps.log.warn({ hold: hold.hold, why: done.why }, 'a confirmation was refused');
    else this.follows.confirmed(hold.hold);
  }

  private async judge(hold: Hold): Promise<{ missing: Missing[]; obeying: number }> {
    const now = this.roster.lately();
    const all = (await this.roster.instances(hold.system, MOST_INSTANCES)).filter((each) => counts(each, now));
    const missing = all
      .filter((each) => !isLive(each, now) || !obeys(each, hold, this.state))
      .map((each) => ({ instance: each.instance, host: each.host, why: whyNot(each, hold) }));
    return { missing, obeying: all.length - missing.length };
  }

  /** Looks at everything not confirmed yet: late or on another replica, or failed. Then ends what ends by itself. */
  async look(): Promise<void> {
    await this.roster.flush();
    const now = Date.parse(this.deps.now());
    for (const hold of await unconfirmedHolds(this.deps.db, MOST_HOLDS)) {
      if (now - Date.parse(hold.orderedAt) < PATIENCE_MS) continue;
      const { missing, obeying } = await this.judge(hold);
      if (missing.length === 0 && obeying > 0) {
        const acknowledged = this.pending.get(hold.hold)?.acknowledged.values() ?? [];
        const ms = Math.max(0, ...acknowledged) || now - Date.parse(hold.orderedAt);
        await this.record(hold.incident, hold, obeying, ms);
      } else await this.fail(hold, missing, now);
    }
    await this.expire();
  }

  private async fail(hold: Hold, missing: readonly Missing[], now: number): Promise<void> {
    if (hold.failure !== undefined && now - Date.parse(hold.failure.at) < AGAIN_MS) return;
    const why =
      missing.length === 0
        ? 'No instance of this system is connected, so nobody obeys.'
        : `${missing.length} ${missing.length === 1 ? 'instance does' : 'instances do'} not obey.`;
    await act(this.deps, {
      stream: hold.incident,
      by: firebreakItself('containment'),
      may: 'containment.order',
      fold: foldContainment,
      decide: (state, asked) =>
        failHold(state, { hold: hold.hold, why, instances: missing.slice(0, MOST_NAMED) }, asked),
    });
  }

  private async expire(): Promise<void> {
    for (const incident of await incidentsWithExpiry(this.deps.db, this.deps.now()))
      await act(this.deps, {
        stream: incident,
        by: firebreakItself('containment'),
        may: 'containment.lift',
        fold: foldContainment,
        decide: expiriesDue,
      });
  }
}
