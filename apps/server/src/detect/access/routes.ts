import { access as doors, signInGiven, type UnusualAccess, type UsualAccess } from '@firebreak/contract/detect/access';
import { BATCH_LIMIT } from '@firebreak/contract/detect/signals';
import { type Crowd, isKnown, spendingOf, usualSpend } from '@firebreak/core/detect/access';
import { earlier, type Instant, instant, isRefusal, toMs } from '@firebreak/core/kernel';
import type { z } from 'zod';
import { type App, type Deps, route } from '../../platform/index.ts';
import {
  type Accepted,
  answerBatch,
  intakeDoor,
  mediaType,
  membersOf,
  plainBody,
  storable,
  telemetryOf,
} from '../signals/index.ts';
import { type SignInTaken, takeSignIns } from './sign-ins.ts';
import type { Told } from './told.ts';

type Given = z.output<typeof signInGiven>;
const FEWEST_PAIRS = 50;
const MOST_CROWDS = 200;
const MOST_SPENDERS = 10;
const DAY_MS = 86_400_000;

async function intake(deps: Deps, given: readonly Given[]): Promise<number> {
  const { digest } = await telemetryOf(deps).aids();
  const now = deps.now();
  const taken = given.map((it): SignInTaken => {
    const at = it.at == null ? now : instant(it.at);
    return {
      system: it.system,
      given: it.id == null ? null : storable(it.id),
      at: earlier(at, now),
      who: digest(`subject|${it.who}`),
      let: it.outcome === 'let-in',
      country: it.country?.toUpperCase() ?? null,
      key: it.key == null ? null : digest(`key|${it.key}`),
      reason: it.reason == null ? null : storable(it.reason),
      interaction: null,
    };
  });
  return deps.db.transaction((tx) => takeSignIns(tx, deps, taken), 'intake');
}

/** Who asked, as the application named it in an interaction that is still kept. */
async function namesOf(deps: Deps, interactions: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  const { rows } = await deps.db.query<{ id: string; who: string | null }>(
    "select id, coalesce(data->>'subject', session) as who from interaction where id = any($1)",
    [[...new Set(interactions)]],
  );
  return new Map(rows.map((row) => [row.id, row.who]));
}

async function told(deps: Deps, system: string | null, limit: number): Promise<UnusualAccess[]> {
  const { rows } = await deps.db.query<{ signal: string; data: Told }>(
    'select signal, data from access_told where $1::text is null or system = $1 order by at desc, id desc limit $2',
    [system, limit],
  );
  const who = await namesOf(
    deps,
    rows.flatMap(({ data }) => data.interactions.at(-1) ?? []),
  );
  const signIns = new Map(
    (
      await deps.db.query<{ id: string; at: Instant; data: SignInTaken }>(
        'select id, at, data from sign_in where id = any($1)',
        [[...new Set(rows.flatMap(({ data }) => data.signIns))]],
      )
    ).rows.map((row) => [row.id, row]),
  );
  return rows.map(({ signal, data }) => ({
    ...data,
    signal: signal as `sig_${string}`,
    who: data.of === 'system' ? null : (who.get(data.interactions.at(-1) ?? '') ?? null),
    interactions: [...data.interactions] as `int_${string}`[],
    signIns: data.signIns.flatMap((id) => {
      const row = signIns.get(id);
      return row === undefined
        ? []
        : [
            {
              at: row.at,
              outcome: row.data.let ? ('let-in' as const) : ('refused' as const),
              country: row.data.country,
              reason: row.data.reason,
              interaction: row.data.interaction as `int_${string}` | null,
            },
          ];
    }),
  }));
}

async function usual(deps: Deps, system: string | null): Promise<UsualAccess[]> {
  const { rows } = await deps.db.query<{ system: string; kind: 'person' | 'session'; data: Crowd }>(
    `select system, kind, data from access_crowd where kind <> 'sign-in' and ($1::text is null or system = $1)
     order by system, kind limit ${MOST_CROWDS}`,
    [system],
  );
  const newest = rows.flatMap(({ data }) =>
    spendingOf(data)
      .top.slice(0, MOST_SPENDERS)
      .map(({ interaction }) => interaction),
  );
  const who = await namesOf(deps, newest);
  return rows.map(({ system, kind, data }) => {
    const { n, sum, seen } = data.windows.requests;
    const spending = spendingOf(data);
    return {
      system,
      of: kind,
      principals: data.principals,
      windows: seen,
      known: isKnown(data, toMs(deps.now())),
      perHour: n > 0 ? sum / n : 0,
      nearShare: data.near.trials < FEWEST_PAIRS ? null : data.near.hits / data.near.trials,
      tokensPerHour: usualSpend(spending),
      spent: spending.total,
      spentOn: spending.day < 0 ? null : instant(new Date(spending.day * DAY_MS).toISOString()),
      spenders: spending.top.slice(0, MOST_SPENDERS).map(({ interaction, tokens, over }) => ({
        who: who.get(interaction) ?? null,
        interaction: interaction as `int_${string}`,
        tokens,
        over,
      })),
      since: instant(new Date(data.since).toISOString()),
    };
  });
}

export async function routes(app: App, deps: Deps): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.setValidatorCompiler(() => (value) => ({ value }));
    intakeDoor(scope, deps, doors.sendSignIns, 'sign-in', async (request, _caller, reply) => {
      const body = await plainBody(request);
      if (isRefusal(body)) return body;
      const batch = membersOf(body, mediaType(request), BATCH_LIMIT);
      if (isRefusal(batch)) return batch;
      const good: { index: number; value: Given }[] = [];
      const rejected: Accepted['rejected'][number][] = [];
      for (const [index, member] of batch.members.entries()) {
        const read = 'unreadable' in member ? null : signInGiven.safeParse(member.value);
        if (read?.success) good.push({ index, value: read.data });
        else {
          const issue = read?.error.issues[0];
          rejected.push({
            index,
            pointer: `${batch.pointer(index)}${(issue?.path ?? []).map((part) => `/${String(part)}`).join('')}`,
            detail: 'unreadable' in member ? member.unreadable : (issue?.message ?? 'it cannot be read'),
          });
        }
      }
      const accepted =
        good.length === 0
          ? 0
          : await intake(
              deps,
              good.map(({ value }) => value),
            );
      if (accepted > 0) deps.hints.give({ kind: 'signals' });
      const ids: (string | null)[] = batch.members.map(() => null);
      for (const { index, value } of good) ids[index] = value.id ?? '';
      return answerBatch(reply, { accepted, duplicate: good.length - accepted, rejected, ids });
    });
  });
  route(app, doors.list, async ({ query }) => ({
    told: await told(deps, query.system ?? null, query.limit),
    usual: await usual(deps, query.system ?? null),
  }));
}
