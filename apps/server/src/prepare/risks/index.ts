import { risks as doors } from '@firebreak/contract/prepare/risks';
import { type Decision, isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  closeRisk,
  describeRisk,
  foldRisk,
  gradeOf,
  isOverdue,
  type Risk,
  type RiskFact,
  type RiskId,
  registerRisk,
} from '@firebreak/core/prepare/risks';
import {
  act,
  type Board,
  type Caller,
  type Deps,
  loadStream,
  route,
  type Slice,
  type Sql,
} from '../../platform/index.ts';
import { personById } from '../people/index.ts';

const MOST = 2_000;

const board: Board = {
  name: 'risks',
  tables: ['risk_board'],
  types: ['risk.registered', 'risk.described', 'risk.closed'],
  async apply(tx, { stream }) {
    const risk = foldRisk(await loadStream(tx, stream));
    if (risk === null) return;
    await tx.query(
      `insert into risk_board (id, closed, grade, data) values ($1, $2, $3, $4::jsonb)
       on conflict (id) do update set closed = excluded.closed, grade = excluded.grade, data = excluded.data`,
      [risk.id, risk.closed !== null, gradeOf(risk.residual ?? risk.inherent), JSON.stringify(risk)],
    );
  },
};

const shown = (deps: Deps, risk: Risk) => ({
  ...risk,
  contributing: [...risk.contributing],
  systems: [...risk.systems],
  because: [...risk.because],
  overdue: isOverdue(risk, deps.now()),
});

async function listRisks(sql: Sql, system: string | undefined, all: boolean): Promise<Risk[]> {
  const { rows } = await sql.query<{ data: Risk }>(
    `select data from risk_board where ($1 or not closed) and ($2::text is null or data->'systems' ? $2)
     order by closed, grade desc, id limit ${MOST}`,
    [all, system ?? null],
  );
  return rows.map((row) => row.data);
}

async function change(
  deps: Deps,
  risk: RiskId,
  by: Caller,
  decide: (state: Risk | null) => Decision<RiskFact>,
): Promise<{ risk: ReturnType<typeof shown> } | Refusal> {
  const done = await act(deps, { stream: risk, by, may: 'risk.edit', fold: foldRisk, decide });
  return isRefusal(done) ? done : { risk: shown(deps, done.state!) };
}

const noOwner = (owner: string) =>
  refuse(
    'person.unknown',
    `There is no person “${owner}” with access. A risk needs somebody here who answers for it.`,
    '/owner',
  );

/** The risk register: what may fail, who answers for it, what is done, and what is left. */
export const risks: Slice = {
  name: 'risks',
  boards: [board],
  routes(app, deps) {
    route(app, doors.list, async ({ query }) => ({
      risks: (await listRisks(deps.db, query.system, query.show === 'all')).map((risk) => shown(deps, risk)),
    }));
    route(app, doors.register, async ({ body, caller }) => {
      if (!(await personById(deps.db, body.owner))?.active) return noOwner(body.owner);
      const risk = deps.mint('rsk');
      return change(deps, risk, caller, (state) => registerRisk(state, { risk, ...body }));
    });
    route(app, doors.describe, async ({ params, body, caller }) => {
      if (!(await personById(deps.db, body.owner))?.active) return noOwner(body.owner);
      return change(deps, params.risk, caller, (state) => describeRisk(state, body));
    });
    route(app, doors.close, ({ params, body, caller }) =>
      change(deps, params.risk, caller, (state) => closeRisk(state, body)),
    );
  },
};
