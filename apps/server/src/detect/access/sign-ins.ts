import {
  judgeSignIn,
  NEW_SIGN_IN_CROWD,
  NEW_SIGN_INS,
  type SignInCrowd,
  type SignInHabits,
} from '@firebreak/core/detect/access';
import { type Instant, instant, toMs } from '@firebreak/core/kernel';
import type { Deps, Sql } from '../../platform/index.ts';
import { type Place, Remembered } from './remembered.ts';
import { type Told, tell } from './told.ts';

export interface SignInTaken {
  readonly system: string;
  /** The sender's own id; null: none, and each stands for itself. */
  readonly given: string | null;
  readonly at: Instant;
  /** Digest of who. */
  readonly who: string;
  readonly let: boolean;
  readonly country: string | null;
  /** Digest of the key. */
  readonly key: string | null;
  readonly reason: string | null;
  readonly interaction: string | null;
}

const MADE_OF = 50;
const NEWS_MS = 86_400_000;

/** What a finding is made of: the newest sign-ins of the same person, or of the whole system, since it began. */
async function madeOf(tx: Sql, it: SignInTaken, whole: boolean, since: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from sign_in where system = $1 and at >= $2 and at <= $3 and ($4::text is null or data->>'who' = $4) order by at desc, id desc limit ${MADE_OF}`,
    [it.system, new Date(since).toISOString(), it.at, whole ? null : it.who],
  );
  return rows.map(({ id }) => id).reverse();
}

/** Keeps sign-ins, holds each new one against those before, and raises what is unusual. Answers how many were new. */
export async function takeSignIns(tx: Sql, deps: Deps, taken: readonly SignInTaken[]): Promise<number> {
  if (taken.length === 0) return 0;
  const rows = taken.map((it) => ({ id: deps.mint('sgn'), system: it.system, given: it.given, at: it.at, data: it }));
  const inserted = await tx.query<{ id: string }>(
    `insert into sign_in (id, system, given, at, data)
     select id, system, given, at, data from jsonb_to_recordset($1::jsonb) as r(id text, system text, given text, at text, data jsonb)
     on conflict (system, given) do nothing returning id`,
    [JSON.stringify(rows)],
  );
  const news = new Set(inserted.rows.map(({ id }) => id));
  const now = toMs(deps.now());
  const fresh = rows
    .filter(({ id, at }) => news.has(id) && now - toMs(at) < NEWS_MS)
    .map(({ data }) => data)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  if (fresh.length === 0) return news.size;
  const placeOf = ({ system, who }: SignInTaken): Place => ({ system, kind: 'sign-in', principal: who });
  const held = await Remembered.locked<SignInHabits, SignInCrowd>(tx, fresh.map(placeOf), NEW_SIGN_IN_CROWD);
  const told: Told[] = [];
  for (const it of fresh) {
    const place = placeOf(it);
    const judged = judgeSignIn(held.principal(place, NEW_SIGN_INS), held.crowd(place), { ...it, at: toMs(it.at) });
    held.set(place, judged.habits, judged.crowd);
    for (const finding of judged.findings) {
      const { kind, evidenceClass, says, whole, since, seen, usual } = finding;
      told.push({
        system: it.system,
        at: it.at,
        since: instant(new Date(since).toISOString()),
        of: whole ? 'system' : 'sign-in',
        kind,
        evidenceClass,
        archetype: null,
        text: whole ? `${it.system}: ${says}.` : `One and the same person or program ${says} at ${it.system}.`,
        seen,
        usual,
        chance: null,
        interactions: it.interaction === null ? [] : [it.interaction],
        signIns: await madeOf(tx, it, whole, since),
        subjectHash: whole ? null : it.who,
        about: it.interaction === null ? {} : { interaction: it.interaction as `int_${string}` },
        same: `${it.system}|${whole ? 'system' : it.who}|${kind}|${it.at}`,
      });
    }
  }
  await held.write(tx, deps.now());
  await tell(tx, deps, told);
  return news.size;
}
