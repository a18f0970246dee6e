import type { CallOf } from '@firebreak/contract';
import { type SimilarIncident, similar } from '@firebreak/contract/detect/similar';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Card, Empty, Rows, Section } from '../../ui/Card.tsx';
import { Flag, Severity } from '../../ui/Marks.tsx';
import { ArchetypeHint, type AskedAbout } from '../archetypes/index.ts';

/** The kind of failure, as suggested or as `kind` shows it, and incidents that resembled it with what came of them. */
export function SimilarCard({ about, most = 4, kind }: { about: AskedAbout; most?: number; kind?: ReactNode }) {
  const query: CallOf<typeof similar.findSimilar>['query'] = { ...about, limit: String(most) };
  const found = useAsk(similar.findSimilar, { query }, { every: 60_000 });
  return (
    <>
      {kind ?? (
        <Section title="Kind of failure, suggested">
          <Card>
            <ArchetypeHint about={about} />
          </Card>
        </Section>
      )}
      <Section
        title="Similar incidents"
        aside={found.data && `among ${(found.data.among.own + found.data.among.public).toLocaleString('en')}`}
      >
        <Shown of={found} lines={3}>
          {({ items, among }) =>
            items.length === 0 ? (
              <Empty title="Nothing resembles it">
                {among.public === 0
                  ? 'Only own incidents were compared. “firebreak corpus import incidents.csv” adds public ones.'
                  : 'Neither an own nor a public incident shares enough of its words.'}
              </Empty>
            ) : (
              <Rows label="Similar incidents">
                {items.map((each) => (
                  <Alike key={each.id} it={each} />
                ))}
              </Rows>
            )
          }
        </Shown>
      </Section>
    </>
  );
}

function Alike({ it }: { it: SimilarIncident }) {
  return (
    <li className="px-4 py-2.5">
      <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        {it.nearMiss ? (
          <Flag tone="blue">near miss</Flag>
        ) : (
          it.severity !== null && <Severity level={it.severity} size="sm" />
        )}
        {it.label !== null ? (
          <Link to="/incidents/$incident" params={{ incident: it.label }} className="prose-link font-[600]">
            {it.title}
          </Link>
        ) : it.link !== null ? (
          <a href={it.link} target="_blank" rel="noreferrer" className="prose-link font-[600]">
            {it.title}
          </a>
        ) : (
          <span className="font-[600]">{it.title}</span>
        )}
      </p>
      <p className="mt-0.5 flex flex-wrap items-baseline gap-x-2 gap-y-1 text-xs text-ink-2">
        <span>
          {it.label ?? 'public'}
          {it.date !== null && `, ${it.date}`} · shares {it.shared.slice(0, 4).join(', ')}
        </span>
        {it.sameArchetype && <Flag>same kind</Flag>}
      </p>
      {it.outcome !== null && <p className="mt-1 text-xs">How it ended: {it.outcome}</p>}
      {it.worked.map((measure) => (
        <p key={measure} className="mt-1 text-xs text-moss">
          Held: {measure}
        </p>
      ))}
      {it.failed.map((measure) => (
        <p key={measure} className="mt-1 text-xs text-amber">
          Did not hold: {measure}
        </p>
      ))}
    </li>
  );
}
