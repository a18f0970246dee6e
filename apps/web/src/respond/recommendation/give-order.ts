import { candidates } from '@firebreak/contract/detect/candidates';
import { containment, type HoldRow, type Preview } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import type { Recommendation, RecommendedOrder } from '@firebreak/contract/respond/recommendation';
import { client } from '../../app/api.ts';
import { refresh } from '../../app/ask.ts';
import type { Needs } from '../decision-rights/index.ts';

/** Declares from the candidate as it fills itself in, or from a title, and answers the label. */
async function declareFirst(about: Recommendation, reason: string): Promise<string> {
  const archetype = about.archetype ?? undefined;
  if (about.candidate === null) {
    const { incident } = await client.call(incidents.declare, {
      body: { title: reason.slice(0, 200), systems: [about.system.key], ...(archetype && { archetype }) },
    });
    return incident.label;
  }
  const candidate = about.candidate as `cnd_${string}`;
  const filled = await client.call(candidates.previewDeclaration, { params: { candidate } });
  const { incident } = await client.call(incidents.declare, {
    body: {
      title: filled.title,
      summary: filled.summary,
      systems: [filled.system],
      candidate,
      axes: filled.early.axes,
      startedAt: filled.startedAt,
      detectedAt: filled.detectedAt,
      ...(archetype && { archetype }),
    },
  });
  return incident.label;
}

/**
 * Gives one recommended order, for the incident there is or one that is declared in the same breath. Null: it was asked for, and
 * a second person has to agree before anything changes.
 */
export async function giveOrder(
  about: Recommendation,
  order: RecommendedOrder,
  {
    reason,
    preview,
    takeOver,
    needs,
    typed,
    declared,
    onDeclared,
  }: {
    readonly reason: string;
    readonly preview: Preview;
    readonly takeOver: boolean;
    readonly needs: Needs;
    /** The key of the system, where it has to be typed. */
    readonly typed: string;
    /** Declared by a try before this one. */
    readonly declared: string | null;
    readonly onDeclared: (label: string) => void;
  },
): Promise<HoldRow | null> {
  const incident = about.incident?.label ?? declared ?? (await declareFirst(about, reason));
  onDeclared(incident);
  const wanted = {
    params: { incident },
    body: {
      ...(order.control === null ? { system: about.system.key, what: order.what! } : { control: order.control }),
      reason,
      ifPreview: preview.mark,
      ...(preview.conflict && takeOver && { supersedes: preview.conflict.hold }),
      ...(needs.typed && { typed: typed.trim() }),
      chosen: {
        archetype: about.archetype,
        taken: order.lever,
        recommended: about.pick,
        offered: about.ladder.map(({ lever }) => lever),
        worth: about.worth,
        prevented: order.weighed.prevented,
        breakEven: order.weighed.breakEven,
      },
    },
  };
  const asks = needs.second === 'before';
  const hold = asks ? null : await client.call(containment.order, wanted);
  if (asks) await client.call(containment.askPull, wanted);
  refresh('/api/v1/holds', '/api/v1/incidents', '/api/v1/systems', '/api/v1/candidates', '/api/v1/containment');
  return hold;
}
