import { tellingOf } from '@firebreak/core/detect/oversight';
import { markOf } from '@firebreak/core/detect/signals';
import { addMs } from '@firebreak/core/kernel';
import type { Deps, Sql, Watch } from '../../platform/index.ts';
import { deleteOld } from '../../prepare/records/index.ts';
import { vendorsInUse } from '../../prepare/vendors/index.ts';
import { type Raised, storeSignals, trafficSince } from '../signals/index.ts';
import { agreementsHeld, noticesHeld } from './board.ts';
import { breachSignal } from './onlook.ts';

const DAY_MS = 86_400_000;
const AT_ONCE = 2_000;

/** Answers whose time is up and that nobody looked at: one signal for each feature and look. */
async function bypassed(tx: Sql, deps: Deps): Promise<Raised[]> {
  const now = deps.now();
  const { rows } = await tx.query<{ interaction: string; system: string; feature: string; given_id: string | null }>(
    `update oversight_pending set told = true where interaction in (
       select interaction from oversight_pending where reviewed_at is null and not told and due_at <= $1 order by due_at limit ${AT_ONCE} for update skip locked)
     returning interaction, system, feature, given_id`,
    [now],
  );
  const places = new Map<string, typeof rows>();
  for (const row of rows) {
    const place = `${row.system}\n${row.feature}\n${markOf(row.given_id) ?? ''}`;
    places.set(place, [...(places.get(place) ?? []), row]);
  }
  return [...places.values()].map((some) => {
    const { system, feature, interaction, given_id: given } = some[0]!;
    const mark = markOf(given);
    return breachSignal(
      {
        ...(mark !== undefined && { mark }),
        system,
        at: now,
        feature,
        interaction: interaction as `int_${string}`,
        evidenceClass: 'verified',
      },
      'review-bypassed',
      'a person has to look at it in time',
      `${some.length === 1 ? 'An answer' : `${some.length} answers`} of “${feature}” of ${system} went without the look of a person that was agreed, and the time for it is up.`,
      `oversight|bypassed|${interaction}`,
    );
  });
}

/** Systems that were agreed to be heard more. */
async function tooFew(tx: Sql, deps: Deps): Promise<Raised[]> {
  const now = deps.now();
  const raised: Raised[] = [];
  for (const { system, perDay, at } of (await agreementsHeld(tx)).values()) {
    // The first whole day after it was agreed.
    if (perDay === null || addMs(at, DAY_MS) > now) continue;
    const seen = (await trafficSince(tx, system, addMs(now, -DAY_MS))) ?? [];
    const requests = seen.reduce((sum, each) => sum + each.requests, 0);
    if (requests >= perDay) continue;
    raised.push(
      breachSignal(
        { system, at: now, evidenceClass: 'weak' },
        'logging-missing',
        'fewer interactions than agreed',
        `${requests} interactions of ${system} came in during the last 24 hours; at least ${perDay} are expected. Either it is used less, or what it does is not recorded.`,
        `oversight|volume|${system}|${now.slice(0, 10)}`,
      ),
    );
  }
  return raised;
}

const WORDS = {
  deprecation: 'an end',
  behaviour: 'changed behaviour',
  terms: 'changed terms',
  logging: 'changed logging',
  'safety-settings': 'changed safety settings',
} as const;

/** Notices of suppliers, to every system that depends on them: when recorded, and as their day comes near. */
async function notices(tx: Sql, deps: Deps): Promise<Raised[]> {
  const now = deps.now();
  const open = await noticesHeld(tx, true);
  if (open.length === 0) return [];
  const vendors = new Map((await vendorsInUse(tx)).map((each) => [each.id, each]));
  return open.flatMap((notice) => {
    const telling = tellingOf(notice, now);
    const vendor = vendors.get(notice.vendor);
    if (telling === null || vendor === undefined) return [];
    const when = notice.on === null ? '' : `, from ${notice.on.slice(0, 10)}`;
    return [...new Set(vendor.dependants.map(({ system }) => system))].map((system) =>
      breachSignal(
        {
          system,
          at: now,
          channel: 'external',
          evidenceClass: 'weak',
          archetype: notice.kind === 'deprecation' ? 'vendor-outage' : null,
        },
        `supplier-${notice.kind}`,
        `notice of ${vendor.name}, ${telling}`,
        `${vendor.name} announced ${WORDS[notice.kind]}${notice.model === null ? '' : ` of ${notice.model}`}${when}: ${notice.text}${telling === 'recorded' ? '' : ` In ${telling} or less, and not dealt with.`} ${notice.link}`.trim(),
        `oversight|notice|${notice.id}|${telling}|${system}`,
      ),
    );
  });
}

export const checking: Watch = {
  name: 'oversight',
  everyMs: 30_000,
  async look(deps) {
    const fresh = await deps.db.transaction(async (tx) => {
      const raised = [...(await bypassed(tx, deps)), ...(await tooFew(tx, deps)), ...(await notices(tx, deps))];
      return (await storeSignals(tx, deps, raised)).fresh;
    });
    if (fresh > 0) {
      deps.hints.give({ kind: 'signals' });
      deps.wake();
    }
  },
};

export const forgetting: Watch = {
  name: 'oversight-retention',
  everyMs: 600_000,
  async look(deps) {
    await deleteOld(deps.db, deps, {
      table: 'oversight_pending',
      key: 'interaction',
      at: 'due_at',
      only: '(t.told or t.reviewed_at is not null)',
      most: AT_ONCE,
    });
    await deleteOld(deps.db, deps, {
      table: 'oversight_answered',
      key: 'system, kind, asked, answered',
      at: 'last_at',
      most: AT_ONCE,
    });
  },
};
