import { paging } from '@firebreak/contract/detect/paging';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Section } from '../../ui/Card.tsx';
import { Switcher } from '../../ui/Switcher.tsx';
import { ConditionForm } from './ConditionForm.tsx';
import { ConditionRows } from './ConditionRows.tsx';
import { SilenceForm } from './SilenceForm.tsx';
import { SilenceRows } from './SilenceRows.tsx';

/** What is silent for a while, and what pages only from some number on. */
export function PagingPage() {
  const { show } = useSearch({ from: '/shell/paging' });
  const here = { 'aria-current': 'page' as const };
  const options = { exact: true, includeSearch: true };
  return (
    <Page
      title="Paging"
      lead="A finding that proves itself pages alone, and so does a source that promises how seldom it is wrong or was told to page. One that is rarely wrong pages with a second. Heuristics never do."
      tabs={
        <Switcher label="What holds pages back">
          <Link to="/paging" search={{}} activeOptions={options} activeProps={here}>
            Silences
          </Link>
          <Link to="/paging" search={{ show: 'conditions' }} activeOptions={options} activeProps={here}>
            Conditions
          </Link>
        </Switcher>
      }
    >
      {show === 'conditions' ? <Conditions /> : <Silences />}
    </Page>
  );
}

function Silences() {
  const list = useAsk(paging.silences, {}, { every: 30_000 });
  const judges = useMay('candidate.judge');
  const [open, setOpen] = useState(false);
  const begin = judges && (
    <Button size="sm" onClick={() => setOpen(true)}>
      Silence …
    </Button>
  );
  return (
    <>
      <Shown of={list} lines={4}>
        {({ silences }) => {
          const now = silences.filter(({ over }) => over === null);
          const past = silences.filter(({ over }) => over !== null);
          return (
            <>
              <Section title="Silent now" aside={begin}>
                {now.length === 0 ? (
                  <Empty title="Nothing is silenced">
                    A silence pages nobody about what matches, for seven days at most. The signals are kept and grouped
                    as always, and it says how many it held back.
                  </Empty>
                ) : (
                  <SilenceRows silences={now} />
                )}
              </Section>
              {past.length > 0 && (
                <Section title="Over">
                  <SilenceRows silences={past} />
                </Section>
              )}
            </>
          );
        }}
      </Shown>
      {open && <SilenceForm onClose={() => setOpen(false)} />}
    </>
  );
}

function Conditions() {
  const list = useAsk(paging.conditions, {}, { every: 30_000 });
  const edits = useMay('monitor.edit');
  const [open, setOpen] = useState(false);
  return (
    <Section
      title="Page only when"
      aside={
        edits && (
          <Button size="sm" onClick={() => setOpen(true)}>
            Page only when …
          </Button>
        )
      }
    >
      <Shown of={list} lines={4}>
        {({ conditions }) =>
          conditions.length === 0 ? (
            <Empty title="Every signal counts from the first on">
              A detector that is right but noisy can be asked for more: three of the last five windows, more than five
              in ten minutes, or a warm-up while it is new.
            </Empty>
          ) : (
            <ConditionRows conditions={conditions} />
          )
        }
      </Shown>
      {open && <ConditionForm onClose={() => setOpen(false)} />}
    </Section>
  );
}
