import type { TestPlan } from '@firebreak/core/respond/containment';
import type { Hearing } from '@firebreak/core/respond/control-tests';
import type { Deps } from '../../platform/index.ts';
import type { ControlState } from './control-state.ts';
import { checkedOf, shownState, surfaceOf } from './proving.ts';
import { counts, isLive, obeys, type Roster, whyNot } from './roster.ts';

const MOST_INSTANCES = 10_000;

/** What is tested: its hold, when it stood in the log, and where. */
export interface Heard {
  readonly hold: `hld_${string}`;
  readonly order: number;
  readonly system: string;
  readonly surfaces: TestPlan['surfaces'];
}

/** What every instance that ought to obey has said so far. */
export async function hearingsOf(
  deps: Deps,
  { roster, state }: { readonly roster: Roster; readonly state: ControlState },
  { hold, order, system, surfaces }: Heard,
): Promise<Hearing[]> {
  await roster.flush();
  const now = roster.lately();
  const instances = (await roster.instances(system, MOST_INSTANCES)).filter(
    (each) => counts(each, now) && (surfaces.length === 0 || surfaces.includes(surfaceOf(each))),
  );
  const { rows } = await deps.db.query<{ instance: string; ack_ms: number }>(
    'select instance, ack_ms from guard_ack where hold = $1',
    [hold],
  );
  const acks = new Map(rows.map(({ instance, ack_ms }) => [instance, ack_ms]));
  const checked = (await checkedOf(deps.db, [hold])).get(hold);
  return instances.map((each) => {
    const row = checked?.get(each.instance);
    const acknowledged = isLive(each, now) && obeys(each, { hold, order }, state);
    return {
      instance: each.instance,
      host: each.host,
      surface: surfaceOf(each),
      acknowledged,
      ackMs: acks.get(each.instance) ?? null,
      unsupported: each.unsupported.includes(hold),
      checks: each.tries,
      checked: row === undefined ? null : shownState(row),
      checkedMs: row?.ms ?? null,
      says: row?.says ?? (acknowledged ? '' : whyNot(each, { hold })),
    };
  });
}
