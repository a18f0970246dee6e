import type { PlaybookRow, Playbook as Shown } from '@firebreak/contract/prepare/playbooks';
import { type Instant, instant, isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import { documentOf } from '@firebreak/core/prepare/cacao';
import type { SystemType } from '@firebreak/core/prepare/inventory';
import {
  chooseFor,
  foldPlaybook,
  type Playbook,
  type PlaybookContent,
  SHIPPED,
  SHIPPED_EDITION,
} from '@firebreak/core/prepare/playbooks';
import { loadStream, type Sql } from '../../platform/index.ts';
import { findOwn, listOwn } from './board.ts';

/** The shipped set has no author and no hour; files made of it carry this one. */
const SHIPPED_AT = instant('2026-11-20T00:00:00Z');

export const unknownPlaybook = (key: string): Refusal =>
  refuse('playbook.unknown', `There is no playbook “${key}”. List the playbooks to see the ones there are.`);

export const shippedOf = (key: string) => SHIPPED.find((each) => each.key === key) ?? null;

/** The wire has lists that may be changed; the core has lists that may not. */
export const copied = (content: PlaybookContent) => ({
  ...content,
  steps: content.steps.map((step) => ({ ...step, commands: [...step.commands] })),
});

/** One's own playbooks, and the shipped ones nobody has made their own. */
export async function listPlaybooks(sql: Sql): Promise<PlaybookRow[]> {
  const own = await listOwn(sql);
  const taken = new Set(own.map((row) => row.key));
  return [
    ...own.map(({ key, name, archetype, system_type: systemType, version, edition, steps, changed_at: changedAt }) => ({
      key,
      name,
      archetype,
      systemType,
      version,
      edition,
      steps,
      own: true,
      changedAt,
    })),
    ...SHIPPED.filter(({ key }) => !taken.has(key)).map(({ key, content }) => ({
      key,
      name: content.name,
      archetype: content.archetype,
      systemType: content.systemType,
      version: 1,
      edition: SHIPPED_EDITION,
      steps: content.steps.length,
      own: false,
      changedAt: null,
    })),
  ];
}

/** One's own playbook of this key, or null. */
async function readOwn(sql: Sql, key: string): Promise<Playbook | null> {
  const id = await findOwn(sql, key);
  return id === null ? null : foldPlaybook(await loadStream(sql, id));
}

const noVersion = (key: string, version: number) =>
  refuse('playbook.unknown', `The playbook “${key}” has no version ${version}.`);

/** A playbook in one version, the newest unless another is asked for. */
export async function readPlaybook(sql: Sql, key: string, version?: number): Promise<Shown | Refusal> {
  const own = await readOwn(sql, key);
  return own ? showOwn(own, version) : showShipped(key, version);
}

function showShipped(key: string, version: number | undefined): Shown | Refusal {
  const shipped = shippedOf(key);
  if (!shipped) return unknownPlaybook(key);
  if (version !== undefined && version !== 1) return noVersion(key, version);
  const { name, archetype, systemType, steps } = shipped.content;
  const because = `As shipped, edition ${SHIPPED_EDITION}`;
  return {
    ...{ key, name, archetype, systemType, version: 1, edition: SHIPPED_EDITION, steps: steps.length },
    own: false,
    changedAt: null,
    content: copied(shipped.content),
    imported: null,
    versions: [{ version: 1, because, at: null, by: null, steps: steps.length }],
    retired: false,
  };
}

export function showOwn(own: Playbook, version?: number): Shown | Refusal {
  const it = version === undefined ? own.versions.at(-1)! : own.versions.find((each) => each.version === version);
  if (!it) return noVersion(own.key, version!);
  const { name, archetype, systemType, steps } = it.content;
  return {
    ...{ key: own.key, name, archetype, systemType, version: it.version, edition: own.edition, steps: steps.length },
    own: true,
    changedAt: own.versions.at(-1)!.at,
    content: copied(it.content),
    imported: it.source && { id: it.source.id, modified: it.source.modified, digest: it.source.digest },
    versions: own.versions.map((each) => ({
      version: each.version,
      because: each.because,
      at: each.at,
      by: each.by,
      steps: each.content.steps.length,
    })),
    retired: own.retired,
  };
}

/** The playbook as CACAO 2.0: the document it was read from where it was read, else one made of its steps. */
export async function cacaoOf(sql: Sql, key: string, version?: number): Promise<Record<string, unknown> | Refusal> {
  const own = await readOwn(sql, key);
  const shown = own ? showOwn(own, version) : showShipped(key, version);
  if (isRefusal(shown)) return shown;
  const kept = own?.versions.find((each) => each.version === shown.version);
  if (kept?.source) return kept.source.document as Record<string, unknown>;
  const earlier = own?.versions.findLast((each) => each.version < shown.version && each.source !== null)?.source;
  const created: Instant = own?.versions[0]?.at ?? SHIPPED_AT;
  const named = { key, id: earlier?.id ?? null, created, modified: kept?.at ?? SHIPPED_AT };
  return { ...documentOf(named, shown.content) };
}

/** The playbook for an archetype and a type of system, or null where none is written. */
export async function playbookFor(
  sql: Sql,
  archetype: string | null,
  systemType: SystemType | null,
): Promise<Shown | null> {
  const chosen = chooseFor(await listPlaybooks(sql), archetype, systemType);
  const found = chosen && (await readPlaybook(sql, chosen.key));
  return found === null || isRefusal(found) ? null : found;
}
