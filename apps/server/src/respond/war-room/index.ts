import { warRoom as doors } from '@firebreak/contract/respond/war-room';
import {
  type AnyFact,
  type Asked,
  type Decision,
  isRefusal,
  type Recorded,
  type Refusal,
  refuse,
} from '@firebreak/core/kernel';
import { foldRoom, type Room, recordDecision, tickStep, writeNote } from '@firebreak/core/respond/war-room';
import { act, type Caller, type Deps, loadOfIncident, route, type Slice } from '../../platform/index.ts';
import { findIncident } from '../incidents/index.ts';

const unknown = (named: string) =>
  refuse('incident.unknown', `There is no incident “${named}”. Check the id or the label.`);
const shown = (facts: readonly Recorded[], incident: string) => facts.map((fact) => ({ ...fact, incident }));

async function write<F extends AnyFact>(
  deps: Deps,
  named: string,
  by: Caller,
  decide: (room: Room, asked: Asked) => Decision<F>,
): Promise<{ facts: ReturnType<typeof shown> } | Refusal> {
  const stream = await findIncident(deps.db, named);
  if (stream === null) return unknown(named);
  const done = await act(deps, { stream, by, may: 'room.write', fold: foldRoom, decide });
  return isRefusal(done) ? done : { facts: shown(done.facts, stream) };
}

/** The room: time line, notes, decisions, the phase guide. */
export const warRoom: Slice = {
  name: 'war-room',
  personal: { 'note.written': ['text'], 'decision.recorded': ['text', 'reason'] },
  routes(app, deps) {
    route(app, doors.facts, async ({ params, query }) => {
      const incident = await findIncident(deps.db, params.incident);
      if (incident === null) return unknown(params.incident);
      const facts = await loadOfIncident(deps.db, incident, query.after, query.limit + 1);
      return { facts: shown(facts.slice(0, query.limit), incident), more: facts.length > query.limit };
    });
    route(app, doors.note, ({ params, body, caller }) =>
      write(deps, params.incident, caller, (room, asked) =>
        writeNote(room, { note: deps.mint('not'), text: body.text, occurredAt: body.occurredAt ?? null }, asked),
      ),
    );
    route(app, doors.decide, ({ params, body, caller }) =>
      write(deps, params.incident, caller, (room, asked) =>
        recordDecision(
          room,
          { note: deps.mint('not'), text: body.text, reason: body.reason, occurredAt: body.occurredAt ?? null },
          asked,
        ),
      ),
    );
    route(app, doors.tick, ({ params, body, caller }) =>
      write(deps, params.incident, caller, (room) => tickStep(room, { step: params.step, done: body.done })),
    );
  },
};
