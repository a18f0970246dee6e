import {
  type AnyFact,
  type Asked,
  type Decision,
  isRefusal,
  type Recorded,
  type Refusal,
  refuse,
} from '@firebreak/core/kernel';
import type { Capability } from '@firebreak/core/prepare/people';
import { applyToBoards } from './boards.ts';
import { type Sql, together } from './database/index.ts';
import { FACT_CHANNEL } from './feed.ts';
import { enqueue } from './jobs.ts';
import { append, type Decided, loadStreams } from './log.ts';
import type { Caller, Deps } from './slice.ts';

/** One thing somebody wants to happen to one stream. */
export interface Deed<S, F extends AnyFact, G = undefined> {
  readonly stream: string;
  readonly by: Caller;
  /** What it takes. Leaving it out does not compile. */
  readonly may: Capability;
  readonly fold: (facts: readonly Recorded[]) => S;
  /** What the rule needs beside its own stream, read under the same lock. */
  readonly given?: (tx: Sql) => Promise<G>;
  readonly decide: (state: S, asked: Asked, given: G) => Decision<F>;
}

/** A decided deed: the facts it recorded (none: already so) and the stream as it now is. */
export interface Done<S> {
  readonly facts: readonly Recorded[];
  readonly state: S;
}

const allowed = (by: Caller, may: Capability): boolean => by.may === 'everything' || by.may.has(may);

/** Of PostgreSQL: whom it gave up among several that waited for each other. Nothing of it was kept. */
const GIVEN_UP = ['40P01', '40001'];
const MOST_TRIES = 5;

async function whole<T>(deps: Deps, work: (tx: Sql) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await deps.db.transaction(work);
    } catch (error) {
      if (tries === MOST_TRIES || !GIVEN_UP.includes(String((error as { code?: unknown }).code))) throw error;
    }
}

/**
 * Locks streams in one order for everybody. A transaction that acts on several of them does so before it records anything:
 * whoever has the head of the log and waits for a stream keeps whoever has that stream from ever getting the head.
 */
export async function lockStreams(tx: Sql, deps: Deps, streams: readonly string[]): Promise<void> {
  if (deps.db.engine !== 'postgresql' || streams.length === 0) return;
  const all = [...new Set(streams)].sort();
  await tx.query('insert into stream (id) select unnest($1::text[]) on conflict (id) do nothing', [all]);
  await tx.query('select id from stream where id = any($1) order by id for update', [all]);
}

/**
 * The only way anything changes: lock the stream, fold, decide, append facts, boards and outbox, all or nothing. Where the
 * database gave it up for others that waited as well, it is done again.
 */
export async function act<S, F extends AnyFact, G = undefined>(
  deps: Deps,
  deed: Deed<S, F, G>,
): Promise<Done<S> | Refusal> {
  const done = await whole(deps, (tx) => actWithin(tx, deps, deed));
  if (!isRefusal(done)) await announce(deps, done.facts);
  return done;
}

/** The same inside a transaction that is already open; the caller announces the facts after the commit. */
export async function actWithin<S, F extends AnyFact, G = undefined>(
  tx: Sql,
  deps: Deps,
  deed: Deed<S, F, G>,
): Promise<Done<S> | Refusal> {
  if (!allowed(deed.by, deed.may)) return notAllowed(deed.may);
  // Locked before reading, so that no decision is made on stale facts and none has to be tried again. The embedded
  // engine has one connection: there a transaction is a lock already.
  await lockStreams(tx, deps, [deed.stream]);
  const [past, given] = await together([
    deps.streams.load(tx, deed.stream),
    (deed.given ? deed.given(tx) : Promise.resolve(undefined)) as Promise<G>,
  ]);
  const asked: Asked = { at: deps.now(), by: deed.by.actor };
  const decision = deed.decide(deed.fold(past), asked, given);
  if (isRefusal(decision)) return decision;
  const facts = await record(tx, deps, asked, [{ stream: deed.stream, version: past.length, facts: decision }]);
  return { facts, state: deed.fold(facts.length > 0 ? [...past, ...facts] : past) };
}

/** Facts, boards and outbox of what was decided about locked streams. */
async function record(tx: Sql, deps: Deps, { at, by }: Asked, decided: readonly Decided[]): Promise<Recorded[]> {
  const facts = await append(tx, { decided, at, by, personal: personalOf(deps), random: deps.random });
  for (const { stream, version, facts } of decided)
    if (facts.length > 0) deps.streams.wrote(tx, stream, version + facts.length);
  for (const fact of facts) {
    await applyToBoards(tx, deps, fact);
    for (const slice of deps.slices)
      for (const effect of slice.effectsOf?.(fact) ?? []) await enqueue(tx, deps, effect);
  }
  if (facts.length > 0 && deps.db.engine === 'postgresql')
    await tx.query(`select pg_notify('${FACT_CHANNEL}', $1)`, [String(facts.at(-1)!.seq)]);
  return facts;
}

/** The same thing to many streams at once, read together and written together. Each stream stands once. */
export interface Deeds<S, F extends AnyFact> {
  readonly streams: readonly string[];
  readonly by: Caller;
  readonly may: Capability;
  readonly fold: (facts: readonly Recorded[]) => S;
  readonly decide: (stream: string, state: S, asked: Asked) => Decision<F>;
}

/**
 * For what comes in hundreds, such as a file: what one stream refuses does not keep the others out. The caller has the
 * transaction, and announces the facts after the commit.
 */
export async function actOnMany<S, F extends AnyFact>(
  tx: Sql,
  deps: Deps,
  deeds: Deeds<S, F>,
): Promise<{ readonly facts: readonly Recorded[]; readonly refusals: ReadonlyMap<string, Refusal> } | Refusal> {
  if (!allowed(deeds.by, deeds.may)) return notAllowed(deeds.may);
  await lockStreams(tx, deps, deeds.streams);
  const past = await loadStreams(tx, deeds.streams);
  const asked: Asked = { at: deps.now(), by: deeds.by.actor };
  const refusals = new Map<string, Refusal>();
  const decided: Decided[] = [];
  for (const stream of deeds.streams) {
    const facts = past.get(stream)!;
    const decision = deeds.decide(stream, deeds.fold(facts), asked);
    if (isRefusal(decision)) refusals.set(stream, decision);
    else decided.push({ stream, version: facts.length, facts: decision });
  }
  return { facts: await record(tx, deps, asked, decided), refusals };
}

const notAllowed = (may: Capability): Refusal =>
  refuse(
    'authority.missing',
    `This needs the right “${may}”, which you do not have. Ask an administrator, or somebody who has it.`,
  );

/** After the commit: wakes the outbox and tells screens and guards. Resolves when this process has seen the facts. */
export async function announce(deps: Deps, facts: readonly Recorded[]): Promise<void> {
  if (facts.length === 0) return;
  deps.streams.committed(facts);
  if (facts.some((fact) => deps.slices.some((slice) => (slice.effectsOf?.(fact).length ?? 0) > 0))) deps.wake();
  await deps.feed.committed(facts);
}

const personal = new WeakMap<Deps, Record<string, readonly string[]>>();

function personalOf(deps: Deps): Readonly<Record<string, readonly string[]>> {
  const known = personal.get(deps) ?? Object.assign({}, ...deps.slices.map((slice) => slice.personal ?? {}));
  personal.set(deps, known);
  return known;
}
