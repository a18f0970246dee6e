import type { AnswerOf } from '@firebreak/contract';
import { candidates } from '@firebreak/contract/detect/candidates';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import { Ago } from '../../ui/Time.tsx';
import { channelsLine, LATE_WORDS } from './words.ts';

type Late = AnswerOf<typeof candidates.lateReports>['candidates'][number];

/** What people told after an incident was closed, or was seen again in one that is open: of one incident, or all that nobody has looked at. */
export function LateReports({ incident, reopen }: { incident?: `inc_${string}`; reopen?: (late: Late) => ReactNode }) {
  const read = useAsk(candidates.lateReports, { query: incident ? { incident } : {} }, { every: 60_000 });
  const rows = read.data?.candidates ?? [];
  if (rows.length === 0) return null;
  return (
    <Section
      title={rows.every(({ state }) => state === 'closed') ? 'Told after it was closed' : 'Told or seen again later'}
    >
      <Rows label="Late reports">
        {rows.map((late) => (
          <Row key={late.id} late={late} reopen={reopen?.(late)} here={incident !== undefined} />
        ))}
      </Rows>
    </Section>
  );
}

function Row({ late: candidate, reopen, here }: { late: Late; reopen: ReactNode; here: boolean }) {
  const judges = useMay('candidate.judge');
  const nameOf = useNames();
  const decide = useAct(candidates.decideLate, { refreshes: ['/api/v1/late-reports', '/api/v1/candidates'] });
  const { late } = candidate;
  if (late === null) return null;
  return (
    <li className="border-l-4 border-l-amber px-4 py-3">
      <p>
        <Link to="/candidates/$candidate" params={{ candidate: candidate.id }} className="font-[600] hover:underline">
          {candidate.title}
        </Link>
      </p>
      <p className="text-ink-2">
        {channelsLine(late.summary.channels)}{' '}
        {candidate.state === 'closed' ? 'since it was closed' : 'again, after an hour or more of silence'}, the last{' '}
        <Ago at={late.lastAt} />. {late.reasons[0]}.
      </p>
      {late.decided ? (
        <p className="text-xs text-ink-3">
          {nameOf(late.decided.by)} <Ago at={late.decided.at} />: {LATE_WORDS[late.decided.as]}. {late.decided.reason}
        </p>
      ) : (
        <div className="mt-2 flex flex-wrap items-center gap-2">
          {!here && candidate.incident && (
            <Link to="/incidents/$incident" params={{ incident: candidate.incident }} className="prose-link">
              Go to the incident
            </Link>
          )}
          {judges && candidate.state === 'closed' && reopen}
          {judges &&
            (['linked', 'known'] as const).map((as) => (
              <Button
                key={as}
                size="sm"
                busy={decide.isPending}
                onClick={() =>
                  decide.mutate({ params: { candidate: candidate.id }, body: { as, reason: LATE_WORDS[as] } })
                }
              >
                {as === 'linked' ? 'Another incident names it' : 'Nothing new in it'}
              </Button>
            ))}
        </div>
      )}
      {decide.error && <Trouble error={decide.error} />}
    </li>
  );
}
