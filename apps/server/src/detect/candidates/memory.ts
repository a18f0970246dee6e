import {
  type Changes,
  grow,
  keyOf,
  LATE_FOR_MS,
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

const HEARD = "greatest(b.data->'ended'->>'at', b.data->'summary'->>'heardAt', b.data->'late'->>'lastAt')";
const OF_INCIDENT = "b.state = 'promoted' and b.data->'ended'->>'as' is distinct from 'near-miss'";

/** Profiles of the candidates of these systems that still take signals, the latest first. */
export async function profilesOf(tx: Sql, systems: readonly string[], now: Instant): Promise<Profile[]> {
  const { rows } = await tx.query<{ profile: Profile }>(
    `select p.profile from candidate_profile p join candidate_board b on b.id = p.candidate
     where p.system = any($1)
       and (b.state in ('forming', 'coherent', 'paged') or (${OF_INCIDENT}
         and (case when b.data->>'easedAt' is null then ${HEARD} else greatest(b.data->>'easedAt', b.data->'ended'->>'at') end) >= $2)) order by p.last_at desc limit ${PROFILES}`,
    [systems, addMs(now, -PROMOTED_TAKES_MS)],
  );
  return rows.map((row) => row.profile);
}

/** Profiles of candidates whose incident goes on, and that were quiet for so long that they take no more signals. */
export async function quietProfilesOf(tx: Sql, systems: readonly string[], now: Instant): Promise<Profile[]> {
  const { rows } = await tx.query<{ profile: Profile }>(
    `select p.profile from candidate_profile p join candidate_board b on b.id = p.candidate
     where p.system = any($1) and ${OF_INCIDENT} and b.data->>'easedAt' is null and ${HEARD} < $2
     order by p.last_at desc limit ${PROFILES}`,
    [systems, addMs(now, -PROMOTED_TAKES_MS)],
  );
  return rows.map((row) => row.profile);
}

/** What was quiet is heard again: what follows joins it. */
export async function hearAgain(tx: Sql, candidates: readonly string[], now: Instant): Promise<void> {
  await tx.query(
    `update candidate_profile set last_at = $2, profile = jsonb_set(profile, '{lastAt}', to_jsonb($2::text))
     where candidate = any($1) and last_at < $2`,
    [candidates, now],
  );
}

/** Profiles of different candidates. */
export async function keepProfiles(tx: Sql, profiles: readonly Profile[]): Promise<void> {
  if (profiles.length === 0) return;
  await tx.query(
    `insert into candidate_profile (candidate, system, last_at, profile)
     select p->>'candidate', p->>'system', p->>'lastAt', p from jsonb_array_elements($1::jsonb) as p
     on conflict (candidate) do update set last_at = excluded.last_at, profile = excluded.profile`,
    [JSON.stringify(profiles)],
  );
}

export async function forgetProfile(tx: Sql, candidate: string): Promise<void> {
  await tx.query('delete from candidate_profile where candidate = $1', [candidate]);
}

/** Profiles of candidates whose incident was closed lately enough for late reports, the latest first. */
export async function closedProfilesOf(tx: Sql, systems: readonly string[], now: Instant): Promise<Profile[]> {
  const { rows } = await tx.query<{ profile: Profile }>(
    `select p.profile from candidate_profile p join candidate_board b on b.id = p.candidate
     where p.system = any($1) and b.state = 'closed' and b.data->>'closedAt' >= $2 order by p.last_at desc limit ${PROFILES}`,
    [systems, addMs(now, -LATE_FOR_MS)],
  );
  return rows.map((row) => row.profile);
}

/** Drops the profiles of candidates that take no more signals, and no late reports either. */
export async function forgetEnded(sql: Sql, now: Instant): Promise<void> {
  await sql.query(
    `delete from candidate_profile p using candidate_board b where b.id = p.candidate
       and (b.state in ('dismissed', 'merged') or b.data->'ended'->>'as' = 'near-miss'
         or (b.state = 'closed' and b.data->>'closedAt' < $1))`,
    [addMs(now, -LATE_FOR_MS)],
  );
}

/** Makes a profile anew from the newest signals a candidate holds now. */
export async function remakeProfile(tx: Sql, candidate: Profile['candidate'], among: Frequencies): Promise<void> {
  const signals = (await signalsOf(tx, candidate, REMAKE_FROM)).reverse();
  const [first, ...rest] = signals;
  if (first === undefined) return forgetProfile(tx, candidate);
  await keepProfiles(tx, [
    rest.reduce((profile, signal) => grow(profile, see(signal, among)), openProfile(candidate, see(first, among))),
  ]);
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

/** What must not join by itself, since a person parted it. */
export async function neverOf(
  tx: Sql,
  systems: readonly string[],
): Promise<(key: string, profile: Pick<Profile, 'candidate' | 'keys'>) => boolean> {
  const { rows } = await tx.query<{ candidate: string; key: string }>(
    `select n.candidate, n.key from candidate_never n join candidate_board b on b.id = n.candidate where b.system = any($1) limit ${MOST_NEVER}`,
    [systems],
  );
  const never = new Set(rows.map((row) => `${row.candidate}\n${row.key}`));
  const pairs = await tx.query<{ one: string; other: string }>(
    `select one, other from candidate_apart where system = any($1) limit ${MOST_NEVER}`,
    [systems],
  );
  const apart = new Map<string, Set<string>>();
  const add = (one: string, other: string) => apart.set(one, (apart.get(one) ?? new Set()).add(other));
  for (const { one, other } of pairs.rows) {
    add(one, other);
    add(other, one);
  }
  return (key, { candidate, keys }) => {
    if (never.has(`${candidate}\n${key}`)) return true;
    const from = apart.get(key);
    return from !== undefined && keys.some((each) => from.has(each));
  };
}

const MOST_NEVER = 5_000;
const MOST_PAIRS = 400;

/** Teaches that these signals are two things: neither joins the other again, in these candidates or in later ones. */
export async function keepApart(
  tx: Sql,
  deed: { readonly system: string; readonly parted: string },
  one: { readonly candidate: string; readonly signals: readonly Signal[] },
  other: { readonly candidate: string; readonly signals: readonly Signal[] },
): Promise<void> {
  const keys = [one, other].map(({ signals }) => new Set(signals.map(keyOf)));
  const only = keys.map((own, i) => [...own].filter((key) => !keys[1 - i]!.has(key)));
  for (const [candidate, foreign] of [
    [one.candidate, only[1]!],
    [other.candidate, only[0]!],
  ] as const)
    await tx.query(
      'insert into candidate_never (candidate, key) select $1, unnest($2::text[]) on conflict do nothing',
      [candidate, foreign.slice(0, 500)],
    );
  const pairs = only[0]!.slice(0, 40).flatMap((a) => only[1]!.slice(0, 40).map((b) => [a, b] as const));
  await tx.query(
    `insert into candidate_apart (deed, system, one, other)
     select $1, $2, p->>0, p->>1 from jsonb_array_elements($3::jsonb) as p on conflict do nothing`,
    [deed.parted, deed.system, JSON.stringify(pairs.slice(0, MOST_PAIRS))],
  );
}

/** Forgets that these two were parted: a person says that they are one. */
export async function unlearn(tx: Sql, one: string, other: string, signals: readonly Signal[]): Promise<void> {
  const keys = [...new Set(signals.map(keyOf))];
  await tx.query('delete from candidate_never where candidate in ($1, $2) and key = any($3)', [one, other, keys]);
  await tx.query('delete from candidate_apart where deed in ($1, $2) or (one = any($3) and other = any($3))', [
    one,
    other,
    keys,
  ]);
}
