import { type ChangeEntry, changes as doors } from '@firebreak/contract/prepare/changes';
import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';
import { Time } from '../../ui/Time.tsx';
import { SOURCE_WORDS, sayEntry } from './words.ts';

const FIRST = 12;
const MOST = 500;

/** Versions and every other change on one line of time, newest first; what runs now is marked. */
export function ChangeLine({ system }: { system: AiSystem }) {
  const [all, setAll] = useState(false);
  const line = useAsk(doors.timeLine, { params: { system: system.key }, query: { limit: MOST } });
  return (
    <Shown of={line} lines={4}>
      {({ changes, total }) =>
        changes.length === 0 ? (
          <Empty title="Nothing has been recorded">
            Most AI incidents begin with a change: a prompt, a model, an index. Record what goes live, by hand or from
            your pipeline, and a candidate can say what changed just before it.
          </Empty>
        ) : (
          <>
            <ol
              aria-label="Changes"
              className="relative before:absolute before:top-2 before:bottom-2 before:left-[5.25rem] before:w-px before:bg-line"
            >
              {changes.slice(0, all ? MOST : FIRST).map((change) => (
                <Entry key={change.id} change={change} now={runsNow(system, change)} />
              ))}
            </ol>
            {changes.length > FIRST && !all && (
              <Button size="sm" onClick={() => setAll(true)}>
                Show all {changes.length}
              </Button>
            )}
            {all && total > changes.length && (
              <p className="text-xs text-ink-3">
                {total - changes.length} older changes are kept and not shown here; ask for them by time.
              </p>
            )}
          </>
        )
      }
    </Shown>
  );
}

function runsNow(system: AiSystem, { kind, to, deployment, occurredAt }: ChangeEntry): boolean {
  const member = kind === 'tool' ? 'tools' : kind;
  if (member !== 'model' && member !== 'prompt' && member !== 'index' && member !== 'tools') return false;
  const there = system.deployments.find((each) => each.name === deployment);
  return to !== null && there?.versions[member] === to && occurredAt <= there.since;
}

function Entry({ change, now }: { change: ChangeEntry; now: boolean }) {
  return (
    <li className="relative grid grid-cols-[4.5rem_1.5rem_minmax(0,1fr)] pb-3.5">
      <Time at={change.occurredAt} className="pt-px text-xs text-ink-3" />
      <i
        aria-hidden="true"
        className={
          now
            ? 'mt-1 ml-1.5 size-3 rounded-full border-[2.5px] border-moss bg-moss'
            : 'mt-1 ml-1.5 size-3 rounded-full border-[2.5px] border-line-strong bg-surface'
        }
      />
      <div className="min-w-0 pl-2">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <b className="min-w-0 font-[620] break-words">{sentence(sayEntry(change)).replace(/\.$/, '')}</b>
          {change.deployment && <span className="text-ink-2">on {change.deployment}</span>}
          {now && <Flag tone="moss">runs now</Flag>}
          {change.source === 'telemetry' && <Flag tone="amber">nobody recorded it</Flag>}
        </p>
        {change.note && <p className="break-words text-ink-2">{change.note}</p>}
        <p className="text-xs text-ink-3">
          {SOURCE_WORDS[change.source] ?? change.source}
          {change.link && (
            <>
              {' · '}
              <a href={change.link} className="prose-link" target="_blank" rel="noreferrer">
                open there
              </a>
            </>
          )}
        </p>
        {change.diff && <Difference text={change.diff} />}
      </div>
    </li>
  );
}

/** A difference of texts, line by line. The sign before a line says what colour repeats. */
function Difference({ text }: { text: string }) {
  const lines = text.split('\n').map((line, place) => ({ line, place }));
  return (
    <details className="mt-1">
      <summary className="cursor-pointer text-xs font-[600] text-blue">What changed in the text</summary>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
        tabIndex={0}
        className="mt-1 max-h-80 overflow-auto rounded-md border border-line bg-sunken py-2 font-mono text-xs"
      >
        {lines.map(({ line, place }) => (
          <span
            key={place}
            className={
              line.startsWith('+')
                ? 'block bg-moss-soft px-3 text-moss'
                : line.startsWith('-')
                  ? 'block bg-ember-soft px-3 text-ember'
                  : 'block px-3 text-ink-2'
            }
          >
            {line === '' ? ' ' : line}
          </span>
        ))}
      </pre>
    </details>
  );
}
