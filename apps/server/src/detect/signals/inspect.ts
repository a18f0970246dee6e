import { join } from 'node:path';
import type { Deps, Sql, Watch } from '../../platform/index.ts';
import { talliesOf } from './detector-beats.ts';
import { sightingsOf } from './heard.ts';
import { type Held, heldAs, type Inspected, type Inspector, inspectorHere } from './inspector.ts';
import { inspectorInThreads } from './inspector-threads.ts';
import { lookTogether, type Onlookers, type SeenInteraction, tellEach } from './onlooker.ts';
import { FEEDBACK_AT_ONCE, readFeedback } from './read-feedback.ts';
import { type Gained, stateOf, waitingCount } from './state.ts';
import { storeSignals } from './store-signals.ts';

const INTERACTIONS_AT_ONCE = 250;
/** How often one look takes something, so that a server that wants to stop need not wait long. */
const MOST_ROUNDS = 20;

/** How long a look lets telemetry that is being stored go first: a burst is taken in, then read. */
const GIVES_WAY_MS = 400;

const NO_NEWS: ReadonlySet<string> = new Set();

interface Taken {
  readonly id: string;
  readonly ids: readonly string[];
  readonly count: number;
}

/** Intakes that are being inspected, and who inspects them. One for each server. */
class Inspection {
  readonly #under = new Set<string>();
  #taking: Promise<unknown> = Promise.resolve();
  #inspector: Inspector | null = null;

  constructor(private readonly deps: Deps) {}

  async inspector(): Promise<Inspector> {
    const { config, log } = this.deps;
    const threads = config.detectorThreads;
    const state = stateOf(this.deps);
    this.#inspector ??=
      threads === 0
        ? inspectorHere(await state.aids())
        : inspectorInThreads({
            threads,
            file: join(config.home, 'dist/app/inspector-worker.js'),
            salt: await state.salt(),
            onDeath: (why) => log.warn({ why }, 'a thread of the detectors ended; what it was reading is read again'),
          });
    return this.#inspector;
  }

  /** The oldest intakes that wait and that nobody here inspects already. */
  take(): Promise<readonly Taken[]> {
    const taken = this.#taking.then(async () => {
      const { rows } = await this.deps.db.query<Taken>(
        `select id, ids, count from (
           select id, ids, count, sum(count) over (order by id) as upto from (
             select id, ids, count from telemetry_intake where not inspected and id <> all($1)
             order by id limit ${INTERACTIONS_AT_ONCE}) waiting) w
         where upto - count < ${INTERACTIONS_AT_ONCE}`,
        [[...this.#under]],
      );
      for (const { id } of rows) this.#under.add(id);
      return rows;
    });
    this.#taking = taken.catch(() => undefined);
    return taken;
  }

  letGo(taken: readonly Taken[]): void {
    for (const { id } of taken) this.#under.delete(id);
  }

  async close(): Promise<void> {
    await this.#inspector?.close();
  }
}

const inspections = new WeakMap<Deps, Inspection>();
function inspectionOf(deps: Deps): Inspection {
  const held = inspections.get(deps) ?? new Inspection(deps);
  inspections.set(deps, held);
  return held;
}

/** The records of these intakes as they stand now: from memory where they were just stored, else read back. */
async function recordsOf(deps: Deps, taken: readonly Taken[]): Promise<ReadonlyMap<string, Held>> {
  const state = stateOf(deps);
  const found = new Map<string, Held>();
  const missing: string[] = [];
  for (const intake of taken)
    for (const id of intake.ids) {
      const held = state.take(intake.id, id);
      if (held === null) missing.push(id);
      else found.set(id, held);
    }
  if (missing.length > 0) {
    const { rows } = await deps.db.query<{ id: string; text: string }>(
      'select id, data::text as text from interaction where id = any($1)',
      [missing],
    );
    for (const { id, text } of rows) {
      found.set(id, heldAs({ id, size: text.length, text: () => text }));
    }
  }
  return found;
}

