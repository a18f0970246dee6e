import type { Slice } from '../../platform/index.ts';
import { runBoard, suiteBoard, targetBoard } from './board.ts';
import { changed, due, effectsOf, forgetting } from './due.ts';
import { askNext } from './lanes.ts';
import { reviving } from './revive.ts';
import { routes } from './routes.ts';
import { runRoutes } from './run-routes.ts';
import { targetRoutes } from './target-routes.ts';

/** Questions with known answers, asked again and again: what got worse, with which version, and how sure that is. */
export const evals: Slice = {
  name: 'evals',
  routes(app, deps) {
    targetRoutes(app, deps);
    routes(app, deps);
    runRoutes(app, deps);
  },
  boards: [targetBoard, suiteBoard, runBoard],
  watches: [due, reviving, forgetting],
  jobs: { 'eval.ask': askNext, 'eval.changed': changed },
  effectsOf,
  // Questions may be what a person once asked.
  personal: { 'eval-suite.cases-kept': ['cases'] },
};

export {
  lastFinished,
  learnedBySuites,
  listSuites,
  readRun,
  readSuite,
  readTarget,
  type SuiteRow,
  suitesBeside,
  suitesHeard,
  suitesThatPage,
} from './board.ts';
export { firstDue } from './due.ts';
export { type Imported, runOfFile, storeImported } from './imported.ts';
export { rehearseRun } from './rehearse.ts';
export { targetsFit, unknownSuite } from './routes.ts';
export { compared, type ResultRow, resultsOf } from './rows.ts';
export { countsOf, digestOfRows, finishWithin, NOTHING, probedBy } from './settle.ts';
export { shownRuns, shownSuites } from './shown.ts';
export { suiteForStart, versionsBehind } from './start.ts';
