import { CHECKED_AT_ONCE } from '@firebreak/contract/respond/guard-channel';
import { isRefusal, msBetween } from '@firebreak/core/kernel';
import {
  type CheckedState,
  foldContainment,
  type Hold,
  isMet,
  noteProofs,
  type Proof,
  type ProofName,
  type Proving as ProvingInput,
  type ProvingInstance,
  probeOf,
  proofsChanged,
  proofsOf,
  standingOf,
  USUAL_PROOF_TIMES,
} from '@firebreak/core/respond/containment';
import { act, type Deps, firebreakItself, type Sql } from '../../platform/index.ts';
import { controlById, holdsWanted } from './boards.ts';
import type { ControlState } from './control-state.ts';
import type { Hub } from './hub.ts';
import { type CheckedRow, concerns, counts, type Instance, obeys, type Roster, whyNot } from './roster.ts';
import { trafficFigures } from './traffic.ts';

const MOST_INSTANCES = 10_000;
const MOST_HOLDS = 500;
/** While an order is young it is looked at every time, later less often. */
const YOUNG_MS = 5 * 60_000;
const LATER_MS = 15_000;
/** An instance that tried a hold is asked to try it again after this long. */
const AGAIN_MS = 10 * 60_000;
const ASKED_AT_ONCE = 2_000;
/** Of flags: whoever asked for them lately obeys by them. */
const FLAGS_MS = 3_600_000;

export type Proofs = Readonly<Record<ProofName, Proof>>;

/** What made-up requests met, by hold and instance. */
export async function checkedOf(
  sql: Sql,
  holds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, CheckedRow>>> {
  const { rows } = await sql.query<CheckedRow>('select * from guard_checked where hold = any($1)', [[...holds]]);
  const byHold = new Map<string, Map<string, CheckedRow>>();
  for (const row of rows) {
    const of = byHold.get(row.hold) ?? new Map<string, CheckedRow>();
    byHold.set(row.hold, of.set(row.instance, row));
  }
  return byHold;
}

/** Requests each hold has touched, as instances report them. */
async function touchedBy(sql: Sql, holds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ hold: string; touched: number }>(
    'select hold, sum(refused + rerouted)::float8 as touched from guard_touch where hold = any($1) group by hold',
    [[...holds]],
  );
  return new Map(rows.map(({ hold, touched }) => [hold, touched]));
}

/** At a gateway what counts is what its front door did. */
export const shownState = ({ state, door }: Pick<CheckedRow, 'state' | 'door'>): CheckedState =>
  state === 'effective' && door !== null ? door : state;

export const surfaceOf = ({ kind }: Pick<Instance, 'kind'>): 'guard' | 'gateway' | 'other' =>
  kind === 'guard' || kind === 'gateway' ? kind : 'other';

/** Watches the three proofs of every hold in force: has instances try it, and records what came and what did not. */
export class Proving {
  private readonly looked = new Map<string, number>();
  private readonly flagsAsked = new Map<string, number>();

  constructor(
    private readonly deps: Deps,
    private readonly state: ControlState,
    private readonly roster: Roster,
    /** Opened after this. */
    private readonly hub: () => Hub,
  ) {}

  /** Somebody evaluated flags of a system. */
  askedForFlags(system: string): void {
    this.flagsAsked.set(system, performance.now());
  }

  /** An instance obeys a test: it is asked at once. */
  tested(instance: string, hold: string): void {
    this.hub().ask(instance, [hold]);
  }

  /** All obey: now that nobody waits any more, they try it. */
  confirmed(hold: string): void {
    const held = this.state.held(hold);
    if (held === undefined) return;
    for (const each of this.roster.here.values())
      if (each.tries && each.presence === 'connected' && concerns(each, held.system))
        this.hub().ask(each.instance, [hold]);
  }

  /** Holds that a polling instance is to try, and to answer for. */
  async wanted(instance: Instance): Promise<string[]> {
    if (!instance.tries) return [];
    const holds = this.state.snapshot(instance.system).holds.filter((hold) => obeys(instance, hold, this.state));
    const wanted = async () => {
      const checked = await checkedOf(
        this.deps.db,
        holds.map(({ hold }) => hold),
      );
      return holds.filter(({ hold }) => this.isStale(checked.get(hold)?.get(instance.instance)));
    };
    if (holds.length === 0 || (await wanted()).length === 0) return [];
    // What was said a moment ago may not be written yet.
    await this.roster.flush();
    return (await wanted()).slice(0, CHECKED_AT_ONCE).map(({ hold }) => hold);
  }

  private isStale(row: CheckedRow | undefined): boolean {
    return row === undefined || msBetween(row.at, this.deps.now()) > AGAIN_MS;
  }

