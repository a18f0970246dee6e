import type { Contact } from '@firebreak/contract/prepare/vendors';
import { Rows } from '../../ui/Card.tsx';
import { answerTime, WAY_WORDS } from './words.ts';

function Address({ contact: { how, address } }: { contact: Contact }) {
  if (how === 'phone')
    return (
      <a href={`tel:${address.replace(/[^\d+]/g, '')}`} className="prose-link">
        {address}
      </a>
    );
  if (how === 'email')
    return (
      <a href={`mailto:${encodeURIComponent(address).replace('%40', '@')}`} className="prose-link break-all">
        {address}
      </a>
    );
  if (/^https?:\/\//.test(address))
    return (
      <a href={address} target="_blank" rel="noreferrer" className="prose-link break-all">
        {address}
      </a>
    );
  return <span className="break-all">{address}</span>;
}

/** Whom to call, first to be called first, with a number one can press. */
export function EscalationPath({ contacts, label }: { contacts: readonly Contact[]; label: string }) {
  return (
    <Rows label={label}>
      {contacts.map((contact, i) => (
        <li key={`${contact.name}${contact.address}`} className="flex gap-3 px-4 py-2.5">
          <span aria-hidden="true" className="w-4 shrink-0 font-[640] text-ink-3 tabular-nums">
            {i + 1}
          </span>
          <div className="min-w-0 flex-1">
            <p className="font-[600]">{contact.name}</p>
            <p>
              <span className="text-ink-3">{WAY_WORDS[contact.how]}</span> <Address contact={contact} />
            </p>
            <p className="text-xs text-ink-3">
              {[
                contact.hours || 'hours not said',
                contact.answerMinutes === null
                  ? 'no answer time agreed'
                  : `answers within ${answerTime(contact.answerMinutes)}`,
                contact.contract,
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </div>
        </li>
      ))}
    </Rows>
  );
}
