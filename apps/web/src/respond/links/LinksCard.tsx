import { type Link, links } from '@firebreak/contract/respond/links';
import { LINK_KINDS, type LinkKind } from '@firebreak/core/respond/links';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { LINK_WORDS } from './words.ts';

/** What stands elsewhere about an incident, and what is said of it there. */
export function LinksCard({ incident }: { incident: string }) {
  const asked = useAsk(links.ofIncident, { params: { incident } }, { every: 15_000 });
  const writes = useMay('room.write');
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Link | null>(null);
  return (
    <Section
      title="Elsewhere"
      aside={
        writes && (
          <Button size="sm" onClick={() => setAdding(true)}>
            Link …
          </Button>
        )
      }
    >
      <Shown of={asked} lines={2}>
        {({ links: rows }) =>
          rows.length === 0 ? (
            <Empty title="Nothing is linked">
              A ticket, an alert, a channel, a video bridge, a document: one press from here, and found from there.
            </Empty>
          ) : (
            <Rows label="Links">
              {rows.map((link) => (
                <Row key={link.id} link={link} {...(writes && { onRemove: () => setRemoving(link) })} />
              ))}
            </Rows>
          )
        }
      </Shown>
      {adding && <AddLink incident={incident} onClose={() => setAdding(false)} />}
      {removing && <RemoveLink link={removing} onClose={() => setRemoving(null)} />}
    </Section>
  );
}

function Row({ link, onRemove }: { link: Link; onRemove?: () => void }) {
  const nameOf = useNames();
  const name = link.title || link.key || link.url.replace(/^https?:\/\//, '');
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 px-4 py-2">
      <div className="min-w-0 flex-1 basis-40">
        <p className="truncate">
          <a href={link.url} target="_blank" rel="noreferrer" className="prose-link font-[600]">
            {name}
          </a>
        </p>
        <p className="text-xs text-ink-3">
          {[LINK_WORDS[link.kind], link.tool, link.title && link.key].filter(Boolean).join(' · ')} ·{' '}
          {nameOf(link.addedBy)} <Ago at={link.addedAt} />
        </p>
        {link.told && (
          <p className="mt-0.5 text-xs">
            <Flag tone="blue">
              {link.told.state} in {link.tool || 'the other tool'}
            </Flag>{' '}
            <span className="text-ink-3">
              says it <Ago at={link.told.at} />; this incident keeps its own state
            </span>
          </p>
        )}
      </div>
      {onRemove && (
        <Button size="sm" look="quiet" onClick={onRemove} aria-label={`Remove the link to ${name}`}>
          Remove …
        </Button>
      )}
    </li>
  );
}

function AddLink({ incident, onClose }: { incident: string; onClose: () => void }) {
  const [kind, setKind] = useState<LinkKind>('ticket');
  const [said, setSaid] = useState({ url: '', tool: '', key: '', title: '' });
  const add = useAct(links.add, { refreshes: ['/api/v1/incidents'], done: onClose });
  const told = add.error ? tell(add.error) : null;
  const change = (part: Partial<typeof said>) => setSaid({ ...said, ...part });
  return (
    <Dialog
      title="Link something elsewhere"
      about="With its tool and key, the other tool finds this incident, and may say what state its own thing is in."
      onClose={onClose}
      onSubmit={() => add.mutate({ params: { incident }, body: { kind, ...said } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={add.isPending} disabled={said.url.trim().length < 8}>
            Link it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Select
          label="What it is"
          value={kind}
          onText={(value) => setKind(value as LinkKind)}
          options={LINK_KINDS.map((each) => ({ value: each, label: LINK_WORDS[each] }))}
        />
        <Input
          label="Address"
          value={said.url}
          onText={(url) => change({ url })}
          required
          inputMode="url"
          placeholder="https://example.atlassian.net/browse/OPS-17"
          error={told?.fields.url}
        />
        <div className="grid gap-4 phone:grid-cols-2">
          <Input label="Tool" optional value={said.tool} onText={(tool) => change({ tool })} placeholder="jira" />
          <Input
            label="Its key there"
            optional
            value={said.key}
            onText={(key) => change({ key })}
            placeholder="OPS-17"
          />
        </div>
        <Input label="Title" optional value={said.title} onText={(title) => change({ title })} />
        {add.error && <Trouble error={add.error} />}
      </div>
    </Dialog>
  );
}

function RemoveLink({ link, onClose }: { link: Link; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const remove = useAct(links.remove, { refreshes: ['/api/v1/incidents'], done: onClose });
  return (
    <Dialog
      title="Remove the link"
      about="That it was linked, and why it is no more, stays in the record."
      onClose={onClose}
      width="narrow"
      onSubmit={() => remove.mutate({ params: { incident: link.incident, link: link.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={remove.isPending} disabled={reason.trim() === ''}>
            Remove
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <Input label="Why" value={reason} onText={setReason} required />
        {remove.error && <Trouble error={remove.error} />}
      </div>
    </Dialog>
  );
}
