import type { TriagePack } from '@firebreak/contract/respond/triage-pack';
import { Card, Empty } from '../../ui/Card.tsx';
import { cx } from '../../ui/cx.ts';
import { Flag } from '../../ui/Marks.tsx';
import { Time } from '../../ui/Time.tsx';
import { KIND_WORDS } from './words.ts';

const LINES = 60;

/** A difference as it was recorded: lines that begin with plus, minus or a space. */
function Difference({ diff }: { diff: string }) {
  const lines = diff.split('\n');
  return (
    <pre className="mt-2 rounded-md bg-sunken p-2 text-xs whitespace-pre-wrap">
      {lines.slice(0, LINES).map((line, i) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a text that never changes
          key={i}
          className={cx(
            'block whitespace-pre-wrap',
            line.startsWith('+') && 'text-moss',
            line.startsWith('-') && 'text-ember',
          )}
        >
          {line}
        </span>
      ))}
      {lines.length > LINES && <span className="block text-ink-3">… {lines.length - LINES} more lines</span>}
    </pre>
  );
}

/** Changes near the beginning, nearest first. */
export function Suspects({ suspects, known }: { suspects: TriagePack['suspects']; known: boolean }) {
  if (suspects.length === 0)
    return (
      <Empty title="No change is on record near the beginning">
        {known
          ? 'Nothing was deployed or changed in the day before, as far as anybody has told Firebreak.'
          : 'The system is not in the inventory, so its changes are not known. Register it, and send its changes.'}
      </Empty>
    );
  return (
    <div className="grid gap-2">
      {suspects.map((it) => (
        <Card key={`${it.kind}${it.subject}${it.occurredAt}${it.to}`}>
          <p className="flex flex-wrap items-center gap-2">
            <span className="font-[600]">
              {KIND_WORDS[it.kind] ?? it.kind}
              {it.subject && ` ${it.subject}`}
            </span>
            <span className="tabular-nums">
              {it.from === null
                ? `${it.to ?? 'not named'}, the first on record`
                : `${it.from} → ${it.to ?? 'not named'}`}
            </span>
            {it.named && <Flag tone="ember">named by the signals</Flag>}
            <Time at={it.occurredAt} className="ml-auto text-xs text-ink-3" />
          </p>
          <p className="text-sm text-ink-2">
            {it.why}
            {it.note && ` · ${it.note}`}
          </p>
          {it.diff && <Difference diff={it.diff} />}
        </Card>
      ))}
      <p className="text-xs text-ink-3">Being near proves nothing. A trial can.</p>
    </div>
  );
}
