import { type ControlTest, controlTests } from '@firebreak/contract/respond/control-tests';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { refresh, useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useNames } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Card, Empty, Pairs, Rows, Section } from '../../ui/Card.tsx';
import { span } from '../../ui/durations.ts';
import { Flag } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';
import { Time } from '../../ui/Time.tsx';
import { instanceWords, outcomeWords, WHY_WORDS } from './words.ts';

/** One test of a control: how each instance came out of it. */
export function TestPage() {
  const { test: id } = useParams({ strict: false }) as { test: `tst_${string}` };
  const read = useAsk(controlTests.show, { params: { test: id } }, { every: 1_000 });
  const test = read.data?.test;
  const endedAt = test?.ended?.at;
  useEffect(() => {
    // Whether the control is ready was asked before it was known.
    if (endedAt !== undefined) refresh('/api/v1/systems', '/api/v1/containment');
  }, [endedAt]);
  return (
    <Page
      title={test ? `Test of ${test.name || 'a control'}` : 'Test of a control'}
      lead="It goes to every instance over the same channels as an order, signed, and only made-up requests meet it."
      {...(test && { system: test.system })}
    >
      <Shown of={read} lines={6}>
        {({ test }) => (
          <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem]">
            <div className="min-w-0">
              <Instances test={test} />
            </div>
            <aside className="min-w-0">
              <About test={test} />
              <Others test={test} />
            </aside>
          </div>
        )}
      </Shown>
    </Page>
  );
}

function About({ test }: { test: ControlTest }) {
  const nameOf = useNames();
  const { word, tone } = outcomeWords(test.ended?.outcome ?? null);
  return (
    <Section title="What was tested">
      <Card>
        <Pairs>
          <dt>Result</dt>
          <dd>
            <Flag tone={tone}>{word}</Flag> {test.ended?.says ?? 'Each instance has ten seconds to answer.'}
          </dd>
          <dt>It does</dt>
          <dd>{sentence(test.says)}</dd>
          <dt>System</dt>
          <dd>
            <Link to="/systems/$system" params={{ system: test.system }} className="prose-link">
              {test.system}
            </Link>
          </dd>
          <dt>Begun</dt>
          <dd>
            <Time at={test.begunAt} />, {WHY_WORDS[test.why]}, by {nameOf(test.begunBy)}
          </dd>
          {test.incident && (
            <>
              <dt>Exercise</dt>
              <dd>
                <Link to="/incidents/$incident" params={{ incident: test.incident }} className="prose-link">
                  Open its room
                </Link>
              </dd>
            </>
          )}
          {test.ended?.effectMs != null && (
            <>
              <dt>In effect</dt>
              <dd>{span(test.ended.effectMs)} after the beginning, at the slowest that passed</dd>
            </>
          )}
        </Pairs>
      </Card>
    </Section>
  );
}

function Instances({ test }: { test: ControlTest }) {
  if (test.ended === null)
    return (
      <Section title="Instances">
        <p role="status" className="text-ink-2">
          The test runs: instances say that they obey, then try it with made-up requests.
        </p>
      </Section>
    );
  const { instances, tested, passed } = test.ended;
  return (
    <Section title={tested === 0 ? 'Instances' : `Instances · ${passed} of ${tested} passed`}>
      {instances.length === 0 ? (
        <Empty title="Nothing was there to test">
          Connect a guard, or send the system’s requests through a gateway. Then test again.
        </Empty>
      ) : (
        <Rows label="Instances">
          {instances.map((each) => {
            const { word, tone } = instanceWords(each.outcome);
            return (
              <li
                key={each.instance}
                className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 gap-y-0.5 px-4 py-2"
              >
                <span className="min-w-0 break-words">
                  <span className="font-[600]">{each.instance}</span>{' '}
                  <span className="text-xs text-ink-3">
                    {each.surface} {each.host && `on ${each.host}`}
                  </span>
                </span>
                <Flag tone={tone}>{word}</Flag>
                <span className="col-span-2 text-xs text-ink-2">
                  {each.says}
                  {each.ackMs !== null && ` Obeyed after ${span(each.ackMs)}`}
                  {each.effectMs !== null && `, in effect after ${span(each.effectMs)}`}
                  {each.ackMs !== null && '.'}
                </span>
              </li>
            );
          })}
        </Rows>
      )}
    </Section>
  );
}

function Others({ test }: { test: ControlTest }) {
  const all = useAsk(controlTests.list, { query: { control: test.control, limit: 20 } }).data?.tests ?? [];
  const others = all.filter((each) => each.test !== test.test);
  if (others.length === 0) return null;
  return (
    <Section title="Other tests of this control">
      <Rows label="Other tests">
        {others.map((each) => {
          const { word, tone } = outcomeWords(each.ended?.outcome ?? null);
          return (
            <li key={each.test} className="flex items-baseline gap-3 px-4 py-2">
              <Link to="/control-tests/$test" params={{ test: each.test }} className="prose-link">
                <Time at={each.begunAt} />
              </Link>
              <Flag tone={tone}>{word}</Flag>
              <span className="ml-auto text-xs text-ink-3">
                {each.ended?.effectMs != null && span(each.ended.effectMs)}
              </span>
            </li>
          );
        })}
      </Rows>
    </Section>
  );
}
