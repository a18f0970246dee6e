import { type Policy, policies } from '@firebreak/contract/prepare/policies';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { useListKeys } from '../../app/list-keys.ts';
import { Page } from '../../app/Page.tsx';
import { useMay, useNames } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Check } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { ExceptionRows } from './ExceptionRows.tsx';
import { KnownException } from './KnownException.tsx';
import { PolicyForm } from './PolicyForm.tsx';
import { Trend } from './Trend.tsx';

/** Policies, those that nothing carries out first, and the exceptions to them. */
export function PolicyList() {
  const [all, setAll] = useState(false);
  const list = useAsk(policies.list, { query: { show: all ? 'all' : 'held' } });
  const edits = useMay('policy.edit');
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const keys = useListKeys();
  return (
    <Page
      title="Policies"
      lead="What your organisation has decided, what carries it out, and where it does not hold for a while."
      actions={edits && <Button onClick={() => setAdding(true)}>State a policy</Button>}
    >
      <div className="mb-2 flex justify-end">
        <Check label="Withdrawn ones as well" checked={all} onCheck={setAll} />
      </div>
      <Shown of={list} lines={6}>
        {({ policies: rows }) =>
          rows.length === 0 ? (
            <Empty
              title="No policy is stated"
              action={
                edits && (
                  <Button look="strong" onClick={() => setAdding(true)}>
                    State the first policy
                  </Button>
                )
              }
            >
              A rule that nothing carries out holds on paper only. State one, for example that no system makes a promise
              nobody approved, and map it to the control that stops it, the step that checks it, or the people who look.
            </Empty>
          ) : (
            <>
              <div ref={keys} className="mb-5">
                <Rows label="Policies">
                  {rows.map((row) => (
                    <Row key={row.id} row={row} />
                  ))}
                </Rows>
              </div>
              <OpenExceptions />
              <OverallTrend />
              <KnownException />
            </>
          )
        }
      </Shown>
      {adding && (
        <PolicyForm
          onClose={() => setAdding(false)}
          onDone={({ id }) => void navigate({ to: '/policies/$policy', params: { policy: id } })}
        />
      )}
    </Page>
  );
}

function Row({ row }: { row: Policy }) {
  const nameOf = useNames();
  const { asked, inForce, lapsed } = row.exceptions;
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-3 hover:bg-sunken">
      <div className="min-w-0 flex-1 basis-64">
        <Link
          data-row
          to="/policies/$policy"
          params={{ policy: row.id }}
          className="font-[620] after:absolute after:inset-0"
        >
          {row.title}
        </Link>
        <p className="text-xs text-ink-2">
          {row.systems.length === 0 ? 'binds every system' : `binds ${row.systems.join(', ')}`} · {nameOf(row.owner)}{' '}
          answers for it
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        {row.withdrawn !== null && <Flag>withdrawn</Flag>}
        {row.means.length === 0 ? (
          <Flag tone="ember">not mapped</Flag>
        ) : (
          <Flag>{row.means.length === 1 ? 'carried out by 1 thing' : `carried out by ${row.means.length} things`}</Flag>
        )}
        {row.means.length > 0 && row.uncoveredCount > 0 && (
          <Flag tone="amber">
            nothing for {row.uncoveredCount === 1 ? '1 system' : `${row.uncoveredCount} systems`}
          </Flag>
        )}
        {row.reviewDue && <Flag tone="amber">to look at since {row.reviewBy}</Flag>}
        {asked > 0 && <Flag tone="amber">{asked} asked for</Flag>}
        {inForce > 0 && <Flag tone="blue">{inForce === 1 ? '1 exception' : `${inForce} exceptions`}</Flag>}
        {lapsed > 0 && <Flag>{lapsed} lapsed</Flag>}
      </div>
    </li>
  );
}

function OpenExceptions() {
  const asked = useAsk(policies.exceptions, { query: {} });
  return (
    <Section title="Exceptions asked for or in force, the next to end first">
      <Shown of={asked} lines={2}>
        {({ exceptions, more }) =>
          exceptions.length === 0 ? (
            <Empty title="No exception is open">
              Every policy holds everywhere. An exception is asked for on the page of its policy, and ends by itself.
            </Empty>
          ) : (
            <>
              <ExceptionRows exceptions={exceptions} label="Open exceptions" named />
              {more && <p className="mt-1 text-xs text-ink-3">There are more; the pages of the policies show them.</p>}
            </>
          )
        }
      </Shown>
    </Section>
  );
}

function OverallTrend() {
  const asked = useAsk(policies.trend, {});
  return (
    <Section title="Exceptions in the last 12 months">
      <Shown of={asked} lines={3}>
        {({ trend }) => <Trend months={trend} label="Exceptions to all policies, by month" />}
      </Shown>
    </Section>
  );
}
