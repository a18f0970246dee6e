import type { Actor, Id, Instant, Recorded, Refusal } from '@firebreak/core/kernel';
import { ROLE_DIRECTORY_STREAM, seatsSince } from '@firebreak/core/prepare/role-directory';
import type { Width } from '@firebreak/core/respond/containment';
import {
  ACT_NEEDS,
  type Act,
  foldRights,
  freshFor,
  type Holder,
  judgeFresh,
  judgeRight,
  LOOSENING,
  type Question,
  type Rights,
  type Rule,
  rolesThatMay,
  ruleFor,
} from '@firebreak/core/respond/decision-rights';
import { type Caller, type Deps, loadStream, type Sql } from '../../platform/index.ts';
import { freshAt, listPeople, personBehind, rolesOf } from '../../prepare/people/index.ts';

/** Rules of every system as this process knows them: what the log says at first, then every committed fact. */
const books = new WeakMap<Deps, Promise<Map<string, Rights>>>();

async function open(deps: Deps): Promise<Map<string, Rights>> {
  const book = new Map<string, Rights>();
  let read: readonly Recorded[] | null = null;
  const early: Recorded[] = [];
  let newest = 0;
  const take = (facts: readonly Recorded[]) => {
    for (const fact of facts) {
      if (fact.type !== 'rights.set' || fact.seq <= newest) continue;
      newest = fact.seq;
      const system = String(fact.data.system);
      book.set(system, [...(book.get(system) ?? []), ...foldRights([fact])]);
    }
  };
  deps.feed.on((facts) => (read === null ? void early.push(...facts) : take(facts)));
  const { rows } = await deps.db.query<Recorded>(
    `select seq, stream, type, at, data from fact where type = 'rights.set' order by seq`,
  );
  read = rows;
  take(rows);
  take(early);
  return book;
}

export async function rightsOf(deps: Deps, system: string): Promise<Rights> {
  const known = books.get(deps) ?? open(deps);
  books.set(deps, known);
  return (await known).get(system) ?? [];
}

/** What somebody wants to do with what. */
export interface Wanted {
  readonly act: Act;
  readonly system: string;
  readonly control?: Id<'ctl'> | undefined;
  readonly width: Width;
  /** Of letting go: the incident whose hold it is. */
  readonly incident?: string;
  /** Of letting go that belongs to no incident: since when it matters who had the right. */
  readonly since?: Instant | undefined;
  /** Of letting go: who ordered it, and so is not the second person. */
  readonly orderedBy?: Actor | undefined;
}

export const ruleOf = async (
  deps: Deps,
  { system, ...of }: Pick<Wanted, 'system' | 'control' | 'width'>,
): Promise<Rule> => ruleFor(await rightsOf(deps, system), of);

const ALWAYS = '' as Instant;
const MOST_ASKED = 20;
const MOST_NAMED = 3;

/** The refusal, and the names of people who may: whoever is refused at night should not have to look for them. */
async function naming(deps: Deps, refused: Refusal, question: Question, except: readonly Actor[]): Promise<Refusal> {
  const behind = await personBehind(deps.db);
  const out = except.map(behind);
  const able = new Set<string>(rolesThatMay(question.act));
  const asked = (await listPeople(deps.db))
    .filter(
      ({ id, active, joined, roles }) => active && joined && !out.includes(id) && roles.some((role) => able.has(role)),
    )
    .slice(0, MOST_ASKED);
  const directory = asked.length === 0 ? [] : await loadStream(deps.db, ROLE_DIRECTORY_STREAM);
  const names: string[] = [];
  for (const { id, name } of asked) {
    if (names.length === MOST_NAMED) break;
    const holder = { roles: await rolesOf(deps.db, id), seats: seatsSince(directory, id), freshAt: null };
    if (judgeRight({ ...question, holder }) === null) names.push(name);
  }
  const last = names.length > 0 ? `Who may: ${names.join(', ')}.` : 'Nobody else here may.';
  return { ...refused, why: `${refused.why} ${last}` };
}

/** Whom the rules see: a person, or the person a key acts for. A key nobody stands behind has what its scopes give. */
export async function holderOf(deps: Deps, sql: Sql, by: Caller): Promise<Holder> {
  const person = by.actor.kind === 'person' ? by.actor.id : (await personBehind(sql))(by.actor);
  if (!person.startsWith('usr_')) {
    const all = by.may === 'everything' || by.may.has('people.administer');
    return { roles: all ? [{ role: 'administrator', since: ALWAYS }] : [], seats: [], freshAt: null };
  }
  const [roles, directory] = [await rolesOf(sql, person), await loadStream(sql, ROLE_DIRECTORY_STREAM)];
  const fresh = by.session === undefined ? null : await freshAt(deps.db, by.session);
  return { roles, seats: seatsSince(directory, person), freshAt: fresh };
}

async function declaredAt(sql: Sql, incident: string): Promise<Instant | undefined> {
  const { rows } = await sql.query<{ at: Instant }>(
    `select at from fact where stream = $1 and type = 'incident.declared' order by seq limit 1`,
    [incident],
  );
  return rows[0]?.at;
}

/**
 * Whether somebody may do this by the rules that are set, beside the capability it takes. Firebreak itself is not asked.
 * Refuses `right.missing`, `right.granted-late`, `session.stale`.
 */
export async function mayAct(
  deps: Deps,
  by: Caller,
  { act, system, control, width, incident, since: matters, orderedBy }: Wanted,
  asks: { readonly fresh: boolean } = { fresh: true },
): Promise<Refusal | null> {
  if (by.actor.kind === 'system') return null;
  const rights = await rightsOf(deps, system);
  const rule = ruleFor(rights, { control, width });
  const { roles, seats } = rule.who[act];
  const loosens = LOOSENING.includes(act);
  const open = roles.length === 0 && seats.length === 0;
  // Nothing to look up for the brake as it is shipped.
  if (open && !loosens && freshFor(act, rule) === null && (by.may === 'everything' || by.may.has(ACT_NEEDS[act])))
    return null;
  const holder = await holderOf(deps, deps.db, by);
  const since = loosens && incident !== undefined ? await declaredAt(deps.db, incident) : matters;
  const question = {
    act,
    rule,
    ruleThen: since === undefined ? undefined : ruleFor(rights, { control, width }, since),
    declaredAt: since,
    holder,
    now: deps.now(),
  };
  const refused = judgeRight(question);
  if (refused !== null && asks.fresh)
    return naming(deps, refused, question, [by.actor, ...(orderedBy ? [orderedBy] : [])]);
  return refused ?? (asks.fresh ? judgeFresh(question) : null);
}
