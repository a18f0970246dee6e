import { Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/Button.tsx';
import type { Snippet as Shown } from './snippets.ts';

/** Something to put into a program, with a button that copies it. */
export function Snippet({ title, does, text, heading: Heading = 'h4' }: Shown & { heading?: 'h3' | 'h4' }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'by-hand'>('no');
  const copy = () =>
    navigator.clipboard
      ? navigator.clipboard.writeText(text).then(
          () => setCopied('yes'),
          () => setCopied('by-hand'),
        )
      : setCopied('by-hand');
  return (
    <div className="min-w-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Heading className="min-w-0 flex-1 basis-40 font-[600]">{title}</Heading>
        <span role="status" className="text-xs text-ink-2">
          {copied === 'yes' && 'Copied.'}
          {copied === 'by-hand' && 'Select it and copy by hand.'}
        </span>
        <Button size="sm" aria-label={`Copy: ${title}`} onClick={() => void copy()}>
          <Copy size={14} aria-hidden="true" />
          Copy
        </Button>
      </div>
      <p className="text-xs text-ink-3">{does}</p>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
        tabIndex={0}
        className="mt-1.5 overflow-x-auto rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs leading-5 select-all"
      >
        {text}
      </pre>
    </div>
  );
}
