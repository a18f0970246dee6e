import type { SignalLife } from '@firebreak/contract/detect/signals';
import type { Signal } from '@firebreak/core/detect/signals';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useNames } from '../../app/session.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago, Time } from '../../ui/Time.tsx';
import { WhySignal } from '../paging/index.ts';
import { InteractionDialog } from '../records/index.ts';
import { CHANNEL_WORDS, clockWord, EVIDENCE_WORDS, markWord, ruleWords } from './words.ts';

/** What raised it; the run of an eval can be opened. */
function Rule({ of }: { of: string }) {
  const run = /^run (evr_[\w-]+)$/.exec(of)?.[1];
  if (run === undefined) return ruleWords(of);
  return (
    <Link to="/eval-runs/$run" params={{ run }} className="prose-link">
      the run with every answer
    </Link>
  );
}

/** Said where the sender's clock and ours do not agree, or it came in long after: else its time is a riddle. */
function ClockNote({ at, receivedAt }: { at: string; receivedAt: string }) {
  const said = clockWord(at, receivedAt);
  if (said === null) return null;
  return (
    <span title={said.means}>
      {said.says} <Time at={receivedAt} />
    </span>
  );
}

/** Signals with their words, how far each can be believed, and the interaction behind it. */
export function SignalRows({ signals }: { signals: readonly (Signal & SignalLife)[] }) {
  const [open, setOpen] = useState<string | null>(null);
  const nameOf = useNames();
  return (
    <>
      <Rows label="Signals">
        {signals.map((signal) => {
          const evidence = EVIDENCE_WORDS[signal.evidenceClass];
          const quotes = signal.quotes.filter((each) => each.text !== null && each.field === 'output').slice(0, 2);
          return (
            <li key={signal.id} className="grid grid-cols-[3.6rem_minmax(0,1fr)] gap-x-3 px-4 py-3">
              <Time at={signal.at} className="pt-px font-mono text-xs leading-5 text-ink-3" />
              <div className="min-w-0">
                <p>{signal.text}</p>
                {quotes.map((each) => (
                  <blockquote
                    key={`${each.start}`}
                    className="mt-1 rounded-r-sm border-l-[3px] border-ember-line bg-ember-soft px-2.5 py-1 text-xs"
                  >
                    “{each.text}”
                  </blockquote>
                ))}
                <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-2xs text-ink-3">
                  <Flag tone={evidence.tone} title={evidence.means}>
                    {evidence.says}
                  </Flag>
                  {signal.pagesAlone && (
                    <Flag tone="amber" title={`Since ${signal.pagesAlone.because}`}>
                      pages alone
                    </Flag>
                  )}
                  {signal.mark && <Flag tone="blue">{markWord(signal.mark)}</Flag>}
                  <span>{CHANNEL_WORDS[signal.channel][0]}</span>
                  <ClockNote at={signal.at} receivedAt={signal.receivedAt} />
                  {signal.times > 1 && <span>told {signal.times} times</span>}
                  {signal.resolvedAt !== null ? (
                    <Flag tone="moss" title="Whoever sent it says that it is over">
                      resolved <Ago at={signal.resolvedAt} />
                    </Flag>
                  ) : (
                    signal.acknowledgedAt !== null && <Flag tone="blue">acknowledged where it comes from</Flag>
                  )}
                  <span>
                    {nameOf(signal.detector)} · <Rule of={signal.rule} />
                  </span>
                  {signal.versions.prompt && <span>prompt {signal.versions.prompt}</span>}
                  {signal.interaction && (
                    <Button
                      size="sm"
                      look="quiet"
                      className="-my-1 min-h-6! px-1! text-2xs! font-normal! underline underline-offset-3"
                      onClick={() => setOpen(signal.interaction)}
                    >
                      Read the interaction
                    </Button>
                  )}
                  <WhySignal id={signal.id} />
                </p>
              </div>
            </li>
          );
        })}
      </Rows>
      {open && <InteractionDialog id={open} onClose={() => setOpen(null)} />}
    </>
  );
}
