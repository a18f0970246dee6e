import { policies } from '@firebreak/contract/prepare/policies';
import { Link } from '@tanstack/react-router';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Time } from '../../ui/Time.tsx';

/** The policies that bind a system, and where one does not hold there for a while. */
export function PoliciesOfSystem({ system }: { system: string }) {
  const list = useAsk(policies.list, { query: { system } });
  const open = useAsk(policies.exceptions, { query: { system } }).data?.exceptions ?? [];
  return (
    <Section title="Policies">
      <Shown of={list} lines={2}>
        {({ policies: rows }) =>
          rows.length === 0 ? (
            <Empty title="No policy binds it">State what it may and may not do, and what would stop it.</Empty>
          ) : (
            <Rows label="Policies">
              {rows.map((row) => (
                <li key={row.id} className="px-4 py-2">
                  <Link to="/policies/$policy" params={{ policy: row.id }} className="prose-link">
                    {row.title}
                  </Link>{' '}
                  {row.means.length === 0 ? (
                    <Flag tone="ember">not mapped</Flag>
                  ) : (
                    row.uncovered.includes(system) && <Flag tone="amber">nothing carries it out here</Flag>
                  )}
                  {open
                    .filter((it) => it.policy === row.id)
                    .map((it) => (
                      <p key={it.id} className="text-xs text-ink-2">
                        {it.state === 'in-force' ? 'exception' : 'exception asked for'}
                        {it.feature ? ` for ${it.feature}` : ''} until <Time at={it.until} />
                      </p>
                    ))}
                </li>
              ))}
            </Rows>
          )
        }
      </Shown>
    </Section>
  );
}
