import { paging } from '@firebreak/contract/detect/paging';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';

/** “Why was I not paged?” for one signal. */
export function WhySignal({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        size="sm"
        look="quiet"
        aria-expanded={open}
        className="-my-1 min-h-6! px-1! text-2xs! font-normal! underline underline-offset-3"
        onClick={() => setOpen(!open)}
      >
        Did it page?
      </Button>
      {open && <Answer id={id} />}
    </>
  );
}

function Answer({ id }: { id: string }) {
  const read = useAsk(paging.whySignal, { params: { signal: id } });
  return (
    <span className="basis-full rounded-md bg-sunken px-2.5 py-1.5 text-xs text-ink">
      <Shown of={read} lines={1}>
        {({ says }) => <span>{says}</span>}
      </Shown>
    </span>
  );
}
