import { incidents } from '@firebreak/contract/respond/incidents';
import {
  type AnyFact,
  type Asked,
  type Decision,
  type Instant,
  isInstant,
  isRefusal,
  type Recorded,
  type Refusal,
  refuse,
} from '@firebreak/core/kernel';
import type { Capability } from '@firebreak/core/prepare/people';
import type { SeverityTable } from '@firebreak/core/prepare/rubric';
import { foldContainment } from '@firebreak/core/respond/containment';
import {
  callArchetype,
  callSeverity,
  declareIncident,
  foldIncident,
  type Incident,
  moveIncident,
  nameSystems,
  refileIncident,
  releaseRole,
  retitle,
  stateTime,
  takeRole,
} from '@firebreak/core/respond/incidents';
import { type App, act, type Caller, type Deps, loadStream, route, type Sql } from '../../platform/index.ts';
import { personById } from '../../prepare/people/index.ts';
import { currentRubric } from '../../prepare/rubric/index.ts';
import { findIncident, incidentOfCandidate, listIncidents, nextLabel } from './board.ts';
import { tryOnPast } from './try-rubric.ts';

const unknown = (named: string) =>
  refuse('incident.unknown', `There is no incident “${named}”. Check the id or the label.`);

async function change<F extends AnyFact>(
  deps: Deps,
  named: string,
  by: Caller,
  may: Capability,
  decide: (state: Incident | null, asked: Asked) => Decision<F>,
): Promise<{ incident: View } | Refusal> {
  const stream = await findIncident(deps.db, named);
  if (stream === null) return unknown(named);
  const done = await act(deps, { stream, by, may, fold: foldIncident, decide });
  return isRefusal(done) ? done : { incident: shown(done.state!) };
}

const foldWithHolds = (facts: readonly Recorded[]) => ({
  incident: foldIncident(facts),
  held: [...foldContainment(facts).holds.values()].filter(({ state }) => state === 'active'),
});

type View = ReturnType<typeof shown>;
const shown = (incident: Incident) => ({
  ...incident,
  systems: [...incident.systems],
  rules: [...incident.rules],
  also: [...incident.also],
  children: [...incident.children],
});

/** What the slice needs to know of a candidate before an incident is declared from it. */
export type CandidateCheck = (
  sql: Sql,
  candidate: string,
) => Promise<{ readonly firstSignalAt: Instant; readonly system: string } | Refusal>;

export function routes(candidateCheck: CandidateCheck) {
  return (app: App, deps: Deps): void => {
    route(app, incidents.list, async ({ query }) => {
      const before = query.before !== undefined && isInstant(query.before) ? query.before : null;
      const rows = await listIncidents(deps.db, { ...query, before });
      const page = rows.slice(0, query.limit);
      return {
        incidents: page.map(({ candidate: _c, also: _a, was_incident: _w, declared_at, ...row }) => ({
          ...row,
          declaredAt: declared_at,
        })),
        next: rows.length > query.limit ? page.at(-1)!.declared_at : null,
      };
    });

    route(app, incidents.declare, async ({ body, caller }) => {
      const { startedAt, detectedAt, severity, archetype, miss, ...rest } = body;
      const endsCandidate = body.kind === 'near-miss' && body.candidate !== null;
      const check = body.candidate === null ? null : await candidateCheck(deps.db, body.candidate);
      if (isRefusal(check)) return check;
      const incident = deps.mint('inc');
      const done = await act(deps, {
        stream: incident,
        by: caller,
        // Declaring is for everybody; setting signals aside is for those who may judge them.
        may: endsCandidate ? 'candidate.judge' : 'incident.declare',
        fold: foldIncident,
        given: async (tx) => {
          const label = await nextLabel(tx, deps.now());
          const severityTable = await currentRubric(tx);
          return {
            severityTable,
            label,
            already: body.candidate === null ? null : await incidentOfCandidate(tx, body.candidate),
          };
        },
        decide: (state, asked, { label, already, severityTable }) => {
          if (already !== null)
            return refuse('candidate.ended', `An incident was already declared from this candidate: ${already}.`);
          const detected = detectedAt ?? check?.firstSignalAt;
          return declareIncident(
            state,
            {
              incident,
              label,
              ...rest,
              // Whoever declares from a candidate need not say again what it is about.
              systems: rest.systems.length > 0 || !check ? rest.systems : [check.system],
              ...(severity && { severity }),
              ...(archetype && { archetype }),
              ...(miss && { miss }),
              ...(startedAt && { startedAt }),
              ...(detected && { detectedAt: detected }),
            },
            asked,
            severityTable,
          );
        },
      });
      return isRefusal(done) ? done : { incident: shown(done.state!) };
    });

    route(app, incidents.show, async ({ params }) => {
      const id = await findIncident(deps.db, params.incident);
      const incident = id && foldIncident(await loadStream(deps.db, id));
      return incident ? { incident: shown(incident) } : unknown(params.incident);
    });

    route(app, incidents.severity, async ({ params, body, caller }) => {
      const severityTable = await currentRubric(deps.db);
      return change(deps, params.incident, caller, 'incident.lead', (state) =>
        callSeverity(state, body, severityTable),
      );
    });
    route(app, incidents.refile, ({ params, body: { miss, ...body }, caller }) =>
      change(deps, params.incident, caller, body.to === 'near-miss' ? 'incident.lead' : 'incident.declare', (state) =>
        refileIncident(state, { ...body, ...(miss && { miss }) }),
      ),
    );
    route(app, incidents.tryRubric, async ({ body }) => tryOnPast(deps.db, body.table as SeverityTable));
    route(app, incidents.archetype, ({ params, body, caller }) =>
      change(deps, params.incident, caller, 'room.write', (state) => callArchetype(state, body)),
    );
    route(app, incidents.retitle, ({ params, body, caller }) =>
      change(deps, params.incident, caller, 'room.write', (state) => retitle(state, body)),
    );
    route(app, incidents.systems, async ({ params, body, caller }) => {
      const stream = await findIncident(deps.db, params.incident);
      if (stream === null) return unknown(params.incident);
      const done = await act(deps, {
        stream,
        by: caller,
        may: 'room.write',
        fold: foldWithHolds,
        decide: ({ incident, held }) => nameSystems(incident, body, held),
      });
      return isRefusal(done) ? done : { incident: shown(done.state.incident!) };
    });
    route(app, incidents.takeRole, async ({ params, body, caller }) => {
      const person = body.person ?? caller.actor.id;
      if (!(await personById(deps.db, person))?.active)
        return refuse(
          'person.unknown',
          'There is no such person, or they no longer have access. Programs cannot hold a role.',
        );
      return change(deps, params.incident, caller, 'room.write', (state) =>
        takeRole(state, { role: params.role, person }),
      );
    });
    route(app, incidents.releaseRole, ({ params, caller }) =>
      change(deps, params.incident, caller, 'room.write', (state) => releaseRole(state, { role: params.role })),
    );
    route(app, incidents.stateTime, ({ params, body, caller }) =>
      change(deps, params.incident, caller, 'room.write', (state, asked) =>
        stateTime(state, { which: params.which, ...body }, asked),
      ),
    );
    route(app, incidents.move, ({ params, body, caller }) =>
      change(deps, params.incident, caller, 'incident.lead', (state, asked) => moveIncident(state, body, asked)),
    );
  };
}
