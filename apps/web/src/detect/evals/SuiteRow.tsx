import type { EvalSuite } from '@firebreak/contract/detect/evals';
import { Link } from '@tanstack/react-router';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { sayCounts, standingOf } from './words.ts';

/** One suite in a list: what its last run came to. */
export function SuiteRow({ suite }: { suite: EvalSuite }) {
  const { last, name, id } = suite;
  const standing = last === null ? null : standingOf(last);
  return (
    <li className="px-4 py-3">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <Link
          to={suite.kind === 'probes' ? '/probes/$suite' : '/golden-sets/$suite'}
          params={{ suite: id }}
          className="font-[600] break-words hover:underline"
        >
          {name}
        </Link>
        {suite.paused !== null && <Flag>paused</Flag>}
        {standing !== null && <Flag tone={standing.tone}>{standing.word}</Flag>}
        <span className="text-xs text-ink-3">
          {suite.system}
          {suite.feature === null ? '' : ` · ${suite.feature}`}
        </span>
      </p>
      <p className="text-sm text-ink-2">
        {last === null
          ? suite.cases === 0
            ? 'Holds no case yet.'
            : 'Has not run yet.'
          : (last.fault ?? sayCounts(last))}
      </p>
      <p className="text-xs text-ink-3">
        {suite.cases} {suite.cases === 1 ? 'case' : 'cases'} · asks {suite.targetName}
        {last !== null && (
          <>
            {' '}
            · {last.versionName} · ran <Ago at={last.startedAt} />
          </>
        )}
        {suite.nextAt !== null && (
          <>
            {' '}
            · runs again <Ago at={suite.nextAt} />
          </>
        )}
      </p>
    </li>
  );
}
