export type { Check, CheckKind, EvalCase, Expectation, ProbeMark } from './case.ts';
export { CASE_LIMITS, CHECK_KINDS, caseFault, EXPECTATIONS, questionOf } from './case.ts';
export type { RunId, SuiteId, SuiteKind, TargetId } from './ids.ts';
export { SUITE_KINDS } from './ids.ts';
export type { Answer, Judgement } from './judge.ts';
export { judgeAnswer } from './judge.ts';
export type { CaseOutcome, CaseState } from './outcome.ts';
export { isPass, MOST_TRIES, nextOf, REPEATS } from './outcome.ts';
export type {
  Probed,
  ProbeGroup,
  Run,
  RunCounts,
  RunEnded,
  RunFact,
  RunStarted,
  TestedVersions,
  Trigger,
} from './run.ts';
export { endRun, foldRun, MOST_UNANSWERED, RUN_FACTS, startRun, TRIGGERS, tellRun, versionKey } from './run.ts';
export type { Stance } from './stance.ts';
export { stanceOf } from './stance.ts';
export type { Suite, SuiteDescription, SuiteFact } from './suite.ts';
export {
  addSuite,
  describeSuite,
  foldSuite,
  keepCases,
  pauseSuite,
  pinBaseline,
  removeCases,
  removeSuite,
  resumeSuite,
  SUITE_FACTS,
  SUITE_LIMITS,
} from './suite.ts';
export type { Target, TargetDescription, TargetFact, TargetKind, TargetRequest } from './target.ts';
export {
  addTarget,
  describeTarget,
  foldTarget,
  readAnswer,
  removeTarget,
  requestTo,
  TARGET_FACTS,
  TARGET_KINDS,
  TARGET_LIMITS,
  targetFault,
} from './target.ts';
export type { Compared, Comparison, Share, VerdictWord } from './verdict.ts';
export { compare, compareShares, VERDICTS } from './verdict.ts';
export type { WatchDesign, WatchState } from './watch.ts';
export { designWatch, freshWatch, watchRun } from './watch.ts';
