export type { Checked, Session } from './calls.ts';
export { checkCalls, checkGranted, NEW_SESSION } from './calls.ts';
