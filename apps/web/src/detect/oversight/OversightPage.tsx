import { oversight } from '@firebreak/contract/detect/oversight';
import { signals } from '@firebreak/contract/detect/signals';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Time } from '../../ui/Time.tsx';
import { AgreementRow } from './AgreementRow.tsx';
import { NoticeForm, NoticeRow } from './Notices.tsx';
import { breachWord } from './words.ts';

function Broken() {
  const told = useAsk(signals.listSignals, { query: { detector: 'oversight', limit: 20 } }, { every: 15_000 });
  return (
    <Shown of={told}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title="Nothing did, as far as interactions tell" />
        ) : (
          <Rows label="What broke it">
            {items.map((signal) => (
              <li key={signal.id} className="px-4 py-2.5">
                <p className="flex flex-wrap items-baseline gap-x-2">
                  <Flag tone={signal.evidenceClass === 'verified' ? 'ember' : 'amber'}>{breachWord(signal.kind)}</Flag>
                  <Time at={signal.at} className="text-xs text-ink-3" />
                </p>
                <p className="text-sm break-words">{signal.text}</p>
              </li>
            ))}
          </Rows>
        )
      }
    </Shown>
  );
}

/** Whether what was agreed is kept, and what suppliers announce or change without a word. */
export function OversightPage() {
  const asked = useAsk(oversight.list, {}, { every: 15_000 });
  const edits = useMay('system.edit');
  const records = useMay('vendor.edit');
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title="Oversight"
      lead="Which models may answer, what a person has to look at, what has to be recorded: agreed, and checked on what comes in."
      actions={records && <Button onClick={() => setAdding(true)}>Record a notice</Button>}
    >
      <Shown of={asked}>
        {({ agreements, notices }) => (
          <>
            <Section title="What was agreed">
              {agreements.length === 0 ? (
                <Empty title="No AI system is registered">
                  Register one; then say here which models may answer for it.
                </Empty>
              ) : (
                <Rows label="What was agreed">
                  {agreements.map((agreement) => (
                    <AgreementRow key={agreement.system} agreement={agreement} edits={edits} />
                  ))}
                </Rows>
              )}
            </Section>
            <Section title="What broke it">
              <Broken />
            </Section>
            <Section title="Notices of suppliers">
              {notices.length === 0 ? (
                <Empty title="No notice was recorded">
                  An end of a model, changed behaviour, terms, logging or safety settings: record what a vendor
                  announces, and every system that depends on it is told in time. What it changes without a word is
                  noticed by itself.
                </Empty>
              ) : (
                <Rows label="Notices of suppliers">
                  {notices.map((notice) => (
                    <NoticeRow key={notice.id} notice={notice} edits={records} />
                  ))}
                </Rows>
              )}
            </Section>
          </>
        )}
      </Shown>
      {adding && <NoticeForm onClose={() => setAdding(false)} />}
    </Page>
  );
}
