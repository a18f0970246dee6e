import { type SourceDelivery, type SourceRow, sources } from '@firebreak/contract/prepare/sources';
import { SIGNING } from '@firebreak/core/prepare/sources';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { isCode, tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { NotFound, Shown, Trouble } from '../../app/Trouble.tsx';
import { Once } from '../../prepare/people/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Card, Empty, Pairs, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, TextArea } from '../../ui/Field.tsx';
import { Flag, type Tone } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { Preview } from './Preview.tsx';
import { SignalsHeard } from './SignalsHeard.tsx';
import { DescribeSource } from './SourceForm.tsx';
import { heardLine, PRODUCT_WORDS, WIRING } from './words.ts';

type Open = 'describe' | 'key' | 'sign' | 'map' | 'end' | null;
const REFRESHES = ['/api/v1/sources'];

/** One source: how it is wired, what came, what became of it. */
export function SourcePage() {
  const { source: id } = useParams({ from: '/shell/sources/$source' });
  const read = useAsk(sources.show, { params: { source: id } }, { every: 5_000 });
  const may = useMay('system.edit');
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  if (isCode(read.error, 'source.unknown') || isCode(read.error, 'request.invalid')) return <NotFound />;
  const source = read.data?.source;
  const edits = may && source?.ended === null;
  return (
    <Page
      title={source?.name ?? id}
      eyebrow={
        <Link to="/sources" className="hover:underline">
          Sources
        </Link>
      }
      actions={edits && <Button onClick={() => setOpen('describe')}>Edit</Button>}
    >
      <Shown of={read} lines={8}>
        {({ source, deliveries }) => (
          <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem]">
            <div className="min-w-0">
              <Deliveries deliveries={deliveries} ended={source.ended} />
              <SignalsHeard name={source.name} />
              {source.product !== 'github' && source.product !== 'gitlab' && (
                <Section
                  title="Try a payload"
                  aside={
                    edits &&
                    source.product === 'custom' && (
                      <Button size="sm" onClick={() => setOpen('map')}>
                        {source.mapping === '' ? 'Write a mapping' : 'Change the mapping'}
                      </Button>
                    )
                  }
                >
                  {source.mapping !== '' && (
                    <pre
                      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
                      tabIndex={0}
                      className="mb-3 overflow-x-auto rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs leading-5"
                    >
                      {source.mapping}
                    </pre>
                  )}
                  <Preview
                    product={source.product}
                    mapping={source.mapping}
                    system={source.system}
                    label={source.label}
                  />
                </Section>
              )}
            </div>
            <aside className="min-w-0">
              <Wiring source={source} edits={edits} onOpen={setOpen} />
            </aside>
            {open === 'describe' && <DescribeSource source={source} onClose={close} />}
            {open === 'key' && <NewKey source={source} onClose={close} />}
            {open === 'sign' && <Sign source={source} onClose={close} />}
            {open === 'map' && <MapIt source={source} onClose={close} />}
            {open === 'end' && <End source={source} onClose={close} />}
          </div>
        )}
      </Shown>
    </Page>
  );
}

function Wiring({ source, edits, onOpen }: { source: SourceRow; edits: boolean; onOpen: (open: Open) => void }) {
  return (
    <Section title="How it is wired">
      <Card>
        <p className="text-xs text-ink-3">Address</p>
        <p className="rounded-md border border-line bg-sunken px-2.5 py-1.5 font-mono text-xs break-all select-all">
          {source.address}
        </p>
        <p className="mt-2.5 text-sm text-ink-2">{WIRING[source.product]}</p>
        <div className="mt-3 border-t border-line pt-3">
          <Pairs>
            <dt>Product</dt>
            <dd>{PRODUCT_WORDS[source.product]}</dd>
            <dt>About</dt>
            <dd>
              {source.system ?? (source.label === '' ? 'several systems' : `the system named by ${source.label}`)}
            </dd>
            <dt>Proved by</dt>
            <dd>{source.signed ? 'its signature' : 'its intake key'}</dd>
            <dt>Pages</dt>
            <dd>{source.pages ? 'alone, with what it calls critical' : 'only beside what else is noticed'}</dd>
            <dt>Heard</dt>
            <dd>
              {heardLine(source)}
              {source.lastAt && (
                <>
                  , last <Ago at={source.lastAt} />
                </>
              )}
            </dd>
          </Pairs>
        </div>
        {source.ended !== null && <p className="mt-2 text-sm text-amber">Ended: {source.ended}</p>}
        {edits && (
          <div className="mt-3 flex flex-wrap gap-2">
            <Button size="sm" onClick={() => onOpen('key')}>
              New key …
            </Button>
            {SIGNING.includes(source.product) && (
              <Button size="sm" onClick={() => onOpen('sign')}>
                Signing secret …
              </Button>
            )}
            <Button size="sm" look="quiet" onClick={() => onOpen('end')}>
              End this source …
            </Button>
          </div>
        )}
      </Card>
    </Section>
  );
}

