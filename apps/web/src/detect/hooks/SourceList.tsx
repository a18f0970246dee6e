import { type SourceRow, sources } from '@firebreak/contract/prepare/sources';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { useListKeys } from '../../app/list-keys.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { AddSource } from './SourceForm.tsx';
import { heardLine, PRODUCT_WORDS } from './words.ts';

/** Where alerts of other products come from, and when each was heard last. */
export function SourceList() {
  const list = useAsk(sources.list, {}, { every: 15_000 });
  const edits = useMay('system.edit');
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const keys = useListKeys();
  return (
    <Page
      title="Sources"
      lead="Alerts of the products you have already: they become signals here, once each, and are closed when they are over."
      actions={edits && <Button onClick={() => setAdding(true)}>Add a source</Button>}
    >
      <Shown of={list} lines={5}>
        {({ sources: rows }) =>
          rows.length === 0 ? (
            <Empty
              title="No source is set up"
              action={
                edits && (
                  <Button look="strong" onClick={() => setAdding(true)}>
                    Add the first source
                  </Button>
                )
              }
            >
              Begin with whatever pages you today. A sender of PagerDuty events changes its address and its key, and
              nothing else; Alertmanager, Grafana, Datadog, Sentry, Langfuse and status pages have an address of their
              own; anything else that sends JSON can be read too.
            </Empty>
          ) : (
            <div ref={keys}>
              <Rows label="Sources">
                {rows.map((row) => (
                  <Row key={row.id} row={row} />
                ))}
              </Rows>
            </div>
          )
        }
      </Shown>
      {adding && (
        <AddSource
          onClose={() => setAdding(false)}
          onDone={(id) => void navigate({ to: '/sources/$source', params: { source: id } })}
        />
      )}
    </Page>
  );
}

function Row({ row }: { row: SourceRow }) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-3">
      <div className="min-w-0 flex-1 basis-52">
        <Link
          to="/sources/$source"
          params={{ source: row.id }}
          data-row
          className={row.ended === null ? 'font-[600] hover:underline' : 'text-ink-3 line-through hover:underline'}
        >
          {row.name}
        </Link>
        <p className="text-xs text-ink-3">
          {PRODUCT_WORDS[row.product]} ·{' '}
          {row.system ?? (row.label === '' ? 'several systems' : `system by ${row.label}`)} ·{' '}
          {row.signed ? 'signed' : 'by key'}
          {row.pages && ', pages with what is critical'}
        </p>
      </div>
      <p className="text-xs text-ink-3">
        {heardLine(row)}
        {row.lastAt && (
          <>
            , last <Ago at={row.lastAt} />
          </>
        )}
      </p>
      {row.ended !== null ? (
        <Flag>ended</Flag>
      ) : row.lastAt === null ? (
        <Flag tone="amber">never heard</Flag>
      ) : (
        <Flag tone="moss">heard</Flag>
      )}
    </li>
  );
}
