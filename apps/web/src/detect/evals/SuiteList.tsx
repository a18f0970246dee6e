import { evals } from '@firebreak/contract/detect/evals';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows } from '../../ui/Card.tsx';
import { SuiteForm } from './SuiteForm.tsx';
import { SuiteRow } from './SuiteRow.tsx';
import { Targets } from './Targets.tsx';

/** Golden sets: what guards which system, and what the last runs came to. */
export function SuiteList() {
  const asked = useAsk(evals.list, { query: {} }, { every: 15_000 });
  const edits = useMay('eval.edit');
  const [adding, setAdding] = useState(false);
  const navigate = useNavigate();
  return (
    <Page
      title="Golden sets"
      lead="Questions with known answers, asked after every change and every hour: what got worse, and how sure that is."
      actions={edits && <Button onClick={() => setAdding(true)}>Make a golden set</Button>}
    >
      <div className="mb-5">
        <Shown of={asked}>
          {({ suites }) =>
            suites.length === 0 ? (
              <Empty
                title="Nobody asks your systems what they should know"
                action={
                  edits && (
                    <Button look="strong" onClick={() => setAdding(true)}>
                      Make the first golden set
                    </Button>
                  )
                }
              >
                A new prompt, model or index can make answers worse without an error anywhere. A golden set notices it
                within a minute of the change, names the questions, and says whether it may be chance.
              </Empty>
            ) : (
              <Rows label="Golden sets">
                {suites.map((suite) => (
                  <SuiteRow key={suite.id} suite={suite} />
                ))}
              </Rows>
            )
          }
        </Shown>
      </div>
      <Targets />
      {adding && (
        <SuiteForm
          onClose={() => setAdding(false)}
          onMade={(suite) => void navigate({ to: '/golden-sets/$suite', params: { suite } })}
        />
      )}
    </Page>
  );
}
