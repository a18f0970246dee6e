import type { TriagePack } from '@firebreak/contract/respond/triage-pack';
import { type Candidate, earlyReading, SUMMARY_BOUNDS } from '@firebreak/core/detect/candidates';
import { addMs, type Instant, isRefusal } from '@firebreak/core/kernel';
import { type AiSystem, timeLineOf } from '@firebreak/core/prepare/inventory';
import type { PlaybookContent } from '@firebreak/core/prepare/playbooks';
import { type Axes, suggestSeverity } from '@firebreak/core/prepare/rubric';
import { firstSystem, heldArchetype, type Incident } from '@firebreak/core/respond/incidents';
import {
  blastRadius,
  downstreamFigure,
  downstreamOf,
  flagsOf,
  foldContext,
  type MinuteTally,
  onsetOf,
  rolesFor,
  suspects,
} from '@firebreak/core/respond/triage-pack';
import { hitsByMinute, requestsByMinute, type Scope, toolCallsOf } from '../../detect/signals/index.ts';
import { type Deps, loadStream } from '../../platform/index.ts';
import { dependencyFlows, readSystem, systemNames } from '../../prepare/inventory/index.ts';
import { playbookFor } from '../../prepare/playbooks/index.ts';
import { currentRubric } from '../../prepare/rubric/index.ts';
import { looksAt } from './looks.ts';

/** How long before the first signal the minutes are looked at, so that there is a before to compare with. */
const BEFORE_MS = 2 * 3_600_000;
const NO_VERSIONS = { prompt: [], model: [], index: [], tools: [] } as const;
const DRAWN_MINUTES = 240;
const MOST_STEPS = 8;

/** What a pack is about: a candidate, an incident, or an incident with the candidate it was declared from. */
export interface About {
  readonly candidate: Candidate | null;
  readonly incident: Incident | null;
}

function axesOf({ candidate, incident }: About, early: Axes | null): Axes {
  const open: Axes = { harm: null, reach: null, data: null, regulatory: null, autonomy: null, control: null };
  return incident?.axes ?? (candidate && early) ?? open;
}

function merged(
  all: readonly { minute: string; count: number }[],
  bad: readonly { minute: string; count: number }[],
): MinuteTally[] {
  const hits = new Map(bad.map((it) => [it.minute, it.count]));
  return all.map(({ minute, count }) => ({ minute, all: count, bad: Math.min(count, hits.get(minute) ?? 0) }));
}

function missingOf(
  { candidate, incident }: About,
  key: string,
  system: AiSystem | null,
  found: readonly string[],
): string[] {
  return [
    ...found,
    ...(key === '' ? ['No AI system is named: name it, so that its changes, traffic and owner are looked at.'] : []),
    ...(key !== '' && system === null
      ? ['The system is not in the inventory: register it, so that owner, versions and dependencies are known.']
      : []),
    ...(system !== null && system.owner === '' ? ['Nobody is named as the owner of the system.'] : []),
    ...(candidate === null ? ['It was declared without a candidate: no signals are tied to it.'] : []),
    ...(candidate !== null && candidate.system !== key
      ? [`Its signals are of ${candidate.system}, which it does not name: none of them are counted for ${key}.`]
      : []),
    ...(incident !== null && incident.times.started === undefined ? ['When it really began is not stated.'] : []),
  ];
}

/** What to do in the first half hour. */
const firstStepsOf = ({ steps }: PlaybookContent) =>
  steps
    .filter(({ phase }) => phase === 'triage' || phase === 'contain')
    .slice(0, MOST_STEPS)
    .map(({ text, owner }) => ({ text, owner }));

/** What lies behind the system, with names; whether anything around it was declared at all. */
async function downstreamAround(deps: Deps, key: string, calls: Readonly<Record<string, number>> | null) {
  const flows = key === '' ? [] : await dependencyFlows(deps.db);
  const { nodes, more } = downstreamOf(flows, key, calls);
  const names = await systemNames(
    deps.db,
    nodes.map(({ id }) => id),
  );
  return {
    declared: flows.some(({ from, to }) => from === key || to === key),
    nodes: nodes.map((node) => ({ ...node, name: names.get(node.id) ?? node.id.slice(node.id.indexOf(':') + 1) })),
    more,
  };
}