const OUTCOMES: Readonly<Record<SourceDelivery['outcome'], { readonly word: string; readonly tone: Tone }>> = {
  accepted: { word: 'taken', tone: 'moss' },
  ignored: { word: 'nothing to do', tone: 'plain' },
  refused: { word: 'refused', tone: 'amber' },
};

function Deliveries({ deliveries, ended }: { deliveries: readonly SourceDelivery[]; ended: string | null }) {
  return (
    <Section title="What came in">
      {deliveries.length === 0 ? (
        <Empty title={ended === null ? 'Nothing has come yet' : 'Nothing came'}>
          {ended === null && 'Let the product send a test, and it appears here with what became of it.'}
        </Empty>
      ) : (
        <Rows label="Deliveries">
          {deliveries.slice(0, 12).map((each) => (
            <li key={each.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
              <p className="min-w-0 flex-1 basis-52 break-words">
                {each.why}
                <span className="ml-2 text-xs text-ink-3">
                  <Ago at={each.at} />
                </span>
              </p>
              <Flag tone={OUTCOMES[each.outcome].tone}>{OUTCOMES[each.outcome].word}</Flag>
            </li>
          ))}
        </Rows>
      )}
    </Section>
  );
}

function NewKey({ source, onClose }: { source: SourceRow; onClose: () => void }) {
  const renew = useAct(sources.renew, { refreshes: REFRESHES });
  if (renew.data)
    return (
      <Once
        title={`The new intake key of “${source.name}”`}
        about={`Shown only now. The key before it is no longer good. ${WIRING[source.product]}`}
        secret={renew.data.key}
        onClose={onClose}
      />
    );
  return (
    <Dialog
      title="Make a new intake key"
      about="The key that is used now stops working at once. Put the new one into the product straight away."
      onClose={onClose}
      onSubmit={() => renew.mutate({ params: { source: source.id } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="danger" busy={renew.isPending}>
            Make it
          </Button>
        </>
      }
    >
      {renew.error && <Trouble error={renew.error} />}
    </Dialog>
  );
}

function Sign({ source, onClose }: { source: SourceRow; onClose: () => void }) {
  const [secret, setSecret] = useState('');
  const sign = useAct(sources.sign, { refreshes: REFRESHES, done: onClose });
  const told = sign.error ? tell(sign.error) : null;
  return (
    <Dialog
      title="Signing secret"
      about={
        source.signed
          ? 'Deliveries are checked with the secret that is kept now. Nobody can read it; set another, or forget it.'
          : 'What the product signs its webhooks with. From then on nothing unsigned is taken.'
      }
      onClose={onClose}
      onSubmit={() => sign.mutate({ params: { source: source.id }, body: { signingSecret: secret } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {source.signed && (
            <Button
              look="danger"
              onClick={() => sign.mutate({ params: { source: source.id }, body: { signingSecret: null } })}
            >
              Forget it
            </Button>
          )}
          <Button type="submit" look="strong" busy={sign.isPending} disabled={secret.trim().length < 8}>
            Keep it
          </Button>
        </>
      }
    >
      <Input
        label="Secret"
        type="password"
        autoComplete="off"
        value={secret}
        onText={setSecret}
        error={told?.fields.signingSecret}
      />
      {sign.error && <Trouble error={sign.error} />}
    </Dialog>
  );
}

function MapIt({ source, onClose }: { source: SourceRow; onClose: () => void }) {
  const [mapping, setMapping] = useState(source.mapping);
  const map = useAct(sources.map, { refreshes: REFRESHES, done: onClose });
  const told = map.error ? tell(map.error) : null;
  return (
    <Dialog
      title="The mapping"
      about="A JSONata expression that makes alerts of what is sent. Try it on a payload before you keep it."
      width="wide"
      onClose={onClose}
      onSubmit={() => map.mutate({ params: { source: source.id }, body: { mapping } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={map.isPending}>
            Keep it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <TextArea
          label="Mapping (JSONata)"
          rows={8}
          value={mapping}
          onText={setMapping}
          className="font-mono text-xs!"
          hint="Gives title, and if it can text, severity, status, dedupKey, at, url, source, labels. Left empty: common names are looked for."
          error={told?.fields.mapping}
        />
        <Preview product={source.product} mapping={mapping} system={source.system} label={source.label} />
        {map.error && <Trouble error={map.error} />}
      </div>
    </Dialog>
  );
}

function End({ source, onClose }: { source: SourceRow; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const end = useAct(sources.end, { refreshes: REFRESHES, done: onClose });
  return (
    <Dialog
      title={`End ${source.name}`}
      about="Nothing from it is taken any more. What it told stays."
      onClose={onClose}
      onSubmit={() => end.mutate({ params: { source: source.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="danger" busy={end.isPending} disabled={reason.trim() === ''}>
            End it
          </Button>
        </>
      }
    >
      <Input label="Why" value={reason} onText={setReason} maxLength={500} required />
      {end.error && <Trouble error={end.error} />}
    </Dialog>
  );
}
