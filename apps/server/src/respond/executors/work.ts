import { addMs, type Instant, isRefusal, msBetween, type Recorded } from '@firebreak/core/kernel';
import {
  type About,
  type Doing,
  type Executor,
  type ExecutorFact,
  type ExecutorId,
  escalate,
  foldExecutor,
  isOpen,
  kindOf,
  letGo,
  noteSeen,
  type Order,
  type Outcome,
  orderKey,
  settleOrder,
  takeHold,
  type Way,
  wantedWay,
  watchHeld,
} from '@firebreak/core/respond/executors';
import { foldIncident } from '@firebreak/core/respond/incidents';
import {
  act,
  actWithin,
  type Deps,
  type Effect,
  enqueue,
  firebreakItself,
  type JobHandler,
  loadStream,
  type Sql,
  type Watch,
} from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { controlsPulledBy, holdById, holdsInForce } from '../containment/index.ts';
import { labelsOf } from '../incidents/index.ts';
import { tellOthers } from '../links/index.ts';
import { actingFor, forgotten, orderedBy } from './board.ts';
import { glance, perform } from './perform.ts';
import { raiseControlFailure } from './raise.ts';
import { runnerFault } from './runners.ts';
import { secretOf, tokenFor } from './secrets.ts';

const itself = firebreakItself('executors');
const GLANCE_MS = 120_000;
const FIRST_LOOK_MS = 2_000;
const LONGEST_LOOK_MS = 15_000;

const letsAllGo = (release: { readonly percent: number } | undefined): boolean => (release?.percent ?? 0) >= 100;

interface OfOrder {
  readonly executor: ExecutorId;
  readonly hold: string;
  readonly way: Way;
}

/** `at` and `outside` are absent of jobs that were written before there were such members. */
type GivenUp = OfOrder & { readonly seq: number; readonly at?: Instant; readonly outside?: boolean };

/** `at`: when it was confirmed, so that each confirmation is watched once. */
type Glance = OfOrder & { readonly at: Instant };

/** Work that follows from a fact, written in the transaction of the fact. */
export function workAfter({ type, stream, data, seq, at }: Recorded): Effect[] {
  if (type === 'containment.ordered') return [{ kind: 'executors.hold', payload: { hold: data.hold } }];
  // A switch knows no shares: it follows when everybody is let go, and when somebody is held again.
  if (type === 'containment.released')
    return [{ kind: letsAllGo(data.release) ? 'executors.over' : 'executors.hold', payload: { hold: data.hold } }];
  if (type === 'containment.lifted' || type === 'containment.expired')
    return [{ kind: 'executors.over', payload: { hold: data.hold } }];
  if (type === 'executor.declared' || type === 'executor.changed')
    return [{ kind: 'executors.bound', payload: { executor: stream } }];
  const order = { executor: stream, hold: data.hold, way: data.way };
  if (type === 'executor.ordered') return [{ kind: 'executors.work', payload: order }];
  if (type === 'executor.under-way') return [{ kind: 'executors.work', payload: order, afterMs: FIRST_LOOK_MS }];
  if (type === 'executor.confirmed' && data.way === 'hold')
    return [{ kind: 'executors.glance', payload: { ...order, at }, afterMs: GLANCE_MS }];
  if (type === 'executor.failed')
    return data.againAfterMs === null
      ? [{ kind: 'executors.escalate', payload: { ...order, seq, at, outside: data.outside === true } }]
      : [{ kind: 'executors.work', payload: order, afterMs: data.againAfterMs }];
  return [];
}

async function change(
  tx: Sql,
  deps: Deps,
  executor: string,
  decide: Parameters<typeof actWithin<Executor | null, ExecutorFact>>[2]['decide'],
) {
  const done = await actWithin(tx, deps, {
    stream: executor,
    by: itself,
    may: 'containment.order',
    fold: foldExecutor,
    decide,
  });
  if (isRefusal(done)) throw new Error(`an order of an executor was refused: ${done.why}`);
  return done;
}

/** A hold came into force: one job for each executor, so that none waits for the stream of another. */
export const onHold: JobHandler = {
  async within(tx: Sql, { hold: id }: { readonly hold: string }, deps) {
    const hold = await holdById(tx, id);
    if (hold === null) return;
    for (const { executor, control } of await actingFor(tx, await controlsPulledBy(tx, hold)))
      await enqueue(tx, deps, { kind: 'executors.take', payload: { executor, hold: id, control } });
  },
};

