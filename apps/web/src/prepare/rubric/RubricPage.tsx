import { type SeverityTable as GivenTable, rubric } from '@firebreak/contract/prepare/rubric';
import { type Axes, type SeverityTable, suggestSeverity } from '@firebreak/core/prepare/rubric';
import { type ReactNode, useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Rows, Section } from '../../ui/Card.tsx';
import { Severity } from '../../ui/Marks.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { sentence } from '../../ui/sentence.ts';
import { Time } from '../../ui/Time.tsx';
import { AnswerFields } from './AnswerFields.tsx';
import { Examples } from './Examples.tsx';
import { Questions, Rules } from './Rules.tsx';
import { TableEditor } from './TableEditor.tsx';

const OPEN: Axes = { harm: null, reach: null, data: null, regulatory: null, autonomy: null, control: null };

function TryAnswers({ table }: { table: SeverityTable }) {
  const [axes, setAxes] = useState(OPEN);
  const call = suggestSeverity(axes, {}, table);
  return (
    <Card>
      <p className="mb-3 flex flex-wrap items-center gap-2" aria-live="polite">
        <Severity level={call.severity} provisional={call.provisional} />
        <span className="font-[600]">{sentence(call.reasons.join('; ') || 'no rule fires')}</span>
      </p>
      <AnswerFields axes={axes} onAxes={setAxes} narrow />
    </Card>
  );
}

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

/** The table as it came: in force, and nobody here has said that it is theirs. */
function Delivered({ version, adopts }: { version: number; adopts: boolean }) {
  const accept = useAct(rubric.accept, { refreshes: ['/api/v1/rubric', '/api/v1/moves'] });
  return (
    <Notice tone="amber" title="As delivered" className="mb-5">
      It is in force, and nobody here has adopted it yet. Read it; then take it as it is, or change it.
      {adopts && (
        <div className="mt-2">
          <Button size="sm" busy={accept.isPending} onClick={() => accept.mutate({ body: { version } })}>
            Adopt it as it is
          </Button>
        </div>
      )}
      {accept.error && <Trouble error={accept.error} />}
    </Notice>
  );
}

/** What counts as an incident, how grave it is, and why: read by everybody, changed by a lead. */
export function RubricPage({ tryOut }: { tryOut: (table: GivenTable) => ReactNode }) {
  const asked = useAsk(rubric.current, {});
  const mayAdopt = useMay('rubric.adopt');
  const [editing, setEditing] = useState(false);
  return (
    <Page
      title="Severity"
      lead="What counts as an incident here, how grave it is, and by which rule."
      actions={mayAdopt && asked.data && !editing && <Button onClick={() => setEditing(true)}>Change the table</Button>}
    >
      <Shown of={asked}>
        {({ current, versions, voiceNote }) => {
          const table = current.table as SeverityTable;
          if (editing)
            return (
              <TableEditor
                from={table}
                basedOn={current.version}
                voiceNote={voiceNote}
                tryOut={tryOut}
                onClose={() => setEditing(false)}
              />
            );
          const { sev1, sev2 } = table.voice;
          return (
            <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_24rem]">
              <div className="min-w-0">
                {current.by === null && <Delivered version={current.version} adopts={mayAdopt} />}
                <Section title="What counts as an incident">
                  <Card>
                    <p className="max-w-[72ch]">{table.definition}</p>
                  </Card>
                </Section>
                <Section title="Rules" aside={`version ${current.version}`}>
                  <Rules rules={table.rules} />
                </Section>
                <Section title="The six questions">
                  <Questions />
                </Section>
              </div>
              <aside className="min-w-0">
                <Section title="Worked examples">
                  <Card>
                    <Examples examples={table.examples} />
                  </Card>
                </Section>
                <Section title="Try it">
                  <TryAnswers table={table} />
                </Section>
                <Section title="Voice agents">
                  <Card>
                    <p>
                      Sev 1: slower than {sev1.p90Over} s at the 90th percentile, or fewer than{' '}
                      {percent(sev1.completionUnder)} of tasks done. Sev 2: {sev2.p90Over} s or{' '}
                      {percent(sev2.completionUnder)}.
                    </p>
                    <p className="mt-2 text-xs text-ink-3">{voiceNote}</p>
                  </Card>
                </Section>
                <Section title="Versions">
                  <Rows label="Versions of the table">
                    {versions.toReversed().map((it) => (
                      <li key={it.version} className="px-3 py-2">
                        <span className="font-[560]">Version {it.version}</span>
                        {it.at && (
                          <span className="text-xs text-ink-3">
                            {' '}
                            · <Time at={it.at} />
                          </span>
                        )}
                        <p className="text-sm text-ink-2">{sentence(it.reason)}</p>
                      </li>
                    ))}
                  </Rows>
                </Section>
              </aside>
            </div>
          );
        }}
      </Shown>
    </Page>
  );
}
