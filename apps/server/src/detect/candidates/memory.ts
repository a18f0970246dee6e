import {
  type Changes,
  grow,
  openProfile,
  PROMOTED_TAKES_MS,
  type Profile,
  see,
  subjectOf,
} from '@firebreak/core/detect/candidates';
import type { Signal } from '@firebreak/core/detect/signals';
import { addMs, type Instant, isRefusal } from '@firebreak/core/kernel';
import { Frequencies, terms } from '@firebreak/core/text';
import type { Deps, Sql } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { recentSignals, signalsOf } from '../signals/index.ts';

const LEARN_FROM = 1_000;
const PROFILES = 400;
const REMAKE_FROM = 60;
const CHANGES_FOR_MS = 24 * 3_600_000;
/** After so many texts old ones count half. */
const FADE_AT = 20_000;

const words = new WeakMap<Deps, Frequencies>();

/** How common each word is among the signals; learnt from the newest ones at start. */
export async function frequencies(deps: Deps): Promise<Frequencies> {
  const held = words.get(deps);
  if (held !== undefined) return held;
  const learnt = new Frequencies();
  for (const signal of await recentSignals(deps.db, LEARN_FROM)) learn(learnt, signal);
  words.set(deps, learnt);
  return learnt;
}

export function learn(among: Frequencies, signal: Signal): void {
  if (among.texts >= FADE_AT) among.decay(0.5);
  among.add(terms(subjectOf(signal)));
}

/** Profiles of the candidates of these systems that still take signals, the latest first. */
export async function profilesOf(tx: Sql, systems: readonly string[], now: Instant): Promise<Profile[]> {
  const { rows } = await tx.query<{ profile: Profile }>(
    `select p.profile from candidate_profile p join candidate_board b on b.id = p.candidate
     where p.system = any($1)
       and (b.state in ('forming', 'coherent') or (b.state = 'promoted' and b.data->'ended'->>'at' >= $2 and b.data->'ended'->>'as' is distinct from 'near-miss')) order by p.last_at desc limit ${PROFILES}`,
    [systems, addMs(now, -PROMOTED_TAKES_MS)],
  );
  return rows.map((row) => row.profile);
}

export async function keepProfile(tx: Sql, profile: Profile): Promise<void> {
  await tx.query(
    `insert into candidate_profile (candidate, system, last_at, profile) values ($1, $2, $3, $4::jsonb)
     on conflict (candidate) do update set last_at = excluded.last_at, profile = excluded.profile`,
    [profile.candidate, profile.system, profile.lastAt, JSON.stringify(profile)],
  );
}

export async function forgetProfile(tx: Sql, candidate: string): Promise<void> {
  await tx.query('delete from candidate_profile where candidate = $1', [candidate]);
}

/** Drops the profiles of candidates that take no more signals. */
export async function forgetEnded(sql: Sql, now: Instant): Promise<void> {
  await sql.query(
    `delete from candidate_profile p using candidate_board b where b.id = p.candidate
       and (b.state in ('dismissed', 'merged') or (b.state = 'promoted' and (b.data->'ended'->>'at' < $1 or b.data->'ended'->>'as' = 'near-miss')))`,
    [addMs(now, -PROMOTED_TAKES_MS)],
  );
}

/** Makes a profile anew from the newest signals a candidate holds now. */
export async function remakeProfile(tx: Sql, candidate: Profile['candidate'], among: Frequencies): Promise<void> {
  const signals = (await signalsOf(tx, candidate, REMAKE_FROM)).reverse();
  const [first, ...rest] = signals;
  if (first === undefined) return forgetProfile(tx, candidate);
  await keepProfile(
    tx,
    rest.reduce((profile, signal) => grow(profile, see(signal, among)), openProfile(candidate, see(first, among))),
  );
}

/** When each of these systems was last changed, within a day. */
export async function changesOf(tx: Sql, systems: readonly string[], now: Instant): Promise<Changes> {
  const changes = new Map<string, readonly Instant[]>();
  for (const key of systems) {
    const system = await readSystem(tx, key);
    if (isRefusal(system)) continue;
    const since = addMs(now, -CHANGES_FOR_MS);
    const at = system.changes.map((change) => change.occurredAt).filter((it) => it >= since);
    if (at.length > 0) changes.set(key, at.sort().reverse());
  }
  return changes;
}

/** Keys that must not join a candidate again, since a person split them off. */
export async function neverOf(tx: Sql, systems: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ candidate: string; key: string }>(
    `select n.candidate, n.key from candidate_never n join candidate_board b on b.id = n.candidate where b.system = any($1) limit 5000`,
    [systems],
  );
  return new Set(rows.map((row) => `${row.candidate}\n${row.key}`));
}

export async function keepApart(tx: Sql, candidate: string, keys: readonly string[]): Promise<void> {
  await tx.query('insert into candidate_never (candidate, key) select $1, unnest($2::text[]) on conflict do nothing', [
    candidate,
    [...new Set(keys)].slice(0, 500),
  ]);
}
