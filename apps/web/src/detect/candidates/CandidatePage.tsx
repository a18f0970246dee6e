import { candidates } from '@firebreak/contract/detect/candidates';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { isOpen } from '@firebreak/core/detect/candidates';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { AlreadyOpen } from '../../app/AlreadyOpen.tsx';
import { useActions } from '../../app/actions.tsx';
import { useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay, useNames } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { changeLines } from '../../prepare/inventory/index.ts';
import { Button, buttonClass } from '../../ui/Button.tsx';
import { Card, Empty, Pairs, Rows, Section } from '../../ui/Card.tsx';
import { cx } from '../../ui/cx.ts';
import { Flag, Id, Severity } from '../../ui/Marks.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { sentence } from '../../ui/sentence.ts';
import { Ago, Span, Time } from '../../ui/Time.tsx';
import { ARCHETYPE_WORDS } from '../archetypes/index.ts';
import { PageCard } from '../paging/index.ts';
import { SimilarCard } from '../similar/index.ts';
import type { CandidateDetail } from './candidate-detail.ts';
import { DismissDialog } from './DismissDialog.tsx';
import { MergeDialog } from './MergeDialog.tsx';
import { ParentCard } from './ParentCard.tsx';
import { SignalRows } from './SignalRows.tsx';
import { SplitDialog } from './SplitDialog.tsx';
import { UndoDialog } from './UndoDialog.tsx';
import { channelsLine, EVIDENCE_WORDS, LATE_WORDS, markWord, STATE_WORDS, saidReasons, versionsOf } from './words.ts';

export function CandidatePage() {
  const { candidate: id } = useParams({ from: '/shell/candidates/$candidate' });
  const read = useAsk(candidates.readCandidate, { params: { candidate: id as `cnd_${string}` } }, { every: 15_000 });
  const judges = useMay('candidate.judge');
  const { ask } = useActions();
  const [open, setOpen] = useState<'merge' | 'split' | 'dismiss' | 'unmerge' | 'unsplit' | null>(null);
  const close = () => setOpen(null);
  const candidate = read.data;
  const waiting = candidate !== undefined && isOpen(candidate);
  return (
    <Page
      title={candidate?.title ?? 'Candidate'}
      eyebrow={
        <Link to="/candidates" className="hover:underline">
          Candidates
        </Link>
      }
      lead={
        candidate &&
        `${candidate.summary.count.toLocaleString('en')} ${candidate.summary.count === 1 ? 'signal' : 'signals'}: ${channelsLine(candidate.summary.channels)}.`
      }
      {...(candidate && { system: candidate.system })}
      actions={
        waiting && (
          <>
            <Link to="/contain/$about" params={{ about: candidate.id }} className="prose-link px-2 max-phone:hidden">
              What can stop it
            </Link>
            <Link to="/candidates/$candidate/pack" params={{ candidate: candidate.id }} className="prose-link px-2">
              Triage pack
            </Link>
            {judges && (
              <>
                <Button onClick={() => setOpen('dismiss')}>Dismiss …</Button>
                <Button onClick={() => ask({ kind: 'declare', candidate: candidate.id, miss: true })}>
                  Near miss …
                </Button>
                <Button onClick={() => setOpen('merge')}>Merge …</Button>
                {candidate.splitFrom && <Button onClick={() => setOpen('unsplit')}>Take the split back …</Button>}
                <Button onClick={() => setOpen('split')} disabled={candidate.summary.count < 2}>
                  Split …
                </Button>
              </>
            )}
            <Button
              look="strong"
              hotkey="D"
              className="max-phone:hidden"
              onClick={() => ask({ kind: 'declare', candidate: candidate.id })}
            >
              Declare
            </Button>
          </>
        )
      }
    >
      <Shown of={read} lines={8}>
        {(candidate) => (
          <>
            {candidate.mark && (
              <Notice
                tone="blue"
                title={markWord(candidate.mark) === 'drill' ? 'This is a drill' : 'This is simulated'}
                className="mb-5"
              >
                It was made on purpose: nothing in it happened, and it counts in no figure.
              </Notice>
            )}
            {isOpen(candidate) && (
              <Link
                to="/contain/$about"
                params={{ about: candidate.id }}
                className={cx(buttonClass('brake', 'lg'), 'mb-4 w-full phone:hidden')}
              >
                What can stop it
              </Link>
            )}
            {isOpen(candidate) ? (
              <AlreadyOpen system={candidate.system} />
            ) : (
              <Ended candidate={candidate} {...(judges && { onUndo: () => setOpen('unmerge') })} />
            )}
            <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem]">
              <div className="min-w-0">
                <Together candidate={candidate} />
                {candidate.late && (
                  <Notice
                    tone="amber"
                    title={
                      candidate.state === 'closed' ? 'Told after its incident was closed' : 'Seen again after a silence'
                    }
                    className="mb-5"
                  >
                    {channelsLine(candidate.late.summary.channels)}, the last <Ago at={candidate.late.lastAt} />.{' '}
                    {candidate.late.decided && sentence(LATE_WORDS[candidate.late.decided.as])}
                  </Notice>
                )}
                <SignalSection candidate={candidate} />
              </div>
              <aside className="min-w-0 max-desk:order-first">
                <PageCard
                  candidate={{ id: candidate.id, open: isOpen(candidate), acknowledged: candidate.acknowledged }}
                />
                <ParentCard candidate={candidate} />
                <Grave candidate={candidate} />
                <Missing candidate={candidate} />
                <SimilarCard about={{ candidate: candidate.id }} />
                <Changed system={candidate.system} before={candidate.summary.firstAt} />
                <Facts candidate={candidate} />
                <History candidate={candidate} />
              </aside>
            </div>
            {(open === 'unmerge' || open === 'unsplit') && (
              <UndoDialog id={candidate.id} what={open === 'unmerge' ? 'merge' : 'split'} onClose={close} />
            )}
            {open === 'dismiss' && <DismissDialog candidate={candidate} onClose={close} />}
            {open === 'merge' && <MergeDialog candidate={candidate} onClose={close} />}
            {open === 'split' && <SplitDialog candidate={candidate} onClose={close} />}
          </>
        )}
      </Shown>
    </Page>
  );
}

