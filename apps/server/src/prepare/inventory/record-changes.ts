import type { ChangeReport } from '@firebreak/contract/prepare/changes';
import type { Instant, Recorded, Refusal } from '@firebreak/core/kernel';
import { isRefusal } from '@firebreak/core/kernel';
import { foldSystem, recordChange, type SystemId } from '@firebreak/core/prepare/inventory';
import { act, actWithin, type Caller, type Deps, type Sql } from '../../platform/index.ts';
import { findSystem } from './board.ts';
import { unknownSystem } from './change-system.ts';

/** A change as any door hands it over. `id`: the same one twice is the same change. */
export type ReportedChange = Omit<ChangeReport, 'id' | 'occurredAt'> & {
  readonly id?: string | undefined;
  readonly occurredAt?: Instant | undefined;
};

export type ChangeOutcome = { readonly change: string } | { readonly known: true } | Refusal;

function deedFor(deps: Deps, by: Caller, system: SystemId, report: ReportedChange) {
  const change = deps.mint('chg');
  const deployment = deps.mint('dep');
  const { id, system: _system, deployment: name, occurredAt, ...said } = report;
  return {
    stream: system,
    by,
    may: 'change.report' as const,
    fold: foldSystem,
    decide: (state: ReturnType<typeof foldSystem>, asked: { at: Instant; by: Caller['actor'] }) =>
      recordChange(
        state,
        {
          ...said,
          change,
          key: id ?? change,
          occurredAt: occurredAt ?? asked.at,
          live: name === null ? null : { name, deployment },
        },
        asked,
      ),
  };
}

const outcomeOf = (facts: readonly Recorded[]): ChangeOutcome => {
  const recorded = facts.find(({ type }) => type === 'change.recorded');
  return recorded ? { change: recorded.data.change } : { known: true };
};

/** Records one change; `known` where it was recorded before. */
export async function recordOne(deps: Deps, by: Caller, report: ReportedChange): Promise<ChangeOutcome> {
  const found = await findSystem(deps.db, report.system);
  if (found === null) return unknownSystem(report.system);
  const done = await act(deps, deedFor(deps, by, found.id, report));
  return isRefusal(done) ? done : outcomeOf(done.facts);
}

/** The same inside a transaction that is already open; the caller announces the facts after the commit. */
export async function recordOneWithin(
  tx: Sql,
  deps: Deps,
  by: Caller,
  report: ReportedChange,
): Promise<readonly Recorded[] | Refusal> {
  const found = await findSystem(tx, report.system);
  if (found === null) return unknownSystem(report.system);
  const done = await actWithin(tx, deps, deedFor(deps, by, found.id, report));
  return isRefusal(done) ? done : done.facts;
}
