import type { Recommendation, RecommendedOrder } from '@firebreak/contract/respond/recommendation';
import type { LeverName } from '@firebreak/core/respond/containment';
import { cx } from '../../ui/cx.ts';
import { Flag } from '../../ui/Marks.tsx';
import { orderTitle, READINESS } from './words.ts';

/** Less than this and it is folded away: a rung that prevents little is no step. */
const SOME = 0.2;

interface Props {
  readonly advice: Pick<Recommendation, 'ladder' | 'pick' | 'present' | 'next'>;
  readonly picked: LeverName | null;
  readonly onPick: (lever: LeverName) => void;
}

/** Every order that could be given, the lightest below: which is held, which comes next, which is picked. */
export function Ladder(props: Props) {
  const { advice, picked } = props;
  const matters = ({ lever, prevents, held }: RecommendedOrder) =>
    prevents.share >= SOME || held !== null || lever === advice.next || lever === picked;
  const few = advice.ladder.filter((rung) => !matters(rung));
  return (
    <>
      <Rungs {...props} label="Ladder, heaviest first" rungs={advice.ladder.filter(matters)} />
      {few.length > 0 && (
        <details className="mt-1.5">
          <summary className="cursor-pointer py-3 text-sm text-ink-2">
            {few.length} more that prevent little of it
          </summary>
          <Rungs {...props} label="What prevents little" rungs={few} />
        </details>
      )}
    </>
  );
}

function Rungs({
  advice,
  picked,
  onPick,
  label,
  rungs,
}: Props & { readonly label: string; readonly rungs: readonly RecommendedOrder[] }) {
  return (
    <ol aria-label={label} reversed className="grid gap-1.5">
      {[...rungs].reverse().map((rung) => (
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
            {rung.held === null && rung.partly.length > 0 && <Flag tone="amber">held in part</Flag>}
            {advice.pick === rung.lever && <Flag tone="blue">recommended</Flag>}
            {advice.next === rung.lever && <Flag tone="amber">next heavier</Flag>}
            <span className="basis-full text-xs text-ink-2">
              Prevents {rung.prevents.says}
              {rung.held === null && ` · ${READINESS[rung.readiness].says}`}
              {rung.partly.slice(0, 2).map(({ says }) => ` · ${says}`)}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