function Ended({ candidate, onUndo }: { candidate: CandidateDetail; onUndo?: () => void }) {
  const nameOf = useNames();
  const state = STATE_WORDS[candidate.state];
  const miss = candidate.ended?.as === 'near-miss';
  return (
    <Notice
      tone={candidate.incident ? 'moss' : 'plain'}
      title={`This candidate ${miss ? 'was filed as a near miss' : candidate.incident ? 'became an incident' : `was ${state.says}`}`}
      className="mb-5"
    >
      {candidate.ended && (
        <p>
          <Time at={candidate.ended.at} /> by {nameOf(candidate.ended.by)}: {candidate.ended.reason}
        </p>
      )}
      {candidate.incident && (
        <Link to="/incidents/$incident" params={{ incident: candidate.incident }} className="prose-link">
          {miss ? 'Go to the near miss' : 'Go to the war room'}
        </Link>
      )}
      {candidate.mergedInto && (
        <Link to="/candidates/$candidate" params={{ candidate: candidate.mergedInto }} className="prose-link">
          Go to the candidate that has its signals now
        </Link>
      )}
      {candidate.state === 'merged' && onUndo && (
        <Button size="sm" className="ml-3" onClick={onUndo}>
          Take the merge back …
        </Button>
      )}
    </Notice>
  );
}

function Together({ candidate }: { candidate: CandidateDetail }) {
  return (
    <Section title="Why these belong together">
      <Card>
        {candidate.reasons.length === 0 ? (
          <p className="text-ink-2">One signal so far; it belongs to nothing else yet.</p>
        ) : (
          <ul className="grid list-disc gap-1 pl-4 marker:text-ink-3">
            {saidReasons(candidate.reasons).map((reason) => (
              <li key={reason}>{sentence(reason)}</li>
            ))}
          </ul>
        )}
        {candidate.coheredBecause && (
          <p className="mt-2 text-ink-2">
            Taken as one event since {candidate.coheredAt && <Time at={candidate.coheredAt} />}:{' '}
            {candidate.coheredBecause}.
          </p>
        )}
        {candidate.summary.quotes.length > 0 && (
          <div className="mt-3 grid gap-1.5">
            {candidate.summary.quotes.slice(0, 3).map((quote) => (
              <blockquote
                key={quote}
                className="rounded-r-sm border-l-[3px] border-ember-line bg-ember-soft px-3 py-1.5"
              >
                “{quote}”
              </blockquote>
            ))}
          </div>
        )}
        {candidate.related.length > 0 && (
          <div className="mt-3 border-t border-line pt-2.5">
            <p className="text-xs font-[640] text-ink-2">May be the same event, not surely enough to join</p>
            <ul className="mt-1 grid gap-1">
              {candidate.related.map((each) => (
                <li key={each.candidate}>
                  <Link to="/candidates/$candidate" params={{ candidate: each.candidate }} className="prose-link">
                    {each.why}
                  </Link>{' '}
                  <span className="text-xs text-ink-3">likeness {each.score.toFixed(2)}</span>
                </li>
              ))}
            </ul>
          </div>
        )}
      </Card>
    </Section>
  );
}

function SignalSection({ candidate }: { candidate: CandidateDetail }) {
  // Signals join between the two readings; what is listed is never more than there are.
  const count = Math.max(candidate.summary.count, candidate.signals.length);
  return (
    <Section
      title="Signals, latest first"
      aside={
        candidate.signals.length < count
          ? `the latest ${candidate.signals.length} of ${count.toLocaleString('en')}`
          : `${count} of ${count}`
      }
    >
      {candidate.signals.length === 0 ? (
        <Empty title="No signal is left here">
          They went to other candidates, or are older than telemetry is kept.
        </Empty>
      ) : (
        <SignalRows signals={candidate.signals} />
      )}
    </Section>
  );
}

