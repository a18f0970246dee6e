import { checkHanded, type Handed } from '@firebreak/core/detect/agents';
import { signalOf } from '@firebreak/core/detect/detectors';
import type { Deps } from '../../platform/index.ts';
import { type Onlooker, type Raised, storeSignals, talliesOf, telemetryOf } from '../signals/index.ts';
import { keyOf } from './sessions.ts';

const NAME = 'context-size';
const MOST_SESSIONS = 20_000;

/** What each session handed to the model, those heard last at the end. In memory: it is weak evidence, and grows anew in four questions. */
const remembered = new WeakMap<Deps, Map<string, Handed>>();

/** Holds how much each question hands to the model against the questions of its session before. */
export const watchContext: Onlooker = async (tx, deps, _interactions, seen) => {
  const handed = remembered.get(deps) ?? new Map<string, Handed>();
  remembered.set(deps, handed);
  const aids = await telemetryOf(deps).aids();
  const raised: Raised[] = [];
  let ran = 0;
  for (const { data: it, news } of seen.interactions) {
    const { input } = it.tokens;
    const session = it.session ?? it.traceId;
    if (input === null || session === null || it.judge === true) continue;
    if (news !== null && !news.has('tokens.input')) continue;
    ran++;
    const key = keyOf(it.system, session);
    const { finding, after } = checkHanded(input, handed.get(key) ?? []);
    handed.delete(key);
    handed.set(key, after);
    if (finding !== null) raised.push(signalOf(finding, it, aids));
  }
  for (const key of handed.keys()) {
    if (handed.size <= MOST_SESSIONS) break;
    handed.delete(key);
  }
  if (ran === 0) return;
  await storeSignals(tx, deps, raised);
  talliesOf(deps).note(NAME, { ran, found: raised.length }, null, deps.now());
};