/** The hold is read after the executor is locked: one that is over by then is not taken up. */
export const take: JobHandler = {
  async within(
    tx: Sql,
    { executor, hold: id, control }: { readonly executor: ExecutorId; readonly hold: string; readonly control: string },
    deps,
  ) {
    const done = await actWithin(tx, deps, {
      stream: executor,
      by: itself,
      may: 'containment.order',
      fold: foldExecutor,
      given: () => holdById(tx, id),
      decide: (state, _asked, hold) => {
        if (hold === null || hold.state !== 'active' || letsAllGo(hold.release)) return [];
        const about: About = {
          incident: hold.incident,
          hold: id,
          label: `HLD-${hold.number}`,
          system: hold.system,
          control,
        };
        return takeHold(state, about);
      },
    });
    if (isRefusal(done)) throw new Error(`an order of an executor was refused: ${done.why}`);
  },
};

/** A hold is over, or lets everybody go. Those bound now are asked as well: one of them may be about to take it up. */
export const onOver: JobHandler = {
  async within(tx: Sql, { hold: id }: { readonly hold: string }, deps) {
    const hold = await holdById(tx, id);
    const bound = hold === null ? [] : await actingFor(tx, await controlsPulledBy(tx, hold));
    const all = new Set([...(await orderedBy(tx, id)), ...bound.map(({ executor }) => executor)]);
    for (const executor of all) await enqueue(tx, deps, { kind: 'executors.let-go', payload: { executor, hold: id } });
  },
};

export const goes: JobHandler = {
  async within(tx: Sql, { executor, hold }: { readonly executor: ExecutorId; readonly hold: string }, deps) {
    await change(tx, deps, executor, (state) => letGo(state, { hold }));
  },
};

/** An executor that is bound while a hold is in force takes it up. */
export const onBound: JobHandler = {
  async within(tx: Sql, { executor }: { readonly executor: ExecutorId }, deps) {
    const state = foldExecutor(await loadStream(tx, executor));
    if (state === null || state.retired !== null) return;
    const mine = new Map(state.controls.map((each) => [each.control, each]));
    for (const system of new Set(state.controls.map((each) => each.system)))
      for (const hold of await holdsInForce(tx, system)) {
        const control = (await controlsPulledBy(tx, hold)).find((each) => mine.has(each));
        if (control !== undefined)
          await enqueue(tx, deps, { kind: 'executors.take', payload: { executor, hold: hold.hold, control } });
      }
  },
};

export function doingOf(
  deps: Deps,
  { id, name, settings, was }: Executor,
  order: Pick<Order, 'hold' | 'way' | 'label' | 'incident' | 'system' | 'control' | 'orderedAt' | 'failures' | 'state'>,
  secret: string | null,
): Doing {
  const { hold, way, label, incident, system, control, orderedAt } = order;
  const attempt = order.failures + 1;
  return {
    settings,
    secret,
    way,
    was: was?.value ?? null,
    // Ordered anew is another order: what was told before must not be taken for it.
    key: `fb-${hold.slice(4)}-${way}-${Date.parse(orderedAt).toString(36)}`,
    attempt,
    sent: order.state === 'under-way',
    orderedAt,
    about: { executor: name, hold, label, incident, system, control },
    report: {
      url: `${deps.config.publicUrl}/api/v1/executor-reports`,
      token: tokenFor(deps, { executor: id, hold, way, attempt, orderedAt }),
    },
  };
}

async function attempt(deps: Deps, executor: Executor, order: Order): Promise<Outcome> {
  const kind = kindOf(executor.kind);
  const failed = (trouble: string, final: boolean): Outcome => ({
    stands: { trouble, final },
    says: trouble,
    sent: false,
    waitMs: null,
  });
  const secret = executor.keyed ? await secretOf(deps.db, deps, executor.id) : null;
  if (secret === null && kind.secret?.needed === true) return failed('its secret is gone; set it again', true);
  if (executor.kind === 'script' && order.state !== 'under-way') {
    const fault = await runnerFault(deps.db, executor, deps.now());
    if (fault !== null) return failed(fault, false);
  }
  return perform(deps, kind, doingOf(deps, executor, order, secret), async (saw) => {
    const done = await act(deps, {
      stream: executor.id,
      by: itself,
      may: 'containment.order',
      fold: foldExecutor,
      decide: (state) => noteSeen(state, order, saw),
    });
    if (isRefusal(done)) throw new Error(`what was seen was refused: ${done.why}`);
  });
}

/** How long to wait before an order that is under way is looked at again: longer and longer, or as long as it may take. */
function nextLookMs({ kind, settings }: Executor, { begunAt }: Order, now: Recorded['at']): number {
  const { reports, patience } = kindOf(kind);
  const elapsed = begunAt === null ? 0 : msBetween(begunAt, now);
  if (reports) return Math.max(1_000, patience(settings) * 1_000 - elapsed);
  return Math.min(LONGEST_LOOK_MS, Math.max(FIRST_LOOK_MS, elapsed / 4));
}

