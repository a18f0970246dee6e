import type { AnswerOf } from '@firebreak/contract';
import type { candidates } from '@firebreak/contract/detect/candidates';
import { Link } from '@tanstack/react-router';
import { Flag, Severity } from '../../ui/Marks.tsx';
import { stopped } from '../../ui/sentence.ts';
import { Ago } from '../../ui/Time.tsx';
import { ARCHETYPE_WORDS } from '../archetypes/index.ts';
import { channelsLine, markWord, pagedLine, STATE_WORDS, versionsOf } from './words.ts';

export type CandidateRow = AnswerOf<typeof candidates.listCandidates>['items'][number];

/** Candidates as lines: what, where, why together, how grave it looks. */
export function CandidateRows({ rows, label }: { rows: readonly CandidateRow[]; label: string }) {
  return (
    <ul
      aria-label={label}
      className="overflow-hidden rounded-lg border border-line bg-surface *:border-t *:border-t-line *:first:border-t-0"
    >
      {rows.map((row) => {
        const state = STATE_WORDS[row.state];
        return (
          <li
            key={row.id}
            className="relative grid gap-x-5 gap-y-1.5 px-4 py-3 hover:bg-sunken phone:grid-cols-[minmax(0,1fr)_auto]"
          >
            <div className="min-w-0">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Severity level={row.early.call.severity} provisional={row.early.call.provisional} size="sm" />
                <Flag tone={state.tone} title={state.means}>
                  {state.says}
                </Flag>
                {row.archetype && <span className="text-xs text-ink-2">{ARCHETYPE_WORDS[row.archetype]}</span>}
                {row.probe && <Flag tone="blue">our own probe</Flag>}
                {row.mark && <Flag tone="blue">{markWord(row.mark)}</Flag>}
              </p>
              <p className="mt-1">
                <Link
                  data-row
                  to="/candidates/$candidate"
                  params={{ candidate: row.id }}
                  className="text-base font-[620] after:absolute after:inset-0"
                >
                  {row.title}
                </Link>
              </p>
              {row.reasons[0] && row.reasons[0] !== 'first signal' && (
                <p className="text-ink-2">Together because {stopped(row.reasons[0])}</p>
              )}
              <p className="text-xs text-ink-3">
                {row.system}
                {row.feature && ` · ${row.feature}`} · {versionsOf(row.summary.versions)}
              </p>
              {row.state === 'paged' && <p className="text-xs text-ember">{pagedLine(row)}</p>}
            </div>
            <div className="phone:max-w-56 phone:text-right">
              <p className="font-[600]">
                {row.summary.count.toLocaleString('en')} {row.summary.count === 1 ? 'signal' : 'signals'}
              </p>
              <p className="text-xs text-ink-2">{channelsLine(row.summary.channels)}</p>
              <p className="text-xs text-ink-3">
                {row.summary.count === 1 ? (
                  <>
                    seen <Ago at={row.summary.lastAt} />
                  </>
                ) : (
                  <>
                    first <Ago at={row.summary.firstAt} />, last <Ago at={row.summary.lastAt} />
                  </>
                )}
              </p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
