import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import { type Executor, foldExecutor, kindOf, rehearseExecutor } from '@firebreak/core/respond/executors';
import {
  act,
  type Deps,
  type Effect,
  enqueue,
  firebreakItself,
  type JobHandler,
  loadStream,
  type Sql,
} from '../../platform/index.ts';
import { actingFor } from './board.ts';
import { type Rehearsed, tryOut } from './perform.ts';
import { runnerFault } from './runners.ts';
import { secretOf } from './secrets.ts';
import { doingOf } from './work.ts';

/** Everything short of turning the switch; what that leaves untried is said. */
export async function rehearse(deps: Deps, executor: Executor): Promise<Rehearsed> {
  const kind = kindOf(executor.kind);
  if (executor.kind === 'script') {
    const fault = await runnerFault(deps.db, executor, deps.now());
    const { runner, script } = executor.settings;
    return {
      ok: fault === null,
      says: fault ?? `runner ${runner} is there and has ${script}; ${kind.untried}`,
      may: 'unsaid',
    };
  }
  const secret = executor.keyed ? await secretOf(deps.db, deps, executor.id) : null;
  if (secret === null && kind.secret?.needed === true)
    return { ok: false, says: 'its secret is gone; set it again', may: 'unsaid' };
  const now = deps.now();
  const order = {
    hold: 'hld_rehearsal',
    way: 'hold',
    label: 'rehearsal',
    incident: '',
    system: '',
    control: '',
  } as const;
  const tried = await tryOut(
    deps,
    kind,
    doingOf(deps, executor, { ...order, orderedAt: now, failures: 0, state: 'ordered' }, secret),
  );
  return tried.ok && kind.untried !== undefined ? { ...tried, says: `${tried.says}; ${kind.untried}` } : tried;
}

/** A control is tested together with the switches that follow it. */
export const rehearsalsAfter = ({ type, data }: Recorded): Effect[] =>
  type === 'control-test.begun' ? [{ kind: 'executors.rehearse-all', payload: { control: data.control } }] : [];

export const rehearseAll: JobHandler = {
  async within(tx: Sql, { control }: { readonly control: string }, deps) {
    for (const { executor } of await actingFor(tx, [control]))
      await enqueue(tx, deps, { kind: 'executors.rehearse', payload: { executor } });
  },
};

export const rehearseOne: JobHandler = {
  slow: true,
  async outside({ executor: id }: { readonly executor: string }, deps) {
    const executor = foldExecutor(await loadStream(deps.db, id));
    // One that holds is watched already, and was seen to work.
    if (executor === null || executor.retired !== null || executor.holding.length > 0) return;
    const began = performance.now();
    const result = await rehearse(deps, executor);
    const ms = Math.round(performance.now() - began);
    const done = await act(deps, {
      stream: id,
      by: firebreakItself('executors'),
      may: 'containment.order',
      fold: foldExecutor,
      decide: (state) => (state === null || state.retired !== null ? [] : rehearseExecutor(state, { ...result, ms })),
    });
    if (isRefusal(done)) throw new Error(`a rehearsal was not recorded: ${done.why}`);
  },
};
