import { Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';

/** Something that is shown exactly once. Closing needs a press on the button that says so. */
export function Once({
  title,
  about,
  secret,
  onClose,
}: {
  title: string;
  about: string;
  secret: string;
  onClose: () => void;
}) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'by-hand'>('no');
  return (
    <Dialog
      title={title}
      about={about}
      onClose={onClose}
      footer={
        <Button look="strong" onClick={onClose}>
          I have kept it
        </Button>
      }
    >
      <div className="flex items-start gap-2">
        <output className="min-w-0 flex-1 rounded-md border border-line-strong bg-sunken px-3 py-2 font-mono text-xs break-all select-all">
          {secret}
        </output>
        <Button
          onClick={() =>
            navigator.clipboard
              ? navigator.clipboard.writeText(secret).then(
                  () => setCopied('yes'),
                  () => setCopied('by-hand'),
                )
              : setCopied('by-hand')
          }
        >
          <Copy size={15} aria-hidden="true" />
          Copy
        </Button>
      </div>
      <p role="status" className="mt-2 min-h-5 text-xs text-ink-2">
        {copied === 'yes' && 'Copied.'}
        {copied === 'by-hand' && 'The browser did not allow copying: select it and copy by hand.'}
      </p>
    </Dialog>
  );
}
