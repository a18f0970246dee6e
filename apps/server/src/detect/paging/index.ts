import type { Candidate } from '@firebreak/core/detect/candidates';
import { expireSilence, foldSilence } from '@firebreak/core/detect/paging';
import { isRefusal } from '@firebreak/core/kernel';
import { act, type Deps, firebreakItself, type Slice, type Watch } from '../../platform/index.ts';
import { conditionBoard, silenceBoard, silencesDue } from './board.ts';
import { look, looksAfter, sweep } from './look.ts';
import { type Listening, routesWith, silencedBy, whyWith } from './routes.ts';

export { weighCandidate } from './weigh.ts';

/** The same answer for other slices, without who would be told. */
export const whyOf = (deps: Deps, candidate: Candidate) => whyWith(deps, candidate, []);

/** Ends silences whose time has come, and keeps in the record how many signals each held back. */
const expiry: Watch = {
  name: 'silences',
  everyMs: 5_000,
  async look(deps) {
    for (const silence of await silencesDue(deps.db, deps.now())) {
      const done = await act(deps, {
        stream: silence.id,
        by: firebreakItself('paging'),
        may: 'candidate.judge',
        fold: foldSilence,
        given: (tx) => silencedBy(tx, silence, deps.now()),
        decide: (state, { at }, silenced) => expireSilence(state, at, silenced),
      });
      if (isRefusal(done)) deps.log.warn({ silence: silence.id, refused: done.refused }, 'a silence did not end');
    }
  },
};

/** Who is told of a candidate, when, and why not. */
export const pagingWith = (listening: Listening): Slice => ({
  name: 'paging',
  routes: routesWith(listening),
  boards: [silenceBoard, conditionBoard],
  watches: [sweep, expiry],
  jobs: { 'paging.look': look },
  effectsOf: looksAfter,
  personal: { 'silence.set': ['reason', 'owner', 'text'], 'condition.set': ['reason'] },
});
