import { type Instant, msBetween } from '../../kernel/index.ts';
import type { VersionDeployed } from '../../prepare/inventory/index.ts';
import type { Earlier } from './situation.ts';

const KINDS = ['prompt', 'model'] as const;
const MOST = 8;

type Deployed = Pick<VersionDeployed, 'deployment' | 'versions' | 'occurredAt' | 'note'>;

interface Stretch {
  readonly version: string;
  readonly since: Instant;
  readonly note: string;
}

/** The stretches a deployment ran one version of a kind, oldest first. */
function stretches(changes: readonly Deployed[], kind: Earlier['kind']): Stretch[] {
  const found: Stretch[] = [];
  for (const { versions, occurredAt, note } of changes) {
    const version = versions[kind];
    if (version !== undefined && version !== found.at(-1)?.version) found.push({ version, since: occurredAt, note });
  }
  return found;
}

/**
 * For each kind of version, what ran before what runs now; `changes` oldest first, `named` the versions that signals
 * name. What signals name comes first, then what changed last.
 */
export function earlierVersions(
  changes: readonly Deployed[],
  named: Readonly<Record<Earlier['kind'], readonly string[]>>,
): Earlier[] {
  const found: Earlier[] = [];
  for (const deployment of new Set(changes.map((each) => each.deployment)))
    for (const kind of KINDS) {
      const ran = stretches(
        changes.filter((each) => each.deployment === deployment),
        kind,
      );
      const now = ran.at(-1);
      const before = ran.at(-2);
      if (now === undefined || before === undefined) continue;
      if (found.some((each) => each.kind === kind && each.from === now.version && each.to === before.version)) continue;
      found.push({
        kind,
        from: now.version,
        to: before.version,
        changedAt: now.since,
        ranMs: msBetween(before.since, now.since),
        fromNamed: named[kind].includes(now.version),
        toNamed: named[kind].includes(before.version),
        note: before.note,
      });
    }
  return found
    .sort((a, b) => Number(b.fromNamed) - Number(a.fromNamed) || (a.changedAt < b.changedAt ? 1 : -1))
    .slice(0, MOST);
}
