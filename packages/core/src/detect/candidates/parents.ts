import type { Decision, Instant } from '../../kernel/index.ts';
import { msBetween, refuse } from '../../kernel/index.ts';
import type { Edge } from '../../prepare/inventory/index.ts';
import type { Candidate } from './candidate.ts';
import { isOpen } from './candidate.ts';
import { spanInWords } from './explain.ts';
import type { CandidateFact, CandidateId } from './facts.ts';

/** How much later than what it follows from something may begin. */
export const PARENT_WITHIN_MS = 600_000;
const MOST_STEPS = 5;

/** The way from a system to one it needs, as nodes in order; null where it needs it not, or only over many steps. */
export function needsOver(edges: readonly Edge[], system: string, other: string): readonly string[] | null {
  let paths: string[][] = [[system]];
  const seen = new Set([system]);
  for (let step = 0; step < MOST_STEPS && paths.length > 0; step++) {
    const next: string[][] = [];
    for (const path of paths)
      for (const edge of edges) {
        if (edge.needs !== path.at(-1) || seen.has(edge.needed)) continue;
        if (edge.needed === other) return [...path, other];
        seen.add(edge.needed);
        next.push([...path, edge.needed]);
      }
    paths = next;
  }
  return null;
}

type Begun = Pick<Candidate, 'id' | 'system' | 'probe' | 'mark' | 'parent'> & {
  readonly summary: { readonly firstAt: Instant };
};

export interface ParentProposal {
  readonly candidate: CandidateId;
  readonly parent: CandidateId;
  readonly system: string;
  readonly because: string;
}

/** Pairs of which one may follow from the other: its system needs the other's, which began to fail first, within ten minutes. */
export function proposeParents(one: Begun, others: readonly Begun[], edges: readonly Edge[]): ParentProposal[] {
  const proposals: ParentProposal[] = [];
  const propose = (child: Begun, parent: Begun) => {
    const gap = msBetween(parent.summary.firstAt, child.summary.firstAt);
    if (gap < 0 || gap > PARENT_WITHIN_MS || child.parent !== null) return;
    const way = needsOver(edges, child.system, parent.system);
    if (way === null) return;
    const over = way.length > 2 ? ` over ${way.slice(1, -1).join(', ')}` : '';
    proposals.push({
      candidate: child.id,
      parent: parent.id,
      system: parent.system,
      because: `${child.system} needs ${parent.system}${over}, which began to fail ${gap < 1_000 ? 'at the same time' : `${spanInWords(gap)} before`}`,
    });
  };
  for (const other of others) {
    if (other.id === one.id || other.system === one.system || other.probe || one.probe || other.mark !== one.mark)
      continue;
    propose(one, other);
    propose(other, one);
  }
  // A candidate follows from one other: of several, what began first is nearest to the cause.
  const first = new Map<string, ParentProposal>();
  for (const proposal of proposals) if (!first.has(proposal.candidate)) first.set(proposal.candidate, proposal);
  return [...first.values()];
}

export function proposeParent(candidate: Candidate | null, want: ParentProposal): Decision<CandidateFact> {
  if (candidate === null || !isOpen(candidate) || candidate.parent !== null) return [];
  return [{ type: 'candidate.parent-proposed', data: want }];
}

/** A person says whether it follows from the other. May be said the other way later. */
export function decideParent(
  candidate: Candidate | null,
  want: { readonly accepted: boolean; readonly reason: string },
): Decision<CandidateFact> {
  if (candidate === null) return refuse('candidate.unknown', 'There is no such candidate.');
  const { parent } = candidate;
  if (parent === null) return refuse('candidate.no-parent', 'No candidate was proposed as what this one follows from.');
  if (parent.decided?.accepted === want.accepted) return [];
  return [{ type: 'candidate.parent-decided', data: { candidate: candidate.id, parent: parent.candidate, ...want } }];
}
