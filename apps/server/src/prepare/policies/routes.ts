import { policies as doors } from '@firebreak/contract/prepare/policies';
import { type Actor, type Asked, type Decision, isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import type { Capability } from '@firebreak/core/prepare/people';
import {
  approveException,
  askException,
  declineException,
  type ExceptionFact,
  endException,
  exceptionTrend,
  foldPolicy,
  isBound,
  mapPolicy,
  type Policy,
  type PolicyFact,
  renewException,
  restatePolicy,
  statePolicy,
  trendFrom,
  withdrawPolicy,
} from '@firebreak/core/prepare/policies';
import { type App, act, type Caller, type Deps, route, type Sql } from '../../platform/index.ts';
import { personBehind, personById } from '../people/index.ts';
import { approvedSince, findPolicy, listExceptions, listPolicies, recordBegan } from './board.ts';
import { showException, showPolicies } from './shown.ts';

/** Exceptions that the page of a policy shows. */
const MOST_SHOWN = 500;

type Behind = (actor: Actor) => string;

const unknown = () => refuse('policy.unknown', 'There is no such policy. List the policies to see them.');
const noOwner = (owner: string) =>
  refuse(
    'person.unknown',
    `There is no person “${owner}” with access. A policy needs somebody here who answers for it.`,
    '/owner',
  );

const isHere = async (sql: Sql, person: string): Promise<boolean> => (await personById(sql, person))?.active === true;

interface Change {
  readonly by: Caller;
  readonly may: Capability;
  readonly decide: (state: Policy | null, asked: Asked, behind: Behind) => Decision<PolicyFact | ExceptionFact>;
}

async function changePolicy(deps: Deps, policy: string, { by, may, decide }: Change) {
  const done = await act(deps, { stream: policy, by, may, fold: foldPolicy, given: personBehind, decide });
  if (isRefusal(done)) return done;
  const { exceptions: _, ...stored } = done.state!;
  return { policy: (await showPolicies(deps, [stored]))[0]! };
}

async function changeException(deps: Deps, policy: string, exception: string, { by, may, decide }: Change) {
  const done = await act(deps, { stream: policy, by, may, fold: foldPolicy, given: personBehind, decide });
  if (isRefusal(done)) return done;
  const it = done.state!.exceptions.find(({ id }) => id === exception)!;
  return { exception: showException(deps, { ...it, policy, policyTitle: done.state!.title }) };
}

export function routes(app: App, deps: Deps): void {
  route(app, doors.list, async ({ query }) => {
    const stored = await listPolicies(deps.db, query.show === 'all');
    const { system } = query;
    return {
      policies: await showPolicies(deps, system === undefined ? stored : stored.filter((it) => isBound(it, system))),
    };
  });
  route(app, doors.show, async ({ params }) => {
    const stored = await findPolicy(deps.db, params.policy);
    if (stored === null) return unknown();
    const now = deps.now();
    const [policy] = await showPolicies(deps, [stored]);
    const exceptions = await listExceptions(deps.db, {
      policy: params.policy,
      system: null,
      at: null,
      over: true,
      now,
      limit: MOST_SHOWN,
    });
    const counted = await approvedSince(deps.db, params.policy, trendFrom(now));
    return {
      policy: policy!,
      exceptions: exceptions.map((each) => showException(deps, each)),
      trend: exceptionTrend(counted, stored.statedAt, now),
    };
  });

  route(app, doors.state, async ({ body, caller }): Promise<Awaited<ReturnType<typeof changePolicy>> | Refusal> => {
    if (!(await isHere(deps.db, body.owner))) return noOwner(body.owner);
    const policy = deps.mint('pol');
    return changePolicy(deps, policy, {
      by: caller,
      may: 'policy.edit',
      decide: (state) => statePolicy(state, { policy, ...body }),
    });
  });
  route(app, doors.restate, async ({ params, body, caller }) => {
    if (!(await isHere(deps.db, body.owner))) return noOwner(body.owner);
    return changePolicy(deps, params.policy, {
      by: caller,
      may: 'policy.edit',
      decide: (state) => restatePolicy(state, body),
    });
  });
  route(app, doors.map, ({ params, body, caller }) =>
    changePolicy(deps, params.policy, { by: caller, may: 'policy.edit', decide: (state) => mapPolicy(state, body) }),
  );
  route(app, doors.withdraw, ({ params, body, caller }) =>
    changePolicy(deps, params.policy, {
      by: caller,
      may: 'policy.edit',
      decide: (state, asked) => withdrawPolicy(state, body, asked),
    }),
  );

  route(app, doors.exceptions, async ({ query }) => {
    const found = await listExceptions(deps.db, {
      policy: query.policy ?? null,
      system: query.system ?? null,
      at: query.at ?? null,
      over: query.show === 'all',
      now: deps.now(),
      limit: query.limit + 1,
    });
    return {
      exceptions: found.slice(0, query.limit).map((each) => showException(deps, each)),
      more: found.length > query.limit,
    };
  });
  route(app, doors.trend, async () => {
    const now = deps.now();
    const counted = await approvedSince(deps.db, null, trendFrom(now));
    return { trend: exceptionTrend(counted, await recordBegan(deps.db), now) };
  });

  route(app, doors.ask, ({ params, body, caller }) => {
    const exception = deps.mint('exc');
    return changeException(deps, params.policy, exception, {
      by: caller,
      may: 'exception.ask',
      decide: (state, asked) => askException(state, { exception, ...body }, asked),
    });
  });
  route(app, doors.approve, ({ params: { policy, exception }, body, caller }) =>
    changeException(deps, policy, exception, {
      by: caller,
      may: 'exception.approve',
      decide: (state, asked, behind) => approveException(state, { exception, ...body }, asked, behind),
    }),
  );
  route(app, doors.decline, ({ params: { policy, exception }, body, caller }) =>
    changeException(deps, policy, exception, {
      by: caller,
      may: 'exception.ask',
      decide: (state, asked) => declineException(state, { exception, ...body }, asked),
    }),
  );
  route(app, doors.renew, ({ params: { policy, exception }, body, caller }) =>
    changeException(deps, policy, exception, {
      by: caller,
      may: 'exception.approve',
      decide: (state, asked, behind) => renewException(state, { exception, ...body }, asked, behind),
    }),
  );
  route(app, doors.end, ({ params: { policy, exception }, body, caller }) =>
    changeException(deps, policy, exception, {
      by: caller,
      may: 'exception.ask',
      decide: (state, asked) => endException(state, { exception, ...body }, asked),
    }),
  );
}
