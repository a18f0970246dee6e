import { numbersOf, questionOf, type Request, simHash } from '@firebreak/core/detect/access';
import { readsLikeRefusal } from '@firebreak/core/detect/measures';
import { type Interaction, markOf } from '@firebreak/core/detect/signals';
import { earlier, toMs } from '@firebreak/core/kernel';
import type { Deps, Sql } from '../../platform/index.ts';
import type { Onlooker } from '../signals/index.ts';
import { telemetryOf } from '../signals/index.ts';
import type { Place } from './remembered.ts';
import { takeSignIns } from './sign-ins.ts';

/** What is older when it comes in is history, and says nothing of what somebody does now. */
const NEWS_MS = 86_400_000;
/** Requests that may wait to be judged; further ones are not, and the log says so. */
const MOST_WAITING = 200_000;
const AUTH_ERROR =
  /\b(?:401|unauthori[sz]ed|unauthenticated|invalid[ _-]?(?:api[ _-]?)?(?:key|token|credentials?)|authentication[ _-]?(?:error|failed)|access[ _-]?denied|permission[ _-]?denied|forbidden)\b/i;

/** One request as it waits to be judged. */
export interface Noted {
  readonly place: Place;
  readonly said: Pick<Interaction, 'system' | 'at'>;
  readonly request: Request;
}

/** Askers fall into so many parts; each part is judged by itself. */
const PARTS = 4;
const partOf = ({ place }: Noted): number => place.principal.charCodeAt(0) % PARTS;

const COUNTED_MS = 1_000;
/** How many wait, as counted a moment ago. */
const counts = new WeakMap<Deps, { readonly at: number; readonly waiting: number }>();

async function tooMany(tx: Sql, deps: Deps): Promise<boolean> {
  let known = counts.get(deps);
  const now = performance.now();
  if (known === undefined || now - known.at > COUNTED_MS) {
    const { rows } = await tx.query<{ n: number }>('select coalesce(sum(count), 0)::int as n from access_seen');
    known = { at: now, waiting: rows[0]!.n };
    counts.set(deps, known);
  }
  return known.waiting >= MOST_WAITING;
}

async function note(tx: Sql, deps: Deps, noted: readonly Noted[]): Promise<void> {
  if (await tooMany(tx, deps)) {
    deps.log.error(
      { requests: noted.length },
      'too many requests wait to be held against what is usual; these are not',
    );
    return;
  }
  const parts = new Map<number, Noted[]>();
  for (const each of noted) {
    const part = parts.get(partOf(each));
    if (part === undefined) parts.set(partOf(each), [each]);
    else part.push(each);
  }
  await tx.query(
    `insert into access_seen (id, at, part, count, data)
     select id, $2, part, count, data from jsonb_to_recordset($1::jsonb) as r(id text, part smallint, count int, data jsonb)`,
    [
      JSON.stringify([...parts].map(([part, data]) => ({ id: deps.mint('acs'), part, count: data.length, data }))),
      deps.now(),
    ],
  );
}

/** Notes who asked what, in the transaction that says it was looked at. Drills are nobody's habit. */
export const watchAccess: Onlooker = async (tx, deps, _interactions, seen) => {
  const fresh = seen.interactions
    .filter(
      ({ data, news }) =>
        news === null &&
        markOf(data.givenId) === undefined &&
        (data.subject !== null || data.session !== null) &&
        toMs(data.receivedAt) - toMs(data.at) < NEWS_MS,
    )
    .map(({ data }) => data);
  if (fresh.length === 0) return;
  const { digest } = await telemetryOf(deps).aids();
  const noted = fresh.map((it): Noted => {
    const kind = it.subject === null ? 'session' : 'person';
    const principal = digest(it.subject === null ? `session|${it.session}` : `subject|${it.subject}`);
    const question = questionOf(it)?.text ?? null;
    return {
      place: { system: it.system, kind, principal },
      said: { system: it.system, at: it.at },
      request: {
        id: it.id,
        at: toMs(earlier(it.at, it.receivedAt)),
        country: it.country,
        hash: question === null ? null : simHash(question),
        exact: question === null ? '' : digest(question).slice(0, 8),
        numbers: numbersOf(it),
        tokens:
          it.tokens.input === null && it.tokens.output === null
            ? null
            : (it.tokens.input ?? 0) + (it.tokens.output ?? 0),
        refused: it.output === null || it.verdict?.action === 'deny' ? null : readsLikeRefusal(it.output),
      },
    };
  });
  await note(tx, deps, noted);
  await takeSignIns(
    tx,
    deps,
    fresh.flatMap((it, i) =>
      it.error !== null && AUTH_ERROR.test(it.error.slice(0, 500))
        ? [
            {
              system: it.system,
              given: `interaction ${it.id}`,
              at: it.at,
              who: noted[i]!.place.principal,
              let: false,
              country: it.country,
              key: null,
              reason: it.error.slice(0, 200),
              interaction: it.id,
            },
          ]
        : [],
    ),
  );
};
