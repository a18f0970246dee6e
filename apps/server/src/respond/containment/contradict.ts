import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import { type ContainmentFact, describeControl, foldContainment } from '@firebreak/core/respond/containment';
import { foldIncident } from '@firebreak/core/respond/incidents';
import {
  actWithin,
  type Deps,
  type Effect,
  firebreakItself,
  type JobHandler,
  loadStream,
  type Sql,
} from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { holdsWanted } from './boards.ts';
import type { Tell } from './escalate.ts';

interface Heard {
  readonly incident: string;
  readonly hold: `hld_${string}`;
  readonly instance: string;
  readonly host: string;
  readonly saidAt: string;
  readonly seq: number;
}

const MOST_HOLDS = 20;

/** What follows when an instance is heard of which somebody had said that it is gone. */
export function contradictionAfter({ type, stream, data, seq }: Recorded): Effect[] {
  if (type !== 'containment.heard-again') return [];
  const { hold, instance, host, saidAt } = data;
  const payload: Heard = { incident: stream, hold, instance, host, saidAt, seq };
  return [{ kind: 'containment.contradict', payload, once: `containment:contradict:${seq}` }];
}

/** Tells whoever is paged, while anything is held there, in the transaction that removes the job. */
export const contradictWith = (tell: Tell): JobHandler => ({
  async within(tx: Sql, { incident, hold: id, instance, host, saidAt, seq }: Heard, deps: Deps) {
    const facts = await loadStream(tx, incident);
    const hold = foldContainment(facts).holds.get(id);
    const room = foldIncident(facts);
    if (hold === undefined || room === null) return;
    const held = await holdsWanted(tx, { active: true, system: hold.system, limit: MOST_HOLDS });
    if (held.length === 0) return;
    const found = await readSystem(tx, hold.system);
    const owner = isRefusal(found) ? '' : found.owner;
    const where = host === '' ? instance : `${instance} on host ${host}`;
    const labels = held.map(({ number, what }) => `HLD-${number} (${describeControl(what)})`);
    const to = await tell(tx, deps, {
      event: 'containment.unproven',
      key: seq,
      about: incident,
      body: {
        id: incident,
        label: room.label,
        title: `${room.drill ? 'DRILL: ' : ''}${where} was said to be gone, and is heard again`,
        hold: `HLD-${hold.number}`,
        system: hold.system,
        owner,
        proofs: ['acknowledged'],
        why: `At ${saidAt} somebody said that it is gone. It is not, or it was started again: it counts again for ${labels.join(', ')}.`,
        missing: [{ instance, host, why: 'was said to be gone, and is heard again' }],
        todo: [`Look at ${where}: see whether it obeys, and stop it where it runs if it does not.`],
        url: `${deps.config.publicUrl}/incidents/${room.label}/contain`,
      },
    });
    const done = await actWithin(tx, deps, {
      stream: incident,
      by: firebreakItself('containment'),
      may: 'containment.order',
      fold: foldContainment,
      decide: (): ContainmentFact[] => [
        { type: 'containment.contradiction-told', data: { hold: id, instance, owner, to } },
      ],
    });
    if (isRefusal(done)) throw new Error(`who was told that an instance is heard again is not recorded: ${done.why}`);
  },
});
