import type { Recommendation } from '@firebreak/contract/respond/recommendation';
import type { LeverName } from '@firebreak/core/respond/containment';
import { cx } from '../../ui/cx.ts';
import { Flag } from '../../ui/Marks.tsx';
import { orderTitle, READINESS } from './words.ts';

/** Every order that could be given, the lightest below: which is held, which comes next, which is picked. */
export function Ladder({
  advice,
  picked,
  onPick,
}: {
  advice: Pick<Recommendation, 'ladder' | 'pick' | 'present' | 'next'>;
  picked: LeverName | null;
  onPick: (lever: LeverName) => void;
}) {
  return (
    <ol aria-label="Ladder, heaviest first" reversed className="grid gap-1.5">
      {[...advice.ladder].reverse().map((rung) => (
        <li key={rung.lever}>
          <button
            type="button"
            disabled={rung.held !== null}
            aria-pressed={picked === rung.lever}
            onClick={() => onPick(rung.lever)}
            className={cx(
              'flex min-h-11 w-full flex-wrap items-center gap-x-2 gap-y-1 rounded-md border bg-surface px-3 py-2 text-left',
              picked === rung.lever ? 'border-ink bg-sunken' : 'border-line-strong hover:border-edge',
              rung.held && 'border-l-4 border-l-moss',
            )}
          >
            <span className="min-w-0 flex-1 basis-48 font-[560]">{orderTitle(rung)}</span>
            {rung.held && (
              <Flag tone={rung.held.confirmed ? 'moss' : 'amber'}>
                {rung.held.label} {rung.held.confirmed ? 'holds' : 'ordered'}
              </Flag>
            )}
            {advice.pick === rung.lever && <Flag tone="blue">recommended</Flag>}
            {advice.next === rung.lever && <Flag tone="amber">next heavier</Flag>}
            <span className="basis-full text-xs text-ink-2">
              Prevents {rung.prevents.says}
              {rung.held === null && ` · ${READINESS[rung.readiness].says}`}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
