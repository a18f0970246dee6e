export type { SessionUse, Using } from './budgets.ts';
export { checkBudgets } from './budgets.ts';
export type { Acted, Checked, Session } from './calls.ts';
export {
  afterStop,
  checkCalls,
  checkGranted,
  isCarriedOut,
  isDenied,
  NEW_SESSION,
  needingApproval,
  withoutApproval,
} from './calls.ts';
export type { Pace } from './pace.ts';
export { NEW_PACE, stepPace } from './pace.ts';
export type { Handed } from './stuffing.ts';
export { checkHanded } from './stuffing.ts';
