import { setTimeout as pause } from 'node:timers/promises';
import { isRefusal, msBetween, type Recorded } from '@firebreak/core/kernel';
import {
  type ControlTest,
  type ControlTestId,
  endTest,
  foldTest,
  type Hearing,
  isComplete,
  outcomeOf,
  type TestEnded,
} from '@firebreak/core/respond/control-tests';
import { act, type Deps, type Effect, firebreakItself, type JobHandler, loadStream } from '../../platform/index.ts';
import { hearings } from '../containment/index.ts';

/** Who has not said by then what a made-up request met has not passed. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 25;
/** A test that is older was under way when its server ended. */
const LONGEST_MS = 60_000;

export const testing = firebreakItself('control-tests');

/** A test that has begun runs beside everything else. */
export function runAfter({ type, data }: Recorded): Effect[] {
  return type === 'control-test.begun' ? [{ kind: 'control-tests.run', payload: { test: data.test } }] : [];
}

async function listen(deps: Deps, test: ControlTest): Promise<readonly Hearing[]> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const heard = await hearings(deps, test);
    if (isComplete(heard) || performance.now() >= until) return heard;
    await pause(LOOK_MS);
  }
}

const BROKEN_OFF: TestEnded = {
  outcome: 'broken-off',
  says: 'The server ended before the test did.',
  instances: [],
  tested: 0,
  passed: 0,
  effectMs: null,
};

export const run: JobHandler = {
  slow: true,
  async outside({ test: id }: { readonly test: ControlTestId }, deps: Deps) {
    const test = foldTest(await loadStream(deps.db, id));
    if (test === null || test.ended !== null) return;
    const old = msBetween(test.begunAt, deps.now()) > LONGEST_MS;
    const ended = old ? BROKEN_OFF : outcomeOf(await listen(deps, test));
    const done = await act(deps, {
      stream: id,
      by: testing,
      may: 'containment.order',
      fold: foldTest,
      decide: (state, asked) => endTest(state, ended, asked),
    });
    if (isRefusal(done)) throw new Error(`the end of a test was refused: ${done.why}`);
  },
};
