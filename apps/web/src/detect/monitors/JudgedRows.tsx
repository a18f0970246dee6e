import type { MonitorTrial } from '@firebreak/contract/detect/monitors';
import type { ReactNode } from 'react';
import { Rows } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';

type Judged = MonitorTrial['items'][number];

/** What a source told of, each with why it is kept or dropped. */
export function JudgedRows({
  items,
  label,
  more,
}: {
  items: readonly (Judged & { readonly id?: string })[];
  label: string;
  more?: (item: Judged & { readonly id?: string }) => ReactNode;
}) {
  return (
    <Rows label={label}>
      {items.map((item, i) => (
        <li key={item.id ?? `${i} ${item.title}`} className="px-4 py-2">
          <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
            <Flag tone={item.kept ? 'amber' : 'plain'}>{item.kept ? 'kept' : 'dropped'}</Flag>
            {item.url === null ? (
              <span className="min-w-0 break-words">{item.title}</span>
            ) : (
              <a href={item.url} target="_blank" rel="noreferrer" className="prose-link min-w-0 break-words">
                {item.title}
              </a>
            )}
            {item.at && <Ago at={item.at} className="text-xs text-ink-3" />}
          </p>
          <p className="mt-0.5 text-xs break-words text-ink-2">
            {item.kept ? 'Why: ' : 'Why dropped: '}
            {item.reasons.join('; ')}
            {item.kept && ` · relevance ${item.score}`}
          </p>
          {more?.(item)}
        </li>
      ))}
    </Rows>
  );
}
