import { judge, type MeasureWatch, type Step, titleOf, USUAL_WATCHES } from '@firebreak/core/detect/measures';
import type { Mark } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import { type Deps, firebreakItself, type Sql } from '../../platform/index.ts';
import { storeSignals } from '../signals/index.ts';
import { type RaisedEvent, signalOfAlarm } from './look.ts';

/**
 * Made-up minutes, shown to the usual watch of errors by its own rule, with a mark. No alarm, no state and no number is kept,
 * only the signals, and a second time changes nothing.
 */
export async function rehearseErrors(
  tx: Sql,
  deps: Deps,
  it: {
    readonly mark: Mark;
    readonly system: string;
    readonly feature: string;
    readonly steps: readonly Step[];
    readonly at: Instant;
  },
): Promise<number> {
  const { usual, measure, kind, name, rule, pages } = USUAL_WATCHES.find((each) => each.usual === 'errors')!;
  const watch: MeasureWatch = {
    id: `wch_${it.mark}`,
    system: it.system,
    measure,
    kind,
    usual,
    name,
    rule,
    pages,
    feature: it.feature,
    addedAt: it.at,
    changedAt: it.at,
    changedBy: firebreakItself('fire-drills').actor,
    paused: null,
    removed: null,
  };
  const { events } = judge(rule, { title: titleOf(measure), kind, unit: '' }, null, it.steps);
  const common = { feature: it.feature, model: null, prompt: null };
  const raised = events
    .filter((event): event is RaisedEvent => event.type === 'raised')
    .map((event) => ({ ...signalOfAlarm(watch, event, common, null), mark: it.mark }));
  return (await storeSignals(tx, deps, raised)).fresh;
}
