import type { PlaybookContent } from '@firebreak/contract/prepare/playbooks';
import { PHASES } from '@firebreak/core/prepare/playbooks';
import { Rows, Section } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { OWNER_TITLES, PHASE_REACH, rightWords, tickWords } from './words.ts';

type Step = PlaybookContent['steps'][number];

/** The steps of a playbook, by phase. */
export function PlaybookSteps({ steps }: { steps: readonly Step[] }) {
  return PHASES.map((phase) => {
    const here = steps.filter((step) => step.phase === phase.key);
    if (here.length === 0) return null;
    return (
      <Section key={phase.key} title={phase.name} aside={PHASE_REACH[phase.key]}>
        <Rows label={phase.name}>
          {here.map((step) => (
            <li key={step.key} className="px-4 py-2.5">
              <p className="font-[560]">{step.text}</p>
              {step.detail && <p className="mt-0.5 max-w-[72ch] whitespace-pre-line text-ink-2">{step.detail}</p>}
              <p className="mt-1 flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xs text-ink-3">
                {step.owner && <span className="text-ink-2">{OWNER_TITLES[step.owner]}</span>}
                {step.withinMinutes !== null && <Flag tone="amber">within {step.withinMinutes} min</Flag>}
                {step.control && <Flag tone="ember">control: {step.control}</Flag>}
                {step.condition && <span>only: {step.condition}</span>}
                {step.mayRun && step.mayRun !== 'room.write' && (
                  <span>takes the right to {rightWords(step.mayRun)}</span>
                )}
                {tickWords(step.doneBy) && <span>{tickWords(step.doneBy)}</span>}
              </p>
              <Commands commands={step.commands} />
            </li>
          ))}
        </Rows>
      </Section>
    );
  });
}

/** What came with an imported step. It is text; there is no button that runs it. */
export function Commands({ commands }: { commands: Step['commands'] }) {
  if (commands.length === 0) return null;
  return (
    <details className="mt-1.5 text-xs">
      <summary className="cursor-pointer text-ink-2">
        {commands.length === 1 ? '1 command' : `${commands.length} commands`} in the file, kept as text
      </summary>
      {commands.map(({ kind, text }) => (
        <pre
          key={`${kind} ${text}`}
          className="mt-1 overflow-hidden rounded-md bg-sunken px-3 py-2 font-mono break-words whitespace-pre-wrap text-ink-2"
        >
          {kind}: {text}
        </pre>
      ))}
    </details>
  );
}
