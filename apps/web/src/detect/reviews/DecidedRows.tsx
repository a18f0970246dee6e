import { reviews } from '@firebreak/contract/detect/reviews';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { Reported } from '../reports/index.ts';
import { DECISION_WORDS, saysOf } from './words.ts';

/** What was decided lately, by whom and why. */
export function DecidedRows() {
  const asked = useAsk(reviews.decided, { query: {} });
  const nameOf = useNames();
  const judges = useMay('candidate.judge');
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Shown of={asked}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="Nothing was decided yet">What people decide stands here with their reason.</Empty>
        ) : (
          <Rows label="Decided">
            {items.map((it) => (
              <li key={it.id} className="px-4 py-2.5">
                <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
                  <Flag tone={it.as === 'confirmed' || it.as === 'incident' ? 'amber' : 'plain'}>
                    {DECISION_WORDS[it.as]}
                  </Flag>
                  <span className="line-clamp-4 min-w-0 break-words">
                    {it.feedback === null ? 'Its words were deleted when their time was over.' : saysOf(it.feedback)}
                  </span>
                  {!it.inTime && <Flag tone="amber">late</Flag>}
                </p>
                <p className="mt-0.5 text-xs break-words text-ink-2">
                  {it.reason ?? 'The reason was erased.'}
                  {it.incident !== null && (
                    <>
                      {' '}
                      <Link to="/incidents/$incident" params={{ incident: it.incident }} className="prose-link">
                        {it.incident}
                      </Link>
                    </>
                  )}
                </p>
                <p className="text-xs text-ink-3">
                  {nameOf(it.by)} · {it.system} · <Ago at={it.at} />
                </p>
                {it.feedback?.report && (
                  <>
                    <Button
                      size="sm"
                      className="mt-1.5"
                      aria-expanded={open === it.id}
                      onClick={() => setOpen(open === it.id ? null : it.id)}
                    >
                      {open === it.id ? 'Close the report' : 'Open the report'}
                    </Button>
                    {open === it.id && <Reported feedback={it.feedback} judges={judges} />}
                  </>
                )}
              </li>
            ))}
          </Rows>
        )
      }
    </Shown>
  );
}
