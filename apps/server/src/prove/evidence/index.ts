import { evidence as doors } from '@firebreak/contract/prove/evidence';
import { isRefusal, refuse } from '@firebreak/core/kernel';
import { foldIncident } from '@firebreak/core/respond/incidents';
import { countExhibits } from '../../detect/signals/index.ts';
import {
  act,
  backup,
  callerIn,
  loadOfIncident,
  newestCheckpoint,
  refuseWith,
  route,
  type Slice,
  verifyLog,
} from '../../platform/index.ts';
import { findIncident } from '../../respond/incidents/index.ts';
import { readLock } from '../../respond/record-locks/index.ts';
import { makeBundle } from './bundle.ts';

const MOST_FACTS = 100_000;
const unknown = (named: string) =>
  refuse('incident.unknown', `There is no incident “${named}”. Check the id or the label.`);

/** The log as evidence: its state, what an incident holds, the bundle, the check of everything. */
export const evidence: Slice = {
  name: 'evidence',
  routes(app, deps) {
    route(app, doors.log, async () => {
      const checkpoint = await newestCheckpoint(deps.db);
      return {
        origin: deps.keys.log.name,
        vkey: deps.keys.log.vkey,
        facts: deps.feed.seq,
        sealed: checkpoint?.size ?? 0,
        checkpoint,
        copies: deps.config.checkpointFolder,
      };
    });

    route(app, doors.summary, async ({ params }) => {
      const incident = await findIncident(deps.db, params.incident);
      if (incident === null) return unknown(params.incident);
      const facts = await loadOfIncident(deps.db, incident, 0, MOST_FACTS);
      const sealed = (await newestCheckpoint(deps.db))?.size ?? 0;
      const exhibits = await countExhibits(deps.db, (await readLock(deps.db, incident))!);
      return {
        facts: facts.length,
        sealed: facts.filter((fact) => fact.seq <= sealed).length,
        manifests: facts.filter((fact) => fact.type === 'evidence.preserved').length,
        ...exhibits,
      };
    });

    route(app, doors.verify, () => verifyLog(deps).then((check) => ({ ...check, findings: [...check.findings] })));

    app.get(
      '/api/v1/backup',
      { schema: { tags: ['Evidence'], summary: 'The whole store, for firebreak restore' } },
      async (request, reply) => {
        const caller = callerIn(request);
        if (isRefusal(caller)) return refuseWith(reply, caller);
        const done = await act(deps, {
          stream: `store_${deps.now().slice(0, 10)}`,
          by: caller,
          may: 'people.administer',
          fold: () => null,
          decide: () => [{ type: 'store.backed-up', data: {} }],
        });
        if (isRefusal(done)) return refuseWith(reply, done);
        return reply.type('application/gzip').header('cache-control', 'no-store').send(backup(deps));
      },
    );

    app.get(
      doors.bundlePath(':incident'),
      { schema: { tags: ['Evidence'], summary: 'The evidence bundle of an incident, a ZIP' } },
      async (request, reply) => {
        const caller = callerIn(request);
        if (isRefusal(caller)) return refuseWith(reply, caller);
        const { incident: named } = request.params as { incident: string };
        const incident = await findIncident(deps.db, named);
        if (incident === null) return refuseWith(reply, unknown(named));
        // Recorded first, so that the bundle holds the fact of its own export.
        const done = await act(deps, {
          stream: incident,
          by: caller,
          may: 'evidence.export',
          fold: foldIncident,
          decide: () => [{ type: 'bundle.exported', data: { incident } }],
        });
        if (isRefusal(done)) return refuseWith(reply, done);
        const { zip, name } = await makeBundle(deps, incident);
        return reply
          .type('application/zip')
          .header('content-disposition', `attachment; filename="${name}"`)
          .header('cache-control', 'no-store')
          .send(Buffer.from(zip));
      },
    );
  },
};
