import { candidates } from '@firebreak/contract/detect/candidates';
import {
  CANDIDATE_FACTS,
  type Candidate,
  type CandidateFact,
  decideLate,
  decideParent,
  dismiss,
  earlyReading,
  foldCandidate,
  sayCandidateFact,
} from '@firebreak/core/detect/candidates';
import { isRefusal, ofTypes } from '@firebreak/core/kernel';
import type { AdoptedTable } from '@firebreak/core/prepare/rubric';
import { type App, act, type Deps, loadStream, route } from '../../platform/index.ts';
import { currentRubric } from '../../prepare/rubric/index.ts';
import { signalsAside, signalsWithLife, tryAgain } from '../signals/index.ts';
import { countOpen, findCandidate, lateCandidates, listCandidates, unknownCandidate } from './board.ts';
import { mergeCandidates, splitCandidate, unmergeCandidate, unsplitCandidate } from './judge.ts';

const SHOWN_SIGNALS = 50;
const SHOWN_FACTS = 200;

const rowOf = (candidate: Candidate, { table }: AdoptedTable) => ({
  ...candidate,
  early: earlyReading(candidate, table),
});

function summaryOf(candidate: Candidate): string {
  const { summary } = candidate;
  const parts = [
    `${summary.count} ${summary.count === 1 ? 'signal' : 'signals'} since ${summary.firstAt.slice(0, 16).replace('T', ' ')} UTC.`,
    ...(summary.quotes.length > 0
      ? [
          `Seen: ${summary.quotes
            .slice(0, 3)
            .map((quote) => `“${quote}”`)
            .join(', ')}.`,
        ]
      : []),
    ...(candidate.reasons.length > 0 ? [`Why together: ${candidate.reasons[0]}.`] : []),
  ];
  return parts.join(' ').slice(0, 2_000);
}

export function routes(app: App, deps: Deps): void {
  route(app, candidates.listCandidates, async ({ query }) => {
    const { items, next } = await listCandidates(deps.db, query);
    const table = await currentRubric(deps.db);
    return {
      items: items.map((candidate) => rowOf(candidate, table)),
      next,
      open: await countOpen(deps.db, query.system),
    };
  });

  route(app, candidates.readCandidate, async ({ params }) => {
    const candidate = await findCandidate(deps.db, params.candidate);
    if (candidate === null) return unknownCandidate(params.candidate);
    const facts = ofTypes<CandidateFact>(await loadStream(deps.db, candidate.id), CANDIDATE_FACTS);
    return {
      ...rowOf(candidate, await currentRubric(deps.db)),
      signals: await signalsWithLife(deps.db, candidate.id, SHOWN_SIGNALS),
      history: facts.slice(-SHOWN_FACTS).map((fact) => ({ at: fact.at, by: fact.by, says: sayCandidateFact(fact) })),
    };
  });

  route(app, candidates.previewDeclaration, async ({ params }) => {
    const candidate = await findCandidate(deps.db, params.candidate);
    if (candidate === null) return unknownCandidate(params.candidate);
    const { title, system, feature, archetype, summary, openedAt } = candidate;
    return {
      title,
      system,
      feature,
      archetype,
      summary: summaryOf(candidate),
      early: earlyReading(candidate, (await currentRubric(deps.db)).table),
      startedAt: summary.firstAt,
      detectedAt: openedAt,
    };
  });

  route(app, candidates.dismissCandidate, async ({ params, body, caller }) => {
    if ((await findCandidate(deps.db, params.candidate)) === null) return unknownCandidate(params.candidate);
    const done = await act(deps, {
      stream: params.candidate,
      by: caller,
      may: 'candidate.judge',
      fold: foldCandidate,
      decide: (state, asked) => dismiss(state, body, asked),
    });
    return isRefusal(done) ? done : done.state!;
  });

  route(app, candidates.mergeCandidates, async ({ params, body, caller }) =>
    mergeCandidates(deps, caller, params.candidate, body),
  );
  route(app, candidates.splitCandidate, async ({ params, body, caller }) => {
    if ((await findCandidate(deps.db, params.candidate)) === null) return unknownCandidate(params.candidate);
    return splitCandidate(deps, caller, params.candidate, body);
  });
  route(app, candidates.unmergeCandidate, async ({ params, body, caller }) =>
    unmergeCandidate(deps, caller, params.candidate, body),
  );
  route(app, candidates.unsplitCandidate, async ({ params, body, caller }) =>
    unsplitCandidate(deps, caller, params.candidate, body),
  );
  route(app, candidates.decideParent, async ({ params, body, caller }) => {
    if ((await findCandidate(deps.db, params.candidate)) === null) return unknownCandidate(params.candidate);
    const done = await act(deps, {
      stream: params.candidate,
      by: caller,
      may: 'candidate.judge',
      fold: foldCandidate,
      decide: (state) => decideParent(state, body),
    });
    return isRefusal(done) ? done : done.state!;
  });
  route(app, candidates.setAside, async () => {
    const { count, signals } = await signalsAside(deps.db);
    return { count, signals: signals.map((each) => ({ ...each })) };
  });
  route(app, candidates.tryAgain, async () => {
    const tried = await deps.db.transaction(tryAgain);
    if (tried > 0) {
      deps.hints.give({ kind: 'monitors' });
      deps.wake();
    }
    return { tried };
  });
  route(app, candidates.lateReports, async ({ query }) => ({
    candidates: await lateCandidates(deps.db, query.incident ?? null),
  }));
  route(app, candidates.decideLate, async ({ params, body, caller }) => {
    if ((await findCandidate(deps.db, params.candidate)) === null) return unknownCandidate(params.candidate);
    const done = await act(deps, {
      stream: params.candidate,
      by: caller,
      may: 'candidate.judge',
      fold: foldCandidate,
      decide: (state) => decideLate(state, body),
    });
    return isRefusal(done) ? done : done.state!;
  });
}