function Grave({ candidate }: { candidate: CandidateDetail }) {
  const { call, because } = candidate.early;
  return (
    <Section title="How grave it looks">
      <Card>
        <p className="flex flex-wrap items-center gap-2">
          <Severity level={call.severity} provisional={call.provisional} />
          <span className="font-[600]">{sentence(call.reasons.join('; ') || 'nothing so far asks for more')}</span>
        </p>
        {because.length > 0 && (
          <ul className="mt-2 grid list-disc gap-0.5 pl-4 text-ink-2 marker:text-ink-3">
            {because.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        )}
        {call.couldBe.length > 0 && (
          <ul className="mt-2 grid gap-0.5 border-t border-line pt-2 text-xs text-ink-2">
            {call.couldBe.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        )}
        <p className="mt-2 text-2xs text-ink-3">
          A suggestion{call.rules.length > 0 && ` by the severity table, ${call.rules.join(', ')}`}; whoever declares
          decides.
        </p>
      </Card>
    </Section>
  );
}

function Missing({ candidate }: { candidate: CandidateDetail }) {
  const { missing } = candidate.early;
  if (missing.length === 0) return null;
  return (
    <Section title="Missing evidence">
      <Rows label="Missing evidence">
        {missing.map((each) => (
          <li key={each} className="border-l-4 border-l-amber px-3.5 py-2">
            {each}
          </li>
        ))}
      </Rows>
    </Section>
  );
}

/** What went live shortly before the first signal: where most causes are found. */
function Changed({ system, before }: { system: string; before: string }) {
  const shown = useAsk(inventory.show, { params: { system } }).data?.system;
  if (!shown) return null;
  const earlier = changeLines(shown.changes).filter((change) => change.occurredAt <= before);
  return (
    <Section
      title="What changed before"
      aside={
        <Link to="/systems/$system" params={{ system }} className="prose-link">
          All versions
        </Link>
      }
    >
      {earlier.length === 0 ? (
        <Empty title="No change recorded before the first signal">
          Either nothing changed, or nobody records what goes live.
        </Empty>
      ) : (
        <Rows label="Changes before the first signal">
          {earlier.slice(0, 3).map((change) => (
            <li key={`${change.deployment}${change.occurredAt}`} className="px-4 py-2">
              <p className="font-[600]">{change.says}</p>
              <p className="text-xs text-ink-2">
                <Span from={change.occurredAt} to={before} /> before the first signal · {change.name}
              </p>
            </li>
          ))}
        </Rows>
      )}
    </Section>
  );
}

function Facts({ candidate }: { candidate: CandidateDetail }) {
  const { summary } = candidate;
  return (
    <Section title="In numbers">
      <Card>
        <Pairs>
          <dt>System</dt>
          <dd>
            <Link to="/systems/$system" params={{ system: candidate.system }} className="prose-link">
              {candidate.system}
            </Link>
            {candidate.feature && ` · ${candidate.feature}`}
          </dd>
          <dt>Kind</dt>
          <dd>{candidate.archetype ? ARCHETYPE_WORDS[candidate.archetype] : 'nobody has said'}</dd>
          <dt>Versions</dt>
          <dd>{versionsOf(summary.versions)}</dd>
          <dt>Evidence</dt>
          <dd className="flex flex-wrap gap-1.5">
            {(['verified', 'strong', 'weak'] as const).map((kind) => (
              <Flag
                key={kind}
                tone={summary.evidence[kind] > 0 ? EVIDENCE_WORDS[kind].tone : 'plain'}
                title={EVIDENCE_WORDS[kind].means}
              >
                {summary.evidence[kind]} {EVIDENCE_WORDS[kind].says}
              </Flag>
            ))}
          </dd>
          <dt>People</dt>
          <dd>{summary.subjects.length === 0 ? 'not captured' : `${summary.subjects.length} so far`}</dd>
          <dt>Interactions</dt>
          <dd>{summary.interactions === 0 ? 'none captured' : summary.interactions.toLocaleString('en')}</dd>
          <dt>Seen</dt>
          <dd>
            <Time at={summary.firstAt} /> to <Time at={summary.lastAt} />
          </dd>
          <dt>Id</dt>
          <dd>
            <Id className="break-all whitespace-normal!">{candidate.id}</Id>
          </dd>
        </Pairs>
      </Card>
    </Section>
  );
}

function History({ candidate }: { candidate: CandidateDetail }) {
  const nameOf = useNames();
  if (candidate.history.length === 0) return null;
  return (
    <Section title="How it grew">
      <ol className="grid gap-1.5 text-xs">
        {candidate.history.slice(-12).map((each) => (
          <li key={`${each.at}${each.says}`} className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-2">
            <Ago at={each.at} className="text-ink-3" />
            <span className="text-ink-2">
              {each.says}
              {each.by.kind !== 'system' && <span className="text-ink-3"> · {nameOf(each.by)}</span>}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
