import { oversight, type SupplierNotice } from '@firebreak/contract/detect/oversight';
import { vendors } from '@firebreak/contract/prepare/vendors';
import { NOTICE_KINDS } from '@firebreak/core/detect/oversight';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, Select, TextArea } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { NOTICE_WORDS } from './words.ts';

const REFRESHES = ['/api/v1/oversight'];

export function NoticeForm({ onClose }: { onClose: () => void }) {
  const known = useAsk(vendors.list, { query: {} });
  const [vendor, setVendor] = useState('');
  const [kind, setKind] = useState<SupplierNotice['kind']>('deprecation');
  const [model, setModel] = useState('');
  const [on, setOn] = useState('');
  const [text, setText] = useState('');
  const [link, setLink] = useState('');
  const record = useAct(oversight.notice, { refreshes: REFRESHES, done: onClose });
  const save = () =>
    record.mutate({
      body: {
        vendor: vendor as `vnd_${string}`,
        kind,
        model: model.trim() || null,
        on: on === '' ? null : `${on}T00:00:00Z`,
        text,
        link,
      },
    });
  const named = (known.data?.vendors ?? []).map(({ id, name }) => ({ value: id as string, label: name }));
  return (
    <Dialog
      title="What a supplier announced"
      about="Every system that depends on it is told now, and again 30, 7 and 1 days before."
      onClose={onClose}
      onSubmit={save}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={record.isPending} disabled={vendor === '' || text.trim() === ''}>
            Record it
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Select
          label="Vendor"
          value={vendor}
          onText={setVendor}
          options={[{ value: '', label: 'Choose …' }, ...named]}
        />
        <Select
          label="What"
          value={kind}
          onText={(value) => setKind(value as 'terms')}
          options={NOTICE_KINDS.map((value) => ({ value, label: NOTICE_WORDS[value] }))}
        />
        <div className="grid gap-4 phone:grid-cols-2">
          <Input label="Model" optional value={model} onText={setModel} maxLength={128} />
          <Input label="Takes effect on" optional type="date" value={on} onText={setOn} />
        </div>
        <TextArea label="In words" value={text} onText={setText} maxLength={1_000} />
        <Input label="Link" optional value={link} onText={setLink} maxLength={1_000} />
        {record.error && <Trouble error={record.error} />}
      </div>
    </Dialog>
  );
}

function SettleForm({ notice, onClose }: { notice: SupplierNotice; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const settle = useAct(oversight.settle, { refreshes: REFRESHES, done: onClose });
  return (
    <Dialog
      title="How was it dealt with?"
      width="narrow"
      onClose={onClose}
      onSubmit={() => settle.mutate({ params: { notice: notice.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={settle.isPending} disabled={reason.trim() === ''}>
            Save
          </Button>
        </>
      }
    >
      <TextArea label="In words" value={reason} onText={setReason} rows={2} maxLength={500} />
      {settle.error && <Trouble error={settle.error} />}
    </Dialog>
  );
}

export function NoticeRow({ notice, edits }: { notice: SupplierNotice; edits: boolean }) {
  const [settling, setSettling] = useState(false);
  const told =
    notice.systems.length === 0 ? 'no system depends on it, so nobody is told' : `told to ${notice.systems.join(', ')}`;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-[600]">
            {notice.vendorName ?? 'A vendor that is gone'}: {NOTICE_WORDS[notice.kind].toLowerCase()} {notice.model}
          </span>
          {notice.settled !== null && <Flag tone="moss">dealt with</Flag>}
          {notice.settled === null && notice.on && <Flag tone="amber">{notice.on.slice(0, 10)}</Flag>}
        </p>
        <p className="text-sm break-words">{notice.text}</p>
        <p className="text-xs break-words text-ink-3">
          {told} · recorded <Ago at={notice.recordedAt} />
          {notice.settled !== null && ` · ${notice.settled}`}
        </p>
      </div>
      {edits && notice.settled === null && (
        <Button size="sm" aria-label={`Dealt with: ${notice.text}`} onClick={() => setSettling(true)}>
          Dealt with …
        </Button>
      )}
      {settling && <SettleForm notice={notice} onClose={() => setSettling(false)} />}
    </li>
  );
}
