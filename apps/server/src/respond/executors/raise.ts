import { duty } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import type { Executor, Order } from '@firebreak/core/respond/executors';
import { type Raised, storeSignals } from '../../detect/signals/index.ts';
import type { Deps, Sql } from '../../platform/index.ts';

const MOST_TEXT = 2_000;

/** A switch that does not stand as a hold wants it: what was stopped may be running, which is seen as every other sign of failure is. */
export async function raiseControlFailure(
  tx: Sql,
  deps: Deps,
  { name, kind }: Pick<Executor, 'name' | 'kind'>,
  { system, label, says }: Pick<Order, 'system' | 'label' | 'says'>,
  about: { readonly at: Instant; readonly outside: boolean; readonly seq: number },
): Promise<void> {
  const { at, outside, seq } = about;
  const signal: Raised = {
    at,
    channel: 'telemetry',
    kind: outside ? 'hold-undone' : 'control-failed',
    detector: 'executors',
    rule: outside ? 'a switch that is held is read back' : 'a switch does as it is ordered',
    evidenceClass: 'strong',
    score: null,
    system,
    feature: null,
    deployment: null,
    versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
    subjectHash: null,
    archetype: 'control-failure',
    severityHint: null,
    text: `${label} holds ${system} by ${name} (${kind}), and ${says}. What was stopped may be running.`.slice(
      0,
      MOST_TEXT,
    ),
    quotes: [],
    interaction: null,
    dedupKey: `executors|${seq}`,
    pagesAlone: duty(`${name} does not hold what it was ordered to hold`),
  };
  await storeSignals(tx, deps, [signal]);
}
