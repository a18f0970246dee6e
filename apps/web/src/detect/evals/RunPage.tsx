import { type EvalResult, type EvalRun, evals } from '@firebreak/contract/detect/evals';
import { signals } from '@firebreak/contract/detect/signals';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { isCode } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { NotFound, Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Pairs, Rows, Section } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Time } from '../../ui/Time.tsx';
import { REFRESHES } from './refreshes.ts';
import {
  percent,
  STATE_WORDS,
  sayComparison,
  sayCounts,
  sayMove,
  sayP,
  sayVerdict,
  standingOf,
  TRIGGER_WORDS,
} from './words.ts';

const SHOWN_AT_ONCE = 100;

function Answer({ title, text }: { title: string; text: string | null }) {
  return (
    <div className="min-w-0 rounded-md border border-line bg-sunken p-2.5">
      <p className="text-2xs font-[600] text-ink-3">{title}</p>
      <p className="mt-0.5 text-sm break-words whitespace-pre-wrap">
        {text === null || text === '' ? 'no answer' : text}
      </p>
    </div>
  );
}

/** Of several attempts, the one that shows what became of the case. */
function shownAttempt(it: EvalResult): EvalResult['attempts'][number] | undefined {
  const good = it.state === 'passed' || it.state === 'flaky';
  return it.attempts.findLast(({ passed }) => passed === good) ?? it.attempts.at(-1);
}

function ResultRow({ it, unfold }: { it: EvalResult; unfold: boolean }) {
  const [open, setOpen] = useState(unfold);
  const standing = STATE_WORDS[it.state];
  const move = sayMove(it);
  const attempt = shownAttempt(it);
  const calls = attempt?.toolCalls ?? [];
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="min-w-0 flex-1 basis-40 text-left font-[560] break-words hover:underline"
        >
          {it.title || it.question || it.id}
        </button>
        <span className="flex shrink-0 gap-1.5">
          {move !== null && <Flag tone={move === 'lost' ? 'ember' : 'moss'}>{move}</Flag>}
          <Flag tone={standing.tone}>{standing.word}</Flag>
        </span>
      </div>
      {it.state !== 'passed' && (
        <p className="text-sm break-words text-ink-2">
          {attempt?.fault ?? (attempt?.reasons.length ? `The answer ${attempt.reasons.join('; it ')}.` : '')}
        </p>
      )}
      <p className="text-xs text-ink-3">
        {it.attempts.length} {it.attempts.length === 1 ? 'attempt' : 'attempts'}
        {it.flakeRate > 0 && ` · ${percent(it.flakeRate)} went the other way`}
        {it.cluster !== null && ` · cluster ${it.cluster}`}
        {it.probe !== null &&
          ` · ${[it.probe.control ? 'control' : it.probe.family, it.probe.technique, it.probe.owasp].filter(Boolean).join(' · ')}`}
      </p>
      {open && (
        <div className="mt-2 grid gap-2">
          {it.title !== '' && it.question !== '' && <Answer title="Question" text={it.question} />}
          <div className="grid gap-2 desk:grid-cols-2">
            {it.before !== null && <Answer title={`Before: ${it.before}`} text={it.beforeAnswer} />}
            <Answer title={`Now: ${standing.word}`} text={attempt?.answer ?? attempt?.fault ?? null} />
          </div>
          {calls.length > 0 && (
            <p className="text-xs break-all">
              Calls {calls.map((call) => `${call.name}(${call.arguments ?? ''})`).join(', ')}
            </p>
          )}
          {it.opinion !== null && (
            <p className="text-sm text-ink-2">
              Second opinion:{' '}
              {it.opinion.passed === null ? 'none' : it.opinion.passed ? 'it is right' : 'it is not right'}
              {it.opinion.why && `. ${it.opinion.why}`}
            </p>
          )}
        </div>
      )}
    </li>
  );
}

/** What it raised, and the candidate that became part of. */
function Told({ signal, kind }: { signal: string; kind: string }) {
  const read = useAsk(signals.readSignal, { params: { signal } });
  const candidate = read.data?.candidate ?? null;
  const words = kind.replaceAll('-', ' ');
  return (
    <span className="block">
      {candidate === null ? (
        words
      ) : (
        <Link to="/candidates/$candidate" params={{ candidate }} className="prose-link">
          {words}
        </Link>
      )}
    </span>
  );
}

