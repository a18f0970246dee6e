import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import { type ContainmentFact, describeControl, foldContainment, widthOf } from '@firebreak/core/respond/containment';
import { foldRights, ruleFor } from '@firebreak/core/respond/decision-rights';
import { foldIncident } from '@firebreak/core/respond/incidents';
import {
  actWithin,
  type Effect,
  firebreakItself,
  type JobHandler,
  loadStream,
  type Sql,
} from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { peopleSeated } from '../../prepare/role-directory/index.ts';
import type { Tell } from './escalate.ts';

interface Wide {
  readonly incident: string;
  readonly hold: `hld_${string}`;
  readonly seq: number;
}

/** An order that touches all of a system is told to whoever is paged: who answers for it has to know at once. */
export function toldAfter({ type, stream, data, seq }: Recorded): Effect[] {
  if (type !== 'containment.ordered' || widthOf(data.what) !== 'wide') return [];
  const payload: Wide = { incident: stream, hold: data.hold, seq };
  return [{ kind: 'containment.tell-wide', payload }];
}

/** Tells once, in the transaction that removes the job; who was told, or that nobody was, is a fact. */
export const tellWideWith = (tell: Tell): JobHandler => ({
  async within(tx: Sql, { incident, hold: id, seq }: Wide, deps) {
    const facts = await loadStream(tx, incident);
    const hold = foldContainment(facts).holds.get(id);
    const room = foldIncident(facts);
    if (hold === undefined || room === null) return;
    const found = await readSystem(tx, hold.system);
    if (!isRefusal(found)) {
      const { control } = hold;
      const rule = ruleFor(foldRights(await loadStream(tx, found.id)), { width: 'wide', control });
      if (rule.quiet) return;
    }
    const owner = isRefusal(found) ? '' : found.owner;
    const executives = (await peopleSeated(deps, ['executive-sponsor'], tx)).map(({ name }) => name);
    const to = await tell(tx, deps, {
      event: 'containment.wide',
      key: seq,
      about: incident,
      body: {
        id: incident,
        label: room.label,
        title: `${room.drill ? 'DRILL: ' : ''}All of ${hold.system}: ${describeControl(hold.what)}`,
        hold: `HLD-${hold.number}`,
        system: hold.system,
        owner,
        executives,
        reason: hold.reason,
        by: hold.orderedBy.id,
        url: `${deps.config.publicUrl}/incidents/${room.label}/contain`,
      },
    });
    const done = await actWithin(tx, deps, {
      stream: incident,
      by: firebreakItself('containment'),
      may: 'containment.order',
      fold: foldContainment,
      decide: (): ContainmentFact[] => [{ type: 'containment.told', data: { hold: id, owner, executives, to } }],
    });
    if (isRefusal(done)) throw new Error(`who was told of a wide order is not recorded: ${done.why}`);
  },
});
