import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Witnessed } from '@firebreak/core/detect/signals';
import type { Deps } from '../../platform/index.ts';
import { stateOf } from './state.ts';

/** Begins every trace of ours; what follows proves that nobody else made it. */
const PREFIX = 'f12eb4ea';

const proof = (salt: string, head: string): string =>
  createHmac('sha256', salt).update(`eval trace|${head}`).digest('hex').slice(0, 16);

/** A W3C trace id for one question of an eval, by which its interactions are known when they come in. */
export async function evalTrace(deps: Deps): Promise<string> {
  const head = `${PREFIX}${Buffer.from(deps.random(4)).toString('hex')}`;
  return `${head}${proof(await stateOf(deps).salt(), head)}`;
}

const isOurs = (salt: string, text: string | null): boolean =>
  text?.startsWith(PREFIX) === true &&
  /^[0-9a-f]{32}$/.test(text) &&
  timingSafeEqual(Buffer.from(proof(salt, text.slice(0, 16))), Buffer.from(text.slice(16)));

/** Whether an interaction is the answer to a question of an eval: by its trace, or the same text as its session. */
export async function evalTraffic(deps: Deps): Promise<(it: Pick<Witnessed, 'traceId' | 'session'>) => boolean> {
  const salt = await stateOf(deps).salt();
  return ({ traceId, session }) => isOurs(salt, traceId) || isOurs(salt, session);
}
