import { isRefusal } from '@firebreak/core/kernel';
import { type App, act, type Deps, firebreakItself } from '../../platform/index.ts';
import { accessStream } from './sign-in.ts';

const MOST_A_MINUTE = 30;
const MINUTE_MS = 60_000;
const itself = firebreakItself('access');

/**
 * Records who was refused what: a key that is unknown, a right that is missing. At most thirty a minute; the next one
 * after a flood says how many were left out.
 */
export function recordRefusals(app: App, deps: Deps): void {
  let minute = 0;
  let recorded = 0;
  let leftOut = 0;
  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode !== 403 && !(reply.statusCode === 401 && request.headers.authorization !== undefined)) return;
    const at = deps.now();
    const now = Math.floor(Date.parse(at) / MINUTE_MS);
    if (now !== minute) [minute, recorded] = [now, 0];
    recorded += 1;
    if (recorded > MOST_A_MINUTE) {
      leftOut += 1;
      return;
    }
    const who = request.caller && !isRefusal(request.caller) ? request.caller.actor : null;
    const data = {
      door: `${request.method} ${request.routeOptions.url ?? 'unknown'}`,
      status: reply.statusCode,
      who,
      from: request.ip,
      leftOut,
    };
    leftOut = 0;
    await act(deps, {
      stream: accessStream(at),
      by: itself,
      may: 'read',
      fold: () => null,
      decide: () => [{ type: 'access.refused', data }],
    });
  });
}
