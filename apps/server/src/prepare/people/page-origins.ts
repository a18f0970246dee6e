import { ANY_ORIGIN } from '@firebreak/core/prepare/people';
import type { Deps } from '../../platform/index.ts';
import { originsNamed } from './board.ts';

const CHANGING = new Set(['key.created', 'key.revoked']);
const MOST_ORIGINS = 10_000;

interface Memory {
  /** Read once for everybody who asks meanwhile; forgotten while it is read, it is not kept. */
  origins: Promise<ReadonlySet<string>> | null;
}
const memories = new WeakMap<Deps, Memory>();

function memoryOf(deps: Deps): Memory {
  const known = memories.get(deps);
  if (known !== undefined) return known;
  const made: Memory = { origins: null };
  deps.feed.on((facts) => {
    if (facts.some(({ type }) => CHANGING.has(type))) made.origins = null;
  });
  memories.set(deps, made);
  return made;
}

async function readOrigins(deps: Deps): Promise<ReadonlySet<string>> {
  const origins = await originsNamed(deps.db, MOST_ORIGINS);
  if (origins.length === MOST_ORIGINS)
    deps.log.error({ most: MOST_ORIGINS }, 'page keys name too many origins: pages of some are not answered');
  return new Set(origins);
}

/** Whether any page key in use names this origin. A browser that asks beforehand whether it may send a key sends none. */
export async function isPageOrigin(deps: Deps, origin: string): Promise<boolean> {
  const memory = memoryOf(deps);
  const reading = memory.origins ?? readOrigins(deps);
  memory.origins = reading;
  try {
    const origins = await reading;
    return origins.has(ANY_ORIGIN) || origins.has(origin);
  } catch (error) {
    if (memory.origins === reading) memory.origins = null;
    throw error;
  }
}
