import { type Playbook, playbooks } from '@firebreak/contract/prepare/playbooks';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { isCode } from '../../app/api.ts';
import { useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { NotFound, Shown } from '../../app/Trouble.tsx';
import { Button, buttonClass } from '../../ui/Button.tsx';
import { Card, Pairs, Section } from '../../ui/Card.tsx';
import { Id } from '../../ui/Marks.tsx';
import { PlaybookEditor } from './PlaybookEditor.tsx';
import { PlaybookSteps } from './PlaybookSteps.tsx';
import { RetireDialog } from './RetireDialog.tsx';
import { Versions } from './Versions.tsx';
import { ARCHETYPE_TITLES, SYSTEM_TYPE_TITLES } from './words.ts';

const cacaoPath = (key: string): string => playbooks.write.path.replace(':playbook', encodeURIComponent(key));

export function PlaybookPage() {
  const { playbook: key } = useParams({ from: '/shell/playbooks/$playbook' });
  const read = useAsk(playbooks.show, { params: { playbook: key }, query: {} });
  const edits = useMay('system.edit');
  const [editing, setEditing] = useState(false);
  const [retiring, setRetiring] = useState(false);
  if (isCode(read.error, 'playbook.unknown')) return <NotFound />;
  const found = read.data?.playbook;
  return (
    <Page
      title={found?.name ?? key}
      eyebrow={
        <>
          <Link to="/playbooks" className="hover:underline">
            Playbooks
          </Link>{' '}
          · <Id>{key}</Id>
        </>
      }
      lead={found?.content.summary || undefined}
      actions={
        found &&
        !editing && (
          <>
            <a href={cacaoPath(key)} download={`${key}.cacao.json`} className={buttonClass()}>
              Export CACAO
            </a>
            {edits && <Button onClick={() => setEditing(true)}>Change</Button>}
          </>
        )
      }
    >
      <Shown of={read} lines={8}>
        {({ playbook }) =>
          editing ? (
            <PlaybookEditor playbook={playbook} onClose={() => setEditing(false)} />
          ) : (
            <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem]">
              <div className="min-w-0">
                <PlaybookSteps steps={playbook.content.steps} />
              </div>
              <aside className="min-w-0">
                <About playbook={playbook} />
                <Versions playbook={playbook} />
                {edits && playbook.own && !playbook.retired && (
                  <Button look="quiet" size="sm" onClick={() => setRetiring(true)}>
                    Retire this playbook …
                  </Button>
                )}
              </aside>
              {retiring && <RetireDialog playbook={playbook} onClose={() => setRetiring(false)} />}
            </div>
          )
        }
      </Shown>
    </Page>
  );
}

function About({ playbook }: { playbook: Playbook }) {
  return (
    <Section title="About">
      <Card>
        <Pairs>
          <dt>Failure</dt>
          <dd>{ARCHETYPE_TITLES[playbook.archetype]}</dd>
          <dt>System</dt>
          <dd>{SYSTEM_TYPE_TITLES[playbook.systemType]}</dd>
          <dt>Steps</dt>
          <dd>{playbook.steps}</dd>
          <dt>Origin</dt>
          <dd>
            {playbook.imported
              ? `a CACAO file, SHA-256 ${playbook.imported.digest.slice(0, 12)}…`
              : playbook.own
                ? playbook.edition
                  ? `yours, from the shipped edition ${playbook.edition}`
                  : 'yours'
                : `shipped, edition ${playbook.edition}`}
          </dd>
        </Pairs>
      </Card>
    </Section>
  );
}
