import { executors } from '@firebreak/contract/respond/executors';
import { Link } from '@tanstack/react-router';
import { useAsk } from '../../app/ask.ts';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { proofWords } from './words.ts';

/** Which executors act when a control is pulled, and whether each is known to work. */
export function ActsFor({ system, control }: { system: string; control: string }) {
  const all = useAsk(executors.list, { query: { system } }).data?.executors ?? [];
  const mine = all.filter(({ controls }) => controls.some((each) => each.control === control));
  return mine.map((executor) => {
    const { word, tone } = proofWords(executor);
    return (
      <p key={executor.id} className="mt-0.5 flex flex-wrap items-baseline gap-x-2 text-xs text-ink-2">
        <span>
          also: {executor.holds} (
          <Link to="/executors" className="prose-link">
            {executor.name}
          </Link>
          )
        </span>
        <Flag tone={tone}>{word}</Flag>
        <span className="text-ink-3">
          {executor.rehearsed === null ? (
            'never rehearsed'
          ) : (
            <>
              rehearsed <Ago at={executor.rehearsed.at} />
            </>
          )}
        </span>
      </p>
    );
  });
}
