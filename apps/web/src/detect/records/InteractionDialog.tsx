import type { AnswerOf } from '@firebreak/contract';
import { signals } from '@firebreak/contract/detect/signals';
import { markKind } from '@firebreak/core/detect/signals';
import { lazy, Suspense, useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Time } from '../../ui/Time.tsx';
import { VERDICT_WORDS } from './verdict-words.ts';

const MakeCase = lazy(() => import('../evals/index.ts').then((m) => ({ default: m.MakeCase })));

type Read = AnswerOf<typeof signals.readInteraction>;

/** One interaction, over whatever it was opened from. */
export function InteractionDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const read = useAsk(signals.readInteraction, { params: { interaction: id } });
  const edits = useMay('eval.edit');
  const [making, setMaking] = useState(false);
  const asked = read.data?.interaction;
  return (
    <>
      <Dialog
        title="The interaction"
        about="As it was captured. What was not captured is said, not guessed."
        onClose={onClose}
        width="wide"
        footer={
          edits &&
          asked &&
          asked.input !== null && (
            <Button onClick={() => setMaking(true)} title="Ask it again and again, so that the mistake is noticed">
              Make it a case of a golden set
            </Button>
          )
        }
      >
        <Shown of={read} lines={6}>
          {(answer) => <Interaction {...answer} />}
        </Shown>
      </Dialog>
      {making && asked && (
        <Suspense>
          <MakeCase interaction={asked.id} system={asked.system} onClose={() => setMaking(false)} />
        </Suspense>
      )}
    </>
  );
}

function Interaction({ interaction, sealed, signals: raised, feedback, evaluations }: Read) {
  const { toolCalls } = interaction;
  return (
    <div className="grid gap-4">
      {markKind(interaction.givenId) && (
        <p>
          <Flag tone="blue">{markKind(interaction.givenId)}</Flag> made on purpose; nothing in it happened
        </p>
      )}
      <p className="text-xs text-ink-2">
        <Time at={interaction.at} /> · {interaction.system}
        {interaction.feature && ` · ${interaction.feature}`} · {interaction.versions.model ?? 'model not captured'} ·{' '}
        {interaction.versions.prompt ? `prompt ${interaction.versions.prompt}` : 'prompt version not captured'}
        {interaction.verdict && ` · ${VERDICT_WORDS[interaction.verdict.action]}`}
        {interaction.judge && ' · the call of a judge, about another answer'}
        {interaction.agent && ` · by the agent ${interaction.agent}`}
        {interaction.depth !== undefined && ` · ${interaction.depth} agents deep`}
        {interaction.instances && ` · through ${interaction.instances.join(' and ')}`}
      </p>
      <p className="-mt-3 text-xs break-all text-ink-3">
        {[
          interaction.versions.fingerprint
            ? `build ${interaction.versions.fingerprint} of the supplier`
            : 'build of the supplier not captured',
          interaction.versions.index ? `index ${interaction.versions.index}` : 'index version not captured',
          interaction.versions.tools ? `tools ${interaction.versions.tools}` : 'tools version not captured',
          interaction.versions.toolsDigest && `digest of the tools offered ${interaction.versions.toolsDigest}`,
        ]
          .filter(Boolean)
          .join(' · ')}
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
      {toolCalls !== null && toolCalls.length > 0 && (
        <details>
          <summary className="font-[600]">
            {toolCalls.length === 1 ? 'One tool was called' : `${toolCalls.length} tools were called`}
          </summary>
          <ul className="mt-2 grid gap-2">
            {toolCalls.map((call, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: calls of one interaction never change their place
              <li key={at} className="rounded-md bg-sunken px-3 py-2">
                <p className="font-[600]">{call.name}</p>
                <p className="font-mono text-xs break-words whitespace-pre-wrap">
                  {call.arguments ?? 'arguments not captured'}
                </p>
                {call.result !== null && <p className="mt-1 text-xs break-words whitespace-pre-line">{call.result}</p>}
              </li>
            ))}
          </ul>
        </details>
      )}
      {raised.length > 0 && (
        <section aria-label="Signals">
          <p className="font-[600]">{raised.length === 1 ? 'One signal' : `${raised.length} signals`}</p>
          <ul className="mt-1 grid gap-1.5">
            {raised.map((signal) => (
              <li key={signal.id}>
                {signal.text}{' '}
                <span className="text-xs text-ink-3">
                  {signal.detector}, {signal.evidenceClass}
                  {signal.score !== null && `, score ${signal.score.toFixed(2)}`}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Evaluations of={evaluations} />
      {feedback.length > 0 && (
        <section aria-label="Feedback">
          <p className="font-[600]">From people</p>
          <ul className="mt-1 grid gap-1.5">
            {feedback.map((each) => (
              <li key={each.id}>
                {each.kind}
                {each.text && `: “${each.text}”`}
              </li>
            ))}
          </ul>
        </section>
      )}
      <p className="text-xs break-all text-ink-3">
        {[
          interaction.id,
          interaction.subject && `person ${interaction.subject}`,
          interaction.session && `session ${interaction.session}`,
          interaction.traceId && `trace ${interaction.traceId}`,
          interaction.latencyMs !== null && `${Math.round(interaction.latencyMs)} ms`,
          interaction.error && `error: ${interaction.error}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <p className="text-xs text-ink-3">
        {sealed
          ? `Sealed: record ${sealed.index + 1} of ${sealed.count} in batch ${sealed.batch}, root ${sealed.root.slice(0, 12)}…`
          : 'Not sealed yet; that takes a few seconds after it came in.'}
      </p>
    </div>
  );
}

/** How an evaluation came out; of one that only gives a score, its sender has not said which scores are bad. */
const OUTCOME_FLAGS = {
  failed: { tone: 'ember', says: 'failed' },
  passed: { tone: 'moss', says: 'passed' },
  unsaid: null,
  broken: { tone: 'amber', says: 'could not be done' },
} as const;

function Evaluations({ of }: { of: Read['evaluations'] }) {
  if (of.length === 0) return null;
  return (
    <section aria-label="Evaluations">
      <p className="font-[600]">{of.length === 1 ? 'One evaluation' : `${of.length} evaluations`}</p>
      <ul className="mt-1 grid gap-1.5">
        {of.map(({ id, name, score, label, explanation, outcome, interaction }) => {
          const flag = OUTCOME_FLAGS[outcome];
          return (
            <li key={id} className="break-words">
              <span className="font-[600]">{name}</span> {flag !== null && <Flag tone={flag.tone}>{flag.says}</Flag>}{' '}
              <span className="text-xs text-ink-3">
                {[
                  score !== null && `score ${Number(score.toPrecision(6))}`,
                  label !== null && `label ${label}`,
                  outcome === 'unsaid' && 'its sender does not say whether that is good',
                  interaction === null && 'of this trace; which answer it judges is not known',
                ]
                  .filter(Boolean)
                  .join(', ')}
              </span>
              {explanation !== null && <p className="whitespace-pre-line text-ink-2">{explanation}</p>}
            </li>
          );
        })}
      </ul>
    </section>
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
