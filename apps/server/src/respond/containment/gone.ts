import type { GoneRow } from '@firebreak/contract/respond/containment';
import { type Actor, addMs, type Instant, isRefusal, type Recorded } from '@firebreak/core/kernel';
import { foldContainment, type Hold, hearAgain, type SaidGone } from '@firebreak/core/respond/containment';
import { act, type Board, type Deps, firebreakItself, type Sql } from '../../platform/index.ts';

const MOST = 10_000;
/** An instance not heard for so long is expected by nobody, whatever was said of it. */
const MATTERS_MS = 24 * 3_600_000;

interface Row {
  readonly instance: string;
  readonly said_at: Instant;
  readonly system: string;
  readonly host: string;
  readonly hold: Hold['hold'];
  readonly incident: string;
  readonly reason: string;
  readonly said_by: Actor;
  readonly back_at: Instant | null;
  readonly told: GoneRow['told'];
}

export const goneBoard: Board = {
  name: 'instances said to be gone',
  tables: ['gone_board'],
  types: ['containment.written-off', 'containment.heard-again', 'containment.contradiction-told'],
  async apply(tx, { type, data, at, by, stream }) {
    if (type === 'containment.written-off')
      await tx.query(
        `insert into gone_board (instance, said_at, system, host, hold, incident, reason, said_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb) on conflict do nothing`,
        [data.instance, at, data.system, data.host, data.hold, stream, data.reason, JSON.stringify(by)],
      );
    else if (type === 'containment.heard-again')
      await tx.query('update gone_board set back_at = $3 where instance = $1 and hold = $2 and back_at is null', [
        data.instance,
        data.hold,
        at,
      ]);
    else
      await tx.query(
        `update gone_board set told = $3::jsonb
         where instance = $1 and hold = $2 and told is null and back_at is not null`,
        [data.instance, data.hold, JSON.stringify(data.to)],
      );
  },
};

const isOf = (row: Row, system: string): boolean => row.system === system || row.system === '*';
const saidOf = ({ instance, host, reason, said_at, said_by }: Row): SaidGone => ({
  instance,
  host,
  reason,
  at: said_at,
  by: said_by,
});

/** Instances that nobody waits for because a person said that they are gone; one that is heard counts again at once. */
export class Gone {
  private readonly said = new Map<string, Row>();
  /** Heard here, and not recorded yet. */
  private readonly back = new Map<string, Row>();
  private recording = false;

  private constructor(private readonly deps: Deps) {}

  static async open(deps: Deps): Promise<Gone> {
    const gone = new Gone(deps);
    const early: Recorded[] = [];
    let ready = false;
    deps.feed.on((facts) => {
      if (ready) gone.take(facts);
      else early.push(...facts);
    });
    const { rows } = await deps.db.query<Row>(
      `select * from gone_board where back_at is null order by said_at desc limit ${MOST}`,
    );
    for (const row of rows) if (!gone.said.has(row.instance)) gone.said.set(row.instance, row);
    ready = true;
    gone.take(early);
    return gone;
  }

  private take(facts: readonly Recorded[]): void {
    for (const { type, data, at, by, stream } of facts) {
      if (type === 'containment.written-off') {
        const { instance, system, host, hold, reason } = data;
        const row = { instance, system, host, hold, reason, incident: stream, said_at: at, said_by: by };
        this.back.delete(instance);
        this.said.set(instance, { ...row, back_at: null, told: null } as Row);
      } else if (type === 'containment.heard-again') {
        this.said.delete(data.instance);
        this.back.delete(data.instance);
      }
    }
  }

  has(instance: string): boolean {
    return this.said.has(instance);
  }

  /** Of those that enforce a system, those an order of this time would have waited for. */
  of(system: string, orderedAt: Instant): SaidGone[] {
    const since = addMs(orderedAt, -MATTERS_MS);
    return [...this.said.values()].filter((row) => isOf(row, system) && row.said_at >= since).map(saidOf);
  }

  /** An instance gave a sign of life. */
  heard(instance: string): void {
    const row = this.said.get(instance);
    if (row === undefined) return;
    this.said.delete(instance);
    this.back.set(instance, row);
    void this.look();
  }

  /** Records who was heard again; what cannot be recorded is tried again. */
  async look(): Promise<void> {
    if (this.recording) return;
    this.recording = true;
    try {
      for (const row of [...this.back.values()]) {
        const { hold, system, instance, host } = row;
        const done = await act(this.deps, {
          stream: row.incident,
          by: firebreakItself('containment'),
          may: 'containment.order',
          fold: foldContainment,
          decide: (state, asked) => hearAgain(state, { hold, system, instance, host }, asked),
        });
        if (isRefusal(done)) this.deps.log.warn({ instance, why: done.why }, 'that it was heard again is not recorded');
        if (this.back.get(instance) === row) this.back.delete(instance);
      }
    } catch (error) {
      this.deps.log.warn({ err: error }, 'who was heard again could not be recorded; tried again');
    } finally {
      this.recording = false;
    }
  }
}

/** What was said of instances while each of these holds waited for them, by hold, oldest first. */
export async function goneOf(sql: Sql, holds: readonly Hold[]): Promise<ReadonlyMap<string, GoneRow[]>> {
  const since = holds.map(({ orderedAt }) => addMs(orderedAt, -MATTERS_MS)).sort()[0];
  if (since === undefined) return new Map();
  const { rows } = await sql.query<Row>(
    `select * from gone_board where (system = any($1) or system = '*') and said_at >= $2
     order by said_at, instance limit ${MOST}`,
    [[...new Set(holds.map(({ system }) => system))], since],
  );
  return new Map(
    holds.map((hold) => {
      const from = addMs(hold.orderedAt, -MATTERS_MS);
      const until = hold.ended?.at;
      const own = rows.filter(
        (row) =>
          isOf(row, hold.system) &&
          row.said_at >= from &&
          (until === undefined || row.said_at <= until) &&
          (row.back_at === null || row.back_at >= hold.orderedAt),
      );
      return [hold.hold, own.map((row) => ({ ...saidOf(row), backAt: row.back_at, told: row.told }))];
    }),
  );
}
