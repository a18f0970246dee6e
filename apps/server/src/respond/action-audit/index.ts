import { actionAudit as doors } from '@firebreak/contract/respond/action-audit';
import { addMs, type Instant, isRefusal, type Recorded, type Refusal, refuse } from '@firebreak/core/kernel';
import { foldSystem, type Tool } from '@firebreak/core/prepare/inventory';
import {
  type Audit,
  type AuditedCall,
  auditedCalls,
  CALL_LIMIT,
  countAudit,
  foldAudit,
  mayHaveActed,
  recordLook,
  settleActions,
} from '@firebreak/core/respond/action-audit';
import { foldIncident } from '@firebreak/core/respond/incidents';
import { interactionsWithCalls } from '../../detect/signals/index.ts';
import {
  type App,
  act,
  type Caller,
  type Deps,
  type Effect,
  firebreakItself,
  loadStream,
  route,
  type Slice,
} from '../../platform/index.ts';
import { systemIdOf } from '../../prepare/inventory/index.ts';
import { systemsHeld } from '../containment/index.ts';
import { findIncident } from '../incidents/index.ts';
import { auditStream } from './stream.ts';

const DAY_MS = 86_400_000;
const MOST_SYSTEMS = 20;
/** An order is followed by records that were under way. */
const AFTER_ORDER_MS = 5_000;

const auditOf = async (deps: Deps, incident: string): Promise<Audit> =>
  foldAudit((await loadStream(deps.db, auditStream(incident))) as Recorded[]);

/** The tools a system was granted at each moment, by its facts. */
async function toolsOver(
  deps: Deps,
  system: string,
): Promise<{ at(time: Instant): readonly Tool[]; now: readonly Tool[] }> {
  const id = await systemIdOf(deps.db, system);
  const facts = id === null ? [] : ((await loadStream(deps.db, id)) as Recorded[]);
  const known = new Map<number, readonly Tool[]>();
  const after = (count: number): readonly Tool[] => {
    let tools = known.get(count);
    if (tools === undefined) {
      tools = foldSystem(facts.slice(0, count))?.tools ?? [];
      known.set(count, tools);
    }
    return tools;
  };
  return {
    at: (time) => {
      const count = facts.findLastIndex((fact) => fact.at <= time) + 1;
      return after(count);
    },
    now: after(facts.length),
  };
}

async function look(
  deps: Deps,
  by: Caller,
  incident: `inc_${string}`,
  want: { readonly since?: Instant | undefined; readonly agent?: string | undefined },
): Promise<Audit | Refusal> {
  const state = foldIncident((await loadStream(deps.db, incident)) as Recorded[])!;
  if (want.since !== undefined && want.since > deps.now())
    return refuse('time.in-future', 'Nothing has been called in the future. Say since when.', '/since');
  const before = await auditOf(deps, incident);
  const since = want.since ?? before.looked?.since ?? state.times.started?.at ?? addMs(state.declaredAt, -DAY_MS);
  const systems = [...new Set([...state.systems, ...(await systemsHeld(deps.db, incident))])].slice(0, MOST_SYSTEMS);
  const read = await interactionsWithCalls(deps.db, { systems, since, agent: want.agent, limit: CALL_LIMIT });
  const tools = new Map(
    await Promise.all(systems.map(async (system) => [system, await toolsOver(deps, system)] as const)),
  );
  const calls: AuditedCall[] = read.items.flatMap((it) => {
    const over = tools.get(it.system)!;
    return auditedCalls(it, over.at(it.at), over.now);
  });
  const done = await act(deps, {
    stream: auditStream(incident),
    by,
    may: 'room.write',
    fold: foldAudit,
    decide: (audit, asked) => recordLook(audit, { incident, since, calls, more: read.more }, asked),
  });
  return isRefusal(done) ? done : done.state;
}

const SHOWS: Readonly<Record<string, (call: AuditedCall, audit: Audit) => boolean>> = {
  all: () => true,
  open: (call, { settled }) => mayHaveActed(call) && !settled.has(call.call),
  outside: ({ permission }) => permission === 'outside',
  irreversible: (call) => mayHaveActed(call) && call.reversal === 'irreversible',
  refused: ({ outcome }) => outcome === 'refused',
};
const placeOf = ({ at, call }: Pick<AuditedCall, 'at' | 'call'>): string => `${at}|${call}`;

function page(audit: Audit, { show, limit, after }: { show: string; limit: number; after?: string | undefined }) {
  const all = [...audit.calls.values()]
    .filter((call) => SHOWS[show]!(call, audit) && (after === undefined || placeOf(call) > after))
    .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const shown = all.slice(0, limit);
  return {
    counts: countAudit(audit),
    looked: audit.looked,
    actions: shown.map((call) => ({ ...call, settled: audit.settled.get(call.call) ?? null })),
    next: all.length > limit ? placeOf(shown.at(-1)!) : null,
  };
}

function routes(app: App, deps: Deps): void {
  const found = async (named: string): Promise<`inc_${string}` | Refusal> =>
    ((await findIncident(deps.db, named)) as `inc_${string}` | null) ??
    refuse('incident.unknown', `There is no incident ${named}.`);

  route(app, doors.list, async ({ params, query }) => {
    const incident = await found(params.incident);
    return isRefusal(incident) ? incident : page(await auditOf(deps, incident), query);
  });

  route(app, doors.look, async ({ params, body, caller }) => {
    const incident = await found(params.incident);
    if (isRefusal(incident)) return incident;
    const audit = await look(deps, caller, incident, body);
    return isRefusal(audit) ? audit : page(audit, { show: 'all', limit: 50 });
  });

  route(app, doors.settle, async ({ params, body, caller }) => {
    const incident = await found(params.incident);
    if (isRefusal(incident)) return incident;
    const done = await act(deps, {
      stream: auditStream(incident),
      by: caller,
      may: 'room.write',
      fold: foldAudit,
      decide: (audit, asked) => settleActions(audit, { incident, ...body }, asked),
    });
    return isRefusal(done) ? done : { counts: countAudit(done.state) };
  });
}

/** A revocation without the list of what was done is half a containment. */
function effectsOf({ type, stream, data }: Recorded): readonly Effect[] {
  if (type !== 'containment.ordered' || data.what?.kind !== 'revoke') return [];
  return [
    {
      kind: 'action-audit.look',
      payload: { incident: stream },
      once: `action-audit ${stream}`,
      afterMs: AFTER_ORDER_MS,
    },
  ];
}

/** What agents did since it began: in or out of permission, to be undone or not, and who answered for it. */
export const actionAudit: Slice = {
  name: 'action-audit',
  routes,
  effectsOf,
  personal: { 'actions.found': ['calls'], 'action.settled': ['note'] },
  jobs: {
    'action-audit.look': {
      outside: async ({ incident }: { incident: `inc_${string}` }, deps) => {
        const audit = await look(deps, firebreakItself('action-audit'), incident, {});
        if (isRefusal(audit))
          deps.log.warn({ incident, why: audit.why }, 'the actions of agents could not be looked for');
      },
    },
  },
};

export { auditStream } from './stream.ts';
