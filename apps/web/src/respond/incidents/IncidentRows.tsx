import type { IncidentRow } from '@firebreak/contract/respond/incidents';
import type { IncidentDeadlines } from '@firebreak/contract/respond/tasks';
import { PHASES } from '@firebreak/core/prepare/playbooks';
import { Link } from '@tanstack/react-router';
import { useNames } from '../../app/session.tsx';
import { CALLED_WORDS } from '../../detect/archetypes/index.ts';
import { useNow } from '../../ui/clock.ts';
import { cx } from '../../ui/cx.ts';
import { Avatar, Flag, Id, Severity } from '../../ui/Marks.tsx';
import { Ago, Watch } from '../../ui/Time.tsx';
import { deadlineWords, STATE_WORDS } from './words.ts';

/** Incidents as lines. Open ones run a watch and say which phase they are in; the rest say how they ended. */
export function IncidentRows({
  rows,
  label,
  deadlines = [],
}: {
  rows: readonly IncidentRow[];
  label: string;
  deadlines?: readonly IncidentDeadlines[];
}) {
  return (
    <ul
      aria-label={label}
      className="overflow-hidden rounded-lg border border-line bg-surface *:border-t *:border-t-line *:first:border-t-0"
    >
      {rows.map((row) => (
        <Row key={row.id} row={row} deadlines={deadlines.find(({ incident }) => incident === row.id)} />
      ))}
    </ul>
  );
}

function Row({ row, deadlines }: { row: IncidentRow; deadlines: IncidentDeadlines | undefined }) {
  const nameOf = useNames();
  const now = useNow(15_000);
  const miss = row.kind === 'near-miss';
  const running = !miss && (row.state === 'open' || row.state === 'contained');
  const minute = (now - Date.parse(row.declaredAt)) / 60_000;
  const due = running && deadlines ? deadlineWords(deadlines, now) : null;
  const phase = PHASES.findLast((each) => each.from <= minute) ?? PHASES[0];
  return (
    <li
      className={cx(
        'relative flex flex-wrap items-center gap-x-3 gap-y-1 border-l-4 py-3 pr-4 pl-3 hover:bg-sunken',
        running && row.state === 'open' && 'border-l-ember',
        running && row.state === 'contained' && 'border-l-moss',
        !running && 'border-l-line-strong',
      )}
    >
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          {row.kind === 'near-miss' ? <Flag tone="blue">near miss</Flag> : <Severity level={row.severity} size="sm" />}
          <Id>{row.label}</Id>
          {row.drill && <Flag tone="blue">drill</Flag>}
          {row.archetype && <span className="text-xs text-ink-2">{CALLED_WORDS[row.archetype]}</span>}
        </p>
        <p className="mt-0.5">
          <Link
            data-row
            to="/incidents/$incident"
            params={{ incident: row.label }}
            className="text-base font-[620] after:absolute after:inset-0"
          >
            {row.title}
          </Link>
        </p>
        <p className="flex flex-wrap items-center gap-x-1.5 text-xs text-ink-2">
          {row.systems.length > 0 ? row.systems.join(', ') : 'no system named'}
          {(row.commander || running) && <span>·</span>}
          {row.commander ? (
            <>
              <Avatar name={nameOf(row.commander)} /> {nameOf(row.commander)} commands
            </>
          ) : (
            running && <b className="font-[600] text-amber">nobody commands</b>
          )}
        </p>
        {due?.late && <p className="text-xs font-[600] text-amber">{due.late}</p>}
        {due?.next && <p className="text-xs text-ink-3">{due.next}</p>}
      </div>
      <div className="text-right max-phone:text-left">
        {running ? (
          <>
            <p className="font-[600]">
              <Watch since={row.declaredAt} /> <span className="text-xs font-normal text-ink-3">since declared</span>
            </p>
            <p className="text-xs text-ink-2">
              {STATE_WORDS[row.state]} · phase: {phase.name.toLowerCase()}
            </p>
          </>
        ) : (
          <p className="text-xs text-ink-2">
            {STATE_WORDS[row.state]} · {miss ? 'filed' : 'declared'} <Ago at={row.declaredAt} />
          </p>
        )}
      </div>
    </li>
  );
}
