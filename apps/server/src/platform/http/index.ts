export { callerIn, createApp, refuseWith, SESSION_COOKIE } from './app.ts';
export { health } from './health.ts';
export { live } from './live.ts';
export { openapi } from './openapi.ts';
export { pages } from './pages.ts';
export { Declined, sendProblem } from './problems.ts';
export type { Call } from './route.ts';
export { route } from './route.ts';
