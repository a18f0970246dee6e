import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Time } from '../../ui/Time.tsx';
import { changeLines } from './words.ts';

const FIRST = 12;

/** What went live when, newest first; the version that runs now is marked. */
export function VersionLine({ system }: { system: AiSystem }) {
  const [all, setAll] = useState(false);
  const changes = changeLines(system.changes);
  if (changes.length === 0)
    return (
      <Empty title="Nothing has been recorded">
        Most AI incidents begin with a change: a prompt, a model, an index. Record what goes live, by hand or from your
        pipeline, and a candidate can say what changed just before it.
      </Empty>
    );
  const running = new Set<string>();
  return (
    <>
      <ol className="relative before:absolute before:top-2 before:bottom-2 before:left-[5.25rem] before:w-px before:bg-line">
        {changes.slice(0, all ? 500 : FIRST).map((change) => {
          const now = !running.has(change.deployment);
          running.add(change.deployment);
          return (
            <li
              key={`${change.deployment}${change.occurredAt}`}
              className="relative grid grid-cols-[4.5rem_1.5rem_minmax(0,1fr)] pb-3.5"
            >
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
                  <b className="font-[620]">{change.says}</b>
                  <span className="text-ink-2">on {change.name}</span>
                  {now && <Flag tone="moss">runs now</Flag>}
                </p>
                {change.note && <p className="text-ink-2">{change.note}</p>}
              </div>
            </li>
          );
        })}
      </ol>
      {changes.length > FIRST && !all && (
        <Button size="sm" onClick={() => setAll(true)}>
          Show all {changes.length}
        </Button>
      )}
    </>
  );
}
