import { type EvalSuite, evals } from '@firebreak/contract/detect/evals';
import { Link } from '@tanstack/react-router';
import { useAct } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Ago } from '../../ui/Time.tsx';
import { REFRESHES } from './refreshes.ts';
import { sayComparison, sayCounts, sayVerdict, standingOf } from './words.ts';

/** Runs a suite now, or lets its schedule go on. */
export function RunNow({ suite }: { suite: EvalSuite }) {
  const runs = useMay('eval.run');
  const edits = useMay('eval.edit');
  const run = useAct(evals.run, { refreshes: REFRESHES });
  const resume = useAct(evals.resume, { refreshes: REFRESHES });
  const busy = suite.last?.state === 'running';
  return (
    <>
      {edits && suite.paused !== null && (
        <Button busy={resume.isPending} onClick={() => resume.mutate({ params: { suite: suite.id } })}>
          Resume
        </Button>
      )}
      {runs && (
        <Button
          look="strong"
          busy={run.isPending || busy}
          disabled={suite.cases === 0}
          onClick={() => run.mutate({ params: { suite: suite.id } })}
        >
          {busy ? `Running, ${suite.last!.answered} of ${suite.last!.total}` : 'Run now'}
        </Button>
      )}
    </>
  );
}

/** What the last run came to, in one box. */
export function LastRun({ suite }: { suite: EvalSuite }) {
  const { last } = suite;
  if (suite.paused !== null)
    return (
      <Notice tone="amber" title="Paused" className="mb-5">
        {suite.paused}
      </Notice>
    );
  if (last === null) return null;
  const standing = standingOf(last);
  return (
    <Notice
      tone={standing.tone}
      className="mb-5"
      title={
        <>
          {standing.word.charAt(0).toUpperCase()}
          {standing.word.slice(1)} · {last.versionName}
          {last.tool !== null && ` · ${last.tool}`}
        </>
      }
    >
      {last.state === 'finished' ? (
        <>
          <p>{sayCounts(last)}</p>
          {last.comparison !== null && (
            <p>
              {sayComparison(last.comparison)} {sayVerdict(last.comparison)}
            </p>
          )}
        </>
      ) : (
        last.fault && <p>{last.fault}</p>
      )}
      {last.state === 'finished' && last.comparison === null && last.versionName === 'unrecorded' && (
        <p>
          Nobody recorded which version is behind the target, so versions cannot be compared. Record deployments of{' '}
          <Link to="/systems/$system" params={{ system: suite.system }} className="prose-link">
            {suite.system}
          </Link>
          , or pin a run.
        </p>
      )}
      <p className="mt-1 text-xs text-ink-2">
        <Ago at={last.startedAt} /> ·{' '}
        <Link to="/eval-runs/$run" params={{ run: last.id }} className="prose-link">
          Every answer
        </Link>
      </p>
    </Notice>
  );
}
