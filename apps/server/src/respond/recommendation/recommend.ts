import type { CallOf } from '@firebreak/contract';
import type { Recommendation, RecommendedOrder, recommendation } from '@firebreak/contract/respond/recommendation';
import type { Candidate } from '@firebreak/core/detect/candidates';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import type { AiSystem } from '@firebreak/core/prepare/inventory';
import { ROLE_NAMES } from '@firebreak/core/prepare/role-directory';
import { describeControl } from '@firebreak/core/respond/containment';
import { firstSystem, foldIncident, heldArchetype, type Incident } from '@firebreak/core/respond/incidents';
import {
  advise,
  earlierVersions,
  type HeldLever,
  type Passed,
  type Places,
  type Proposal,
  partlyWords,
  preventedWords,
  reachOf,
  type WiredLever,
  type Worth,
  weigh,
} from '@firebreak/core/respond/recommendation';
import { findCandidate, unknownCandidate } from '../../detect/candidates/index.ts';
import { wentWrong } from '../../detect/signals/index.ts';
import { type Caller, type Deps, loadStream } from '../../platform/index.ts';
import { readSystem } from '../../prepare/inventory/index.ts';
import { peopleSeated } from '../../prepare/role-directory/index.ts';
import { controlsOf, holdsInForce, obeyingNow, wiredControls } from '../containment/index.ts';
import { testsOf } from '../control-tests/index.ts';
import { controlsFollowed } from '../executors/index.ts';
import { findIncident, labelsOf } from '../incidents/index.ts';
import { takenBefore, worthSaid } from './board.ts';
import { latelyOf } from './lately.ts';

type Asked = Required<Pick<CallOf<typeof recommendation.show>['body'], 'answers'>> &
  Omit<CallOf<typeof recommendation.show>['body'], 'answers'>;

const MOST_NAMES = 20;
const UNSAID: Worth = { lossPerHour: null, costPerRequest: null, needless: 0, hours: 1 };
const CALLED = ['commander', 'technical-lead', 'application-owner', 'security'] as const;

interface About {
  readonly incident: Incident | null;
  readonly candidate: Candidate | null;
  readonly system: AiSystem;
}

async function aboutOf(deps: Deps, asked: Asked): Promise<About | Refusal> {
  const asking = asked.candidate === undefined ? null : await findCandidate(deps.db, asked.candidate);
  if (asked.candidate !== undefined && asking === null) return unknownCandidate(asked.candidate);
  // Somebody may have declared it meanwhile: then it is about that incident, and none is declared twice.
  const wanted = asked.incident ?? asking?.incident ?? null;
  const id = wanted === null ? null : await findIncident(deps.db, wanted);
  const incident = id && foldIncident(await loadStream(deps.db, id));
  if (wanted !== null && incident === null) return refuse('incident.unknown', `There is no incident ${wanted}.`);
  const candidate = asking ?? (incident?.candidate == null ? null : await findCandidate(deps.db, incident.candidate));
  const key = asked.system ?? firstSystem(incident, candidate?.system ?? null);
  if (key === null)
    return refuse(
      'recommendation.no-system',
      'Name a system: neither an incident nor a candidate names one.',
      '/system',
    );
  const system = await readSystem(deps.db, key);
  return isRefusal(system) ? system : { incident, candidate, system };
}

function counted(rows: readonly Pick<Passed, 'country'>[]): [Record<string, number>, number] {
  const counts: Record<string, number> = {};
  let unsaid = 0;
  for (const { country } of rows)
    if (country === null) unsaid++;
    else counts[country] = (counts[country] ?? 0) + 1;
  return [counts, unsaid];
}

function placesOf(wrong: readonly Passed[], all: readonly Passed[]): Places {
  const [wrongs, wrongUnsaid] = counted(wrong);
  const [alls, allUnsaid] = counted(all);
  return { wrong: wrongs, wrongUnsaid, all: alls, allUnsaid };
}

/** Most often first. */
function named(lists: readonly (readonly string[])[]): string[] {
  const counts = new Map<string, number>();
  for (const name of lists.flat()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_NAMES)
    .map(([name]) => name);
}

async function wiredOf(deps: Deps, by: Caller, system: string): Promise<WiredLever[]> {
  const rows = await controlsOf(deps.db, system);
  const tested = new Map(
    (await wiredControls(deps.db, system, testsOf, deps.now()))
      .get(system)
      ?.map((each) => [each.control, each.testedAt]),
  );
  const followed = await controlsFollowed(deps.db, system);
  return rows.map(({ data: { control, name, what, sideEffects, needs } }) => ({
    control,
    name,
    what,
    sideEffects,
    testedAt: tested.get(control) ?? null,
    follows: followed.has(control),
    lacks: by.may === 'everything' || by.may.has(needs) ? null : needs,
  }));
}

