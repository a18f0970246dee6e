export type { Outcome, Proof } from './commands.ts';
export {
  changeExecutor,
  declareExecutor,
  EXECUTOR_LIMITS,
  escalate,
  keyExecutor,
  letGo,
  MOST_TRIES,
  noteSeen,
  orderAgain,
  proofOf,
  rehearseExecutor,
  retireExecutor,
  settleOrder,
  takeHold,
  watchHeld,
} from './commands.ts';
export { foldExecutor, isOpen, notObeyed, orderKey, wantedWay } from './executor.ts';
export type {
  About,
  Binding,
  Executor,
  ExecutorFact,
  ExecutorId,
  ExecutorSaid,
  May,
  Order,
  OrderState,
} from './facts.ts';
export { EXECUTOR_FACTS } from './facts.ts';
export type {
  Answer,
  Ask,
  Doing,
  Field,
  Kind,
  Saw,
  Settings,
  Stands,
  SwitchValue,
  Trouble,
  Way,
} from './kinds/kind.ts';
export { excerpt, isTrouble, troubleOf } from './kinds/kind.ts';
export type { ExecutorKind } from './kinds/registry.ts';
export { EXECUTOR_KINDS, kindOf } from './kinds/registry.ts';
export { parametersOf, SCRIPT_NAME } from './kinds/script.ts';
