import { vendorIncidents as doors } from '@firebreak/contract/respond/vendor-incidents';
import { refuse } from '@firebreak/core/kernel';
import type { Dependant } from '@firebreak/core/prepare/vendors';
import { foldIncident } from '@firebreak/core/respond/incidents';
import { frequencyOf } from '@firebreak/core/respond/vendor-incidents';
import { loadStream, route, type Slice } from '../../platform/index.ts';
import { readVendor, vendorsInUse } from '../../prepare/vendors/index.ts';
import { findIncident, incidentsOfSystems } from '../incidents/index.ts';

const MOST_COUNTED = 20_000;
const MOST_LISTED = 200;

/** Systems that use the vendor themselves. One that only needs such a system says little about the vendor. */
const directly = (dependants: readonly Dependant[]): ReadonlySet<string> =>
  new Set(dependants.flatMap(({ system, because }) => (because.kind === 'through' ? [] : system)));

type Row = Awaited<ReturnType<typeof incidentsOfSystems>>[number];
const countedAs = ({ declared_at: declaredAt, ...row }: Row) => ({ ...row, declaredAt });

/** Where vendors and incidents meet: how often, which, and whom to call in the room. */
export const vendorIncidents: Slice = {
  name: 'vendor-incidents',
  routes(app, deps) {
    route(app, doors.counts, async () => {
      const used = await vendorsInUse(deps.db);
      const systems = [...new Set(used.flatMap(({ dependants }) => [...directly(dependants)]))];
      const incidents = (await incidentsOfSystems(deps.db, systems, MOST_COUNTED)).map(countedAs);
      return {
        vendors: used.map(({ id, name, dependants }) => ({
          vendor: id,
          name,
          ...frequencyOf(incidents, directly(dependants), deps.now()),
        })),
      };
    });

    route(app, doors.ofVendor, async ({ params }) => {
      const vendor = await readVendor(deps.db, params.vendor);
      if (vendor === null) return refuse('vendor.unknown', `There is no vendor “${params.vendor}”.`);
      const dependants = (await vendorsInUse(deps.db)).find(({ id }) => id === vendor.id)?.dependants ?? [];
      const own = directly(dependants);
      const found = await incidentsOfSystems(
        deps.db,
        dependants.map(({ system }) => system),
        MOST_COUNTED,
      );
      return {
        ...frequencyOf(found.map(countedAs), own, deps.now()),
        incidents: found.slice(0, MOST_LISTED).map((row) => ({
          id: row.id,
          label: row.label,
          title: row.title,
          severity: row.severity,
          state: row.state,
          systems: row.systems,
          declaredAt: row.declared_at,
          commander: row.commander,
          drill: row.drill,
          kind: row.kind,
          archetype: row.archetype,
          through: !row.systems.some((system) => own.has(system)),
        })),
        more: found.length > MOST_LISTED,
      };
    });

    route(app, doors.ofIncident, async ({ params }) => {
      const id = await findIncident(deps.db, params.incident);
      const incident = id && foldIncident(await loadStream(deps.db, id));
      if (!incident) return refuse('incident.unknown', `There is no incident “${params.incident}”.`);
      const vendors = [];
      for (const { id: vendor, dependants } of await vendorsInUse(deps.db)) {
        const here = dependants.filter(({ system }) => incident.systems.includes(system));
        const whole = here.length === 0 ? null : await readVendor(deps.db, vendor);
        if (whole === null) continue;
        vendors.push({
          vendor,
          name: whole.name,
          statusPage: whole.statusPage,
          contacts: whole.contacts && [...whole.contacts],
          responsibilities: [...whole.responsibilities],
          dependants: here,
        });
      }
      return { vendors };
    });
  },
};
