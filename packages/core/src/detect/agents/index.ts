export type { Checked, Session } from './calls.ts';
export { checkCalls, NEW_SESSION } from './calls.ts';