/** Has the detectors read what came in, some at a time. Answers how many interactions were looked at. */
async function inspectSome(deps: Deps, inspection: Inspection, onlookers: Onlookers): Promise<number> {
  await stateOf(deps).storing.quiet(GIVES_WAY_MS);
  const taken = await inspection.take();
  if (taken.length === 0) return 0;
  try {
    const found = await recordsOf(deps, taken);
    const records = [...found.values()];
    const inspector = await inspection.inspector();
    const read = await inspector.read(records);
    const inspected = new Map(records.map(({ id }, i) => [id, read[i]!]));
    return await keepInspected(deps, onlookers, taken, found, inspected);
  } finally {
    inspection.letGo(taken);
  }
}

/** Marks intakes as inspected, with the signals that raised and whatever onlookers make of them, in one transaction. */
async function keepInspected(
  deps: Deps,
  onlookers: Onlookers,
  taken: readonly Taken[],
  found: ReadonlyMap<string, Held>,
  inspected: ReadonlyMap<string, Inspected>,
): Promise<number> {
  const state = stateOf(deps);
  const sightings = sightingsOf(deps);
  const tallies = talliesOf(deps);
  const now = deps.now();
  for (const { data } of found.values()) {
    sightings.see(data);
    const it = inspected.get(data.id)!;
    const first = tallies.see(data.system, it, now);
    const about = { interaction: data.id, system: data.system };
    if ('failed' in it)
      deps.log.error(
        { ...about, detector: it.by, why: it.failed },
        'the detectors could not read an interaction; it is kept, and nothing is raised from it',
      );
    else if (it.missed !== undefined && first)
      deps.log.error(
        { ...about, missed: it.missed },
        'some detectors could not read an interaction; it is kept, and the others have read it; more of it is counted',
      );
  }
  const keep = async (tx: Sql): Promise<void> => {
    // Another process may have looked at the same time: whoever marks it first raises the signals.
    const ours = await tx.query<{ ids: string[]; fresh: number | null; gained: Gained | null }>(
      'update telemetry_intake set inspected = true where id = any($1) and not inspected returning ids, fresh, gained',
      [taken.map(({ id }) => id)],
    );
    const read = [...new Set(ours.rows.flatMap((row) => row.ids))];
    const seen = ours.rows.flatMap(({ ids, fresh, gained }) =>
      ids.flatMap((id, i): SeenInteraction[] => {
        const data = found.get(id)?.data;
        if (data === undefined) return [];
        return [{ data, news: i < (fresh ?? ids.length) ? null : gained?.[id] ? new Set(gained[id]) : NO_NEWS }];
      }),
    );
    await storeSignals(
      tx,
      deps,
      read.flatMap((id) => {
        const it = inspected.get(id);
        return it !== undefined && 'raised' in it ? it.raised : [];
      }),
    );
    const interactions = read.flatMap((id) => found.get(id)?.data ?? []);
    if (interactions.length > 0)
      await tellEach(tx, deps, onlookers, interactions, { interactions: seen, feedback: [] });
  };
  await lookTogether(deps, () => deps.db.transaction(keep, 'bulk'));
  const count = taken.reduce((sum, intake) => sum + intake.count, 0);
  if (state.waiting !== null) state.waiting = Math.max(0, state.waiting - count);
  return count;
}

/** Everything that waits for the detectors, a bounded number of rounds; what is left asks for another look. */
export const inspectionWith = (onlookers: Onlookers): Watch => ({
  name: 'inspection',
  everyMs: 0,
  beside: true,
  async look(deps) {
    const aids = await stateOf(deps).aids();
    const inspection = inspectionOf(deps);
    let seen = 0;
    const lane = async (_: unknown, number: number) => {
      let said = number === 0 ? FEEDBACK_AT_ONCE : 0;
      let read = 1;
      for (let round = 0; round < MOST_ROUNDS && (said >= FEEDBACK_AT_ONCE || read > 0); round++) {
        if (number === 0) said = await readFeedback(deps, aids, onlookers);
        read = await inspectSome(deps, inspection, onlookers);
        seen += read;
      }
    };
    // One more than there are threads: while a batch is kept, the next one is read.
    const ends = await Promise.allSettled(Array.from({ length: deps.config.detectorThreads + 1 }, lane));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    if (seen > 0) deps.wake();
    else if ((await waitingCount(deps)) !== 0) stateOf(deps).waiting = null;
  },
  close: (deps) => inspectionOf(deps).close(),
});
