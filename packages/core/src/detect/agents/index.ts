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
