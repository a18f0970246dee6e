import type { SeverityTable } from '@firebreak/core/prepare/rubric';
import { Severity } from '../../ui/Marks.tsx';

/** The worked examples, gravest first. */
export function Examples({ examples }: { examples: SeverityTable['examples'] }) {
  if (examples.length === 0) return <p className="text-ink-3">No examples so far.</p>;
  return (
    <ul className="grid gap-2">
      {examples
        .toSorted((a, b) => a.severity - b.severity)
        .map((example) => (
          <li key={example.text} className="flex gap-2.5">
            <span className="shrink-0">
              <Severity level={example.severity} size="sm" />
            </span>
            <span className="min-w-0">{example.text}</span>
          </li>
        ))}
    </ul>
  );
}

/** What counts as an incident here, and examples, folded away until somebody asks. */
export function WhatCounts({ table }: { table: SeverityTable }) {
  return (
    <details className="rounded-md border border-line px-3 py-2">
      <summary className="cursor-pointer font-[600]">What counts as an incident, with examples</summary>
      <div className="mt-2 grid gap-3 text-sm">
        <p className="text-ink-2">{table.definition}</p>
        <Examples examples={table.examples} />
      </div>
    </details>
  );
}
