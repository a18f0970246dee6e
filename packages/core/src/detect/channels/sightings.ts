import type { Instant } from '../../kernel/index.ts';
import type { AiSystem, ChangeKind } from '../../prepare/inventory/index.ts';
import type { Interaction } from '../signals/index.ts';

/** A version that telemetry names. */
export interface Sighting {
  readonly system: string;
  readonly kind: Extract<ChangeKind, 'model' | 'prompt' | 'index' | 'tool'>;
  readonly version: string;
  readonly at: Instant;
}

const MEMBER = { model: 'model', prompt: 'prompt', index: 'index', tool: 'tools' } as const;
const KINDS = Object.keys(MEMBER) as Sighting['kind'][];

/** The versions one interaction names; what was not captured names none. */
export function sightingsIn(it: Pick<Interaction, 'system' | 'versions' | 'at'>): Sighting[] {
  return KINDS.flatMap((kind) => {
    const version = it.versions[MEMBER[kind]];
    return version === null || version === '' ? [] : [{ system: it.system, kind, version, at: it.at }];
  });
}

/** Whether somebody has recorded this version on the system already, as what runs, ran, or was reported to change. */
export function isRecorded(
  system: Pick<AiSystem, 'deployments' | 'changes' | 'reports'>,
  { kind, version }: Pick<Sighting, 'kind' | 'version'>,
): boolean {
  const member = MEMBER[kind];
  return (
    system.changes.some(({ versions }) => versions[member] === version) ||
    system.reports.some((each) => each.kind === kind && (each.to === version || each.from === version))
  );
}
