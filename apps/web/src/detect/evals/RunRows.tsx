import { type EvalRun, evals } from '@firebreak/contract/detect/evals';
import { Link } from '@tanstack/react-router';
import { useAct, useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { REFRESHES } from './refreshes.ts';
import { sayCounts, standingOf, TRIGGER_WORDS } from './words.ts';

function RunRow({ run, pinned, edits }: { run: EvalRun; pinned: boolean; edits: boolean }) {
  const pin = useAct(evals.pin, { refreshes: REFRESHES });
  const standing = standingOf(run);
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1.5 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <Link to="/eval-runs/$run" params={{ run: run.id }} className="font-[600] hover:underline">
            {run.versionName}
          </Link>
          <Flag tone={standing.tone}>{standing.word}</Flag>
          {pinned && <Flag tone="blue">baseline</Flag>}
        </p>
        <p className="text-sm text-ink-2">{run.fault ?? sayCounts(run)}</p>
        <p className="text-xs text-ink-3">
          <Ago at={run.startedAt} /> · {TRIGGER_WORDS[run.trigger]}
          {run.tool !== null && `, ${run.why}`}
          {run.trigger === 'change' && `: ${run.why}`}
        </p>
      </div>
      {edits && run.state === 'finished' && (
        <Button
          size="sm"
          look="quiet"
          busy={pin.isPending}
          aria-label={`${pinned ? 'Unpin' : 'Pin'} the run of ${run.versionName}`}
          onClick={() => pin.mutate({ params: { suite: run.suite }, body: { run: pinned ? null : run.id } })}
        >
          {pinned ? 'Unpin' : 'Pin'}
        </Button>
      )}
    </li>
  );
}

/** The runs of a suite, newest first. A pinned one is what all others are compared with. */
export function RunRows({
  suite,
  baseline,
  edits,
}: {
  suite: `evs_${string}`;
  baseline: string | null;
  edits: boolean;
}) {
  const asked = useAsk(evals.runs, { query: { suite, limit: 20 } }, { every: 5_000 });
  return (
    <Shown of={asked} lines={3}>
      {({ runs }) =>
        runs.length === 0 ? (
          <p className="text-sm text-ink-3">It has not run yet.</p>
        ) : (
          <Rows label="Runs">
            {runs.map((run) => (
              <RunRow key={run.id} run={run} pinned={run.id === baseline} edits={edits} />
            ))}
          </Rows>
        )
      }
    </Shown>
  );
}