/** Everything about one event that can be known at this moment, put together from facts and telemetry. */
export async function assemble(deps: Deps, about: About): Promise<TriagePack> {
  const began = performance.now();
  const { candidate, incident } = about;
  const now = deps.now();
  const key = firstSystem(incident, candidate?.system ?? null) ?? '';
  // Its signals are of its own system: where people named others only, they say nothing about those.
  const seen = candidate?.system === key ? candidate : null;
  const read = key === '' ? null : await readSystem(deps.db, key);
  const system = read === null || isRefusal(read) ? null : read;
  const firstAt: Instant = incident?.times.started?.at ?? candidate?.summary.firstAt ?? incident?.declaredAt ?? now;
  const to: Instant = incident?.times.contained?.at ?? now;
  const scope: Scope = {
    system: key,
    feature: seen?.feature ?? null,
    from: firstAt,
    to: to < firstAt ? firstAt : to,
  };
  const { table } = await currentRubric(deps.db);
  const early = candidate && earlyReading(candidate, table);
  const axes = axesOf(about, early?.axes ?? null);
  const severity = incident === null && early ? early.call : suggestSeverity(axes, {}, table);
  const versions = seen?.summary.versions ?? NO_VERSIONS;
  const found = candidate?.archetype ?? null;
  const archetype = incident === null ? found : heldArchetype(incident, found);

  const wide = await requestsByMinute(deps.db, { ...scope, from: addMs(firstAt, -BEFORE_MS) });
  const within = wide?.filter((it) => it.minute >= firstAt.slice(0, 16)) ?? null;
  const requests = within?.reduce((sum, it) => sum + it.count, 0) ?? null;
  const looks = requests === null || requests === 0 ? [] : await looksAt(deps, scope, requests);
  const bad = seen === null ? [] : await hitsByMinute(deps.db, seen.id);
  const minutes = merged(wide ?? [], bad);
  const asked =
    versions.prompt.length > 0 ? ('prompt' as const) : versions.model.length > 0 ? ('model' as const) : null;
  const wanted = new Set<string>(asked === null ? [] : versions[asked]);
  const subjects = looks.flatMap((it) => (it.subject === null ? [] : [it.subject]));
  const suspected =
    system === null
      ? []
      : suspects(timeLineOf(system), firstAt, [
          ...versions.prompt,
          ...versions.model,
          ...versions.index,
          ...versions.tools,
        ]);
  const known = {
    archetype,
    axes,
    severity: incident?.severity ?? severity.severity,
    detectors: Object.keys(candidate?.summary.detectors ?? {}),
    system,
  };
  const actions = seen === null ? null : await toolCallsOf(deps.db, seen.id);
  const { declared, ...downstream } = await downstreamAround(deps, key, actions);
  const playbook = await playbookFor(deps.db, archetype, system?.type ?? null);
  const stream = incident?.candidate ?? incident?.id ?? candidate?.id;
  return {
    title: incident?.title ?? candidate?.title ?? key,
    candidate: candidate?.id ?? null,
    incident: incident?.id ?? null,
    assembledAt: now,
    timeToContextMs: stream === undefined ? null : (foldContext(await loadStream(deps.db, stream))?.afterMs ?? null),
    system: system && {
      key: system.key,
      name: system.name,
      type: system.type,
      owner: system.owner,
      riskClass: system.riskClass,
    },
    scope: {
      ...scope,
      versions: {
        prompt: [...versions.prompt],
        model: [...versions.model],
        index: [...versions.index],
        tools: [...versions.tools],
      },
      population: system?.population ?? '',
      regions: [...(system?.regions ?? [])],
    },
    archetype,
    severity: {
      ...severity,
      rules: [...severity.rules],
      reasons: [...severity.reasons],
      unknown: [...severity.unknown],
      couldBe: [...severity.couldBe],
    },
    suspects: suspected.map(({ change: { id: _id, ...change }, ...rest }) => ({ ...change, ...rest })),
    onset: onsetOf(minutes),
    minutes: minutes.slice(-DRAWN_MINUTES),
    blast: blastRadius(
      {
        requests,
        looked: looks.length,
        sameVersion: asked === null ? null : looks.filter((it) => it[asked] !== null && wanted.has(it[asked])).length,
        people: new Set(subjects).size,
        nameless: looks.length - subjects.length,
      },
      {
        interactions: seen?.summary.interactions ?? null,
        people: seen?.summary.subjects.length ?? 0,
        peopleBound: SUMMARY_BOUNDS.subjects,
        actions,
      },
    ).concat(downstreamFigure(declared, downstream.nodes)),
    downstream,
    flags: flagsOf(known),
    playbook: playbook && { id: playbook.key, name: playbook.content.name, steps: firstStepsOf(playbook.content) },
    roles: rolesFor(known),
    missing: missingOf(about, key, system, early?.missing ?? []),
    tookMs: Math.round((performance.now() - began) * 10) / 10,
  };
}
