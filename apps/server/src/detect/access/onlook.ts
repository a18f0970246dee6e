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

async function note(tx: Sql, deps: Deps, noted: readonly Noted[]): Promise<void> {
  const { rows } = await tx.query<{ n: number }>('select coalesce(sum(count), 0)::int as n from access_seen');
  if (rows[0]!.n >= MOST_WAITING) {
    deps.log.error(
      { requests: noted.length },
      'too many requests wait to be held against what is usual; these are not',
    );
    return;
  }
  await tx.query('insert into access_seen (id, at, count, data) values ($1, $2, $3, $4::jsonb)', [
    deps.mint('acs'),
    deps.now(),
    noted.length,
    JSON.stringify(noted),
  ]);
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