/** One try, or one more look. Its outcome is a fact; the next try follows from that fact. */
export const work: JobHandler = {
  slow: true,
  async outside({ executor: id, hold, way }: OfOrder, deps) {
    const executor = foldExecutor(await loadStream(deps.db, id));
    const order = executor?.orders.get(orderKey({ hold, way }));
    if (!executor || order === undefined || !isOpen(order)) return;
    const overtaken = order.way !== wantedWay(executor);
    const outcome: Outcome = overtaken
      ? { stands: 'elsewhere', says: '', sent: false, waitMs: null }
      : await attempt(deps, executor, order);
    const done = await act(deps, {
      stream: id,
      by: itself,
      may: 'containment.order',
      fold: foldExecutor,
      decide: (state, asked) => settleOrder(state, { hold, way }, outcome, asked),
    });
    if (isRefusal(done)) throw new Error(`the outcome of an order was refused: ${done.why}`);
    const now = done.state?.orders.get(orderKey({ hold, way }));
    if (done.facts.length > 0 || done.state === null || now?.state !== 'under-way') return;
    const afterMs = nextLookMs(done.state, now, deps.now());
    await deps.db.transaction((tx) =>
      enqueue(tx, deps, { kind: 'executors.work', payload: { executor: id, hold, way }, afterMs }),
    );
  },
};

/** Looks at a switch that is held, every two minutes for as long as it stands as it was confirmed. */
export const watch: JobHandler = {
  slow: true,
  async outside({ executor: id, hold, way, at }: Glance, deps) {
    const executor = foldExecutor(await loadStream(deps.db, id));
    const order = executor?.orders.get(orderKey({ hold, way }));
    if (!executor || order?.state !== 'confirmed' || order.changedAt !== at) return;
    const kind = kindOf(executor.kind);
    if (kind.keeps !== true || !executor.holding.some((each) => each.hold === hold)) return;
    const secret = executor.keyed ? await secretOf(deps.db, deps, id) : null;
    const seen = await glance(deps, kind, doingOf(deps, executor, order, secret));
    if (seen?.stands === 'elsewhere') {
      const done = await act(deps, {
        stream: id,
        by: itself,
        may: 'containment.order',
        fold: foldExecutor,
        decide: (state) => watchHeld(state, { hold, way }, seen),
      });
      if (isRefusal(done)) throw new Error(`what was seen of a switch was refused: ${done.why}`);
      return;
    }
    const payload: Glance = { executor: id, hold, way, at };
    await deps.db.transaction((tx) => enqueue(tx, deps, { kind: 'executors.glance', payload, afterMs: GLANCE_MS }));
  },
};

/** Longer than anything may be under way or wait to be tried again. */
const FORGOTTEN_MS = 20 * 60_000;

/** Takes up again what no job looks after any more: a job that met faults of this server too often, or a restored database. */
export const remind: Watch = {
  name: 'executors',
  everyMs: 60_000,
  async look(deps) {
    const waiting = await forgotten(deps.db, addMs(deps.now(), -FORGOTTEN_MS));
    if (waiting.length === 0) return;
    await deps.db.transaction(async (tx) => {
      for (const order of waiting)
        await enqueue(tx, deps, {
          kind: 'executors.work',
          payload: order,
          once: `executors:${order.executor}:${order.hold}:${order.way}`,
        });
    });
    deps.wake();
  },
};

/** What was given up is told to whoever is paged, with who answers for the system; a hold that does not hold is a signal too. */
export const tellGivenUp: JobHandler = {
  async within(tx: Sql, { executor: id, hold, way, seq, at, outside }: GivenUp, deps) {
    const executor = foldExecutor(await loadStream(tx, id));
    const order = executor?.orders.get(orderKey({ hold, way }));
    if (!executor || order === undefined || order.state !== 'given-up') return;
    const { incident, system, label, says, failures } = order;
    const found = await readSystem(tx, system);
    const owner = isRefusal(found) ? '' : found.owner;
    const names = (await labelsOf(tx, [incident])).get(incident) ?? incident;
    const drill = foldIncident(await loadStream(tx, incident))?.drill === true;
    if (way === 'hold' && !drill)
      await raiseControlFailure(tx, deps, executor, order, { seq, at: at ?? deps.now(), outside: outside === true });
    const to = await tellOthers(tx, deps, {
      event: 'executor.given-up',
      key: seq,
      about: incident,
      body: {
        id: incident,
        label: names,
        title: `${drill ? 'DRILL: ' : ''}${executor.name} did not ${way === 'hold' ? 'obey' : 'let go'}: ${says}`,
        executor: executor.name,
        kind: executor.kind,
        hold: label,
        way,
        system,
        owner,
        why: says,
        tries: failures,
        url: `${deps.config.publicUrl}/incidents/${names}/contain`,
      },
    });
    await change(tx, deps, id, (state) => escalate(state, { hold, way }, { owner, to }));
  },
};
