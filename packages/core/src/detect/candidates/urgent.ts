import type { Signal } from '../signals/index.ts';
import { type Candidate, isOpen } from './candidate.ts';
import { SUMMARY_BOUNDS } from './summary.ts';

/**
 * Whether these signals may change who is told of a candidate: stronger evidence than it has, a severity graver than any
 * sender named, another deployment, a source that may page alone, or the second voice of one that has paged nobody yet. Such
 * signals never wait for others to be told in one fact.
 */
export function mayChangePage(
  candidate: Pick<Candidate, 'state' | 'pagedAt' | 'summary'>,
  members: readonly Signal[],
): boolean {
  if (!isOpen(candidate)) return false;
  const { evidence, severityHint, deployments, pagesAlone, detectors, channels } = candidate.summary;
  const alone = Object.keys(detectors).length < 2 && Object.keys(channels).length < 2;
  const seesMore = (deployments?.length ?? 0) < SUMMARY_BOUNDS.deployments;
  return members.some(
    (it) =>
      (it.evidenceClass === 'verified' && evidence.verified === 0) ||
      (it.evidenceClass === 'strong' && evidence.strong + evidence.verified === 0) ||
      (it.severityHint !== null && (severityHint === null || it.severityHint < severityHint)) ||
      (it.deployment !== null && seesMore && !deployments?.includes(it.deployment)) ||
      (it.pagesAlone !== undefined && pagesAlone === undefined) ||
      (candidate.pagedAt === null &&
        alone &&
        (detectors[it.detector] === undefined || channels[it.channel] === undefined)),
  );
}