function orderOf(proposal: Proposal, passed: readonly Passed[] | null, worth: Worth): RecommendedOrder {
  const { what, prevents, held, partly, ...rest } = proposal;
  const reach = what === null || passed === null ? null : reachOf(what, passed);
  const weighed = weigh(proposal.lever, prevents, reach?.benign ?? null, worth);
  return {
    ...rest,
    what,
    says: what && describeControl(what),
    prevents: { share: prevents, says: preventedWords(prevents) },
    held: held && { hold: held.hold, label: held.label, confirmed: held.confirmed },
    partly: partly.map((each) => ({
      hold: each.hold,
      label: each.label,
      confirmed: each.confirmed,
      says: partlyWords(each),
    })),
    meets: reach && {
      perHour: reach.touched,
      goodPerHour: reach.benign,
      unsaidPerHour: reach.unsaid,
      share: reach.requests === 0 ? 0 : reach.touched / reach.requests,
    },
    weighed,
  };
}

async function byHand(deps: Deps, system: AiSystem, feature: string | null): Promise<Recommendation['byHand']> {
  const people = await peopleSeated(deps, CALLED);
  return {
    steps: [
      `Turn ${feature ?? system.name} off where it runs: its flag, its deployment, its route.`,
      'If that cannot be reached, withdraw the key it calls its model with, or block its way out.',
      'Write in the time line what was done and when, and watch that nothing more of it comes.',
      'Then connect a guard or a gateway, so that the next time it takes one press.',
    ],
    people: people.map((each) => ({ ...each, title: ROLE_NAMES[each.role] })),
  };
}

/** What to order for an event: the tree answered from facts and telemetry, and every order that could be given, weighed. */
export async function recommend(deps: Deps, by: Caller, asked: Asked): Promise<Recommendation | Refusal> {
  const began = performance.now();
  const about = await aboutOf(deps, asked);
  if (isRefusal(about)) return about;
  const { incident, candidate, system } = about;
  const now = deps.now();
  const known = new Set(system.features.map(({ key }) => key));
  const found = candidate?.feature != null && known.has(candidate.feature) ? candidate.feature : null;
  const feature = asked.feature === undefined ? found : asked.feature;
  const archetype =
    asked.archetype ??
    (incident === null ? (candidate?.archetype ?? null) : heldArchetype(incident, candidate?.archetype ?? null));
  const wrong = candidate === null ? [] : await wentWrong(deps.db, candidate.id);
  const lately = await latelyOf(deps, system.key);
  const inForce = await holdsInForce(deps.db, system.key);
  const held = inForce
    .filter((hold) => incident !== null && hold.incident === incident.id)
    .map(
      (hold): HeldLever => ({
        hold: hold.hold,
        label: `HLD-${hold.number}`,
        what: hold.what,
        confirmed: hold.confirmation === 'confirmed',
        letsSome: hold.release !== undefined,
      }),
    );
  const { obeying, unknownKinds } = await obeyingNow(deps, system.key);
  const advice = advise({
    now,
    archetype,
    severity: incident?.severity ?? null,
    system,
    feature,
    versionsKnown: system.deployments.length > 0,
    earlier: earlierVersions(system.changes, candidate?.summary.versions ?? { prompt: [], model: [] }),
    controls: await wiredOf(deps, by, system.key),
    obeying,
    unknownKinds,
    places: placesOf(wrong, lately?.rows ?? []),
    tools: named(wrong.map(({ tools }) => tools ?? [])),
    indexes: named(wrong.map(({ index }) => (index === null ? [] : [index]))),
    held,
    answers: asked.answers as never,
  });
  const said = await worthSaid(deps.db, system.key);
  const given = Object.fromEntries(Object.entries(asked.worth ?? {}).filter(([, value]) => value !== undefined));
  const worth: Worth = { ...UNSAID, ...said?.worth, ...given };
  const label = said && Object.keys(given).length === 0 ? await labelsOf(deps.db, [said.incident]) : null;
  const order = (proposal: Proposal) => orderOf(proposal, lately?.rows ?? null, worth);
  return {
    system: { key: system.key, name: system.name, owner: system.owner, features: system.features },
    systems: incident?.systems.filter((each) => each !== system.key) ?? [],
    title: incident?.title ?? candidate?.title ?? system.name,
    candidate: candidate?.id ?? null,
    incident: incident && { id: incident.id, label: incident.label },
    archetype,
    feature,
    featureFrom: asked.feature !== undefined ? 'said' : feature === null ? 'nowhere' : 'candidate',
    ...advice,
    steps: [...advice.steps],
    ladder: advice.ladder.map(order),
    not: advice.not.map(order),
    worth,
    worthFrom: said &&
      label && { incident: said.incident, label: label.get(said.incident) ?? said.incident, at: said.at },
    taken: await takenBefore(deps.db, archetype),
    obeying,
    byHand: advice.ladder.every(({ readiness, held }) => readiness === 'not' && held?.confirmed !== true)
      ? await byHand(deps, system, feature)
      : null,
    tookMs: Math.round((performance.now() - began) * 10) / 10,
  };
}
