import { executors as doors, type Executor as Shown } from '@firebreak/contract/respond/executors';
import { type Decision, type Instant, isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  type Binding,
  changeExecutor,
  declareExecutor,
  type Executor,
  type ExecutorFact,
  foldExecutor,
  isOpen,
  keyExecutor,
  kindOf,
  orderAgain,
  orderKey,
  proofOf,
  rehearseExecutor,
  retireExecutor,
  settleOrder,
} from '@firebreak/core/respond/executors';
import {
  type App,
  act,
  actWithin,
  announce,
  type Caller,
  type Deps,
  firebreakItself,
  loadStream,
  route,
} from '../../platform/index.ts';
import { controlById } from '../containment/index.ts';
import { findIncident } from '../incidents/index.ts';
import { newSecret } from '../links/index.ts';
import { countExecutors, type ExecutorRow, findExecutor, listExecutors, type OrderRow, ordersOf } from './board.ts';
import { rehearse } from './rehearse.ts';
import { noteRunner, ordersFor, runnersSeen } from './runners.ts';
import { keepSecret, readToken } from './secrets.ts';

const unknown = (): Refusal =>
  refuse('executor.unknown', 'There is no such executor. List the executors to see the ones there are.');

function shown({ lastDone, holding, was, ...row }: ExecutorRow, now: Instant): Shown {
  const kind = kindOf(row.kind);
  // The newest outcome stands for all orders: it is all the proof needs of them.
  const orders = new Map(
    lastDone === null
      ? []
      : [['last', { state: lastDone.ok ? 'confirmed' : 'given-up', changedAt: lastDone.at } as never]],
  );
  return {
    ...row,
    settings: { ...row.settings },
    controls: [...row.controls],
    holds: kind.says(row.settings, 'hold'),
    letsGo: kind.says(row.settings, 'let-go'),
    proof: proofOf({ rehearsed: row.rehearsed, orders }, now),
    holding: holding.map(({ incident, hold, label }) => ({ incident, hold, label })),
    was: was === null ? null : { says: was.says, at: was.at },
  };
}

const shownOrder = ({ executor, name, kind, data }: OrderRow) => {
  const { begunAt: _, escalated, ...order } = data;
  return {
    executor: executor as `exe_${string}`,
    name,
    kind,
    ...order,
    escalated: escalated === null ? null : { ...escalated, to: [...escalated.to] },
  };
};

/** Waits for something to do, a bounded time; ends at once when the server closes. */
function waiting(app: App, deps: Deps) {
  const wakers = new Set<() => void>();
  const wake = () => {
    for (const waker of [...wakers]) waker();
  };
  deps.feed.on((facts) => {
    if (facts.some(({ type }) => type === 'executor.under-way')) wake();
  });
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
    wake();
  });
  /** False: there is nothing to wait for any more. */
  return (ms: number): Promise<boolean> =>
    new Promise((resolve) => {
      if (closing) return resolve(false);
      const done = () => {
        clearTimeout(timer);
        wakers.delete(done);
        resolve(!closing);
      };
      const timer = setTimeout(done, ms);
      wakers.add(done);
    });
}

