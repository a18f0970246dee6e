import type { AnswerOf } from '@firebreak/contract';
import { type SignalLife, signals } from '@firebreak/contract/detect/signals';
import type { Signal } from '@firebreak/core/detect/signals';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago, Time } from '../../ui/Time.tsx';
import { CHANNEL_WORDS, EVIDENCE_WORDS } from './words.ts';

/** Signals with their words, how far each can be believed, and the interaction behind it. */
export function SignalRows({ signals }: { signals: readonly (Signal & SignalLife)[] }) {
  const [open, setOpen] = useState<string | null>(null);
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
                  <span>{CHANNEL_WORDS[signal.channel][0]}</span>
                  {signal.times > 1 && <span>told {signal.times} times</span>}
                  {signal.resolvedAt !== null ? (
                    <Flag tone="moss" title="Whoever sent it says that it is over">
                      resolved <Ago at={signal.resolvedAt} />
                    </Flag>
                  ) : (
                    signal.acknowledgedAt !== null && <Flag tone="blue">acknowledged where it comes from</Flag>
                  )}
                  <span>
                    {signal.detector} · {signal.rule}
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

type Read = AnswerOf<typeof signals.readInteraction>;

function InteractionDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const read = useAsk(signals.readInteraction, { params: { interaction: id } });
  return (
    <Dialog
      title="The interaction"
      about="As it was captured. What was not captured is said, not guessed."
      onClose={onClose}
      width="wide"
    >
      <Shown of={read} lines={6}>
        {(answer) => <Interaction {...answer} />}
      </Shown>
    </Dialog>
  );
}

function Interaction({ interaction, sealed }: Read) {
  return (
    <div className="grid gap-4">
      <p className="text-xs text-ink-2">
        <Time at={interaction.at} /> · {interaction.system}
        {interaction.feature && ` · ${interaction.feature}`} · {interaction.versions.model ?? 'model not captured'} ·{' '}
        {interaction.versions.prompt ? `prompt ${interaction.versions.prompt}` : 'prompt version not captured'}
        {interaction.verdict &&
          ` · ${interaction.verdict.action === 'allow' ? 'allowed' : interaction.verdict.action === 'deny' ? 'refused by a hold' : 'rerouted by a hold'}`}
      </p>
      {interaction.input === null ? (
        <p className="text-ink-3">The question was not captured.</p>
      ) : (
        interaction.input.map((message, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages of one interaction never change their place
          <Turn key={at} who={message.role} text={message.content} />
        ))
      )}
      {interaction.output === null ? (
        <p className="text-ink-3">The answer was not captured.</p>
      ) : (
        <Turn who="answer" text={interaction.output} strong />
      )}
      <details>
        <summary className="font-[600]">
          {interaction.retrieved === null
            ? 'Retrieved text was not captured'
            : interaction.retrieved.length === 0
              ? 'Nothing was retrieved'
              : `Retrieved: ${interaction.retrieved.length} passages`}
        </summary>
        {interaction.retrieved && (
          <ul className="mt-2 grid gap-2">
            {interaction.retrieved.map((each) => (
              <li key={`${each.id}${each.title}${each.text.slice(0, 40)}`} className="rounded-md bg-sunken px-3 py-2">
                {each.title && <p className="font-[600]">{each.title}</p>}
                <p className="whitespace-pre-line">{each.text}</p>
              </li>
            ))}
          </ul>
        )}
      </details>
      <p className="text-xs text-ink-3">
        {sealed
          ? `Sealed: record ${sealed.index + 1} of ${sealed.count} in batch ${sealed.batch}, root ${sealed.root.slice(0, 12)}…`
          : 'Not sealed yet; that takes a few seconds after it came in.'}
      </p>
    </div>
  );
}

function Turn({ who, text, strong }: { who: string; text: string; strong?: boolean }) {
  return (
    <div
      className={strong ? 'rounded-md border border-line-strong px-3.5 py-2.5' : 'rounded-md bg-sunken px-3.5 py-2.5'}
    >
      <p className="text-2xs font-[600] tracking-wide text-ink-3">{who}</p>
      <p className="whitespace-pre-line">{text || '(empty)'}</p>
    </div>
  );
}
