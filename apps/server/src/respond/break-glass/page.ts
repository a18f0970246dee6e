import { isRefusal, type Recorded } from '@firebreak/core/kernel';
import { foldGlass, tellGlass } from '@firebreak/core/respond/break-glass';
import { foldIncident } from '@firebreak/core/respond/incidents';
import { actWithin, type Effect, firebreakItself, type JobHandler, type Sql } from '../../platform/index.ts';
import { labelsOf } from '../incidents/index.ts';
import { tellOthers } from '../links/index.ts';

interface Broken {
  readonly incident: string;
  readonly glass: `gls_${string}`;
  readonly seq: number;
}

export const pagesFor = ({ type, stream, data, seq }: Recorded): Effect[] =>
  type === 'glass.broken'
    ? [{ kind: 'break-glass.page', payload: { incident: stream, glass: data.glass, seq } satisfies Broken }]
    : [];

/** Everybody who may be paged is told, and who was, or that nobody was, is a fact. */
export const pageAll: JobHandler = {
  async within(tx: Sql, { incident, glass, seq }: Broken, deps) {
    const facts = await deps.streams.load(tx, incident);
    const broken = foldGlass(facts).glasses.get(glass);
    const drill = foldIncident(facts)?.drill === true;
    if (broken === undefined || broken.paged !== undefined) return;
    const label = (await labelsOf(tx, [incident])).get(incident) ?? incident;
    const to = await tellOthers(tx, deps, {
      event: 'glass.broken',
      key: seq,
      about: incident,
      body: {
        id: incident,
        label,
        title: `${drill ? 'DRILL: ' : ''}Glass broken: ${broken.system} may again, against “${broken.says}”`,
        hold: `HLD-${broken.number}`,
        system: broken.system,
        reason: broken.reason,
        by: broken.brokenBy.id,
        until: broken.until,
        due: broken.due,
        url: `${deps.config.publicUrl}/incidents/${label}/contain`,
      },
    });
    const done = await actWithin(tx, deps, {
      stream: incident,
      by: firebreakItself('break-glass'),
      may: 'containment.order',
      fold: foldGlass,
      decide: (state) => tellGlass(state, { glass, to }),
    });
    if (isRefusal(done)) throw new Error(`who was told is not recorded: ${done.why}`);
  },
};