export function routes(app: App, deps: Deps): void {
  const answer = async (id: string) => {
    const row = await findExecutor(deps.db, id);
    return row === null ? unknown() : { executor: shown(row, deps.now()) };
  };
  type Decide = (state: Executor | null) => Decision<ExecutorFact>;
  const change = async (
    id: string,
    by: Caller,
    may: 'people.administer' | 'containment.order',
    decide: Decide,
    secret?: string | null,
  ) => {
    const done = await deps.db.transaction(async (tx) => {
      const made = await actWithin(tx, deps, { stream: id, by, may, fold: foldExecutor, decide });
      if (!isRefusal(made) && secret !== undefined) await keepSecret(tx, deps, id, secret);
      return made;
    });
    if (isRefusal(done)) return done;
    await announce(deps, done.facts);
    return answer(id);
  };
  async function bindings(controls: readonly string[]): Promise<Binding[] | Refusal> {
    const found: Binding[] = [];
    for (const [i, control] of controls.entries()) {
      const row = await controlById(deps.db, control);
      if (row === null || row.data.retired)
        return refuse('control.unknown', 'No such control is wired. List those there are.', `/controls/${i}`);
      found.push({ control, system: row.data.system, name: row.data.name });
    }
    return found;
  }
  const wait = waiting(app, deps);

  route(app, doors.list, async ({ query }) => ({
    executors: (await listExecutors(deps.db, { system: query.system, retired: query.retired === 'yes' })).map((row) =>
      shown(row, deps.now()),
    ),
  }));
  route(app, doors.show, async ({ params }) => {
    const one = await answer(params.executor);
    if (isRefusal(one)) return one;
    return { ...one, orders: (await ordersOf(deps.db, { executor: params.executor })).map(shownOrder) };
  });
  route(app, doors.declare, async ({ body, caller }) => {
    const controls = await bindings(body.controls);
    if (isRefusal(controls)) return controls;
    const executor = deps.mint('exe');
    const own = body.kind === 'webhook' && body.secret === undefined ? newSecret() : null;
    const secret = kindOf(body.kind).secret === null ? undefined : (own ?? body.secret);
    const done = await deps.db.transaction(async (tx) => {
      const made = await actWithin(tx, deps, {
        stream: executor,
        by: caller,
        may: 'people.administer',
        fold: foldExecutor,
        given: countExecutors,
        decide: (state, _asked, beside) =>
          declareExecutor(
            state,
            {
              executor,
              kind: body.kind,
              name: body.name,
              settings: body.settings,
              controls,
              keyed: secret !== undefined,
            },
            beside,
          ),
      });
      if (!isRefusal(made) && secret !== undefined) await keepSecret(tx, deps, executor, secret);
      return made;
    });
    if (isRefusal(done)) return done;
    await announce(deps, done.facts);
    const one = await answer(executor);
    return isRefusal(one) ? one : { ...one, secret: own };
  });
  route(app, doors.change, async ({ params, body, caller }) => {
    const controls = await bindings(body.controls);
    if (isRefusal(controls)) return controls;
    return change(params.executor, caller, 'people.administer', (state) =>
      changeExecutor(state, { ...body, controls }),
    );
  });
  route(app, doors.key, ({ params, body, caller }) =>
    change(params.executor, caller, 'people.administer', (state) => keyExecutor(state, { keyed: true }), body.secret),
  );
  route(app, doors.retire, ({ params, body, caller }) =>
    change(params.executor, caller, 'people.administer', (state) => retireExecutor(state, body), null),
  );

  route(app, doors.rehearse, async ({ params, caller }) => {
    const executor = foldExecutor(await loadStream(deps.db, params.executor));
    if (executor === null || executor.retired !== null) return unknown();
    const began = performance.now();
    const result = await rehearse(deps, executor);
    const ms = Math.round(performance.now() - began);
    return change(params.executor, caller, 'containment.order', (state) => rehearseExecutor(state, { ...result, ms }));
  });
  route(app, doors.again, ({ params, body, caller }) =>
    change(params.executor, caller, 'containment.order', (state) => orderAgain(state, body)),
  );
  route(app, doors.ofIncident, async ({ params }) => {
    const incident = await findIncident(deps.db, params.incident);
    if (incident === null) return refuse('incident.unknown', `There is no incident ${params.incident}.`);
    return { orders: (await ordersOf(deps.db, { incident })).map(shownOrder) };
  });

  route(app, doors.report, async ({ body }) => {
    const about = readToken(deps, body.token);
    const refused = () =>
      refuse(
        'executor.report-refused',
        'The token names no order that waits for a report. Each is good once.',
        '/token',
      );
    if (about === null) return refused();
    const key = orderKey(about);
    const done = await act(deps, {
      stream: about.executor,
      by: firebreakItself('executors'),
      may: 'containment.order',
      fold: foldExecutor,
      decide: (state, asked) => {
        const order = state?.orders.get(key);
        if (
          order === undefined ||
          !isOpen(order) ||
          order.failures + 1 !== about.attempt ||
          order.orderedAt !== about.orderedAt
        )
          return refused();
        const says = body.says || body.state;
        const stands = body.state === 'confirmed' ? 'there' : { trouble: says, final: false };
        return settleOrder(state, about, { stands, says, sent: true, waitMs: null }, asked);
      },
    });
    if (isRefusal(done)) return done;
    return { state: done.state?.orders.get(key)?.state ?? 'overtaken' };
  });

  route(app, doors.runnerOrders, async ({ params, body, request }) => {
    const ends = performance.now() + body.waitSeconds * 1_000;
    await noteRunner(deps, params.runner, body.scripts);
    for (;;) {
      const orders = await ordersFor(deps, params.runner);
      const left = ends - performance.now();
      if (orders.length > 0 || left <= 0 || request.socket.destroyed) return { orders };
      if (!(await wait(Math.min(left, 5_000)))) return { orders: [] };
    }
  });
  route(app, doors.runners, async () => ({ runners: await runnersSeen(deps.db) }));
}
