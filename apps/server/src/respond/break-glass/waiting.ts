import type { GlassRow, WaitingItem } from '@firebreak/contract/respond/break-glass';
import type { Actor } from '@firebreak/core/kernel';
import { GLASS_APPROVALS, type Glass } from '@firebreak/core/respond/break-glass';
import { describeControl, type Hold, type Pull } from '@firebreak/core/respond/containment';
import type { Caller, Deps } from '../../platform/index.ts';
import { personBehind } from '../../prepare/people/index.ts';
import { holdById, holdsToAdopt, loosening, pullsWaiting, pullWanted } from '../containment/index.ts';
import { mayAct, type Wanted } from '../decision-rights/index.ts';
import { labelsOf } from '../incidents/index.ts';
import { restorationsWaiting } from '../restoration/index.ts';
import { glassesWanted } from './board.ts';

export async function glassRows(deps: Deps, glasses: readonly Glass[]): Promise<GlassRow[]> {
  const labels = await labelsOf(deps.db, [...new Set(glasses.map(({ incident }) => incident))]);
  return glasses.map((glass) => ({
    glass: glass.glass,
    incident: glass.incident,
    incidentLabel: labels.get(glass.incident) ?? glass.incident,
    hold: glass.hold,
    label: `HLD-${glass.number}`,
    system: glass.system,
    says: glass.says,
    reason: glass.reason,
    state: glass.state,
    brokenAt: glass.brokenAt,
    brokenBy: glass.brokenBy,
    until: glass.until,
    due: glass.due,
    change: glass.change,
    needed: GLASS_APPROVALS,
    approved: [...glass.approved],
    overdue: glass.overdue,
    ended: glass.ended ?? null,
    paged: glass.paged === undefined ? null : { at: glass.paged.at, to: [...glass.paged.to] },
  }));
}

type Found = Omit<WaitingItem, 'incidentLabel' | 'blocked'> & {
  /** People who may not answer, having had their part already. */
  readonly apart: readonly Actor[];
  readonly wanted: Wanted;
};

const ofPull = (pull: Pull): Found => ({
  kind: 'pull',
  id: pull.pull,
  incident: pull.incident,
  hold: null,
  system: pull.system,
  says: describeControl(pull.what),
  reason: pull.reason,
  by: pull.askedBy,
  at: pull.askedAt,
  until: pull.until,
  change: pull.change,
  given: 0,
  needed: 1,
  overdue: false,
  apart: [pull.askedBy],
  wanted: { act: 'pull', ...pullWanted(pull) },
});

const ofHold = (hold: Hold) => ({
  incident: hold.incident,
  hold: hold.hold,
  system: hold.system,
  says: describeControl(hold.what),
});

const ofAdoption = (hold: Hold): Found => ({
  ...ofHold(hold),
  kind: 'adoption',
  id: hold.hold,
  reason: hold.reason,
  by: hold.orderedBy,
  at: hold.orderedAt,
  until: hold.adopt?.by ?? null,
  change: hold.hold,
  given: 0,
  needed: 1,
  overdue: false,
  apart: [hold.orderedBy],
  wanted: { ...loosening(hold), act: 'pull' },
});

async function ofRestorations(deps: Deps, incident: string | null): Promise<Found[]> {
  const found: Found[] = [];
  for (const it of await restorationsWaiting(deps, incident)) {
    const hold = await holdById(deps.db, it.hold);
    if (hold === null) continue;
    found.push({
      ...ofHold(hold),
      kind: 'restoration',
      id: hold.hold,
      reason: it.reason,
      by: it.askedBy,
      at: it.askedAt,
      until: null,
      change: it.change,
      given: it.approvals.given.length,
      needed: it.approvals.needed,
      overdue: false,
      apart: [it.askedBy, hold.orderedBy, ...it.approvals.given.map(({ by }) => by)],
      wanted: loosening(hold),
    });
  }
  return found;
}

async function ofGlasses(deps: Deps, incident: string | null): Promise<Found[]> {
  const found: Found[] = [];
  for (const glass of await glassesWanted(deps.db, incident)) {
    if (glass.approved.length >= GLASS_APPROVALS) continue;
    const hold = await holdById(deps.db, glass.hold);
    if (hold === null) continue;
    found.push({
      ...ofHold(hold),
      kind: 'break-glass',
      id: glass.glass,
      reason: glass.reason,
      by: glass.brokenBy,
      at: glass.brokenAt,
      until: glass.due,
      change: glass.change,
      given: glass.approved.length,
      needed: GLASS_APPROVALS,
      overdue: glass.overdue,
      apart: [glass.brokenBy, ...glass.approved.map(({ by }) => by)],
      wanted: loosening(hold),
    });
  }
  return found;
}

/** What waits for another person, most urgent first, with why whoever asks may not answer. */
export async function waitingFor(deps: Deps, by: Caller, incident: string | null): Promise<WaitingItem[]> {
  const found = [
    ...(await pullsWaiting(deps.db, incident)).map(ofPull),
    ...(await holdsToAdopt(deps.db, incident)).map(ofAdoption),
    ...(await ofGlasses(deps, incident)),
    ...(await ofRestorations(deps, incident)),
  ];
  if (found.length === 0) return [];
  const labels = await labelsOf(deps.db, [...new Set(found.map((it) => it.incident))]);
  const behind = await personBehind(deps.db);
  const me = behind(by.actor);
  const items: WaitingItem[] = [];
  for (const { apart, wanted, ...it } of found) {
    const mine = apart.some((actor) => behind(actor) === me);
    const blocked = mine
      ? 'You had your part in this. Somebody else has to answer.'
      : ((await mayAct(deps, by, wanted, { fresh: false }))?.why ?? null);
    items.push({ ...it, incidentLabel: labels.get(it.incident) ?? it.incident, blocked });
  }
  return items.sort((a, b) => Number(b.overdue) - Number(a.overdue) || (a.until ?? '~').localeCompare(b.until ?? '~'));
}
