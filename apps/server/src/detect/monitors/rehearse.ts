import {
  isUnreadable,
  itemKeys,
  type Monitor,
  readItems,
  titleWords,
  USUAL_THRESHOLD,
} from '@firebreak/core/detect/monitors';
import type { Mark } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import { type Deps, firebreakItself, type Sql } from '../../platform/index.ts';
import { storeSignals } from '../signals/index.ts';
import { judge, signalFor } from './settle.ts';

/**
 * What the status page of a vendor answers, read, judged and told as after a look, with a mark. Nothing of it is kept but its
 * signals, and a second time changes nothing.
 */
export async function rehearseStatusPage(
  tx: Sql,
  deps: Deps,
  it: {
    readonly mark: Mark;
    readonly system: string;
    readonly vendor: string;
    readonly page: unknown;
    readonly at: Instant;
  },
): Promise<number> {
  const monitor: Monitor = {
    id: `mon_${it.mark}`,
    name: `Status of ${it.vendor}`,
    kind: 'status-page',
    address: '',
    system: it.system,
    vendor: null,
    keywords: { brand: [], must: [], any: [], not: [], near: [] },
    threshold: USUAL_THRESHOLD,
    everyMinutes: 5,
    paths: null,
    addedAt: it.at,
    changedAt: it.at,
    changedBy: firebreakItself('fire-drills').actor,
    paused: null,
    removed: null,
    silent: null,
  };
  const items = readItems(monitor.kind, { json: it.page }, null);
  if (isUnreadable(items)) throw new Error(`a made-up status page cannot be read: ${items.unreadable}`);
  const now = deps.now();
  const about = { scope: '', vendor: it.vendor, systems: [it.system] };
  const raised = items.flatMap((item) => {
    const [guid, page] = itemKeys(item) as [string, string | undefined];
    const verdict = judge(monitor, item, [], guid, page ?? null, titleWords(item.title), true, now);
    return verdict.keep ? [{ ...signalFor(monitor, about, it.system, item, verdict, now), mark: it.mark }] : [];
  });
  return (await storeSignals(tx, deps, raised)).fresh;
}
