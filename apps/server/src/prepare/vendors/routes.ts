import { vendors as doors } from '@firebreak/contract/prepare/vendors';
import { type Asked, type Decision, isRefusal, refuse } from '@firebreak/core/kernel';
import {
  addQuestion,
  answerQuestion,
  describeVendor,
  dropQuestion,
  foldQuestions,
  foldVendor,
  type QuestionFact,
  registerVendor,
  retireVendor,
  setEscalation,
  setResponsibilities,
  unrecorded,
  VENDOR_QUESTIONS_STREAM,
  type Vendor,
  type VendorFact,
  type VendorQuestion,
} from '@firebreak/core/prepare/vendors';
import { type App, act, type Caller, type Deps, route, type Sql } from '../../platform/index.ts';
import { personById } from '../people/index.ts';
import { listVendors, nameClash } from './board.ts';
import { questionsAsked, readVendor, showVendor, showVendors, systemsInUse } from './shown.ts';

const MOST_UNRECORDED = 100;

const unknown = (named: string) =>
  refuse('vendor.unknown', `There is no vendor “${named}”. List the vendors to see the ones there are.`);
const noOwner = (owner: string) =>
  refuse(
    'person.unknown',
    `There is no person “${owner}” with access. Somebody here has to answer for a vendor.`,
    '/owner',
  );
const isHere = async (sql: Sql, person: string): Promise<boolean> => (await personById(sql, person))?.active === true;

interface Change<G> {
  readonly by: Caller;
  readonly given?: (tx: Sql) => Promise<G>;
  readonly decide: (state: Vendor | null, asked: Asked, given: G) => Decision<VendorFact>;
}

async function change<G = undefined>(deps: Deps, vendor: string, deed: Change<G>) {
  const done = await act(deps, { stream: vendor, may: 'vendor.edit', fold: foldVendor, ...deed });
  return isRefusal(done) ? done : { vendor: await showVendor(deps, done.state!) };
}

async function changeQuestions(
  deps: Deps,
  by: Caller,
  decide: (state: readonly VendorQuestion[]) => Decision<QuestionFact>,
) {
  const done = await act(deps, {
    stream: VENDOR_QUESTIONS_STREAM,
    by,
    may: 'vendor.edit',
    fold: foldQuestions,
    decide,
  });
  return isRefusal(done) ? done : { questions: [...done.state] };
}

export function routes(app: App, deps: Deps): void {
  route(app, doors.list, async ({ query }) => {
    const systems = await systemsInUse(deps.db);
    const stored = await listVendors(deps.db, query.show === 'all');
    const used = stored.filter(({ retired }) => retired === null);
    return {
      vendors: await showVendors(deps, stored, systems),
      unrecorded: unrecorded(used, systems)
        .slice(0, MOST_UNRECORDED)
        .map((each) => ({ ...each, systems: [...each.systems] })),
    };
  });
  route(app, doors.show, async ({ params }) => {
    const vendor = await readVendor(deps.db, params.vendor);
    return vendor === null ? unknown(params.vendor) : { vendor: await showVendor(deps, vendor) };
  });
  route(app, doors.register, async ({ body, caller }) => {
    if (!(await isHere(deps.db, body.owner))) return noOwner(body.owner);
    const vendor = deps.mint('vnd');
    return change(deps, vendor, {
      by: caller,
      given: (tx) => nameClash(tx, vendor, body),
      decide: (state, _asked, clash) => registerVendor(state, { vendor, ...body }, clash),
    });
  });
  route(app, doors.describe, async ({ params, body, caller }) => {
    if (!(await isHere(deps.db, body.owner))) return noOwner(body.owner);
    return change(deps, params.vendor, {
      by: caller,
      given: (tx) => nameClash(tx, params.vendor, body),
      decide: (state, _asked, clash) => describeVendor(state, body, clash),
    });
  });
  route(app, doors.setEscalation, ({ params, body, caller }) =>
    change(deps, params.vendor, { by: caller, decide: (state) => setEscalation(state, body) }),
  );
  route(app, doors.setResponsibilities, ({ params, body, caller }) =>
    change(deps, params.vendor, { by: caller, decide: (state) => setResponsibilities(state, body) }),
  );
  route(app, doors.answerQuestion, ({ params, body, caller }) =>
    change(deps, params.vendor, {
      by: caller,
      given: questionsAsked,
      decide: (state, asked, questions) => answerQuestion(state, body, questions, asked),
    }),
  );
  route(app, doors.retire, ({ params, body, caller }) =>
    change(deps, params.vendor, { by: caller, decide: (state) => retireVendor(state, body) }),
  );

  route(app, doors.questions, async () => ({ questions: [...(await questionsAsked(deps.db))] }));
  route(app, doors.addQuestion, ({ body, caller }) => {
    const question = deps.mint('vqu');
    return changeQuestions(deps, caller, (state) => addQuestion(state, { question, ...body }));
  });
  route(app, doors.dropQuestion, ({ params, body, caller }) =>
    changeQuestions(deps, caller, (state) => dropQuestion(state, { question: params.question, ...body })),
  );
}
