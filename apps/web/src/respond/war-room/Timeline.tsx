import { ENTRY_KINDS, type Entry, type EntryKind, timeline } from '@firebreak/core/respond/war-room';
import { Plus } from 'lucide-react';
import { memo, useCallback, useMemo, useState } from 'react';
import { NOTE } from '../../app/note.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Section } from '../../ui/Card.tsx';
import { cx } from '../../ui/cx.ts';
import { toLocalInput } from '../../ui/durations.ts';
import type { Tone } from '../../ui/Marks.tsx';
import { Time } from '../../ui/Time.tsx';
import { Composer } from './Composer.tsx';
import { useRoom } from './room-context.tsx';
import { sayFact } from './say-fact.ts';

const KIND_WORDS: Record<EntryKind, string> = {
  decision: 'Decisions',
  containment: 'Containment',
  people: 'People',
  signal: 'Signals',
  note: 'Notes',
  record: 'Record',
};
const DOTS: Record<Tone, string> = {
  ember: 'border-ember bg-ember',
  moss: 'border-moss bg-moss',
  amber: 'border-amber bg-surface',
  blue: 'border-blue bg-surface',
  plain: 'border-line-strong bg-surface',
};
const PAGE = 100;

/** Everything that happened, newest first by when it happened. */
export function Timeline() {
  const { facts } = useRoom();
  const writes = useMay('room.write');
  const [kind, setKind] = useState<EntryKind | null>(null);
  const [shown, setShown] = useState(PAGE);
  const [earlier, setEarlier] = useState<string | null>(null);
  const entries = useMemo(() => timeline(facts), [facts]);
  const counts = useMemo(() => grouped(entries), [entries]);
  const wanted = kind === null ? entries : (counts.get(kind) ?? []);
  const nameOf = useNames();
  const insertBefore = useCallback((entry: Entry): void => {
    setEarlier(toLocalInput(entry.happenedAt));
    document.getElementById(NOTE)?.focus();
  }, []);
  return (
    <Section title="Timeline" aside={`${entries.length} ${entries.length === 1 ? 'fact' : 'facts'}, newest first`}>
      <Composer earlier={earlier} onEarlier={setEarlier} />
      <fieldset className="mb-3 flex flex-wrap gap-1.5">
        <legend className="sr-only">Show</legend>
        <Chip on={kind === null} onPick={() => setKind(null)}>
          Everything
        </Chip>
        {ENTRY_KINDS.filter((each) => each === kind || counts.has(each)).map((each) => (
          <Chip key={each} on={kind === each} onPick={() => setKind(each)}>
            {KIND_WORDS[each]} {counts.get(each)?.length ?? 0}
          </Chip>
        ))}
      </fieldset>
      {wanted.length === 0 ? (
        <Empty title="Nothing of this kind yet">The other kinds are one press away; nothing is hidden for ever.</Empty>
      ) : (
        <ol className="relative before:absolute before:top-2 before:bottom-2 before:left-[4.06rem] before:w-px before:bg-line">
          {wanted.slice(0, shown).map((entry) => (
            <Row key={entry.fact.seq} entry={entry} nameOf={nameOf} {...(writes && { onInsert: insertBefore })} />
          ))}
        </ol>
      )}
      {wanted.length > shown && (
        <Button size="sm" onClick={() => setShown(shown + PAGE)}>
          Show {Math.min(PAGE, wanted.length - shown)} older of {wanted.length - shown}
        </Button>
      )}
    </Section>
  );
}

function grouped(entries: readonly Entry[]): Map<EntryKind, Entry[]> {
  const groups = new Map<EntryKind, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.kind);
    if (group) group.push(entry);
    else groups.set(entry.kind, [entry]);
  }
  return groups;
}

function Chip({ on, onPick, children }: { on: boolean; onPick: () => void; children: React.ReactNode }) {
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={onPick}
      className="min-h-7 rounded-full border border-line bg-surface px-2.5 text-xs text-ink-2 hover:border-edge aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-surface"
    >
      {children}
    </button>
  );
}

interface RowProps {
  entry: Entry;
  nameOf: ReturnType<typeof useNames>;
  onInsert?: (entry: Entry) => void;
}

const Row = memo(function Row({ entry, nameOf, onInsert }: RowProps) {
  const said = sayFact(entry.fact, nameOf);
  return (
    <li
      data-kind={entry.kind}
      className="group relative grid grid-cols-[3.4rem_1.4rem_minmax(0,1fr)] pb-4 [contain-intrinsic-size:auto_4rem] [content-visibility:auto]"
    >
      <Time at={entry.happenedAt} className="pt-px font-mono text-xs leading-5 font-medium text-ink-3" />
      <i
        aria-hidden="true"
        className={cx('mt-1.5 ml-[0.35rem] size-[11px] rounded-full border-[2.5px]', DOTS[said.tone])}
      />
      <div className="min-w-0 pl-1">
        <p>
          <b className="font-[620]">{said.lead}</b>
          {said.rest && <span className="text-ink-2"> {said.rest}</span>}
        </p>
        {said.detail && <p className="mt-0.5 whitespace-pre-line text-ink-2">{said.detail}</p>}
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-2xs text-ink-3">
          {entry.late && (
            <span>
              recorded <Time at={entry.fact.at} />
            </span>
          )}
          {said.meta.map((each) => (
            <span key={each}>{each}</span>
          ))}
          <span title="Position in the log, and the kind of fact">
            no. {entry.fact.seq} · {entry.fact.type}
          </span>
        </p>
      </div>
      {onInsert && (
        <button
          type="button"
          onClick={() => onInsert(entry)}
          aria-label="Insert something that happened at this time"
          title="Insert something that happened at this time"
          className="absolute top-0 right-0 grid size-7 place-items-center rounded-md text-ink-3 opacity-0 group-hover:opacity-100 hover:bg-sunken hover:text-ink focus-visible:opacity-100 max-phone:hidden"
        >
          <Plus size={15} aria-hidden="true" />
        </button>
      )}
    </li>
  );
});
