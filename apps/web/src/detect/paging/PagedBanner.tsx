import { Link } from '@tanstack/react-router';
import { BellRing } from 'lucide-react';
import { Ago } from '../../ui/Time.tsx';

interface Unanswered {
  readonly id: `cnd_${string}`;
  readonly title: string;
  readonly mark: string | null;
  readonly pages: readonly { readonly at: string; readonly severity: number; readonly to: readonly unknown[] | null }[];
}

/** On every screen while somebody was paged and nobody looks. */
export function PagedBanner({ unanswered }: { unanswered: readonly Unanswered[] }) {
  const [first] = unanswered;
  const page = first?.pages.at(-1);
  if (!first || !page) return null;
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-ember-line bg-ember-soft px-4 py-2 text-sm text-ember phone:px-6"
    >
      <BellRing size={16} aria-hidden="true" className="shrink-0" />
      <p className="min-w-0 flex-1 max-phone:line-clamp-3">
        <Link
          to="/candidates/$candidate"
          params={{ candidate: first.id }}
          className="font-[640] underline underline-offset-3"
        >
          {first.mark && (first.mark.startsWith('drill:') ? 'DRILL · ' : 'SIMULATED · ')}Sev {page.severity}:{' '}
          {first.title}
        </Link>{' '}
        <span className="text-ink">
          paged <Ago at={page.at} />, nobody looks yet.
          {page.to?.length === 0 && ' Nobody could be told: no channel is subscribed.'}
          {unanswered.length > 1 && ` And ${unanswered.length - 1} more.`}
        </span>
      </p>
    </div>
  );
}