function Numbers({ run }: { run: EvalRun }) {
  const it = run.comparison;
  return (
    <Card>
      <Pairs>
        <dt>Version</dt>
        <dd className="break-words">{run.versionName}</dd>
        {run.deployment !== null && (
          <>
            <dt>Deployment</dt>
            <dd>{run.deployment}</dd>
          </>
        )}
        <dt>Began</dt>
        <dd>
          <Time at={run.startedAt} />, {TRIGGER_WORDS[run.trigger]}
        </dd>
        <dt>Requests</dt>
        <dd>{run.requests}</dd>
        <dt>Version of the suite</dt>
        <dd>{run.suiteVersion}</dd>
        {run.baseline !== null && (
          <>
            <dt>Compared with</dt>
            <dd>
              <Link to="/eval-runs/$run" params={{ run: run.baseline }} className="prose-link">
                this run
              </Link>
            </dd>
          </>
        )}
        {it !== null && (
          <>
            <dt>Compared</dt>
            <dd>
              {it.pairs} cases; {it.left} left out as new, changed or unanswered
            </dd>
            <dt>p, exact</dt>
            <dd>
              {sayP(it.p)}, {sayP(it.exactP)}
            </dd>
            <dt>p, adjusted</dt>
            <dd>
              {sayP(it.adjustedP)} for {it.suites} {it.suites === 1 ? 'suite' : 'suites'}
            </dd>
          </>
        )}
        {run.newlyFailing.length > 0 && (
          <>
            <dt>Newly failing</dt>
            <dd>{run.newlyFailing.length} since the last run of this version</dd>
          </>
        )}
        {run.told.length > 0 && (
          <>
            <dt>Raised</dt>
            <dd>
              {run.told.map((it) => (
                <Told key={it.signal} {...it} />
              ))}
            </dd>
          </>
        )}
      </Pairs>
    </Card>
  );
}

/** One run: its verdict with its numbers, and every case with its answers beside those of the baseline. */
export function RunPage() {
  const { run: id } = useParams({ from: '/shell/eval-runs/$run' });
  const read = useAsk(evals.showRun, { params: { run: id as `evr_${string}` } }, { every: 4_000 });
  const runs = useMay('eval.run');
  const stop = useAct(evals.stopRun, { refreshes: REFRESHES });
  const [all, setAll] = useState(false);
  if (isCode(read.error, 'eval-run.unknown') || isCode(read.error, 'request.invalid')) return <NotFound />;
  const run = read.data?.run;
  return (
    <Page
      title={run ? `${run.name}, ${run.versionName}` : 'Run'}
      eyebrow={
        run && (
          <Link
            to={run.kind === 'probes' ? '/probes/$suite' : '/golden-sets/$suite'}
            params={{ suite: run.suite }}
            className="hover:underline"
          >
            {run.name}
          </Link>
        )
      }
      {...(run && { system: run.system })}
      actions={
        runs &&
        run?.state === 'running' && (
          <Button busy={stop.isPending} onClick={() => stop.mutate({ params: { run: run.id } })}>
            Stop the run
          </Button>
        )
      }
    >
      <Shown of={read} lines={8}>
        {({ run, results, kept }) => {
          const standing = standingOf(run);
          const shown = all ? results : results.slice(0, SHOWN_AT_ONCE);
          return (
            <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_22rem]">
              <div className="min-w-0">
                <Notice
                  tone={standing.tone}
                  className="mb-5"
                  title={standing.word.charAt(0).toUpperCase() + standing.word.slice(1)}
                >
                  {run.fault !== null && <p>{run.fault}</p>}
                  {run.counts !== null && <p>{sayCounts(run)}</p>}
                  {run.comparison !== null && (
                    <p>
                      {sayComparison(run.comparison)} {sayVerdict(run.comparison)}
                    </p>
                  )}
                  {run.state === 'finished' && run.comparison === null && (
                    <p>
                      {run.versionName === 'unrecorded'
                        ? 'Nobody recorded which version is behind the target, so versions cannot be compared. Record deployments of the system, or pin a run.'
                        : 'There is no run of another version to compare it with yet.'}
                    </p>
                  )}
                  {run.comparison !== null && !run.decides && (
                    <p className="text-ink-2">
                      Its version was decided about by an earlier run; between runs of one version only the watch
                      alarms.
                    </p>
                  )}
                </Notice>
                <Section title="Cases, what was lost first">
                  {!kept ? (
                    <Notice title="The answers are no longer kept">
                      They go with the telemetry. Counts and verdict stay.
                    </Notice>
                  ) : (
                    <>
                      <Rows label="Cases">
                        {shown.map((it, i) => (
                          <ResultRow key={it.id} it={it} unfold={i < 3 && it.state === 'failed'} />
                        ))}
                      </Rows>
                      {shown.length < results.length && (
                        <Button size="sm" className="mt-2" onClick={() => setAll(true)}>
                          Show all {results.length}
                        </Button>
                      )}
                    </>
                  )}
                </Section>
              </div>
              <Section title="Numbers">
                <Numbers run={run} />
              </Section>
            </div>
          );
        }}
      </Shown>
    </Page>
  );
}
