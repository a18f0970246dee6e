import { dismiss, foldCandidate, isOpen } from '@firebreak/core/detect/candidates';
import {
  drillMark,
  dueForDrill,
  type FireDrillId,
  foldFireDrill,
  isMessage,
  KNOWN_FAILURES,
  sendsOf,
  sentFireDrill,
} from '@firebreak/core/detect/fire-drills';
import { isRefusal } from '@firebreak/core/kernel';
import {
  type App,
  act,
  type Deps,
  firebreakItself,
  type JobHandler,
  loadStream,
  type Watch,
} from '../../platform/index.ts';
import { whyOf } from '../paging/index.ts';
import { runningDrills, seenOf } from './board.ts';
import { sendThrough } from './door.ts';
import { rehearse } from './rehearse.ts';

const by = firebreakItself('fire-drills');
const apps = new WeakMap<Deps, App>();
export const useApp = (deps: Deps, app: App): void => void apps.set(deps, app);

/** Sends the messages of a drill. After a crash it sends them again: their ids make a second time harmless. */
export const send: JobHandler = {
  async outside({ drill: id }: { readonly drill: FireDrillId }, deps) {
    const drill = foldFireDrill(await loadStream(deps.db, id));
    const failure = KNOWN_FAILURES.find(({ key }) => key === drill?.failure);
    const app = apps.get(deps);
    if (drill === null || drill.sentAt !== null || drill.ended !== null || !failure || !app) return;
    for (const message of sendsOf(failure, drillMark(drill.id), drill.system)) {
      if (isMessage(message)) {
        const { status, says } = await sendThrough(app, deps, message);
        if (status >= 300) throw new Error(`the door answered ${status}: ${says}`);
        continue;
      }
      const raised = await deps.db.transaction((tx) => rehearse(tx, deps, drill, message));
      if (raised > 0) deps.hints.give({ kind: 'signals' });
    }
    const done = await act(deps, {
      stream: id,
      by,
      may: 'candidate.judge',
      fold: foldFireDrill,
      decide: (state) => sentFireDrill(state, failure.sends.length),
    });
    if (isRefusal(done)) throw new Error(`a drill was not recorded as sent: ${done.why}`);
  },
};

/** Follows drills to their end, and then puts away what came of them. */
export const follow: Watch = {
  name: 'fire-drills',
  everyMs: 500,
  async look(deps) {
    for (const drill of await runningDrills(deps.db)) {
      const { candidate, candidates, receivedAt } = await seenOf(deps.db, drill);
      const why = candidate === null ? null : (await whyOf(deps, candidate)).says;
      const done = await act(deps, {
        stream: drill.id,
        by,
        may: 'candidate.judge',
        fold: foldFireDrill,
        decide: (state, { at }) => (state === null ? [] : dueForDrill(state, at, { candidate, receivedAt, why })),
      });
      if (isRefusal(done) || done.facts.length === 0) continue;
      for (const { id } of candidates.filter(isOpen))
        await act(deps, {
          stream: id,
          by,
          may: 'candidate.judge',
          fold: foldCandidate,
          decide: (state, asked) => dismiss(state, { as: 'expected', reason: 'a fire drill, which has ended' }, asked),
        });
    }
  },
};