  private flags(hold: Hold): ProvingInstance[] {
    const asked = this.flagsAsked.get(hold.system);
    if (asked === undefined || performance.now() - asked > FLAGS_MS) return [];
    const probe = probeOf(hold.what);
    const verdict = probe && this.state.compiled(hold.system).check(hold.system, probe.asking);
    const checked = verdict === undefined ? 'unknown' : isMet(hold.what, verdict) ? 'effective' : 'not-effective';
    return [{ instance: 'OpenFeature clients', host: '', surface: 'openfeature', whyNot: null, checks: true, checked }];
  }

  /** What the proofs of these holds are made of, by hold. What was said a moment ago has to be written by then. */
  async inputs(holds: readonly Hold[]): Promise<ReadonlyMap<string, ProvingInput>> {
    if (holds.length === 0) return new Map();
    const names = holds.map(({ hold }) => hold);
    const systems = new Set(holds.map(({ system }) => system));
    const now = this.roster.lately();
    const all = (await this.roster.instances(systems.size === 1 ? [...systems][0]! : null, MOST_INSTANCES)).filter(
      (each) => counts(each, now),
    );
    const checked = await checkedOf(this.deps.db, names);
    const traffic = await trafficFigures(this.deps, holds, await touchedBy(this.deps.db, names));
    const inputs = new Map<string, ProvingInput>();
    all.sort((a, b) => (a.instance < b.instance ? -1 : 1));
    for (const hold of holds) {
      const tried = checked.get(hold.hold);
      const instances = all
        .filter((each) => concerns(each, hold.system))
        .map((each): ProvingInstance => {
          const row = tried?.get(each.instance);
          // Whoever obeyed goes on obeying when it loses contact.
          const good = obeys(each, hold, this.state);
          return {
            instance: each.instance,
            host: each.host,
            surface: surfaceOf(each),
            ...(each.connected_at === null ? {} : { since: each.connected_at }),
            whyNot: good ? null : whyNot(each, hold),
            checks: each.tries,
            checked: row === undefined ? null : shownState(row),
            ...(row?.says ? { says: row.says } : {}),
          };
        });
      const control = hold.control === undefined ? null : await controlById(this.deps.db, hold.control);
      inputs.set(hold.hold, {
        hold,
        times: control === null ? USUAL_PROOF_TIMES : standingOf(control.data).proofs,
        instances: [...instances, ...this.flags(hold)],
        gone: this.roster.gone.of(hold.system, hold.orderedAt),
        traffic: traffic.get(hold.hold)!,
      });
    }
    return inputs;
  }

  async proofs(holds: readonly Hold[]): Promise<ReadonlyMap<string, Proofs>> {
    const inputs = await this.inputs(holds);
    const now = this.deps.now();
    return new Map([...inputs].map(([hold, input]) => [hold, proofsOf(input, now)]));
  }

  /** Looks at the holds whose time it is, records what has changed, and asks those who have not tried them yet. */
  async look(): Promise<void> {
    const now = Date.parse(this.deps.now());
    const active = await holdsWanted(this.deps.db, { active: true, limit: MOST_HOLDS });
    const names = new Set<string>(active.map(({ hold }) => hold));
    for (const hold of this.looked.keys()) if (!names.has(hold)) this.looked.delete(hold);
    const due = active.filter(({ hold, orderedAt }) => {
      const every = now - Date.parse(orderedAt) < YOUNG_MS ? 0 : LATER_MS;
      return now - (this.looked.get(hold) ?? Number.NEGATIVE_INFINITY) >= every;
    });
    if (due.length === 0) return;
    const proofs = await this.proofs(due);
    for (const hold of due) {
      this.looked.set(hold.hold, now);
      const stand = Object.values(proofs.get(hold.hold)!);
      if (proofsChanged(hold.proofs, stand)) await this.note(hold, stand);
    }
    await this.ask(due);
  }

  private async note(hold: Hold, proofs: readonly Proof[]): Promise<void> {
    const done = await act(this.deps, {
      stream: hold.incident,
      by: firebreakItself('containment'),
      may: 'containment.order',
      fold: foldContainment,
      decide: (state, asked) => noteProofs(state, hold.hold, proofs, asked),
    });
    if (isRefusal(done))
      this.deps.log.warn({ hold: hold.hold, why: done.why }, 'what was proven could not be recorded');
  }

  private async ask(holds: readonly Hold[]): Promise<void> {
    const checked = await checkedOf(
      this.deps.db,
      holds.map(({ hold }) => hold),
    );
    let left = ASKED_AT_ONCE;
    for (const each of this.roster.here.values()) {
      if (!each.tries || each.presence !== 'connected') continue;
      const wanted = holds
        .filter(
          (hold) =>
            concerns(each, hold.system) &&
            obeys(each, hold, this.state) &&
            this.isStale(checked.get(hold.hold)?.get(each.instance)),
        )
        .map(({ hold }) => hold);
      if (wanted.length === 0) continue;
      this.hub().ask(each.instance, wanted);
      left -= 1;
      if (left === 0) return;
    }
  }
}
